"""What the regime says of itself: nothing more than the tests said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.regime import BEGIN, END, PAGE, Regime, forget, forget_long, keep, page, told

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 22)
EMPTY = f"before\n{BEGIN}\n{END}\nafter\n"


def test_figures_of_a_row_are_added_up(tmp_path: Path) -> None:
    for name, kills in (("one", 300), ("two", 1200)):
        said = Regime()
        said("kill", seed=7, kills=kills, lost=0)
        keep(name, said, soak=True, seconds=60, folder=tmp_path)
    said = Regime()
    said("kill", kills=30)
    said("kill", kills=1, saves="saves 1.05x")
    keep("quick", said, soak=False, seconds=1, folder=tmp_path)
    renewed = page(EMPTY, told(tmp_path), TODAY)
    assert renewed.startswith(f"before\n{BEGIN}\n\nWritten on 2026-11-22 on ")
    assert renewed.endswith(f"{END}\nafter\n")
    (line,) = [one for one in renewed.splitlines() if one.startswith("| `kill")]
    cells = line.strip("| ").split(" | ")
    assert cells[1] == "31 kills, saves 1.05x"
    assert cells[2] == "1,500 kills, 0 lost"
    assert cells[3:5] == ["7", "2 min"]


def test_a_test_that_said_nothing_has_no_figures(tmp_path: Path) -> None:
    keep("silent", Regime(), soak=True, seconds=1, folder=tmp_path)
    assert told(tmp_path) == []


def test_what_a_test_said_before_is_forgotten(tmp_path: Path) -> None:
    said = Regime()
    said("kill", kills=1)
    keep("one", said, soak=True, seconds=1, folder=tmp_path)
    keep("two", said, soak=True, seconds=1, folder=tmp_path)
    forget("one", tmp_path)
    assert len(told(tmp_path)) == 1


def test_what_long_tests_said_is_forgotten_and_no_more(tmp_path: Path) -> None:
    said = Regime()
    said("kill", kills=1)
    keep("long", said, soak=True, seconds=1, folder=tmp_path)
    keep("short", said, soak=False, seconds=1, folder=tmp_path)
    forget_long(tmp_path)
    assert [one.soak for one in told(tmp_path)] == [False]


def test_a_row_that_nobody_told_of_stays_as_it_was(tmp_path: Path) -> None:
    said = Regime()
    said("flips", flips=5)
    keep("flips", said, soak=True, seconds=1, folder=tmp_path)
    renewed = page(EMPTY, told(tmp_path), TODAY)
    assert page(renewed, [], TODAY) == renewed


def test_a_row_that_is_not_on_the_page_is_refused() -> None:
    with pytest.raises(AssertionError, match="no row"):
        Regime()("weather", rain=1)


def test_the_page_has_a_place_for_the_figures() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
