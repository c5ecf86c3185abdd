"""A text of any length to read: it draws what is seen and wraps the rest in passing."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.binding import Binding
from textual.geometry import Size

from screens.safety import plain
from screens.widgets.lines import DIM, Lines
from screens.widgets.wrapping import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.content import Content

_SLICE: Final = 0.006
"""Seconds of wrapping before keys and painting have their turn."""

Passage = tuple[str, str]
"""A text and the style it has as a whole: "", "dim", "accent" or "strong"."""


class _Rows:
    """The rows wrapped so far."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str]] = []

    def __len__(self) -> int:
        return len(self.rows)

    def line(self, index: int, _width: int, /) -> Content:
        text, style = self.rows[index]
        content = plain(text)
        return content.stylize(style) if style else content

    def can_choose(self, _index: int, /) -> bool:
        return False


class Pager(Lines, inherit_bindings=False):
    """Shows passages one below the other; enter is left to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, id="pager.up"),
        Binding("down,j", "move(1)", "Down", show=False, id="pager.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="pager.pageup"),
        Binding(
            "pagedown,space", "page(1)", "Page down", show=False, id="pager.pagedown"
        ),
        Binding("home", "edge(-1)", "Top", show=False, id="pager.top"),
        Binding("end", "edge(1)", "Bottom", show=False, id="pager.bottom"),
    ]
    DEFAULT_CSS = """
    Pager { background: $background; }
    """

    def __init__(
        self,
        passages: Sequence[Passage] = (),
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """Show `passages`, or nothing until `read` is called."""
        self._passages = tuple(passages)
        self._rows = _Rows()
        super().__init__(self._rows, id=id)

    def read(self, passages: Sequence[Passage]) -> None:
        """Show these passages from their beginning."""
        self._passages = tuple(passages)
        if self.is_attached and self.size.width:
            self.scroll_to(y=0, animate=False, immediate=True)
            self._wrap()

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What is shown."""
        return self._passages

    def on_resize(self, event: events.Resize) -> None:
        """Wrap again when the width has changed."""
        if event.size.width != getattr(self, "_width", 0):
            self._width = event.size.width
            self._wrap()

    def _wrap(self) -> None:
        self._rows = _Rows()
        wrapped = _wrapped(self._passages, max(1, self.size.width - 3))
        whole = _take(self._rows.rows, wrapped, lambda: len(self._rows) > self._enough)
        self.show(self._rows, keep_cursor=True)
        if not whole:
            self._go_on(self._rows, wrapped)

    @property
    def _enough(self) -> int:
        return self.scroll_offset.y + 2 * max(self.size.height, 24)

    @work(exclusive=True, group="wrap")
    async def _go_on(self, target: _Rows, wrapped: Iterator[tuple[str, str]]) -> None:
        whole = False
        while not whole and target is self._rows:
            await asyncio.sleep(0.001)
            end = monotonic() + _SLICE
            whole = _take(target.rows, wrapped, lambda end=end: monotonic() > end)  # type: ignore[misc]
            if target is self._rows:
                self.recount()

    def recount(self) -> None:
        """Take in that more has been wrapped; nothing here is ever chosen."""
        self.virtual_size = Size(0, len(self._rows))
        self.refresh()


def _wrapped(passages: Iterable[Passage], width: int) -> Iterator[tuple[str, str]]:
    for text, style in passages:
        for line in _lines(text):
            for row in rows(line.rstrip("\r").replace("\t", "    "), width):
                yield row.rstrip(), style


def _lines(text: str) -> Iterator[str]:
    # Not `split`: two hundred thousand lines would be made before one is shown.
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _take(
    target: list[tuple[str, str]],
    wrapped: Iterator[tuple[str, str]],
    enough: Callable[[], bool],
) -> bool:
    for row in wrapped:
        target.append(row)
        if enough():
            return False
    return True


QUIET: Final = DIM
"""The style of words that stand back."""
