"""Which daily backups are kept: of the last days, weeks and months that have one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

DAYS: Final = 7
WEEKS: Final = 4
MONTHS: Final = 12
BEFORE_KEPT: Final = 5
"""How many of those made before a great change are kept."""
AT_ONCE: Final = 2
"""No more go when one is made, so that a clock that is wrong for a day costs little."""


def not_kept(days: Iterable[date], today: date) -> set[date]:
    """Return the days whose backups are let go.

    Days after today are left alone and not counted: a clock was wrong.
    """
    past = sorted({day for day in days if day <= today}, reverse=True)
    weeks: dict[tuple[int, int], date] = {}
    months: dict[tuple[int, int], date] = {}
    for day in past:
        weeks.setdefault(day.isocalendar()[:2], day)
        months.setdefault((day.year, day.month), day)
    kept = {*past[:DAYS]}
    kept.update(list(weeks.values())[:WEEKS])
    kept.update(list(months.values())[:MONTHS])
    return set(past) - kept
