"""Going from one room to another that stands ready, in one painting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.widget import AwaitMount

from screens.safety.leaving import Leaving

if TYPE_CHECKING:
    from textual.screen import Screen


class Switching(Leaving):
    """Shows a room that was kept as it was left; only what changed is worked out.

    Textual (8.2.8) waits for a twentieth of a second, lays the room out, paints it
    where nobody sees it, works out all its styles, and then paints it again.
    """

    def switch_mode(self, mode: str) -> AwaitMount:
        """Switch to a mode; textual does it where the screen is new or has to change.

        Raises:
            UnknownModeError: If there is no such mode.
        """
        kept = self._screen_stacks.get(mode)
        if not kept or mode == self._current_mode or not self._is_ready(kept[-1]):
            return super().switch_mode(mode)
        self.screen.post_message(events.ScreenSuspend())
        self._current_mode = mode
        self.mode_change_signal.publish(mode)
        self.screen_change_signal.publish(kept[-1])
        kept[-1].post_message(events.ScreenResume(refresh_styles=False))
        return AwaitMount(kept[-1], [])

    def _is_ready(self, screen: Screen[object]) -> bool:
        """Whether a screen was laid out for this terminal, in the styles of now."""
        styled = screen._css_update_count  # noqa: SLF001 - nothing public tells it
        return screen.size == self.size and styled == self._css_update_count
