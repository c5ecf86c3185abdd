"""The one line at the top: which rooms there are, and which of them is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from screens.messages import OpenRoom

if TYPE_CHECKING:
    from textual import events

NAME: Final = "Companion"
ROOMS: Final = (
    ("today", "Today"),
    ("log", "Log"),
    ("settings", "Settings"),
    ("keys", "Keys"),
)
_GAP: Final = 3
_EDGE: Final = 3


class RoomsBar(Widget):
    """Draws itself in one line; a click on a room opens it."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"bar--name", "bar--room", "bar--here"}
    DEFAULT_CSS = """
    RoomsBar {
        height: 1; max-width: 80;
        & > .bar--name { color: $text-accent; }
        & > .bar--room { color: $text-muted; }
        & > .bar--here { color: $foreground; text-style: bold underline; }
    }
    """

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

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width, base = self.size.width, self.visual_style.rich_style
        if y:
            return Strip.blank(width, base)
        name = self.get_visual_style("bar--name").rich_style
        room_style = self.get_visual_style("bar--room").rich_style
        here_style = self.get_visual_style("bar--here").rich_style
        segments = [Segment(" " * _EDGE, base), Segment(NAME, name)]
        for _start, room, label in self._places():
            segments.append(Segment(" " * _GAP, base))
            segments.append(
                Segment(label, here_style if room == self._here else room_style)
            )
        used = sum(len(segment.text) for segment in segments)
        room_left = width - used - len(self._note) - _EDGE
        if self._note and room_left >= _GAP:
            segments.append(Segment(" " * room_left, base))
            segments.append(Segment(self._note, room_style))
        return Strip(segments).adjust_cell_length(width, base)

    def on_click(self, event: events.Click) -> None:
        """Open the room that was clicked."""
        event.stop()
        for start, room, label in self._places():
            if start <= event.x < start + len(label):
                self.post_message(OpenRoom(room))
