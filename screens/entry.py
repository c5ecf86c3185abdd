"""One entry, whole, to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from companion.errors import CompanionError, EntryNotFoundError
from screens import messages
from screens.passages import facts, written
from screens.safety import plain
from screens.safety.steady import SteadyScreen
from screens.timeline_rows import short_day, time_of_day
from screens.widgets.day_line import day_in_words
from screens.widgets.hints import Hints
from screens.widgets.pager import Pager
from screens.writing import AIR

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from companion.facade import Companion
    from companion.model.entry import Entry


class EntryScreen(SteadyScreen[None]):
    """Shows what was written, and quietly what belongs to it."""

    CSS_PATH = "entry.tcss"
    AUTO_FOCUS = "Pager"
    VERTICAL_BREAKPOINTS = AIR
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="entry.back", tooltip="Back to the list"),
        Binding("e", "edit", "Edit", id="entry.edit", tooltip="Change this entry"),
        Binding("x,delete", "delete", "Take out", id="entry.delete",
                tooltip="Take this entry out; u in the log brings it back"),
    ]  # fmt: skip

    def __init__(self, companion: Companion, entry_id: str) -> None:
        """Show the entry with this id.

        Raises:
            EntryNotFoundError: If there is none.
        """
        super().__init__()
        self._companion = companion
        self._say = companion.content.say
        self._entry = companion.log.get(entry_id)

    def compose(self) -> ComposeResult:
        """Lay out the day and the text."""
        yield Static(id="where")
        yield Pager(id="text")
        yield Hints("entry.back", "entry.edit", "entry.delete")

    def on_screen_resume(self) -> None:
        """Read the entry again: it may have been changed."""
        try:
            self._entry = self._companion.log.get(self._entry.id)
        except EntryNotFoundError:
            self.notify(self._say("entry.gone"))
            self.dismiss()
            return
        self._show(self._entry)

    def _show(self, entry: Entry) -> None:
        log, settings = self._companion.log, self._companion.preferences.settings
        where = plain(day_in_words(entry.day)).stylize("$text-accent")
        time = time_of_day(entry.at, settings.hours)
        if entry.at.date() != entry.day:
            time = f"{short_day(entry.at.date(), log.today())} {time}"
            time = self._say("entry.backdated", when=time)
        where += Content(f"   {time.strip()}")
        if entry.revised is not None:
            when = short_day(entry.revised.date(), log.today())
            where += Content(f"   {self._say('entry.revised', when=when)}")
        self.query_one("#where", Static).update(where)
        content = self._companion.content
        passages = [*written(entry, content), ("", ""), *facts(entry, content)]
        self.query_one(Pager).read(passages)

    def action_edit(self) -> None:
        """Change it."""
        self.post_message(messages.EditEntry(self._entry.id))

    def action_delete(self) -> None:
        """Take it out at once; undo in the log brings it back."""
        try:
            self._companion.log.delete(self._entry.id)
        except CompanionError as error:
            self.notify(f"{error.message} {error.hint}".strip(), severity="warning")
            return
        self.notify(self._say("log.deleted"))
        self.app.post_message(messages.LogChanged())
        self.dismiss()

    def action_back(self) -> None:
        """Go back to the list."""
        self.dismiss()
