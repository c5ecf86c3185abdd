"""A screen that minds only the size the terminal has now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen, ScreenResultType

if TYPE_CHECKING:
    from textual import events


class SteadyScreen(Screen[ScreenResultType]):
    """What all screens of the app are made from.

    A screen of textual's (8.2.8) tells itself of each size it was laid out in. Two
    sizes on their way to it at once, as when a window is drawn larger by hand, chase
    each other without end, and no key is read any more.
    """

    def on_resize(self, event: events.Resize) -> None:
        """Leave a size that is past alone."""
        if event.size != self.app.size:
            event.prevent_default()
