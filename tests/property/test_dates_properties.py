from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.dates import MONTHS, WEEKDAYS, period, read_day
from companion.errors import InvalidDayError

TODAYS = st.dates()
WORDS = [*WEEKDAYS, *MONTHS, "mon", "sept", "29", "31", "0", "999999", "2024", "0000"]
WORDS += ["today", "the", "day", "before", "after", "yesterday", "last", "next", "on"]
WORDS += ["in", "ago", "a", "an", "three", "days", "weeks", "month", "years", "of"]
WORDS += ["22nd", "1st", ",", "-", "/", "2024-02-30", "9999-12-31"]
SAID = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join) | st.text()


@given(words=SAID, today=TODAYS)
def test_words_are_understood_or_refused_by_name(words: str, today: date) -> None:
    with suppress(InvalidDayError):
        first, last = period(words, today=today)
        assert first <= last


@given(day=TODAYS, today=TODAYS)
def test_a_day_as_it_is_written_everywhere_is_itself(day: date, today: date) -> None:
    assert read_day(day.isoformat(), today=today) == day


@given(day=TODAYS, today=TODAYS)
def test_a_day_in_words_with_its_year_is_itself(day: date, today: date) -> None:
    name = MONTHS[day.month - 1]
    for form in (
        f"{day.day} {name} {day.year:04}",
        f"{name.title()} {day.day}, {day.year:04}",
        f"{WEEKDAYS[day.weekday()]} {day.day} {name[:3]} {day.year:04}",
    ):
        assert read_day(form, today=today) == day


@given(day=TODAYS, other=st.integers(1, 6), today=TODAYS)
def test_a_day_of_the_week_that_does_not_agree_is_refused(
    day: date, other: int, today: date
) -> None:
    weekday = WEEKDAYS[(day.weekday() + other) % 7]
    name = MONTHS[day.month - 1]
    with pytest.raises(InvalidDayError):
        read_day(f"{weekday} {day.day} {name} {day.year:04}", today=today)


@given(weekday=st.sampled_from(WEEKDAYS), today=st.dates(date(1, 1, 9)))
def test_a_weekday_is_the_latest_before_today(weekday: str, today: date) -> None:
    day = read_day(weekday, today=today)
    assert WEEKDAYS[day.weekday()] == weekday
    assert timedelta(days=1) <= today - day <= timedelta(days=7)


@given(count=st.integers(0, 9999), today=st.dates(date(1000, 1, 1), date(9000, 1, 1)))
def test_days_and_weeks_are_counted(count: int, today: date) -> None:
    ago = read_day(f"{count} days ago", today=today)
    assert today - ago == timedelta(days=count)
    ahead = read_day(f"in {count} weeks", today=today)
    assert ahead - today == timedelta(weeks=count)


@given(count=st.integers(0, 9999), today=st.dates(date(1000, 1, 1), date(9000, 1, 1)))
def test_months_are_counted_and_end_with_the_month(count: int, today: date) -> None:
    ago = read_day(f"{count} months ago", today=today)
    months = (today.year - ago.year) * 12 + today.month - ago.month
    assert months == count
    assert ago.day == today.day or (ago + timedelta(days=1)).day == 1


@given(
    month=st.integers(1, 12), number=st.integers(1, 28), today=st.dates(date(2, 1, 1))
)
def test_a_day_without_a_year_is_the_latest_that_is_not_to_come(
    month: int, number: int, today: date
) -> None:
    day = read_day(f"{number} {MONTHS[month - 1]}", today=today)
    assert (day.month, day.day) == (month, number)
    assert timedelta(0) <= today - day <= timedelta(days=365)


@given(year=st.integers(1, 9999), month=st.integers(1, 12), today=TODAYS)
def test_months_make_up_a_year_without_a_gap(
    year: int, month: int, today: date
) -> None:
    first, last = period(f"{year:04}-{month:02}", today=today)
    assert (first.month, first.day, last.month) == (month, 1, month)
    begin, end = period(f"{year:04}", today=today)
    assert begin <= first <= last <= end
    if last != date.max:
        assert (last + timedelta(days=1)).day == 1
