"""One prompt at a time: write, skip, go back, stop; what is written is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from companion.errors import CompanionError
from screens.ending import Ending
from screens.messages import LogChanged
from screens.safety import plain
from screens.stage import StageView
from screens.widgets.day_line import DayLine, day_in_words
from screens.widgets.editor import Editor
from screens.widgets.hints import Hints
from screens.widgets.lens import Lens
from screens.widgets.part_name import PartName
from screens.writing import WritingScreen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from companion.facade import Companion
    from companion.model.entry import Entry
    from companion.reflection import Run

_FIRST: Final = (
    "reflect.on",
    "writing.elsewhere",
    *(f"ending.{key}" for key in ("keep", "tags", "people", "principles", "shared")),
    *(f"reflect.{key}" for key in ("back", "stop", "keep")),
)
"""The keys that are told as long as there is room."""


class ReflectScreen(WritingScreen):
    """Leads through one run; closes when it is kept or stopped."""

    CSS_PATH = "reflect.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "tab", "go_on", "Go on", priority=True, id="reflect.on",
            tooltip="Go on; an empty one is skipped without a trace",
        ),
        Binding(
            "shift+tab", "go_back", "Back", priority=True, id="reflect.back",
            tooltip="Go back to the one before, and change it",
        ),
        Binding(
            "escape", "stop", "Stop here", id="reflect.stop",
            tooltip="Stop here; what is written is kept",
        ),
        Binding(
            "ctrl+s", "keep", "Keep", priority=True, id="reflect.keep",
            tooltip="Keep what is written, and close",
        ),
        Binding(
            "ctrl+o", "outside", "Own editor", priority=True, id="reflect.outside",
            tooltip="Write in $VISUAL or $EDITOR",
        ),
        Binding(
            "f7", "change_day", "Day", priority=True, id="reflect.day",
            tooltip="Write for another day",
        ),
    ]  # fmt: skip

    def __init__(self, companion: Companion, run: Run) -> None:
        """Go through `run`, from where it stands."""
        super().__init__(companion, run.id)
        self._run = run
        self._ended = False

    def compose(self) -> ComposeResult:
        """Lay out the stage and what stands around it."""
        yield Static(id="where")
        with Vertical(id="column"):
            yield Static(id="progress")
            yield StageView(self._companion.content)
            yield Ending(self._companion.content, self._companion.log)
            yield from self.lines_below()
        yield Hints(*_FIRST)

    def on_mount(self) -> None:
        """Show where the run stands."""
        self._show_stage()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done here."""
        if action == "save_elsewhere":
            return super().check_action(action, parameters)
        if action == "go_back":
            return self._ended or self._run.index > 0
        return not (self._ended and action in {"outside", "go_on"})

    # What is shown

    def _show_stage(self) -> None:
        self._ended = False
        self.remove_class("-end")
        run = self._run
        parts = self._companion.log.names("parts") if run.stage.kind == "part" else ()
        self.query_one(StageView).show(run, parts)
        self.say_whether_long()
        self._show_where()
        self.begin()

    def _show_end(self) -> None:
        self._ended = True
        self.add_class("-end")
        self.note("")
        self._show_where()
        self.query_one(Ending).show(self._run)
        self.begin()

    def begin(self) -> None:
        """Go where one writes, or where one reads what was written."""
        self.refresh_bindings()
        if self._ended:
            self.query_one(Ending).begin()
        else:
            self.query_one(StageView).begin()

    def _show_where(self) -> None:
        run, today = self._run, self._companion.log.today()
        name = run.sitting.name if run.sitting else self._say("reflect.free")
        where = plain(name, limit=40).stylize("$text-accent")
        where += Content(f"   {day_in_words(run.day, today=today)}")
        self.query_one("#where", Static).update(where)
        progress = self.query_one("#progress", Static)
        progress.display = run.stages > 1
        here = run.stages if self._ended else run.index + 1
        dots = "\u25cf " * here + "\u25cb " * (run.stages - here)
        said = self._say("reflect.progress", here=here, all=run.stages)
        progress.update(Content(dots if self._ended else f"{dots}  {said}"))

    # What is written

    def _take_in(self) -> None:
        if not self._ended:
            words = self.query_one(Editor).words
            if words != self._run.text:
                self._run.text = words

    def spelt(self) -> str:
        """Return what was said at each stage, below what was asked."""
        self._take_in()
        return self._run.spelt()

    def draft_state(self) -> Mapping[str, object] | None:
        """Return the run as it stands, where anything was said."""
        self._take_in()
        return self._run.state() if self._run.has_words else None

    @on(Ending.Added)
    def remember(self) -> None:
        """Save soon what was added."""
        self.touch()

    @on(Lens.Placed)
    def place_moment(self, event: Lens.Placed) -> None:
        """Take the mark into the run."""
        self._run.placement, self._run.rung = event.position, event.rung
        self.touch()

    @on(PartName.Named)
    def name_part(self, event: PartName.Named) -> None:
        """Take the name into the run."""
        self._run.part = event.name
        self.touch()

    @on(Ending.Failed)
    def say_why(self, event: Ending.Failed) -> None:
        """Say why something could not be added."""
        self.note(event.words)

    @on(DayLine.Chosen)
    def write_for_day(self, event: DayLine.Chosen) -> None:
        """Write for another day, unless it is still to come."""
        before, self._run.day = self._run.day, event.day
        try:
            self._run.entry(self._companion.log)
        except CompanionError as error:
            self._run.day = before
            self.note(f"{error.message} {error.hint}")
        else:
            self.note("")
            self.touch()
        self._show_where()
        self.begin()

    # Keys

    def action_go_on(self) -> None:
        """Go on to the next prompt, or to the end."""
        self.query_one(DayLine).close()
        self._take_in()
        if self._run.next():
            self._show_stage()
        else:
            self._show_end()

    def action_go_back(self) -> None:
        """Go back to the prompt before, or from the end to the last."""
        self.query_one(DayLine).close()
        self._take_in()
        if self._ended or self._run.back():
            self._show_stage()

    def action_keep(self) -> None:
        """Keep what is written and close; what cannot be written stays here."""
        self._take_in()
        try:
            entry = self._companion.reflection.keep(self._run)
        except CompanionError as error:
            self.say_unkept(error)
            return
        self.let_draft_go()
        if entry is not None:
            self.app.post_message(LogChanged())
            self.notify(self._kept(entry))
        self.dismiss()

    def action_stop(self) -> None:
        """Stop here: keep what was said, or leave it as a draft where that failed."""
        if self._failed:
            self.leave_with_draft()
        else:
            self.action_keep()

    def _kept(self, entry: Entry) -> str:
        if entry.is_private:
            return self._say("reflect.kept")
        return self._say("reflect.kept_shared", names=", ".join(entry.shared_with))
