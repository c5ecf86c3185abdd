"""Other windows and other commands on the same log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.terminal.house import said

if TYPE_CHECKING:
    from tests.terminal.house import House

pytestmark = [
    pytest.mark.xdist_group("terminal"),
    pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning"),
]


def test_quick_capture_appears_in_the_open_app(house: House) -> None:
    window = house.open()
    ended = house.run("reflect", "A heron on the roof")
    assert ended.returncode == 0, ended.stderr
    window.wait_for("A heron on the roof")
    window.press("f3")
    window.wait_for(said("log.count_one"), "A heron on the roof")
    house.run("reflect", "And a second one")
    window.wait_for("And a second one", "A heron on the roof")


def test_a_second_window_reads_and_says_so(house: House) -> None:
    house.run("reflect", "The first line")
    first = house.open()
    first.wait_for("The first line")
    second = house.open()
    second.wait_for(said("app.locked"), "The first line")
    assert said("app.locked") not in first.text


def test_a_second_window_can_still_write_something_new(house: House) -> None:
    first, second = house.open(), house.open()
    second.wait_for(said("app.locked"))
    second.press("w")
    second.wait_for(said("reflect.page"))
    second.type("from the other room")
    second.wait_for("from the other room")
    second.press("ctrl+s")
    second.wait_for(said("reflect.kept"))
    first.wait_for("from the other room")
    (entry,) = house.log()
    assert entry["text"] == "from the other room"


def test_a_second_window_takes_over_when_the_first_leaves(house: House) -> None:
    house.run("reflect", "The first line")
    first, second = house.open(), house.open()
    second.wait_for(said("app.locked"))
    first.press("ctrl+q")
    assert first.ended() == 0
    second.wait_while(said("app.locked"))
    second.press("f3")
    second.wait_for(said("log.count_one"))
    second.press("x")
    second.wait_for(said("log.deleted"))
    assert house.log() == []


def test_what_is_taken_out_comes_back(house: House) -> None:
    house.run("reflect", "Not for long")
    window = house.open()
    window.press("f3")
    window.wait_for("Not for long")
    window.press("x")
    window.wait_for(said("log.deleted"))
    assert house.log() == []
    window.press("u")
    window.wait_for(said("log.count_one"), "Not for long")
    assert re.search("Not for long", house.log()[0]["text"])


def test_a_change_in_a_second_window_is_refused_and_not_lost(house: House) -> None:
    house.run("reflect", "The first line")
    first, second = house.open(), house.open()
    second.wait_for(said("app.locked"))
    second.press("f3")
    second.wait_for(said("log.count_one"))
    second.press("e")
    second.wait_for(said("edit.title"))
    second.type("More. ")
    second.wait_for("More. ")
    second.press("ctrl+s")
    second.wait_for("another window", "More. ")
    # The moment the first window has left, the same key keeps it.
    first.press("ctrl+q")
    assert first.ended() == 0
    second.wait_for(said("app.writer"))
    second.press("ctrl+s")
    second.wait_for(said("edit.saved"))
    (entry,) = house.log()
    assert "More." in entry["text"]
