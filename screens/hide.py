"""What stands in front of everything when someone looks over the shoulder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.widgets import Static

from screens.safety import plain
from screens.safety.steady import SteadyScreen

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from companion.facade import Companion

TICK: Final = 5.0
"""Seconds between two looks at the clock."""


class HideScreen(SteadyScreen[None]):
    """A dull clock: the time, the date, and nothing else."""

    CSS_PATH = "hide.tcss"

    def __init__(self, companion: Companion) -> None:
        """Show the time of the companion's clock."""
        super().__init__()
        self._clock = companion.clock

    def compose(self) -> ComposeResult:
        """Lay out one quiet text."""
        yield Static(plain(self._words()), id="clock")

    def on_mount(self) -> None:
        """Let the clock go."""
        self.set_interval(TICK, self.show_time)

    def on_screen_resume(self) -> None:
        """Show the time at once when it comes to the front."""
        self.show_time()

    def show_time(self) -> None:
        """Show what time it is."""
        self.query_one("#clock", Static).update(plain(self._words()))

    def _words(self) -> str:
        now = self._clock()
        return f"{now:%H:%M}\n{now:%Y-%m-%d}"
