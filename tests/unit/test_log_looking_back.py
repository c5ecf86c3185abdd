from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from companion.log import Log
from tests.doubles import MemoryLogStore, MemoryTimeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from companion.model.entry import Entry

TODAY = date(2026, 11, 22)


def texts(entries: Sequence[Entry]) -> list[str]:
    return [entry.text for entry in entries]


def days_of(log: Log, day: str, *, each: int = 1) -> list[tuple[str, int]]:
    memories = log.on_this_day(date.fromisoformat(day), each=each)
    return [(memory.entry.day.isoformat(), memory.months) for memory in memories]


@pytest.fixture
def long_log(now: datetime) -> Log:
    """One entry for each day from 2019-06-01 to 2026-11-22."""
    log = Log(MemoryLogStore(), lambda: now)
    first = date(2019, 6, 1)
    for ago in range((TODAY - first).days + 1):
        log.write(log.new(text="a", day=TODAY - timedelta(days=ago)))
    return log


def test_an_empty_log_remembers_nothing(log: Log) -> None:
    assert log.on_this_day(TODAY) == ()


def test_memories_are_of_eleven_months_then_of_years(long_log: Log) -> None:
    months = [f"2026-{month:02}-22" for month in range(10, 0, -1)] + ["2025-12-22"]
    years = [f"{year}-11-22" for year in range(2025, 2018, -1)]
    assert days_of(long_log, "2026-11-22") == [
        *zip(months, range(1, 12), strict=True),
        *zip(years, range(12, 85, 12), strict=True),
    ]


def test_a_month_without_such_a_day_is_left_out(long_log: Log) -> None:
    days = [day for day, _ in days_of(long_log, "2026-10-31")]
    assert days[:3] == ["2026-08-31", "2026-07-31", "2026-05-31"]
    days = [day for day, _ in days_of(long_log, "2026-03-29")]
    assert "2026-02-28" not in days


def test_29_february_is_remembered_in_leap_years_and_on_the_28th(long_log: Log) -> None:
    years = [day for day, months in days_of(long_log, "2024-02-29") if months >= 12]
    assert years == ["2020-02-29"]
    years = [day for day, months in days_of(long_log, "2025-02-28") if months >= 12]
    assert years[:3] == ["2024-02-29", "2024-02-28", "2023-02-28"]
    years = [day for day, months in days_of(long_log, "2024-02-28") if months >= 12]
    assert "2020-02-29" not in years


def test_of_a_full_day_the_newest_are_remembered(log: Log) -> None:
    for text in "abc":
        log.write(log.new(text=text, day=date(2026, 10, 22)))
    log.write(log.new(text="next day", day=date(2026, 10, 23)))
    log.write(log.new(text="day before", day=date(2026, 10, 21)))
    assert texts([m.entry for m in log.on_this_day(TODAY)]) == ["c"]
    assert texts([m.entry for m in log.on_this_day(TODAY, each=2)]) == ["c", "b"]
    assert texts([m.entry for m in log.on_this_day(TODAY, each=9)]) == ["c", "b", "a"]


def test_only_what_is_remembered_is_read(
    long_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    read_entry = MemoryTimeline.entry

    def noted(timeline: MemoryTimeline, index: int) -> Entry:
        read.append(index)
        return read_entry(timeline, index)

    monkeypatch.setattr(MemoryTimeline, "entry", noted)
    assert len(long_log.on_this_day(TODAY)) == len(read) == 18


def test_memories_reach_to_the_first_year_of_the_calendar(now: datetime) -> None:
    log = Log(MemoryLogStore(), lambda: now)
    log.write(log.new(text="a", day=date.min))
    assert days_of(log, "0002-01-01") == [("0001-01-01", 12)]
    assert days_of(log, "0001-01-01") == []
    assert days_of(log, "0001-06-01") == [("0001-01-01", 5)]
