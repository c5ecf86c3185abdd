"""The line in which one looks for something; it stands back while it is not used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType


class SearchLine(Input):
    """Posts what is looked for at each key; hidden while empty and not in use."""

    DEFAULT_CSS = """
    SearchLine {
        display: none;
        &.-open { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", "Clear", show=False, id="search.clear"),
        Binding("down", "settle", "To what was found", show=False, id="search.down"),
    ]

    @dataclass
    class Wanted(Message):
        """These words are looked for from now on."""

        line: SearchLine
        words: str

    @dataclass
    class Settled(Message):
        """The person turns to what was found."""

        line: SearchLine

    def __init__(self, *, placeholder: str, id: str | None = None) -> None:  # noqa: A002
        """Begin closed and empty."""
        super().__init__(placeholder=placeholder, id=id, compact=True)

    @property
    def is_open(self) -> bool:
        """Whether it is seen."""
        return self.has_class("-open")

    def open(self) -> None:
        """Be seen and typed in."""
        self.add_class("-open")
        self.focus()

    def action_drop(self) -> None:
        """Look for nothing any more."""
        self.value = ""
        self.remove_class("-open")
        self.post_message(self.Settled(self))

    def action_settle(self) -> None:
        """Turn to what was found."""
        if not self.value.strip():
            self.action_drop()
        else:
            self.post_message(self.Settled(self))

    @on(Input.Changed)
    def tell(self, event: Input.Changed) -> None:
        """Say what is looked for now."""
        event.stop()
        self.post_message(self.Wanted(self, event.value))

    @on(Input.Submitted)
    def turn(self, event: Input.Submitted) -> None:
        """Turn to what was found."""
        event.stop()
        self.action_settle()

    def on_blur(self, _event: events.Blur) -> None:
        """Stand back again where nothing is looked for."""
        if not self.value.strip():
            self.remove_class("-open")
