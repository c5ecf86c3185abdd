"""The main walk: open, reflect, close, and find it all again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.terminal.house import said

if TYPE_CHECKING:
    from tests.terminal.house import House

pytestmark = [
    pytest.mark.xdist_group("terminal"),
    pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning"),
]

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_reflected_is_found_again(house: House, size: tuple[int, int]) -> None:
    window = house.open(size=size)
    window.press("2")
    window.wait_for(said("reflect.progress", here=1, all=5))
    window.type("The kettle sang before anyone was up")
    window.wait_for("before anyone was up")
    window.press("tab")
    window.wait_for(said("reflect.progress", here=2, all=5))
    window.press("tab")
    window.wait_for(said("reflect.progress", here=3, all=5), said("lens.none"))
    window.press("right", "right", "right")
    window.wait_while(said("lens.none"))
    window.press("tab")
    window.wait_for(said("reflect.progress", here=4, all=5))
    window.press("tab")
    window.wait_for(said("reflect.progress", here=5, all=5))
    window.type("Ein Stück Straße, ein Lied 🌱")
    window.wait_for("ein Lied")
    window.press("tab")
    window.wait_for(said("reflect.end"), "The kettle sang", "ein Lied")
    window.press("ctrl+s")
    window.wait_for(said("reflect.kept"))
    window.wait_for("The kettle sang", said("today.heading-today"))
    window.press("ctrl+q")
    assert window.ended() == 0
    assert window.held() == []

    window = house.open(size=size)
    window.wait_for("The kettle sang")
    window.press("f3")
    window.wait_for(said("log.count_one"), "The kettle sang")
    window.press("/")
    window.wait_for(said("log.search"))
    window.type("STRASSE")
    window.wait_for(said("log.found_one"), "The kettle sang")
    window.press("enter")
    window.wait_for("e Edit")
    window.press("enter")
    window.wait_for("ein Lied", said("entry.only_you"))
    window.press("ctrl+q")
    assert window.ended() == 0

    (entry,) = house.log("kettle")
    assert [answer["text"] for answer in entry["answers"]] == [
        "The kettle sang before anyone was up",
        "Ein Stück Straße, ein Lied 🌱",
    ]
    assert entry["placement"]["position"] > 0
    assert entry["kind"] == "reflection"


def test_one_line_on_an_empty_page_is_a_whole_entry(house: House) -> None:
    window = house.open()
    window.press("w")
    window.wait_for(said("reflect.free"), said("reflect.page"))
    window.type("slept well")
    window.wait_for("slept well")
    window.press("escape")
    window.wait_for(said("reflect.kept"), "slept well")
    window.press("ctrl+q")
    assert window.ended() == 0
    (entry,) = house.log()
    assert entry["text"] == "slept well"


def test_a_sitting_that_is_skipped_leaves_no_trace(house: House) -> None:
    window = house.open()
    window.press("1")
    window.wait_for(said("reflect.answer"))
    window.press("tab")
    window.wait_for(said("reflect.end_nothing"))
    window.press("escape")
    window.wait_for(said("today.free-name"))
    window.press("ctrl+q")
    assert window.ended() == 0
    assert house.log() == []
    assert [path for path in (house.home / "drafts").glob("*") if path.is_file()] == []


def test_the_mouse_is_enough_to_begin(house: House) -> None:
    window = house.open()
    row = next(
        number
        for number, line in enumerate(window.text.splitlines(), 1)
        if said("today.free-name") in line
    )
    window.type(f"\x1b[<0;10;{row}M\x1b[<0;10;{row}m")
    window.wait_for(said("reflect.page"))
