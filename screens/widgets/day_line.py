"""A line in which a day is named in words, with what was understood beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from companion.dates import MONTHS, WEEKDAYS
from companion.errors import InvalidDayError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from textual.app import ComposeResult
    from textual.binding import BindingType


def day_in_words(day: date, *, today: date | None = None) -> str:
    """Return a day as one says it; the year only where it is not that of `today`."""
    weekday = WEEKDAYS[day.weekday()].capitalize()
    said = f"{weekday} {day.day} {MONTHS[day.month - 1].capitalize()}"
    return said if today and day.year == today.year else f"{said} {day.year}"


class DayLine(Horizontal):
    """Hidden until it is asked for; enter takes the day, escape leaves it."""

    DEFAULT_CSS = """
    DayLine {
        height: 1; display: none;
        &.-open { display: block; }
        & > #day-label { width: auto; color: $text-muted; padding: 0 1 0 0; }
        & > Input { width: 22; }
        & > #day-said { width: 1fr; padding: 0 0 0 2; color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave it as it is", show=False, id="day.leave"),
    ]

    @dataclass
    class Chosen(Message):
        """A day was named."""

        line: DayLine
        day: date

    @dataclass
    class Left(Message):
        """The line was left without a day."""

        line: DayLine

    def __init__(
        self,
        read: Callable[[str], date],
        *,
        label: str,
        placeholder: str,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """Understand days with `read`, which may raise `InvalidDayError`."""
        super().__init__(id=id)
        self._read = read
        self._label = label
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """Lay out the label, the line and what was understood."""
        yield Static(Content(self._label), id="day-label")
        yield Input(placeholder=self._placeholder, compact=True)
        yield Static(Content(""), id="day-said")

    @property
    def is_open(self) -> bool:
        """Whether a day is being asked for."""
        return self.has_class("-open")

    def open(self) -> None:
        """Ask for a day."""
        line = self.query_one(Input)
        line.clear()
        self._say("")
        self.add_class("-open")
        line.focus()

    def close(self) -> None:
        """Ask no longer."""
        self.remove_class("-open")

    def _say(self, words: str) -> None:
        self.query_one("#day-said", Static).update(Content(words))

    @on(Input.Changed)
    def show_understood(self, event: Input.Changed) -> None:
        """Show which day the words name so far."""
        event.stop()
        if not event.value.strip():
            self._say("")
            return
        try:
            self._say(day_in_words(self._read(event.value)))
        except InvalidDayError:
            self._say("\u2026")

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """Take the day, or say what would be understood."""
        event.stop()
        if not event.value.strip():
            self.action_leave()
            return
        try:
            day = self._read(event.value)
        except InvalidDayError as error:
            self._say(error.hint)
            return
        self.close()
        self.post_message(self.Chosen(self, day))

    def action_leave(self) -> None:
        """Close the line without a day."""
        self.close()
        self.post_message(self.Left(self))
