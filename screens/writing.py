"""What every screen has in which something is written: drafts, days, an editor."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding
from textual.widgets import Static, TextArea

from companion.dates import read_day
from companion.drafts import other_folders
from companion.errors import CompanionError
from screens.external_editor import write_outside
from screens.safety import plain
from screens.safety.steady import SteadyScreen
from screens.sizes import in_words
from screens.widgets.bar import TALL
from screens.widgets.day_line import DayLine
from screens.widgets.detail_line import DetailLine
from screens.widgets.editor import PAGE_LIMIT, Editor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.binding import BindingType

    from companion.facade import Companion

AIR: Final = [(0, "-low"), (TALL, "-tall"), (50, "-high")]
"""From how many rows on there is room above the words."""
PATIENCE: Final = 20
"""Seconds for which it is told where words were put."""
DRAFT_DELAY: Final = 0.3
"""Seconds from a change until it is in the draft."""


class WritingScreen(SteadyScreen[None]):
    """Keeps a draft of what is written until it is in the log."""

    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = AIR
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f6", "save_elsewhere", "Save elsewhere", priority=True,
            id="writing.elsewhere",
            tooltip="Save the words in a folder you name, outside of the log",
        ),
    ]  # fmt: skip
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
        self.at_risk = False
        """Whether what is written is on this page and nowhere else."""
        self._stays = False

    def spelt(self) -> str:
        """Return what is written, as plain text."""
        raise NotImplementedError

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
            if not self.at_risk:
                self.note(self._say("writing.undrafted", trouble=error.message))
            self.at_risk = True
            self.refresh_bindings()
        else:
            if self.at_risk:
                self.note("")
            self.at_risk = self._stays = False

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
        self.at_risk = False
        trouble = f"{error.message} {error.hint}".strip()
        self.note(self._say("writing.unkept", trouble=trouble))
        self.keep_draft()
        if self.at_risk:
            self.note(self._say("writing.undrafted", trouble=trouble))
        self.refresh_bindings()

    def leave_with_draft(self) -> None:
        """Close, and leave the draft for later."""
        self._unsaved = True
        self.keep_draft()
        if self.at_risk:
            if not self._stays:
                self.stay()
                return
            self.notify(self.carry_out(), timeout=PATIENCE)
        else:
            self.notify(self._say(self.WAITS))
        self.dismiss()

    # Where neither the log nor a draft can be written

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer another folder only where it is needed."""
        return action != "save_elsewhere" or self._failed or self.at_risk

    def stay(self) -> None:
        """Say what leaving now would cost; the next wish to leave is granted."""
        self._stays = True
        self.note(self._say("writing.stays"))
        if not self.is_current:
            self.notify(self._say("writing.stays"), timeout=PATIENCE)
        self.refresh_bindings()

    @property
    def is_held(self) -> bool:
        """Whether leaving would cost words, and that was not said yet."""
        return self.at_risk and not self._stays

    def carry_out(self) -> str:
        """Put the words in any folder that takes them; return what to say of it."""
        try:
            path = self._companion.drafts.carry_out(self.spelt())
        except CompanionError as error:
            return self._say("writing.lost", trouble=error.message)
        self.at_risk = False
        return self._say("writing.carried", path=path)

    def action_save_elsewhere(self) -> None:
        """Ask for a folder to save the words in."""
        if self.query("#elsewhere"):
            self._ask_folder()
            return
        self.mount(DetailLine(id="elsewhere"), before="Hints")
        self.call_after_refresh(self._ask_folder)

    def _ask_folder(self) -> None:
        self.query_one("#elsewhere", DetailLine).ask(
            "elsewhere",
            label=self._say("writing.outside-label"),
            placeholder=self._say("writing.outside-example"),
            value=str(next(other_folders())),
            known=(),
        )

    @on(DetailLine.Added)
    def save_elsewhere(self, event: DetailLine.Added) -> None:
        """Save the words in the folder that was named; the page stays open."""
        folder = Path(event.words.strip() or ".").expanduser().absolute()
        try:
            path = self._companion.drafts.put_outside(folder, self.spelt())
        except CompanionError as error:
            self.note(f"{error.message} {error.hint}".strip())
        else:
            self.at_risk = False
            self.note(self._say("writing.outside", path=path))
        self.begin()

    @on(DetailLine.Left)
    def leave_folder(self) -> None:
        """Go on writing."""
        self.begin()

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
        # The editor may take this window down with it, and of the last letters
        # nobody may have told us yet.
        self._unsaved = True
        self.keep_draft()
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
