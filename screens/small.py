"""What is shown where the terminal is too small to show a room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from screens.safety import plain
from screens.safety.steady import SteadyScreen

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from companion.facade import Companion


class SmallScreen(SteadyScreen[None]):
    """One sentence; everything else waits behind it as it was."""

    CSS_PATH = "small.tcss"

    def __init__(self, companion: Companion) -> None:
        """Take the sentence from the words of the app."""
        super().__init__()
        self._content = companion.content

    def compose(self) -> ComposeResult:
        """Lay out the sentence."""
        yield Static(plain(self._content.say("app.small")))
