"""The one line at the top: which rooms there are, and which of them is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from screens.messages import OpenRoom
from screens.widgets.ink import ACCENT, DIM, ink

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Size

NAME: Final = "Companion"
ROOMS: Final = (
    ("today", "Today"),
    ("log", "Log"),
    ("settings", "Settings"),
    ("keys", "Keys"),
)
TALL: Final = 30
"""Rows of the terminal from which on there is room for air."""
_GAP: Final = 3
_EDGE: Final = 3


class RoomsBar(Widget):
    """Draws itself in one line; a click on a room opens it."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "RoomsBar { height: auto; max-width: 80; }"

    def __init__(self, here: str, note: str = "") -> None:
        """Say which room is open; `note` stands at the right."""
        super().__init__()
        self._here = here
        self._note = note

    @property
    def note(self) -> str:
        """The words at the right."""
        return self._note

    @note.setter
    def note(self, note: str) -> None:
        if note != self._note:
            self._note = note
            self.refresh()

    def _places(self) -> list[tuple[int, str, str]]:
        start, places = _EDGE + len(NAME) + _GAP, []
        for room, label in ROOMS:
            places.append((start, room, label))
            start += len(label) + _GAP
        return places

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take one row, and one above and below it where there is room for air."""
        del container, width
        return 3 if viewport.height >= TALL else 1

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width, base = self.size.width, self.visual_style
        if y != self.size.height // 2:
            return Strip.blank(width, base.rich_style)
        room_style = (base + ink(self.app, DIM)).rich_style
        here_style = (base + Style(bold=True, underline=True)).rich_style
        segments = [
            Segment(" " * _EDGE, base.rich_style),
            Segment(NAME, (base + ink(self.app, ACCENT)).rich_style),
        ]
        for _start, room, label in self._places():
            segments.append(Segment(" " * _GAP, base.rich_style))
            segments.append(
                Segment(label, here_style if room == self._here else room_style)
            )
        used = sum(len(segment.text) for segment in segments)
        room_left = width - used - len(self._note) - _EDGE
        if self._note and room_left >= _GAP:
            segments.append(Segment(" " * room_left, base.rich_style))
            segments.append(Segment(self._note, room_style))
        return Strip(segments).adjust_cell_length(width, base.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Open the room that was clicked."""
        event.stop()
        for start, room, label in self._places():
            if start <= event.x < start + len(label):
                self.post_message(OpenRoom(room))
