"""The keys, told from the bindings themselves, so that the two cannot disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import App
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen

from screens.messages import GoBack
from screens.safety.steady import SteadyScreen
from screens.widgets.bar import RoomsBar
from screens.widgets.hints import Hints, key_name
from screens.widgets.lines import ACCENT, DIM, FixedLines, Lines
from screens.widgets.wrapping import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import ActiveBinding, BindingType

    from companion.facade import Companion

COLUMN: Final = 80
EDGES: Final = 6
"""Cells at both sides of the lines."""
NARROW: Final = 40
"""Cells beside the label that are too few for an explanation."""
KEYS_WIDTH: Final = 14
LABEL_WIDTH: Final = 15
GROUPS: Final = ("here", "inside", "everywhere")


class KeysScreen(SteadyScreen[None]):
    """A list of what each key does on the screen from which it was asked for."""

    CSS_PATH = "keys.tcss"
    AUTO_FOCUS = "Lines"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "leave", "Back", id="keys.leave", tooltip="Go back where you were"
        ),
    ]

    def __init__(
        self, companion: Companion, asked: Callable[[], Mapping[str, ActiveBinding]]
    ) -> None:
        """Tell the bindings that `asked` returns."""
        super().__init__()
        self._content = companion.content
        self._asked = asked

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield RoomsBar("keys")
        yield Lines(FixedLines(self._lines()))
        yield Hints()

    def on_resize(self, _event: events.Resize) -> None:
        """Break the lines anew."""
        self.reread()

    def on_screen_resume(self) -> None:
        """Tell the keys of the screen one came from."""
        self.reread()

    def reread(self) -> None:
        """Show the list again."""
        self.query_one(Lines).show(FixedLines(self._lines()), keep_cursor=False)

    def _lines(self) -> list[Content]:
        width = min(COLUMN, self.app.size.width) - EDGES
        lines = [Content("")]
        for group, bindings in grouped(self._asked().values()).items():
            lines.append(Content(self._content.say(f"keys.{group}")).stylize(ACCENT))
            for binding, keys in bindings:
                lines += _told(keys, binding, width)
            lines.append(Content(""))
        lines += [
            Content(line).stylize(DIM) for line in self._content.says("keys.more")
        ]
        return lines

    def action_leave(self) -> None:
        """Go back to where one was."""
        self.post_message(GoBack())


def grouped(
    bindings: Iterable[ActiveBinding],
) -> dict[str, list[tuple[Binding, list[str]]]]:
    """Return the bindings that can be told, by where they work.

    Several keys that do the same are one item with all of them.
    """
    found: dict[str, dict[str, tuple[Binding, list[str]]]] = {
        group: {} for group in GROUPS
    }
    for active in bindings:
        binding = active.binding
        if not _is_told(active):
            continue
        group = (
            "everywhere"
            if isinstance(active.node, App)
            else "here"
            if isinstance(active.node, Screen)
            else "inside"
        )
        _first, keys = found[group].setdefault(binding.action, (binding, []))
        name = binding.key_display or key_name(binding.key)
        if name not in keys:
            keys.append(name)
    return {group: list(items.values()) for group, items in found.items() if items}


def _is_told(active: ActiveBinding) -> bool:
    binding = active.binding
    if binding.system or not binding.description or not active.enabled:
        return False
    # What every screen of textual's has, such as tab, is told only where we bind it.
    return bool(binding.id) or not isinstance(active.node, Screen)


def _told(keys: list[str], binding: Binding, width: int) -> Iterator[Content]:
    """Yield the lines that tell one binding; a longer explanation goes on below."""
    named = ", ".join(keys).ljust(KEYS_WIDTH - 1)
    left = f"{named} {binding.description:{LABEL_WIDTH - 1}} "
    if width < LABEL_WIDTH + NARROW:
        yield Content(left)
        left = " " * KEYS_WIDTH
    for about in rows(binding.tooltip, width - len(left)):
        yield Content.assemble(left, (about.rstrip(), DIM))
        left = " " * len(left)
