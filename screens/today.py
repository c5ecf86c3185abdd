"""Today: where one arrives, sits down, and finds what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.screen import Screen

from screens.widgets.bar import RoomsBar
from screens.widgets.hints import Hints
from screens.widgets.lines import FixedLines, Lines

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from companion.facade import Companion


class TodayScreen(Screen[None]):
    """One page of lines under the rooms."""

    AUTO_FOCUS = "Lines"

    def __init__(self, companion: Companion) -> None:
        """Show this companion's today."""
        super().__init__()
        self._companion = companion

    def compose(self) -> ComposeResult:
        """Lay out everything at once."""
        yield RoomsBar("today")
        yield Lines(FixedLines([Content("Good morning.")]))
        yield Hints()

    def reread(self) -> None:
        """Show the log as it is now."""
