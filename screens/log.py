"""The log: everything that was written, newest first, and ways to find one's way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from companion.dates import read_day
from companion.errors import CompanionError, InvalidQueryError
from screens import messages
from screens.log_list import LogList
from screens.log_year import LogYear
from screens.safety import plain
from screens.safety.steady import SteadyScreen
from screens.timeline_rows import first_words
from screens.widgets.bar import RoomsBar
from screens.widgets.day_line import DayLine
from screens.widgets.hints import Hints
from screens.widgets.lines import Lines
from screens.widgets.search_line import SearchLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from companion.facade import Companion

_WORDS: Final = 60
"""How many letters of an entry are told when it is taken back."""


class LogScreen(SteadyScreen[None]):
    """Kept while the app runs; reads the log again when it has changed."""

    CSS_PATH = "log.tcss"
    AUTO_FOCUS = "#timeline"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", key_display="/", id="log.search",
                tooltip="Look for words, tags, people, kinds, days"),
        Binding("e", "edit", "Edit", id="log.edit", tooltip="Change this entry"),
        Binding("x,delete", "delete", "Take out", id="log.delete",
                tooltip="Take this entry out; u brings it back"),
        Binding("g", "go", "Day", id="log.go", tooltip="Go to a day"),
        Binding("h", "year", "Year", id="log.year", tooltip="Look at a whole year"),
        Binding("u", "undo", "Undo", id="log.undo",
                tooltip="Take back the last change of the log"),
        Binding("escape", "back", "Back", show=False, id="log.back",
                tooltip="Clear the search, or go back"),
    ]  # fmt: skip

    def __init__(self, companion: Companion) -> None:
        """Show the log of `companion`."""
        super().__init__()
        self._companion = companion
        self._say = companion.content.say
        self._words = ""
        self._is_empty = False

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done where nothing is shown."""
        return not (self._is_empty and action in {"edit", "delete"})

    def compose(self) -> ComposeResult:
        """Lay out the search, the year, the list and the line below."""
        yield RoomsBar("log")
        with Vertical(id="column"):
            with Vertical(id="searching"):
                yield SearchLine(placeholder=self._say("log.search"), id="search")
                yield Static(Content(self._say("log.filters")), id="filters")
            yield Static(id="count")
            yield LogYear(self._companion)
            yield LogList(self._companion)
            yield Static(id="empty")
            yield DayLine(
                lambda words: read_day(words, today=self._companion.log.today()),
                label=self._say("log.day"),
                placeholder=self._say("log.day_example"),
            )
        yield Hints("log.search", "log.edit", "log.delete", "log.go", "log.year")

    # What is shown

    def on_screen_resume(self) -> None:
        """Read the log again whenever it comes into sight."""
        self.reread()

    def reread(self) -> None:
        """Show the log as it is now, from the same place."""
        self.query_one(LogYear).reread()
        self._look(keep=True)

    @property
    def _list(self) -> LogList:
        return self.query_one(LogList)

    def _look(self, *, keep: bool) -> None:
        try:
            self._list.look(self._words, keep=keep)
        except InvalidQueryError as error:
            self._tell(f"{error.message} {error.hint}".strip())

    @on(LogList.Counted)
    def tell_count(self, event: LogList.Counted) -> None:
        """Say in words how much there is, and whether it is all."""
        what = "found" if self._words else "count"
        size = {0: "none", 1: "one"}.get(event.count, "many")
        words = self._say(f"log.{what}_{size}", count=f"{event.count:,}")
        if not event.done:
            looking = self._say("log.looking")
            words = f"{words}, {looking}" if event.count else looking
        self._tell(words)
        self._show_empty(is_empty=event.done and not event.count)

    def _show_empty(self, *, is_empty: bool) -> None:
        self._list.display = not is_empty
        empty = self.query_one("#empty", Static)
        empty.display = is_empty
        key = "log.not_found" if self._words else "log.empty"
        _put(empty, Content(self._say(key) if is_empty else ""))
        if is_empty != self._is_empty:
            self._is_empty = is_empty
            self.refresh_bindings()

    def _tell(self, words: str) -> None:
        _put(self.query_one("#count", Static), plain(words))

    # Looking for something

    def on_descendant_focus(self) -> None:
        """Say what can be looked for while one types."""
        searching = self.query_one(SearchLine).has_focus
        self.query_one("#filters").display = searching

    def action_search(self) -> None:
        """Begin to type what is looked for."""
        self.query_one(SearchLine).open()

    @on(LogList.Typed)
    def type_on(self, event: LogList.Typed) -> None:
        """Put a letter where it was meant to go."""
        self.query_one(SearchLine).insert_text_at_cursor(event.character)

    @on(SearchLine.Wanted)
    def look_for(self, event: SearchLine.Wanted) -> None:
        """Look at each key; what was looked for before is forgotten."""
        if event.words.strip() != self._words:
            self._words = event.words.strip()
            self._look(keep=False)

    @on(SearchLine.Settled)
    @on(DayLine.Left)
    def turn_to_list(self) -> None:
        """Turn to the list."""
        self._list.focus()

    def action_back(self) -> None:
        """Leave the year, then the search, then the room."""
        if self.query_one(LogYear).is_open:
            self.query_one(LogYear).close()
            self._list.focus()
        elif self._words:
            self.query_one(SearchLine).action_drop()
        else:
            self.post_message(messages.GoBack())

    # One entry

    @on(Lines.Chosen, "#timeline")
    def open_entry(self) -> None:
        """Show an entry whole."""
        if entry := self._list.chosen():
            self.post_message(messages.OpenEntry(entry.id))

    def action_edit(self) -> None:
        """Change an entry."""
        if entry := self._list.chosen():
            self.post_message(messages.EditEntry(entry.id))

    def action_delete(self) -> None:
        """Take an entry out at once; undo brings it back."""
        if entry := self._list.chosen():
            self._change(partial(self._take_out, entry.id))

    def _take_out(self, entry_id: str) -> str:
        self._companion.log.delete(entry_id)
        return self._say("log.deleted")

    def action_undo(self) -> None:
        """Take back the last change, and say which it was."""
        self._change(self._take_back)

    def _take_back(self) -> str:
        undone = self._companion.log.undo()
        entry = undone.before or undone.after
        words = plain(first_words(entry), limit=_WORDS).plain if entry else ""
        return self._say(f"log.undone_{undone.act}", words=words)

    def _change(self, change: Callable[[], str]) -> None:
        try:
            said = change()
        except CompanionError as error:
            self.notify(f"{error.message} {error.hint}".strip(), severity="warning")
            return
        self.app.clear_notifications()
        self.notify(said)
        self.reread()

    # Days

    def action_go(self) -> None:
        """Ask for the day to go to."""
        self.query_one(DayLine).open()

    @on(DayLine.Chosen)
    @on(LogYear.Chosen)
    def go_to_day(self, event: DayLine.Chosen | LogYear.Chosen) -> None:
        """Go to the newest entry of a day, or of the nearest day before it."""
        self._list.focus()
        self._list.go_to(event.day)

    @on(LogList.Early)
    def say_early(self) -> None:
        """Say that the log does not reach back so far."""
        self.notify(self._say("log.before_all"))

    def action_year(self) -> None:
        """Show the year of the day under the cursor, or put it away."""
        year = self.query_one(LogYear)
        if year.is_open:
            year.close()
            self._list.focus()
        else:
            year.open(self._list.day())


def _put(place: Static, words: Content) -> None:
    """Put words where they stand, unless they stand there: it lays all out anew."""
    if words != place.content:
        place.update(Content.assemble(words))
