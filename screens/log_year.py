"""A year of the log as a map, shown when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from screens.widgets.year import Year, YearWords

if TYPE_CHECKING:
    from datetime import date

    from textual.app import ComposeResult

    from companion.facade import Companion


class LogYear(Vertical):
    """Hidden until it is opened; a day that is chosen is where the log goes."""

    DEFAULT_CSS = """
    LogYear {
        height: auto; display: none;
        &.-open { display: block; }
    }
    """

    @dataclass
    class Chosen(Message):
        """A day was chosen."""

        day: date

    def __init__(self, companion: Companion) -> None:
        """Stand on the log and the settings."""
        super().__init__()
        self._companion = companion

    def compose(self) -> ComposeResult:
        """Lay out the map and how it is moved in."""
        say, says = self._companion.content.say, self._companion.content.says
        words = YearWords(says("log.legend"), say("log.year_empty"))
        yield Year(words, week_start=self._companion.preferences.settings.week_start)
        yield Static(Content(say("log.year_hint")), id="year-hint")

    @property
    def _map(self) -> Year:
        return self.query_one(Year)

    @property
    def is_open(self) -> bool:
        """Whether the map is seen."""
        return self.has_class("-open")

    def open(self, day: date) -> None:
        """Show the year of `day`."""
        self.add_class("-open")
        self._map.begin_weeks(self._companion.preferences.settings.week_start)
        self._show(day)
        self._map.focus()

    def close(self) -> None:
        """Put the map away."""
        self.remove_class("-open")

    def reread(self) -> None:
        """Show the log as it is now."""
        if self.is_open:
            self._show(self._map.day)

    def _show(self, day: date) -> None:
        log = self._companion.log
        self._map.show(day, log.year(day.year), last=log.today())

    @on(Year.Turned)
    def turn(self, event: Year.Turned) -> None:
        """Show another year, from the day of it on which last was written."""
        event.stop()
        from datetime import date  # noqa: PLC0415 - only when pages are turned

        counts = self._companion.log.year(event.year)
        last = min(date(event.year, 12, 31), self._companion.log.today())
        day = max(counts, default=last)
        self._map.show(day, counts, last=self._companion.log.today())

    @on(Year.Chosen)
    def choose(self, event: Year.Chosen) -> None:
        """Put the map away and say which day was chosen."""
        event.stop()
        self.close()
        self.post_message(self.Chosen(event.day))
