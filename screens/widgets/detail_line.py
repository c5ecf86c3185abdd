"""One short line for something that may be added: tags, people, a principle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType


class DetailLine(Horizontal):
    """Hidden until something is to be added; enter takes it, escape leaves it."""

    DEFAULT_CSS = """
    DetailLine {
        height: 1; display: none;
        &.-open { display: block; }
        & > Static { width: auto; color: $text-muted; padding: 0 1 0 0; }
        & > Input { width: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave it as it is", show=False, id="detail.leave"),
    ]

    @dataclass
    class Added(Message):
        """This was typed for that."""

        line: DetailLine
        what: str
        words: str

    @dataclass
    class Left(Message):
        """The line was left as it was."""

        line: DetailLine

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        """Begin closed."""
        super().__init__(id=id)
        self._what = ""

    def compose(self) -> ComposeResult:
        """Lay out the label and the line."""
        yield Static(Content(""))
        yield Input(compact=True)

    @property
    def is_open(self) -> bool:
        """Whether something is being asked for."""
        return self.has_class("-open")

    def ask(
        self,
        what: str,
        *,
        label: str,
        placeholder: str,
        value: str,
        known: Iterable[str],
    ) -> None:
        """Ask for one thing, with what it is so far and names to complete from."""
        self._what = what
        self.query_one(Static).update(Content(label))
        line = self.query_one(Input)
        line.placeholder = placeholder
        line.suggester = SuggestFromList(list(known), case_sensitive=False)
        line.value = value
        line.cursor_position = len(value)
        self.add_class("-open")
        line.focus()

    def close(self) -> None:
        """Ask no longer."""
        self.remove_class("-open")

    @on(Input.Changed)
    def keep_to_itself(self, event: Input.Changed) -> None:
        """What is typed matters only once it is taken."""
        event.stop()

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """Hand over what was typed."""
        event.stop()
        self.close()
        self.post_message(self.Added(self, self._what, event.value))

    def action_leave(self) -> None:
        """Close the line."""
        self.close()
        self.post_message(self.Left(self))
