"""Today: where one arrives, sits down, and finds what was written."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding

from companion.errors import CompanionError
from screens.messages import (
    BeginSitting,
    LogChanged,
    OpenEntry,
    OpenRoom,
    ResumeDraft,
)
from screens.safety.steady import SteadyScreen
from screens.today_facts import clock_notice, read_facts
from screens.today_page import Begin, LookAfter, Open, Resume, lay_out
from screens.widgets.bar import RoomsBar
from screens.widgets.hints import Hints
from screens.widgets.lines import MARGIN, Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from companion.facade import Companion
    from companion.ports import Draft
    from screens.today_facts import Facts
    from screens.today_page import Act, Page
    from screens.widgets.day_line import DayLine

COLUMN: Final = 80
"""Most cells the column in the middle takes, its edges included."""
OTHER_NUMBERS: Final = frozenset("23456789")
SOON: Final = 0.05
"""Seconds after which what can wait is read."""
EDGES: Final = 4
"""Cells that stay free at both sides of it."""


class TodayScreen(SteadyScreen[None]):
    """One page: a greeting, ways to sit down, and what was written."""

    CSS_PATH = "today.tcss"
    AUTO_FOCUS = "Lines"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "1", "sit(1)", "Sit down", key_display="1 2 3", id="today.sit",
            tooltip="Begin the sitting with that number",
        ),
        Binding("w", "write", "Write", id="today.write", tooltip="One empty page"),
        Binding(
            "y", "write_yesterday", "Yesterday", id="today.yesterday",
            tooltip="One empty page for yesterday",
        ),
        Binding(
            "d", "ask_day", "Another day", show=False, id="today.day",
            tooltip="One empty page for any day",
        ),
        Binding(
            "x", "put_away", "Put away", show=False, id="today.away",
            tooltip="Put a draft or an entry away; u undoes it",
        ),
        Binding(
            "u", "undo", "Undo", show=False, id="today.undo",
            tooltip="Bring back what was changed last",
        ),
    ]  # fmt: skip

    def __init__(self, companion: Companion) -> None:
        """Show this companion's today."""
        super().__init__()
        self._companion = companion
        self._page: Page | None = None
        self._facts: Facts | None = None
        self._laid_for = 0
        self._away: Draft | None = None

    def compose(self) -> ComposeResult:
        """Lay out everything at once, from what is cheap to read."""
        self._facts = read_facts(self._companion)
        self._page = self._lay_out(self._facts)
        yield RoomsBar("today")
        yield Lines(self._page)
        yield Hints()

    def on_mount(self) -> None:
        """Look back a moment after the page has been painted."""
        self.set_timer(SOON, self.look_back)

    def on_screen_resume(self) -> None:
        """Read again when one comes back; the first reading was made to compose."""
        if self._facts is not None and self._facts.memories is not None:
            self.reread()

    def on_resize(self, _event: events.Resize) -> None:
        """Break the lines anew."""
        if self._facts is not None and self._width() != self._laid_for:
            self._show()

    def _width(self) -> int:
        return min(COLUMN, self.app.size.width) - EDGES - MARGIN

    def reread(self) -> None:
        """Show the log as it is now."""
        told = self._facts.notices if self._facts is not None else ()
        self._facts = read_facts(self._companion)
        # The log says each thing once; it stays on the page until the app is closed.
        self._facts.notices = (*told, *self._facts.notices)
        self._facts.memories = self._companion.log.on_this_day(self._facts.now.date())
        self._show()

    def look_back(self) -> None:
        """Add what was written on this day earlier."""
        if self._facts is not None:
            today = self._facts.now.date()
            self._facts.memories = self._companion.log.on_this_day(today)
            late = clock_notice(self._companion)
            self._facts.notices = (*self._facts.notices, *late)
            if self._facts.memories or late:
                self._show()

    def _show(self) -> None:
        if self._facts is None or not self.query(Lines):
            return
        lines = self.query_one(Lines)
        before = self._act_at(lines.cursor)
        self._page = self._lay_out(self._facts)
        lines.show(self._page)
        if before is not None:
            lines.rest_on(self._page.index_of(before))

    def _lay_out(self, facts: Facts) -> Page:
        self._laid_for = self._width()
        return lay_out(facts, self._companion.content, self._laid_for)

    # What the keys do

    @on(Lines.Chosen)
    def follow(self, message: Lines.Chosen) -> None:
        """Do what the chosen line is for."""
        match self._act_at(message.index):
            case Begin(sitting):
                self.post_message(BeginSitting(sitting))
            case Resume(draft):
                self.post_message(ResumeDraft(draft))
            case Open(entry):
                self.post_message(OpenEntry(entry.id))
            case LookAfter():
                self.post_message(OpenRoom("care"))

    def _act_at(self, index: int) -> Act | None:
        if self._page is None or not 0 <= index < len(self._page):
            return None
        return self._page.rows[index][1]

    def on_key(self, event: events.Key) -> None:
        """Begin the sitting whose number was pressed; 1 has its own binding."""
        if event.key in OTHER_NUMBERS:
            event.stop()
            self.action_sit(int(event.key))

    def action_sit(self, number: int) -> None:
        """Begin the sitting with that number, if there is one."""
        sittings = self._companion.reflection.sittings
        if number <= len(sittings):
            self.post_message(BeginSitting(sittings[number - 1].id))

    def action_write(self) -> None:
        """Begin with one empty page."""
        self.post_message(BeginSitting("free"))

    def action_write_yesterday(self) -> None:
        """Begin one empty page for yesterday."""
        yesterday = self._companion.log.today() - timedelta(days=1)
        self.post_message(BeginSitting("free", yesterday))

    def action_put_away(self) -> None:
        """Put a draft away, or take an entry out; either can be brought back."""
        companion = self._companion
        match self._act_at(self.query_one(Lines).cursor):
            case Resume(draft):
                self._away = draft
                self._change(partial(companion.drafts.remove, draft.id), "put-away")
            case Open(entry):
                self._away = None
                self._change(partial(companion.log.delete, entry.id), "taken-out")

    def action_undo(self) -> None:
        """Bring back what was put away here, or take back the newest change."""
        companion, draft = self._companion, self._away
        if draft is not None:
            self._away = None
            keep = partial(companion.drafts.save, draft.id, draft.state)
            self._change(keep, "brought-back")
            return
        try:
            undone = companion.log.undo()
        except CompanionError as error:
            self.notify(error.message, severity="warning")
            return
        self._tell(f"undone-{undone.act}")

    def _change(self, change: Callable[[], object], said: str) -> None:
        try:
            change()
        except CompanionError as error:
            self.notify(f"{error.message} {error.hint}".strip(), severity="warning")
            return
        self._tell(said)

    def _tell(self, said: str) -> None:
        self.notify(self._companion.content.say(f"today.{said}"))
        self.post_message(LogChanged())

    # Another day

    def action_ask_day(self) -> None:
        """Ask in one line which day to write for."""
        from companion.dates import read_day  # noqa: PLC0415 - when asked for
        from screens.widgets.day_line import DayLine  # noqa: PLC0415

        if self.query(DayLine):
            self.query_one(DayLine).open()
            return
        log, say = self._companion.log, self._companion.content.say
        line = DayLine(
            lambda words: read_day(words, today=log.today()),
            label=say("today.which-day"),
            placeholder=say("today.which-day-example"),
        )
        self.mount(line, before="Hints")
        self.call_after_refresh(line.open)

    def on_day_line_chosen(self, message: DayLine.Chosen) -> None:
        """Begin one empty page for the day that was named."""
        self.query_one(Lines).focus()
        self.post_message(BeginSitting("free", message.day))

    def on_day_line_left(self) -> None:
        """Go on as before."""
        self.query_one(Lines).focus()
