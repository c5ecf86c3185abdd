"""The map of a year: readable without colour, reachable by keys and by a click."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App

from screens.widgets.year import SIGNS, Year, YearWords, strength
from tests.screens.pilots import shown

if TYPE_CHECKING:
    from textual.app import ComposeResult

WORDS = YearWords(("none", "one", "two", "few", "more"), "Nothing was written.")
COUNTS = {
    date(2026, 1, 1): 1,
    date(2026, 3, 4): 2,
    date(2026, 11, 20): 4,
    date(2026, 11, 22): 9,
}
TODAY = date(2026, 11, 22)


class YearApp(App[None]):
    """One map, and what it said."""

    def __init__(self, week_start: str = "monday") -> None:
        super().__init__()
        self.week_start = week_start
        self.said: list[object] = []

    def compose(self) -> ComposeResult:
        yield Year(WORDS, week_start=self.week_start)

    def on_mount(self) -> None:
        self.map.show(TODAY, COUNTS, last=TODAY)
        self.map.focus()

    def on_year_turned(self, event: Year.Turned) -> None:
        self.said.append(event.year)

    def on_year_chosen(self, event: Year.Chosen) -> None:
        self.said.append(event.day)

    @property
    def map(self) -> Year:
        return self.query_one(Year)


async def test_a_day_is_told_in_words_and_a_sign() -> None:
    app = YearApp()
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Sunday 22 November 2026: 9 entries" in shown(app)
        for sign in SIGNS:
            assert sign in shown(app)
        await pilot.press("up", "up", "up")
        assert "Thursday 1 January 2026: one entry" in shown(app)
        await pilot.press("up")
        assert app.map.day == date(2026, 1, 1)
        await pilot.press("down")
        assert "Wednesday 4 March 2026: 2 entries" in shown(app)


async def test_enter_chooses_and_the_arrows_ask_for_another_year() -> None:
    app = YearApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right", "left", "up", "enter")
        assert app.said == [2025, date(2026, 11, 20)]


@pytest.mark.parametrize("width", [80, 130])
@pytest.mark.parametrize("week_start", ["monday", "sunday", "saturday"])
async def test_a_click_chooses_the_day_that_is_drawn_there(
    week_start: str, width: int
) -> None:
    app = YearApp(week_start)
    async with app.run_test(size=(width, 24)) as pilot:
        rows = shown(app).splitlines()
        full = SIGNS[-1]
        y = next(y for y, row in enumerate(rows[:9]) if full in row)
        await pilot.click(Year, offset=(rows[y].index(full), y))
        await pilot.click(Year, offset=(0, y))
        await pilot.click(Year, offset=(8, 0))
        assert app.said == [TODAY]
        first_row = next(row for row in rows if row[:3] in {"Mon", "Sun", "Sat"})
        assert first_row.startswith(week_start[:3].capitalize())


async def test_weeks_begin_where_the_settings_say() -> None:
    app = YearApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.map.begin_weeks("sunday")
        await pilot.pause()
        assert shown(app).splitlines()[2].startswith("Sun")


async def test_days_to_come_are_left_blank() -> None:
    app = YearApp()
    async with app.run_test(size=(80, 24)):
        row = shown(app).splitlines()[2]
        assert row.startswith("Mon")
        # Mondays of 2026 up to 16 November; those after it are not drawn.
        assert len(row.split(maxsplit=1)[1]) == 46


async def test_an_empty_year_says_so() -> None:
    app = YearApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.map.show(date(2020, 12, 31), {}, last=TODAY)
        await pilot.press("up", "down")
        assert "Nothing was written." in shown(app)
        assert app.map.day == date(2020, 12, 31)


@pytest.mark.parametrize("day", [date(1, 5, 1), date(9999, 5, 1)])
async def test_the_calendar_has_two_ends(day: date) -> None:
    app = YearApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.map.show(day, {}, last=date.max)
        await pilot.press("left" if day.year == 1 else "right")
        assert app.said == []


@given(st.integers(1, 9999), st.sampled_from(["monday", "sunday", "saturday"]))
def test_every_day_of_every_year_has_one_place(year: int, week_start: str) -> None:
    drawn = Year(WORDS, week_start=week_start)
    drawn.show(date(year, 1, 1), {}, last=date.max)
    cells = [drawn._day_of(week, row) for week in range(54) for row in range(7)]
    days = [day for day in cells if day is not None]
    assert days[0] == date(year, 1, 1)
    assert days[-1] == date(year, 12, 31)
    assert all(b - a == timedelta(days=1) for a, b in itertools.pairwise(days))


@given(st.integers(0, 10**6))
def test_more_is_never_drawn_weaker(count: int) -> None:
    assert strength(count) <= strength(count + 1) < len(SIGNS)
    assert (strength(count) == 0) == (count == 0)
