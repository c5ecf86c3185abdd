"""Entries as rows of a list: each is read when its row is drawn, and not before."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from textual.content import Content

from companion.dates import MONTHS, WEEKDAYS
from companion.errors import CompanionError
from screens.safety import ROW_LIMIT, plain
from screens.widgets.lines import ACCENT, DIM

if TYPE_CHECKING:
    from datetime import date, datetime

    from companion.model.entry import Entry
    from companion.ports import Timeline

_KEPT: Final = 256
"""How many entries are remembered; a few screens full."""
_DAY: Final = 13
_KIND: Final = 10
_MOST_TAGS: Final = 30
"""Cells that tags may take of a row at most."""


def short_day(day: date, today: date) -> str:
    """Return a day in at most twelve cells: "Sun 22 Nov", or "22 Nov 2024"."""
    month = MONTHS[day.month - 1][:3].capitalize()
    if day.year == today.year:
        return f"{WEEKDAYS[day.weekday()][:3].capitalize()} {day.day} {month}"
    return f"{day.day} {month} {day.year}"


def time_of_day(at: datetime, hours: int) -> str:
    """Return the time of day, told in 24 hours or in 12."""
    if hours == 12:  # noqa: PLR2004 - the twelve hours of a clock
        return (
            f"{at.hour % 12 or 12:>2}:{at.minute:02} {'am' if at.hour < 12 else 'pm'}"  # noqa: PLR2004
        )
    return f"{at.hour:02}:{at.minute:02}"


def first_words(entry: Entry) -> str:
    """Return what a row shows of an entry: the first thing that was said in it."""
    said = [entry.text, *(answer.text for answer in entry.answers), entry.part]
    return next((text for text in said if text[:ROW_LIMIT].strip()), "")


class TimelineRows:
    """A timeline as lines, newest first; the day stands in its first row."""

    def __init__(
        self, timeline: Timeline, *, today: date, hours: int, unreadable: str
    ) -> None:
        """Draw what has been found so far.

        Args:
            timeline: The entries.
            today: The day it is; the year is not told for days of this one.
            hours: 24 or 12.
            unreadable: What stands for an entry that cannot be read.
        """
        self.timeline = timeline
        self._today = today
        self._hours = hours
        self._unreadable = unreadable
        self._read: OrderedDict[int, Entry | None] = OrderedDict()
        self._laid_for = -1
        self._laid: dict[int, Content] = {}

    def __len__(self) -> int:
        """Return how many have been found so far."""
        return len(self.timeline)

    def can_choose(self, _index: int, /) -> bool:
        """Return that every row can be chosen."""
        return True

    def entry(self, index: int) -> Entry | None:
        """Return the entry of a row; None where it cannot be read any more."""
        if index not in self._read:
            try:
                self._read[index] = self.timeline.entry(index)
            except CompanionError:
                # It was taken out meanwhile; the next reading shows the log as it is.
                self._read[index] = None
            if len(self._read) > _KEPT:
                self._read.popitem(last=False)
        self._read.move_to_end(index)
        return self._read[index]

    def line(self, index: int, width: int, /) -> Content:
        """Return one entry in one line."""
        if width != self._laid_for or len(self._laid) > _KEPT:
            self._laid.clear()
            self._laid_for = width
        if index not in self._laid:
            self._laid[index] = self._lay_out(index, width)
        return self._laid[index]

    def _lay_out(self, index: int, width: int) -> Content:
        day = self.timeline.day(index)
        is_first = index == 0 or self.timeline.day(index - 1) != day
        lead = short_day(day, self._today) if is_first else ""
        line = Content(lead.ljust(_DAY))
        entry = self.entry(index)
        if entry is None:
            return line + Content.styled(self._unreadable, DIM)
        line += Content.styled(f"{time_of_day(entry.at, self._hours)}  ", DIM)
        kind = "" if entry.kind == "reflection" else entry.kind
        line += Content.styled(kind.ljust(_KIND)[:_KIND], DIM) if kind else Content("")
        tags = self._tags(entry)
        room = width - line.cell_length - (tags.cell_length + 2 if tags else 0)
        words = plain(first_words(entry), limit=ROW_LIMIT)
        words = words.truncate(max(8, room), ellipsis=True)
        line += words
        if tags:
            line = line.pad_right(max(2, width - line.cell_length - tags.cell_length))
        return line + tags

    @staticmethod
    def _tags(entry: Entry) -> Content:
        names = [f"#{tag}" for tag in entry.tags] + [f"@{who}" for who in entry.people]
        return plain(" ".join(names), limit=_MOST_TAGS).stylize(ACCENT)
