"""What every screen has in which something is written: drafts, days, an editor."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static, TextArea

from companion.dates import read_day
from companion.errors import CompanionError
from screens.external_editor import write_outside
from screens.safety import plain
from screens.safety.steady import SteadyScreen
from screens.sizes import in_words
from screens.widgets.bar import TALL
from screens.widgets.day_line import DayLine
from screens.widgets.editor import PAGE_LIMIT, Editor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from companion.facade import Companion

AIR: Final = [(0, "-low"), (TALL, "-tall"), (50, "-high")]
"""From how many rows on there is room above the words."""
DRAFT_DELAY: Final = 0.3
"""Seconds from a change until it is in the draft."""


class WritingScreen(SteadyScreen[None]):
    """Keeps a draft of what is written until it is in the log."""

    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = AIR
    WAITS: ClassVar[str] = "writing.waits"
    """Which words say that a draft was left."""

    def __init__(self, companion: Companion, draft_id: str) -> None:
        """Keep drafts under the id of the entry."""
        super().__init__()
        self._companion = companion
        self._say = companion.content.say
        self._draft_id = draft_id
        self._unsaved = False
        self._failed = False

    def draft_state(self) -> Mapping[str, object] | None:
        """Return what the draft needs to hold, or None where there is nothing."""
        raise NotImplementedError

    def lines_below(self) -> tuple[Static, DayLine]:
        """Return what stands below every page: a sentence, and a day to be named."""
        day = DayLine(
            lambda words: read_day(words, today=self._companion.log.today()),
            label=self._say("writing.day"),
            placeholder=self._say("writing.day_example"),
        )
        return Static(id="notice"), day

    def note(self, words: str) -> None:
        """Say one sentence below the page; "" takes it away."""
        notice = self.query_one("#notice", Static)
        notice.update(plain(words))
        notice.display = bool(words)

    def page(self) -> Editor:
        """Return the editor that is written in."""
        return self.query_one(Editor)

    def begin(self) -> None:
        """Go back to where one writes."""
        self.page().focus()

    # Drafts

    @on(TextArea.Changed)
    def touch(self) -> None:
        """Save soon what has changed."""
        if not self._unsaved:
            self._unsaved = True
            self.set_timer(DRAFT_DELAY, self.keep_draft)

    def keep_draft(self) -> None:
        """Save at once what is not saved yet."""
        if not self._unsaved:
            return
        self._unsaved = False
        drafts, state = self._companion.drafts, self.draft_state()
        try:
            if state is None:
                drafts.remove(self._draft_id)
            else:
                drafts.save(self._draft_id, state)
        except CompanionError as error:
            self.note(self._say("writing.undrafted", trouble=error.message))

    def let_draft_go(self) -> None:
        """Take the draft away: what it held is in the log now, or not wanted."""
        self._unsaved = False
        # A draft that stays is no harm: taken up again, it changes the same entry.
        with suppress(CompanionError):
            self._companion.drafts.remove(self._draft_id)

    def on_screen_suspend(self) -> None:
        """Save before another screen is shown."""
        self.keep_draft()

    def say_unkept(self, error: CompanionError) -> None:
        """Say that it could not be written, and that nothing is lost."""
        self._failed = self._unsaved = True
        trouble = f"{error.message} {error.hint}".strip()
        self.note(self._say("writing.unkept", trouble=trouble))
        self.keep_draft()

    def leave_with_draft(self) -> None:
        """Close, and leave the draft for later."""
        self._unsaved = True
        self.keep_draft()
        self.notify(self._say(self.WAITS))
        self.dismiss()

    # The page

    @on(Editor.Asked)
    def ask_about_paste(self, event: Editor.Asked) -> None:
        """Ask what to do with more than a page takes."""
        sizes = {"size": in_words(event.size), "room": in_words(PAGE_LIMIT)}
        self.note(self._say("writing.paste", **sizes) if event.size else "")

    def say_whether_long(self) -> None:
        """Say so where a text is too long for a page."""
        self.note(self._say("writing.long") if self.page().is_outside else "")

    def action_outside(self) -> None:
        """Write in the person's own editor."""
        editor = self.page()
        outcome = write_outside(self.app, editor.words)
        if outcome.text != editor.words:
            editor.replace_all(outcome.text)
            self.touch()
        editor.focus()
        self.say_whether_long()
        if outcome.trouble:
            self.note(outcome.trouble)

    def action_change_day(self) -> None:
        """Ask for which day this is written."""
        line = self.query_one(DayLine)
        if line.is_open:
            line.action_leave()
        else:
            line.open()

    @on(DayLine.Left)
    def leave_day(self) -> None:
        """Go on writing."""
        self.begin()
