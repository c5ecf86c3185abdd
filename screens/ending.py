"""The end of a sitting: what was written, whole, and a few things one may add."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message

from companion.errors import CompanionError
from screens.edit_fields import principles_named
from screens.passages import facts, principle_name, written
from screens.widgets.detail_line import DetailLine
from screens.widgets.lines import DIM
from screens.widgets.pager import Pager

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from companion.log import Log
    from companion.model.content import Content
    from companion.reflection import Run

_KNOWN: Final = {"tags": "tags", "people": "people", "shared_with": "people"}


class Ending(Vertical):
    """Shows a run as the entry it makes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "screen.keep", "Keep", id="ending.keep",
            tooltip="Keep what is written, and close",
        ),
        Binding(
            "t", "add('tags')", "Tags", id="ending.tags", tooltip="Add tags",
        ),
        Binding(
            "p", "add('people')", "People", id="ending.people",
            tooltip="Add the initials of people",
        ),
        Binding(
            "l", "add('principles')", "Principle", id="ending.principles",
            tooltip="Add a leadership principle",
        ),
        Binding(
            "w", "add('shared_with')", "Shared with", id="ending.shared",
            tooltip="Note whom you showed it to; nothing is sent",
        ),
    ]  # fmt: skip

    class Added(Message):
        """Something was added to the run."""

    class Failed(Message):
        """What was typed cannot be kept."""

        def __init__(self, words: str) -> None:
            """Say why."""
            super().__init__()
            self.words = words

    def __init__(self, content: Content, log: Log) -> None:
        """Stand on the words and on the names that are known."""
        super().__init__(id="ending")
        self._content = content
        self._log = log
        self._run: Run | None = None

    def compose(self) -> ComposeResult:
        """Lay out the text and the line for what may be added."""
        yield Pager(id="whole")
        yield DetailLine(id="detail")

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer to add only where something was said."""
        return action != "add" or (self._run is not None and self._run.has_words)

    def show(self, run: Run) -> None:
        """Show what was written."""
        self._run = run
        self.query_one(DetailLine).close()
        say = self._content.say
        if not run.has_words:
            self.query_one(Pager).read([(say("reflect.end_nothing"), DIM)])
            return
        try:
            entry = run.entry(self._log)
        except CompanionError as error:
            self.post_message(self.Failed(f"{error.message} {error.hint}".strip()))
            return
        self.query_one(Pager).read(
            [
                (say("reflect.end"), DIM),
                ("", ""),
                *written(entry, self._content),
                ("", ""),
                *facts(entry, self._content),
            ]
        )

    def begin(self) -> None:
        """Read what was written."""
        self.query_one(Pager).focus()

    def action_add(self, what: str) -> None:
        """Ask for one thing to add."""
        if self._run is None:
            return
        say, content = self._content.say, self._content
        named = self._run.named(what)
        if what == "principles":
            known: Sequence[str] = [each.name for each in content.principles]
            example = ", ".join(known)
            named = tuple(principle_name(content, each) for each in named)
        else:
            known = self._log.names(_KNOWN[what])
            example = say(f"reflect.{what}_example")
        self.query_one(DetailLine).ask(
            what,
            label=say(f"reflect.{what}"),
            placeholder=example,
            value=", ".join(named),
            known=known,
        )

    @on(DetailLine.Added)
    def add(self, event: DetailLine.Added) -> None:
        """Take what was typed into the run, if an entry can hold it."""
        event.stop()
        run = self._run
        if run is None:
            return
        before = run.named(event.what)
        try:
            names = [event.words]
            if event.what == "principles":
                names = list(principles_named(self._content, event.words))
            run.name(event.what, names)
            run.entry(self._log)
        except CompanionError as error:
            run.name(event.what, before)
            self.post_message(self.Failed(f"{error.message} {error.hint}".strip()))
        else:
            self.post_message(self.Added())
        self.show(run)
        self.begin()

    @on(DetailLine.Left)
    def leave(self, event: DetailLine.Left) -> None:
        """Go back to reading."""
        event.stop()
        self.begin()
