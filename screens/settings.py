"""Settings: how it looks, how time is told, where things lie, and whom to thank."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding
from textual.constants import TEXTUAL_ANIMATIONS
from textual.content import Content

from companion.errors import CompanionError
from companion.preferences import HOURS, MOTIONS, WEEK_STARTS
from screens.messages import GoBack, OpenPage, OpenRoom
from screens.safety import plain
from screens.safety.steady import SteadyScreen
from screens.themes import THEMES, known
from screens.widgets.bar import RoomsBar
from screens.widgets.hints import Hints
from screens.widgets.lines import ACCENT, DIM, FixedLines, Lines
from screens.widgets.wrapping import rows

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from companion.facade import Companion

PAGES: Final = ("credits", "not-therapy", "welcome")
CHOSEN: Final = "\u25cf "
OPEN: Final = "\u25cb "
LABEL: Final = 12

Act = tuple[str, object]
"""A setting and the value choosing the line gives it.

("page", name) opens a page, ("room", name) a room.
"""


class SettingsScreen(SteadyScreen[None]):
    """A page of choices; choosing one changes it at once."""

    CSS_PATH = "settings.tcss"
    AUTO_FOCUS = "Lines"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "leave",
            "Back",
            id="settings.leave",
            tooltip="Go back to where you were",
        ),
        Binding(
            "enter,space",
            "choose",
            "Choose",
            id="settings.choose",
            tooltip="Choose what the mark stands at",
        ),
    ]

    def __init__(self, companion: Companion) -> None:
        """Show this companion's settings."""
        super().__init__()
        self._companion = companion
        self._lines: list[Content] = []
        self._acts: dict[int, Act] = {}

    def compose(self) -> ComposeResult:
        """Lay out the choices."""
        yield RoomsBar("settings")
        yield Lines()
        yield Hints()

    def on_screen_resume(self) -> None:
        """Show the choices as they are now."""
        self.reread()

    def on_resize(self, _event: events.Resize) -> None:
        """Break the lines anew."""
        self.reread()

    def reread(self) -> None:
        """Show the choices as they are now."""
        self._lines, self._acts = [], {}
        self._choices()
        self._places()
        self._own_words()
        self._pages()
        self.query_one(Lines).show(FixedLines(self._lines, tuple(self._acts)))

    # The page

    def _heading(self, key: str) -> None:
        self._lines.append(Content(""))
        self._lines.append(Content(self._say(key)).stylize(ACCENT))

    def _say(self, key: str, **names: object) -> str:
        return self._companion.content.say(f"settings.{key}", **names)

    def _choice(self, name: str, act: Act, *, chosen: bool) -> None:
        self._acts[len(self._lines)] = act
        mark = (CHOSEN, ACCENT) if chosen else (OPEN, DIM)
        self._lines.append(Content.assemble(mark, plain(name)))

    def _choices(self) -> None:
        settings = self._companion.preferences.settings
        theme = known(settings.theme)
        self._heading("theme")
        names = [each.name for each in THEMES]
        for name in names:
            said = self._say(name.replace("companion-", "theme-"))
            self._choice(said, ("theme", name), chosen=name == theme)
        if theme not in names:
            self._choice(theme, ("theme", theme), chosen=True)
        for setting, values in (
            ("week_start", WEEK_STARTS),
            ("hours", HOURS),
            ("motion", MOTIONS),
        ):
            self._heading(setting.replace("_", "-"))
            for value in values:
                said = self._say(f"{setting.replace('_', '-')}-{value}")
                chosen = getattr(settings, setting) == value
                self._choice(said, (setting, value), chosen=chosen)
        for problem in self._companion.preferences.problems:
            self._wrapped(problem)

    def _places(self) -> None:
        self._heading("places")
        places = self._companion.places
        for key, path in (("place-home", places.home), ("place-config", places.config)):
            label = self._say(key).ljust(LABEL)
            self._lines.append(Content.assemble((label, DIM), plain(str(path))))
        self._acts[len(self._lines)] = ("room", "care")
        self._lines.append(Content(self._companion.content.say("care.name")))

    def _own_words(self) -> None:
        self._heading("own")
        problems = self._companion.content.problems
        if not problems:
            self._wrapped(self._say("own-about"), DIM)
        for problem in problems:
            self._wrapped(f"{problem.file}:{problem.line}  {problem.message}")

    def _pages(self) -> None:
        self._heading("pages")
        for page in PAGES:
            self._acts[len(self._lines)] = ("page", page)
            self._lines.append(Content(self._companion.content.say(f"app.page-{page}")))
        self._lines.append(Content(""))

    def _wrapped(self, text: str, style: str = "") -> None:
        width = max(20, self.query_one(Lines).size.width - 2)
        for row in rows(plain(text).plain, width):
            self._lines.append(Content(row.rstrip()).stylize(style))

    # What the keys do

    @on(Lines.Chosen)
    def follow(self, message: Lines.Chosen) -> None:
        """Change the setting, or open the page."""
        name, value = self._acts[message.index]
        if name == "page":
            self.post_message(OpenPage(str(value)))
        elif name == "room":
            self.post_message(OpenRoom(str(value)))
        else:
            self._change(name, value)

    def action_choose(self) -> None:
        """Choose the line the mark stands at."""
        self.query_one(Lines).action_choose()

    def _change(self, name: str, value: object) -> None:
        try:
            settings = self._companion.preferences.change(**{name: value})
        except CompanionError as error:
            self.notify(f"{error.message} {error.hint}".strip(), severity="warning")
            return
        self.app.theme = known(settings.theme)
        reduced = settings.motion == "reduced"
        self.app.animation_level = "none" if reduced else TEXTUAL_ANIMATIONS
        self.reread()

    def action_leave(self) -> None:
        """Go back to where one was."""
        self.post_message(GoBack())
