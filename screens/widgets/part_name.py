"""A line for the name of an inner part, with the names it was called by before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from companion.folding import fold
from companion.model.entry import NAME_LIMIT
from screens.safety import plain
from screens.widgets.lines import FixedLines, Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

_OFFERED: Final = 5
"""Most names that are offered at once."""


class PartName(Vertical):
    """A name in one's own words; earlier ones can be taken with down and enter."""

    DEFAULT_CSS = """
    PartName {
        height: auto;
        & > Lines { height: auto; max-height: 5; padding: 0; margin: 0 0 1 0; }
        & > Input { width: 1fr; margin: 0 0 1 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "offer", "Earlier names", show=False, id="part.offer"),
    ]

    @dataclass
    class Named(Message):
        """The name is another one now."""

        part: PartName
        name: str

    @dataclass
    class Settled(Message):
        """The person goes on from the name to the words."""

        part: PartName

    def __init__(self, *, placeholder: str, id: str | None = None) -> None:  # noqa: A002
        """Begin without a name."""
        super().__init__(id=id)
        self._placeholder = placeholder
        self._known: Sequence[str] = ()
        self._offered: list[str] = []

    def compose(self) -> ComposeResult:
        """Lay out the line and the names below it."""
        yield Input(placeholder=self._placeholder, max_length=NAME_LIMIT, compact=True)
        yield Lines()

    @property
    def name_typed(self) -> str:
        """What stands in the line."""
        return self.query_one(Input).value.strip()

    def ask(self, name: str, known: Sequence[str]) -> None:
        """Show a name, and offer those that are known."""
        self._known = known
        with self.prevent(Input.Changed):
            self.query_one(Input).value = name
        self._show_offered(name)

    def begin(self) -> None:
        """Type the name."""
        self.query_one(Input).focus()

    def _show_offered(self, typed: str) -> None:
        wanted = fold(typed.strip())
        found = [name for name in self._known if wanted in fold(name)]
        self._offered = [] if typed in self._known else found[:_OFFERED]
        lines = self.query_one(Lines)
        lines.show(
            FixedLines(
                [plain(name, limit=NAME_LIMIT) for name in self._offered],
                range(len(self._offered)),
            ),
            keep_cursor=False,
        )
        lines.display = bool(self._offered)

    @on(Input.Changed)
    def change_name(self, event: Input.Changed) -> None:
        """Take what is typed, and offer what fits it."""
        event.stop()
        self._show_offered(event.value)
        self.post_message(self.Named(self, event.value.strip()))

    @on(Input.Submitted)
    def settle(self, event: Input.Submitted) -> None:
        """Go on to the words."""
        event.stop()
        self.post_message(self.Settled(self))

    @on(Lines.Chosen)
    def take(self, event: Lines.Chosen) -> None:
        """Take an earlier name."""
        event.stop()
        self.query_one(Input).value = self._offered[event.index]
        self.post_message(self.Settled(self))

    def action_offer(self) -> None:
        """Go from the line to the earlier names."""
        if self._offered:
            self.query_one(Lines).focus()
