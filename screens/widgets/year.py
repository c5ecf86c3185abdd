"""A year of days as a quiet map: how much was written when, in signs and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from companion.dates import MONTHS, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Size

SIGNS: Final = ("\u00b7", "\u2591", "\u2592", "\u2593", "\u2588")
"""For no entry, one, two, three or four, and more."""
_LABEL: Final = 5
_WEEKS: Final = 54
"""A leap year can touch so many weeks."""
_ROWS: Final = 10
_STYLES: Final = (
    "$text-muted",
    "$text-accent",
    "$text-accent",
    "$text-accent",
    "$text-accent",
)
_FIRST_DAYS: Final = {"monday": 0, "saturday": 5, "sunday": 6}


@dataclass(frozen=True, slots=True)
class YearWords:
    """The few words of the map."""

    legend: Sequence[str]
    """Beside each of `SIGNS`."""
    nothing: str
    """Said of a year without entries."""


def strength(count: int) -> int:
    """Return which of `SIGNS` stands for so many entries."""
    if count >= 5:  # noqa: PLR2004 - said in words in the legend
        return 4
    return (0, 1, 2, 3, 3)[count]


class Year(Widget, can_focus=True):
    """Draws one year and lets one day be chosen."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Year { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,pageup", "turn(-1)", "Year before", show=False, id="year.before"),
        Binding("right,pagedown", "turn(1)", "Year after", show=False, id="year.after"),
        Binding("up", "seek(-1)", "Written day before", show=False, id="year.up"),
        Binding("down", "seek(1)", "Written day after", show=False, id="year.down"),
        Binding("enter", "choose", "Go to that day", show=False, id="year.choose"),
    ]

    day: reactive[date] = reactive(date.min, init=False)
    """The day the cursor is on."""

    @dataclass
    class Turned(Message):
        """Another year is wanted."""

        map: Year
        year: int

    @dataclass
    class Moved(Message):
        """The cursor is on another day."""

        map: Year
        day: date

    @dataclass
    class Chosen(Message):
        """A day was chosen with enter or a click."""

        map: Year
        day: date

    def __init__(
        self,
        words: YearWords,
        *,
        week_start: str = "monday",
        id: str | None = None,  # noqa: A002
    ) -> None:
        """Begin the weeks with this day."""
        super().__init__(id=id)
        self._words = words
        self._first_day = _FIRST_DAYS.get(week_start, 0)
        self._counts: Mapping[date, int] = {}
        self._last = date.max

    def show(self, day: date, counts: Mapping[date, int], *, last: date) -> None:
        """Draw the year of `day`, with the cursor on it; no day after `last` counts."""
        self._counts, self._last = counts, last
        self.set_reactive(Year.day, day)
        self.refresh(layout=True)

    def begin_weeks(self, week_start: str) -> None:
        """Begin the weeks with another day from now on."""
        self._first_day = _FIRST_DAYS.get(week_start, 0)
        self.refresh()

    @property
    def year(self) -> int:
        """The year that is drawn."""
        return self.day.year

    @property
    def said(self) -> str:
        """The day under the cursor and what is there, in words."""
        count = self._counts.get(self.day, 0)
        entries = {0: "nothing written", 1: "one entry"}.get(count, f"{count} entries")
        weekday = WEEKDAYS[self.day.weekday()].capitalize()
        month = MONTHS[self.day.month - 1].capitalize()
        return f"{weekday} {self.day.day} {month} {self.day.year}: {entries}"

    def watch_day(self, day: date) -> None:
        """Say where the cursor is."""
        self.post_message(self.Moved(self, day))

    def action_turn(self, by: int) -> None:
        """Ask for the year before or after."""
        year = self.year + by
        if MINYEAR <= year <= min(MAXYEAR, self._last.year):
            self.post_message(self.Turned(self, year))

    def action_seek(self, by: int) -> None:
        """Move to the next day on which something was written."""
        days = sorted(self._counts)
        beyond = [day for day in days if (day - self.day).days * by > 0]
        if beyond:
            self.day = beyond[0] if by > 0 else beyond[-1]

    def action_choose(self) -> None:
        """Say that the day under the cursor was chosen."""
        self.post_message(self.Chosen(self, self.day))

    def on_click(self, event: events.Click) -> None:
        """Choose the day that was clicked."""
        event.stop()
        offset = event.get_content_offset(self)
        day = None if offset is None else self._day_at(offset.x, offset.y)
        if day is not None:
            self.day = day
            self.action_choose()

    def _day_at(self, x: int, y: int) -> date | None:
        week, row = (x - _LABEL) // self._wide, y - 2
        if x < _LABEL or not 0 <= row < 7 or week >= _WEEKS:  # noqa: PLR2004 - days
            return None
        return self._day_of(week, row)

    @property
    def _wide(self) -> int:
        return 2 if self.size.width >= _LABEL + 2 * _WEEKS else 1

    @property
    def _skipped(self) -> int:
        """How many days of the first week lie in the year before."""
        return (date(self.year, 1, 1).weekday() - self._first_day) % 7

    def _day_of(self, week: int, row: int) -> date | None:
        first = date(self.year, 1, 1)
        ahead = week * 7 + row - self._skipped
        days = 366 if _is_leap(self.year) else 365
        return first + timedelta(days=ahead) if 0 <= ahead < days else None

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        """Return the rows that heading, months, days and words take."""
        return _ROWS + 2

    def render(self) -> Content:
        """Draw the year, the months, seven rows of days and the words below."""
        said = Content(self.said)
        if not self._counts:
            said = Content(self._words.nothing).stylize("$text-muted")
        heading = Content.styled(f"\u2039 {self.year} \u203a", "bold")
        lines = [heading, self._months()]
        lines += [self._row(row) for row in range(7)]
        return Content("\n").join([*lines, Content(""), said, self._legend()])

    def _months(self) -> Content:
        signs = [" "] * (_LABEL + _WEEKS * self._wide + 3)
        for month in range(1, 13):
            day = (date(self.year, month, 1) - date(self.year, 1, 1)).days
            at = _LABEL + (day + self._skipped) // 7 * self._wide
            signs[at : at + 3] = MONTHS[month - 1][:3].capitalize()
        return Content("".join(signs).rstrip()).stylize("$text-muted")

    def _row(self, row: int) -> Content:
        name = WEEKDAYS[(self._first_day + row) % 7][:3].capitalize()
        label = name if row % 2 == 0 else ""
        line = Content(label.ljust(_LABEL)).stylize("$text-muted")
        return line + Content("").join(self._cell(week, row) for week in range(_WEEKS))

    def _cell(self, week: int, row: int) -> Content:
        day = self._day_of(week, row)
        if day is None or day > self._last:
            return Content(" " * self._wide)
        step = strength(self._counts.get(day, 0))
        sign = SIGNS[step] * (self._wide if step else 1)
        cell = Content(sign.ljust(self._wide)).stylize(_STYLES[step])
        if day == self.day and self.has_focus:
            return cell.stylize("bold reverse")
        return cell

    def _legend(self) -> Content:
        parts = [
            Content.styled(sign, style) + Content.styled(f" {words}", "$text-muted")
            for sign, style, words in zip(
                SIGNS, _STYLES, self._words.legend, strict=False
            )
        ]
        return Content("   ").join(parts)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
