"""The person's own page: their people, their numbers, what helps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding
from textual.widgets import Static

from companion.errors import CompanionError
from screens.messages import GoBack
from screens.safety import plain
from screens.safety.steady import SteadyScreen
from screens.widgets.bar import RoomsBar
from screens.widgets.editor import Editor
from screens.widgets.hints import Hints

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from companion.facade import Companion

DELAY: Final = 0.3
"""Seconds from a change until it is on the disk."""


class PeopleScreen(SteadyScreen[None]):
    """One page to read and to write on; it is saved as it is written."""

    CSS_PATH = "people.tcss"
    AUTO_FOCUS = "Editor"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "leave",
            "Back",
            id="people.leave",
            tooltip="Go back to where you were",
        ),
    ]

    def __init__(self, companion: Companion) -> None:
        """Show this companion's page; a form to fill in while there is none."""
        super().__init__()
        self._companion = companion
        self._kept = companion.preferences.help_page()
        form = companion.content.page("help-page")
        self._form = "\n".join(line.lstrip("# ") for line in form.splitlines())
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out one quiet line and the page."""
        yield RoomsBar("people")
        yield Static(plain(self._companion.content.say("people.about")), id="about")
        yield Editor(self._kept or self._form)
        yield Hints()

    def reread(self) -> None:
        """Stay as it is: the page is not in the log."""

    @on(Editor.Changed)
    def save_soon(self) -> None:
        """Save once the hands have rested a moment."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(DELAY, self.keep_draft)

    def on_screen_suspend(self) -> None:
        """Save when the page is left."""
        self.keep_draft()

    def keep_draft(self) -> None:
        """Save what is not saved yet; where the disk refuses, say so and stay."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if not self.query(Editor):
            return
        words = self.query_one(Editor).words
        if words == (self._kept or self._form):
            return
        try:
            self._companion.preferences.write_help_page(words)
        except CompanionError as error:
            self._say(f"{error.message} {error.hint}".strip())
            return
        self._kept = words
        self._say(self._companion.content.say("people.about"))

    def _say(self, words: str) -> None:
        self.query_one("#about", Static).update(plain(words))

    def action_leave(self) -> None:
        """Go back to where one was."""
        self.post_message(GoBack())
