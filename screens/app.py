"""The app: how one comes from room to room, and what is always at hand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.app import App

from companion.crash import tell_nothing_else
from companion.errors import CompanionError, LogError
from screens import messages
from screens.at_hand import AT_HAND
from screens.doors import DOORS
from screens.rooms import ASIDE, FIRST, HoldsLog, Room, builders
from screens.safety.driver import SteadyDriver
from screens.safety.terminal import steady_terminal
from screens.switching import Switching
from screens.themes import THEMES, known
from screens.widgets.hints import key_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import PurePath

    from textual import events
    from textual.binding import ActiveBinding, Binding, BindingType
    from textual.command import Provider
    from textual.message import Message
    from textual.notifications import SeverityLevel
    from textual.screen import Screen
    from textual.theme import Theme

    from companion.facade import Companion
    from screens.doors import Door

POLL: Final = 1.0
"""Seconds between two looks at what others wrote to the log."""
LEAST_WIDTH: Final = 40
LEAST_HEIGHT: Final = 10
ALWAYS: Final = frozenset({"hide", "pause", "quit"})
"""What works even while a room is out of sight."""


class CompanionApp(Switching):
    """Holds the rooms; each is built when it is first opened, and kept."""

    TITLE = "Companion"
    # The sheet of the first room is read with the app's own: each sheet that is read
    # later has all of them parsed again.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", "today.tcss"]
    DEFAULT_MODE = FIRST
    AUTO_FOCUS = None
    # The palette is our own, and so is its key.
    ENABLE_COMMAND_PALETTE = False
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = set()
    BINDINGS: ClassVar[list[BindingType]] = AT_HAND

    def __init__(self, companion: Companion) -> None:
        """Open on Today, in the theme the person likes."""
        self.companion = companion
        self._ours: dict[str, Theme] = {theme.name: theme for theme in THEMES}
        # Before textual's own set-up, so that the sheet is built once, not twice.
        self.set_reactive(App.theme, known(companion.preferences.settings.theme))
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self._room = self._before = FIRST
        self._hidden = self._small = self._rooms_known = False
        self._asked: dict[str, ActiveBinding] = {}
        self._builders = builders(companion, lambda: self._asked)
        if companion.preferences.settings.motion == "reduced":
            self.animation_level = "none"

    def get_theme(self, theme_name: str) -> Theme | None:
        """Return a theme by name; ours are known before textual's."""
        return self._ours.get(theme_name) or super().get_theme(theme_name)

    def watch_theme(self, theme: str) -> None:
        """Remember the theme, wherever it was chosen."""
        if self.is_running and theme != self.companion.preferences.settings.theme:
            try:
                self.companion.preferences.change(theme=theme)
            except CompanionError as error:
                self.notify(error.message, severity="warning")

    def get_default_screen(self) -> Screen[Any]:
        """Return the room one arrives in.

        A room that textual knows as a mode from the start has all styles worked out
        once more before it is first painted.
        """
        return self._builders[FIRST]()

    def on_mount(self) -> None:
        """Make the rooms known; look after signals and after what others write."""
        for room, build in self._builders.items():
            self.add_mode(room, build)
        self._rooms_known = True
        if self.companion.log.troubles():
            self._room = "care"
        self.call_later(self._show_room)
        if not self.is_headless:
            self.watch_signals()
        self.set_interval(POLL, self.look_again)

    def get_key_display(self, binding: Binding) -> str:
        """Return a key as it is written in the lines of keys and in the help."""
        return binding.key_display or key_name(binding.key)

    def report_place(self) -> tuple[Path, datetime]:
        """Return under which folder a report lies, and the time now."""
        return self.companion.places.home, self.companion.clock()

    # What others wrote

    def look_again(self) -> None:
        """Take in what quick capture or another window wrote."""
        if self._log_is_held:
            return
        log = self.companion.log
        was_guest = log.is_guest
        try:
            new = log.refresh()
        except CompanionError as error:
            self.notify(error.message, severity="warning")
            return
        if was_guest and log.writable:
            self.notify(self.companion.content.say("app.writer"))
        if new:
            self.show_changes()

    @property
    def _log_is_held(self) -> bool:
        """Whether a screen works on the log as a whole, and all else has to wait."""
        screens = self._screen_stacks.get("care", [])[:1]
        return any(isinstance(one, HoldsLog) and one.holds_log for one in screens)

    @on(messages.CannotGoOn)
    def close_after(self, message: messages.CannotGoOn) -> None:
        """Close, and say why on the terminal."""
        self.last_words = message.words
        self.leave(LogError.exit_code)

    @on(messages.LogChanged)
    def show_changes(self) -> None:
        """Let the room that is seen read the log again."""
        if self.current_mode in ASIDE:
            return
        room = self.screen_stack[0]
        if isinstance(room, Room):
            room.reread()

    # Rooms

    def go_to(self, room: str) -> None:
        """Show a room, and remember which one was left."""
        if room != self._room:
            self._before, self._room = self._room, room
        self._show_room()

    def _show_room(self) -> None:
        mode = "hide" if self._hidden else "small" if self._small else self._room
        if mode != self.current_mode:
            self.switch_mode(mode)

    @on(messages.OpenRoom)
    def open_room(self, message: messages.OpenRoom) -> None:
        """Go where a screen asks to go."""
        if self._log_is_held:
            return
        if message.room == "keys":
            self.action_keys()
        else:
            self.go_to(message.room)

    @on(messages.GoBack)
    def go_back(self) -> None:
        """Return to the room one came from."""
        self.go_to(self._before if self._before != self._room else FIRST)

    def action_room(self, room: str) -> None:
        """Go to a room."""
        self.go_to(room)

    def action_people(self) -> None:
        """Open the person's own page, or go back from it."""
        if self._room == "people":
            self.go_back()
        else:
            self.go_to("people")

    def action_keys(self) -> None:
        """Show the keys of this screen, or go back from them."""
        if self._room == "keys":
            self.go_back()
        else:
            self._asked = self.screen.active_bindings
            self.go_to("keys")

    def action_help_quit(self) -> None:
        """Say how to close, to those who press what closes other programs."""
        self.notify(self.companion.content.say("app.quit-hint"))

    def action_hide(self) -> None:
        """Hide everything, or bring it back."""
        self._hidden = not self._hidden
        self.clear_notifications()
        self._show_room()

    def on_resize(self, event: events.Resize) -> None:
        """Say so where the terminal is too small to show a room."""
        width, height = event.size
        self._small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        if self._rooms_known:
            self._show_room()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let nothing but its own key, and quitting, work while all is hidden."""
        if self.current_mode in ASIDE or self._log_is_held:
            return action in ALWAYS
        return super().check_action(action, parameters)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a passing note, unless all is hidden."""
        if not self._hidden:
            self._dress_notes()
            super().notify(
                message,
                title=title,
                severity=severity,
                timeout=timeout,
                markup=markup,
            )

    def _dress_notes(self) -> None:
        sheet = Path(__file__).with_name("toast.tcss")
        if not self.stylesheet.has_source(str(sheet), ""):
            self.stylesheet.read(sheet)
            self.stylesheet.reparse()

    def action_command_palette(self) -> None:
        """Open the palette, in our own dress."""
        from screens.palette import EveryActionPalette  # noqa: PLC0415 - when asked for

        if not self.screen.has_class("--textual-command-palette"):
            self.push_screen(EveryActionPalette(id="--command-palette"))

    # Writing and reading

    @on(messages.BeginSitting)
    @on(messages.ResumeDraft)
    @on(messages.OpenEntry)
    @on(messages.EditEntry)
    @on(messages.OpenPage)
    def open_door(self, message: Message) -> None:
        """Open the screen that a room asks for."""
        if not self._log_is_held:
            self.open_with(DOORS[type(message)], message)

    def open_with(self, door: Door, message: Message) -> None:
        """Push the screen a door leads to, or say why it stays shut."""
        try:
            screen = door(self.companion, message)
        except CompanionError as error:
            self.notify(f"{error.message} {error.hint}".strip(), severity="warning")
            return
        self.push_screen(screen)


def run(companion: Companion) -> int:
    """Run the app until the person leaves.

    Returns:
        The exit code: 0, 1 after a fault of ours, 128 and its number after a signal.
    """
    tell_nothing_else()
    app = CompanionApp(companion)
    app.driver_class = SteadyDriver
    with steady_terminal(app.hang_up, app.draw_anew):
        app.run()
    for words in filter(None, (app.last_words, *app.carried)):
        print(words, file=sys.stderr)  # noqa: T201 - the app is over
    return app.return_code or 0
