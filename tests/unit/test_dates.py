from __future__ import annotations

from datetime import date

import pytest

from companion.dates import months_before, period, read_day
from companion.errors import InvalidDayError

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-11-22", "2026-11-22"),
        ("2026-1-3", "2026-01-03"),
        ("2026/11/22", "2026-11-22"),
        ("today", "2026-11-22"),
        ("Today", "2026-11-22"),
        ("  yesterday ", "2026-11-21"),
        ("tomorrow", "2026-11-23"),
        ("the day before yesterday", "2026-11-20"),
        ("day after tomorrow", "2026-11-24"),
        ("monday", "2026-11-16"),
        ("sat", "2026-11-21"),
        ("tues", "2026-11-17"),
        ("thurs", "2026-11-19"),
        ("sunday", "2026-11-15"),
        ("last sunday", "2026-11-15"),
        ("last monday", "2026-11-16"),
        ("on friday", "2026-11-20"),
        ("next sunday", "2026-11-29"),
        ("next monday", "2026-11-23"),
        ("3 days ago", "2026-11-19"),
        ("three days ago", "2026-11-19"),
        ("a day ago", "2026-11-21"),
        ("0 days ago", "2026-11-22"),
        ("1 week ago", "2026-11-15"),
        ("two weeks ago", "2026-11-08"),
        ("a month ago", "2026-10-22"),
        ("9 months ago", "2026-02-22"),
        ("twelve months ago", "2025-11-22"),
        ("a year ago", "2025-11-22"),
        ("in 3 days", "2026-11-25"),
        ("in a week", "2026-11-29"),
        ("in two months", "2027-01-22"),
        ("in 10 years", "2036-11-22"),
        ("22 nov", "2026-11-22"),
        ("23 nov", "2025-11-23"),
        ("22 november 2025", "2025-11-22"),
        ("22nd of November 2025", "2025-11-22"),
        ("the 1st of may", "2026-05-01"),
        ("nov 22, 2024", "2024-11-22"),
        ("November the 3rd", "2026-11-03"),
        ("on 11th december", "2025-12-11"),
        ("sept 5", "2026-09-05"),
        ("Sunday, 22 November 2026", "2026-11-22"),
        ("friday 20 nov", "2026-11-20"),
        ("29 feb", "2024-02-29"),
        ("22 nov 2030", "2030-11-22"),
    ],
)
def test_days_that_are_understood(words: str, day: str) -> None:
    assert read_day(words, today=SUNDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "soon",
        "day",
        "2026",
        "2026-11",
        "20261122",
        "2026-W47-7",
        "2026-11/22",
        "2026-02-30",
        "2026-00-10",
        "0000-01-01",
        "02026-11-22",
        "11/22/2026",
        "22/11/2026",
        "03.04.2026",
        "22 nov 26",
        "nov 2025",
        "31 june",
        "30 feb",
        "0 may",
        "22th nov",
        "1th may",
        "13rd may",
        "friday 22 nov 2026",
        "mond",
        "last week",
        "next month",
        "next 22 nov",
        "this monday",
        "3 days",
        "days ago",
        "-3 days ago",
        "1.5 days ago",
        "thirteen days ago",
        "3 fortnights ago",
        "in 99999999 years",
        "in 9999 years",
        "9999 years ago",
        "999999 days ago",
        "999999 weeks ago",
        "99999 months ago",
        "\u0663 days ago",
        "today; rm",
        "today\x00",
        "2026-11-22T09:30",
    ],
)
def test_words_that_name_no_day_are_refused(words: str) -> None:
    with pytest.raises(InvalidDayError) as caught:
        read_day(words, today=SUNDAY)
    assert caught.value.message == f"{words!r} is not a day."


def test_words_without_end_are_refused_in_few() -> None:
    with pytest.raises(InvalidDayError) as caught:
        read_day("today " * 10_000, today=SUNDAY)
    assert len(caught.value.message) < 100


def test_29_february_without_a_year_is_found_across_a_century_without_one() -> None:
    assert read_day("29 feb", today=date(1904, 2, 28)) == date(1896, 2, 29)


def test_a_day_before_the_calendar_began_is_refused() -> None:
    with pytest.raises(InvalidDayError):
        read_day("31 dec", today=date(1, 1, 1))
    with pytest.raises(InvalidDayError):
        read_day("yesterday", today=date.min)
    with pytest.raises(InvalidDayError):
        read_day("tomorrow", today=date.max)


def test_months_before_end_with_the_month_where_it_is_shorter() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-2", "2023-02-01", "2023-02-28"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("2024/03", "2024-03-01", "2024-03-31"),
        ("yesterday", "2026-11-21", "2026-11-21"),
    ],
)
def test_a_year_a_month_and_a_day_are_stretches_of_days(
    words: str, first: str, last: str
) -> None:
    expected = date.fromisoformat(first), date.fromisoformat(last)
    assert period(words, today=SUNDAY) == expected


@pytest.mark.parametrize("words", ["0000", "2024-13", "2024-00", "24", "2024-1-1-1"])
def test_other_stretches_are_refused(words: str) -> None:
    with pytest.raises(InvalidDayError):
        period(words, today=SUNDAY)
