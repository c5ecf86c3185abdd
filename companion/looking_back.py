"""What was written on the same day of earlier months and years."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from companion.model.entry import Entry
    from companion.ports import Timeline


class Memory(NamedTuple):
    """An entry of the same day of an earlier month or year."""

    entry: Entry
    months: int
    """How many months earlier: 1 to 11, or 12 for each year."""


def memories(timeline: Timeline, day: date, *, each: int) -> tuple[Memory, ...]:
    """Return the newest `each` entries of each earlier day, nearest day first.

    Args:
        timeline: All entries, looked through to the end; only what is returned is read.
        day: The day to look back from.
        each: How many entries of each earlier day.
    """
    if not len(timeline):
        return ()
    oldest = timeline.day(len(timeline) - 1)
    return tuple(
        Memory(timeline.entry(index), months)
        for months, earlier in _same_days(day, oldest)
        for index in _newest_of(timeline, earlier, each)
    )


def _newest_of(timeline: Timeline, day: date, each: int) -> Iterator[int]:
    start = timeline.index_of(day)
    for index in range(start, min(start + each, len(timeline))):
        if timeline.day(index) != day:
            return
        yield index


def _same_days(day: date, oldest: date) -> Iterator[tuple[int, date]]:
    """Yield the same day of earlier months and years, back to `oldest`.

    Where a month has no such day it is left out. A common year has no 29 February:
    what belongs to one is remembered on the 28th.
    """
    months = day.year * 12 + day.month - 1
    for back in range(1, 12):
        year, month = divmod(months - back, 12)
        yield from _dates(back, year, month + 1, day.day, oldest)
    eve = (day.month, day.day) == (2, 28) and _day_of(day.year, 2, 29) is None
    for year in range(day.year - 1, oldest.year - 1, -1):
        back = (day.year - year) * 12
        if eve:
            yield from _dates(back, year, 2, 29, oldest)
        yield from _dates(back, year, day.month, day.day, oldest)


def _dates(
    back: int, year: int, month: int, day: int, oldest: date
) -> Iterator[tuple[int, date]]:
    found = _day_of(year, month, day)
    if found is not None and found >= oldest:
        yield back, found


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
