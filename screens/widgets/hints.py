"""The one line at the bottom: the keys that do something here, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from screens.widgets.bar import TALL
from screens.widgets.ink import DIM, ink

if TYPE_CHECKING:
    from textual import events
    from textual.binding import Binding
    from textual.geometry import Size

LAST: Final = ("app.keys", "app.people", "app.hide", "app.quit")
"""Ids of the keys that are always at hand; they come last, and stay when space ends."""
_GAP: Final = 3
_EDGE: Final = 3


_NAMES: Final = {
    "question_mark": "?",
    "slash": "/",
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "shift": "Shift",
    "ctrl": "Ctrl",
}


def key_name(key: str) -> str:
    """Return how a key is written: "ctrl+q" is Ctrl+Q, "f5" is F5, "w" is w."""
    parts = key.split(",", maxsplit=1)[0].split("+")
    named = [
        _NAMES.get(part, part.title() if len(part) > 1 else part) for part in parts
    ]
    if len(named) > 1:
        named[-1] = named[-1].upper() if len(named[-1]) == 1 else named[-1]
    return "+".join(named)


class Hints(Widget):
    """Draws the keys of the active bindings; a click presses the key."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Hints { height: auto; max-width: 80; }"

    def __init__(self, *first: str) -> None:
        """Begin empty; the keys are known once the screen stands.

        Args:
            first: Ids of bindings that come first, and stay longest.
        """
        super().__init__()
        self._first = first
        self._shown: list[tuple[int, str, str, str]] = []

    def on_mount(self) -> None:
        """Follow the bindings as they change."""
        self.screen.bindings_updated_signal.subscribe(
            self, lambda _screen: self._follow()
        )

    def _follow(self) -> None:
        """Draw the line again where it says something else; it seldom does."""
        if self._lay_out() != self._shown:
            self.refresh()

    def _wanted(self) -> list[Binding]:
        seen: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.description:
                seen.setdefault(binding.id or binding.action, binding)
        return list(seen.values())

    def _lay_out(self) -> list[tuple[int, str, str, str]]:
        """Return start, key as shown, label and key to press, as many as fit."""
        order = {name: place for place, name in enumerate((*self._first, "", *LAST))}
        shown = sorted(
            self._wanted(), key=lambda binding: order.get(binding.id or "", order[""])
        )
        # What is neither first nor always at hand goes first where space ends.
        spare = shown[::-1]
        spare.sort(key=lambda binding: self._worth(binding.id or ""))
        room = self.size.width - 2 * _EDGE + _GAP
        for binding in spare:
            if self._width(shown) <= room:
                break
            shown.remove(binding)
        start, laid = _EDGE, []
        for binding in shown:
            key = self.app.get_key_display(binding)
            laid.append((start, key, binding.description, binding.key))
            start += len(key) + 1 + len(binding.description) + _GAP
        return laid

    def _worth(self, name: str) -> int:
        return 2 if name in self._first else 1 if name in LAST else 0

    def _width(self, bindings: list[Binding]) -> int:
        return sum(
            len(self.app.get_key_display(binding)) + 1 + len(binding.description) + _GAP
            for binding in bindings
        )

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take one row, and one above and below it where there is room for air."""
        del container, width
        return 3 if viewport.height >= TALL else 1

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width, base = self.size.width, self.visual_style
        if y != self.size.height // 2:
            return Strip.blank(width, base.rich_style)
        key_style = base.rich_style
        label_style = (base + ink(self.app, DIM)).rich_style
        self._shown = self._lay_out()
        segments = [Segment(" " * _EDGE, key_style)]
        for _start, key, label, _press in self._shown:
            segments.append(Segment(key, key_style))
            segments.append(Segment(f" {label}{' ' * _GAP}", label_style))
        return Strip(segments).adjust_cell_length(width, key_style)

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        event.stop()
        for start, key, label, press in self._shown:
            if start <= event.x < start + len(key) + 1 + len(label):
                self.app.simulate_key(press.split(",")[0])
