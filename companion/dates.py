"""Days in words: understood or refused, never guessed."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from companion.errors import InvalidDayError

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    Meaning = Callable[[re.Match[str], date], date | None]

WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

_RELATIVE: Final = {
    "today": 0,
    "yesterday": -1,
    "tomorrow": 1,
    "day before yesterday": -2,
    "day after tomorrow": 2,
}
_NUMBERS: Final = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}

_DAY: Final = 3
"""How many numbers make a day."""
_YEAR_DIGITS: Final = 4
_LONGEST: Final = 60
"""No day needs more characters; anything longer is cut before it is shown."""


def read_day(words: str, *, today: date) -> date:
    """Return the day that `words` name.

    Understood are: 2026-11-22; today, yesterday, tomorrow; the name of a weekday, for
    the latest one before today ("next friday" for the first one after); "3 days ago"
    and "in two weeks", likewise with months and years; "22 november", "nov 22 2025",
    "friday the 22nd of november", where no year means the latest such day that is not
    still to come. Letters may be small or capital.

    Raises:
        InvalidDayError: If they name no day, or one could only guess which.
    """
    said = " ".join(words.replace(",", " ").casefold().split())
    if len(said) <= _LONGEST:
        try:
            day = _read(said, today)
        except (ValueError, OverflowError):
            day = None
        if day is not None:
            return day
    raise InvalidDayError(words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…")


def months_before(day: date, months: int) -> date:
    """Return the day so many months before; the month's last, where it is shorter.

    Raises:
        ValueError: If that lies outside the calendar.
    """
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - seldom needed

    return day - relativedelta(months=months)


def _read(said: str, today: date) -> date | None:
    relative = _RELATIVE.get(said.removeprefix("the "))
    if relative is not None:
        return today + timedelta(days=relative)
    numbers = _numbers(said)
    if len(numbers) == _DAY:
        return date(*numbers)
    for form, meaning in _forms():
        found = form.fullmatch(said)
        if found:
            return meaning(found, today)
    return None


def _numbers(said: str) -> tuple[int, ...]:
    """Return the numbers of 2026, 2026-11 or 2026-11-22 (or with /); else ()."""
    pieces = said.split("/" if "/" in said else "-")
    if (
        len(pieces) <= _DAY
        and len(pieces[0]) == _YEAR_DIGITS
        and all(len(piece) in {1, 2} for piece in pieces[1:])
        and all(piece.isascii() and piece.isdigit() for piece in pieces)
    ):
        return tuple(map(int, pieces))
    return ()


@cache
def _forms() -> tuple[tuple[re.Pattern[str], Meaning], ...]:
    """Return the forms a day may be said in; made only once words need them."""
    import re  # noqa: PLC0415

    abbreviated = "mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun"
    weekday = rf"(?P<weekday>{'|'.join(WEEKDAYS)}|{abbreviated})"
    abbreviated = "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
    month = rf"(?P<month>{'|'.join(MONTHS)}|{abbreviated})"
    number = r"(?:the )?(?P<day>[0-9]{1,2})(?P<ending>st|nd|rd|th)?"
    year = r"(?: (?P<year>[0-9]{4}))?"
    count = rf"(?P<count>[0-9]{{1,6}}|{'|'.join(_NUMBERS)})"
    span = rf"{count} (?P<unit>day|week|month|year)s?"
    forms: tuple[tuple[str, Meaning], ...] = (
        (rf"{span} ago", _ago),
        (rf"in {span}", _ahead),
        (rf"(?P<which>last |next |on )?{weekday}", _weekday),
        (rf"(?:on )?(?:{weekday} )?{number} (?:of )?{month}{year}", _named),
        (rf"(?:on )?(?:{weekday} )?{month} {number}{year}", _named),
    )
    return tuple((re.compile(form), meaning) for form, meaning in forms)


def _ago(found: re.Match[str], today: date) -> date:
    return _away(found, today, -1)


def _ahead(found: re.Match[str], today: date) -> date:
    return _away(found, today, 1)


def _away(found: re.Match[str], today: date, direction: int) -> date:
    count = _NUMBERS.get(found["count"]) or int(found["count"])
    unit = found["unit"]
    if unit in {"day", "week"}:
        days = count * (7 if unit == "week" else 1)
        return today + timedelta(days=days * direction)
    months = count * (12 if unit == "year" else 1)
    return months_before(today, -months * direction)


def _weekday(found: re.Match[str], today: date) -> date:
    wanted = _place(found["weekday"], WEEKDAYS)
    if found["which"] == "next ":
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)


def _named(found: re.Match[str], today: date) -> date | None:
    if found["ending"] and found["ending"] != _ending(int(found["day"])):
        return None
    month, number = _place(found["month"], MONTHS) + 1, int(found["day"])
    if found["year"]:
        day = date(int(found["year"]), month, number)
    else:
        day = _latest(today, month, number)
    if found["weekday"] and day.weekday() != _place(found["weekday"], WEEKDAYS):
        return None
    return day


def _latest(today: date, month: int, number: int) -> date:
    # Eight years lie between the leap days around a year such as 1900.
    for year in range(today.year, max(today.year - 9, MINYEAR - 1), -1):
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if day <= today:
            return day
    raise ValueError


def _place(word: str, names: tuple[str, ...]) -> int:
    return next(place for place, name in enumerate(names) if name.startswith(word))


def _ending(number: int) -> str:
    if number in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def period(words: str, *, today: date) -> tuple[date, date]:
    """Return the first and the last day of a year, a month (2024-03) or a day.

    Raises:
        InvalidDayError: If the words name none of them.
    """
    numbers = _numbers(words.strip())
    if not 0 < len(numbers) < _DAY:
        day = read_day(words, today=today)
        return day, day
    year, month = (*numbers, 1)[:2]
    try:
        first = date(year, month, 1)
    except ValueError:
        raise InvalidDayError(words.strip()) from None
    if len(numbers) == 1:
        return first, date(year, 12, 31)
    if (year, month) == (MAXYEAR, 12):
        return first, date.max
    return first, date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
