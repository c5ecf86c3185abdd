"""Looking after the log: what is wrong, what is kept, and bringing something back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar

from textual import on, work
from textual.binding import Binding

from companion.errors import CompanionError
from screens import recovery_pages as pages
from screens.messages import CannotGoOn, GoBack, LogChanged, OpenRoom
from screens.recovery_facts import begun, looked_for
from screens.recovery_view import PagedScreen
from screens.recovery_work import StoppedError, Work
from screens.widgets.bar import RoomsBar
from screens.widgets.detail_line import DetailLine
from screens.widgets.hints import Hints
from screens.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from companion.facade import Companion
    from companion.model.keeping import Preview
    from companion.ports import Progress
    from screens.recovery_facts import State
    from screens.recovery_view import Draw

_T = TypeVar("_T")
TICK: Final = 0.1
"""Seconds between two looks at how far some work is."""
PATIENCE: Final = 20
"""Seconds for which it is told why something could not be done."""
OPENED_ANEW: Final = "open"


class RecoveryScreen(PagedScreen):
    """One page at a time: how the log is, a list, a preview, work, or its outcome."""

    CSS_PATH = "recovery.tcss"
    AUTO_FOCUS = "Lines"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,space", "choose", "Choose", id="care.choose",
            key_display="Enter", tooltip="Do what the mark stands at",
        ),
        Binding(
            "y", "bring_back", "Bring it back", id="care.bring-back",
            tooltip="Bring this backup back, as the page says",
        ),
        Binding(
            "escape", "leave", "Back", id="care.leave",
            tooltip="Go back by one page, or stop what is being read",
        ),
    ]  # fmt: skip

    def __init__(self, companion: Companion) -> None:
        """Look after the log of this companion."""
        super().__init__(companion, self._overview)
        self._state: State = begun(companion)
        self._preview: Preview | None = None
        self._work: Work | None = None
        self._ticking: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the page and the line in which a folder is named."""
        yield RoomsBar("")
        yield Lines()
        yield DetailLine(id="folder")
        yield Hints("care.choose", "care.bring-back", "care.leave")

    def on_mount(self) -> None:
        """Follow what is being done, where anything is."""
        self._ticking = self.set_interval(TICK, self._follow_work, pause=True)

    def on_screen_resume(self) -> None:
        """Look at the log again whenever this comes into sight."""
        self.reread()

    def reread(self) -> None:
        """Look at the log again, unless something is being done with it."""
        self.show()
        if self._work is None:
            self._look()

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        self._state = await looked_for(self._companion)
        self.show()

    @property
    def holds_log(self) -> bool:
        """Whether work is going on that nobody else may touch the log beside."""
        return self._work is not None

    # What is shown

    def _overview(self, sheet: pages.Sheet) -> None:
        pages.overview(sheet, self._state)

    def _list(self, sheet: pages.Sheet) -> None:
        pages.backups(sheet, self._state)

    def _working(self, sheet: pages.Sheet) -> None:
        work = self._work
        if work is not None:
            pages.working(sheet, work.what, work.share, work.told, stops=work.stops)

    def _follow_work(self) -> None:
        if self._work is not None and self.is_current:
            self.show()

    # What the keys do

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done on this page."""
        if action == "bring_back":
            return self._brings_back
        if action == "choose":
            return bool(self.acts)
        return True

    @property
    def _brings_back(self) -> bool:
        return any(name == "restore" for name, _what in self.acts.values())

    def action_choose(self) -> None:
        """Do what the mark stands at."""
        self.query_one(Lines).action_choose()

    def action_bring_back(self) -> None:
        """Bring the backup back that is looked at."""
        if self._preview is not None:
            self._begin("restore", partial(self._restore, self._preview.backup.name))

    def action_leave(self) -> None:
        """Stop what is being read, or go back by one page, or leave."""
        if self._work is not None:
            self._work.stop()
        elif self.draws == self._overview:
            self.post_message(GoBack())
        else:
            self._begin_anew()

    @on(Lines.Chosen)
    def follow(self, message: Lines.Chosen) -> None:
        """Do what the chosen line is for."""
        act, what = self.acts.get(message.index, ("", ""))
        match act:
            case "overview":
                self._begin_anew()
            case "list":
                self.show(self._list)
            case "read":
                self.show(self._overview)
                self.post_message(OpenRoom("today"))
            case "rescue":
                self._ask_folder()
            case "preview":
                self._begin("preview", partial(self._compare, what))
            case "restore":
                self._begin("restore", partial(self._restore, what))
            case "check":
                self._begin("check", self._check)
            case "backup":
                self._begin("backup", self._back_up)

    def _begin(self, what: str, doing: Callable[[], Awaitable[None]]) -> None:
        if self._work is not None:
            return
        self._work = Work(what)
        # What rooms look for in the log bit by bit, they look for again later.
        for worker in self.app.workers:
            worker.cancel()
        self._do(doing)

    @work(group="care")
    async def _do(self, doing: Callable[[], Awaitable[None]]) -> None:
        if self._ticking is not None:
            self._ticking.resume()
        self.show(self._working)
        try:
            await doing()
        except StoppedError:
            self._show_outcome(self._overview)
            self.notify(self._say("stopped"))
        except CompanionError as error:
            self._show_outcome(self._overview)
            said = f"{error.message} {error.hint}".strip()
            self.notify(said, severity="warning", timeout=PATIENCE)
        finally:
            self._work = None

    def _say(self, key: str, **names: object) -> str:
        return self._companion.content.say(f"care.{key}", **names)

    async def _run(self, do: Callable[[Progress], _T]) -> _T:
        """Do something in a thread, and take in how far it is."""
        assert self._work is not None
        return await self._work.run(do)

    def _show_outcome(self, draw: Draw) -> None:
        self._work = None
        if self._ticking is not None:
            self._ticking.pause()
        self.show(draw)

    def _begin_anew(self) -> None:
        self.show(self._overview)
        self.reread()

    # What can be done

    async def _compare(self, name: str) -> None:
        care = self._companion.care
        seen = await self._run(partial(care.preview, name))
        self._preview = seen
        self._show_outcome(partial(pages.preview, seen=seen))
        # The mark rests where nothing is done, so that enter twice does nothing.
        self.query_one(Lines).rest_on(self.index_of(("overview", "")))

    async def _restore(self, name: str) -> None:
        companion = self._companion
        done = await self._run(partial(companion.care.restore, name))
        if done.in_place:
            try:
                self._work = Work(OPENED_ANEW)
                await self._run(companion.log.reopen)
            except CompanionError as error:
                self.post_message(CannotGoOn(f"{error.message} {error.hint}".strip()))
                return
        self._state = begun(companion)
        writable = not self._state.troubles
        self._show_outcome(partial(pages.restored, done=done, writable=writable))
        self.app.post_message(LogChanged())

    async def _check(self) -> None:
        found = await self._run(self._companion.care.check)
        self._show_outcome(partial(pages.report, found=found))

    async def _back_up(self) -> None:
        care = self._companion.care
        made = await self._run(lambda _tell: care.back_up())
        entries = pages.Sheet(self._companion.content, 0, 0).entries(made.entries)
        self._show_outcome(self._overview)
        self.notify(self._say("backed-up", entries=entries))
        self.reread()

    def _ask_folder(self) -> None:
        home, now = self._companion.places.home, self._companion.clock()
        beside = home.with_name(f"{home.name}-rescued-{now:%Y-%m-%dT%H%M%S}")
        self.query_one(DetailLine).ask(
            "rescue",
            label=self._say("rescue-label"),
            placeholder=self._say("rescue-example"),
            value=str(beside),
            known=(),
        )

    @on(DetailLine.Added)
    def rescue_into(self, event: DetailLine.Added) -> None:
        """Put all that can be read in the folder that was named."""
        self.query_one(Lines).focus()
        if event.words.strip():
            to = Path(event.words.strip()).expanduser().absolute()
            self._begin("rescue", partial(self._rescue, to))

    @on(DetailLine.Left)
    def leave_folder(self) -> None:
        """Go back to the page."""
        self.query_one(Lines).focus()

    async def _rescue(self, to: Path) -> None:
        care = self._companion.care
        found = await self._run(partial(care.rescue, to))
        self._show_outcome(partial(pages.rescued, found=found))
