"""Where there is no terminal to speak of, it says so and leaves things alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.terminal.house import said
from tests.terminal.terminal import Terminal, companion

if TYPE_CHECKING:
    from tests.terminal.house import House

pytestmark = [
    pytest.mark.xdist_group("terminal"),
    pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning"),
]

USAGE = 2
COLOURS = re.compile(rb"[34]8;2;(\d+);(\d+);(\d+)")


def test_without_a_terminal_it_names_what_works_anywhere(house: House) -> None:
    ended = house.run()
    assert ended.returncode == USAGE
    assert ended.stdout == ""
    assert "terminal" in ended.stderr
    assert "reflect" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "\x1b" not in ended.stderr
    assert not house.home.exists()


def test_a_dumb_terminal_is_refused_politely(house: House) -> None:
    command = companion(house.home)
    with Terminal(command, house.folder, TERM="dumb") as window:
        assert window.ended() == USAGE
        assert b"\x1b" not in window.raw
        assert "log" in window.text
    assert not house.home.exists()


def _coloured(raw: bytes) -> set[tuple[bytes, ...]]:
    return {found for found in COLOURS.findall(raw) if len(set(found)) > 1}


def test_no_color_is_honoured(house: House) -> None:
    plain = house.open(NO_COLOR="1")
    plain.wait_for(said("today.free-name"))
    assert _coloured(plain.raw) == set()
    # What is chosen can be told without colour.
    assert "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}" in plain.text
    plain.press("f3")
    plain.wait_for(said("log.empty"))
    assert _coloured(plain.raw) == set()
    coloured = house.open()
    assert _coloured(coloured.raw)


def test_small_terminals_are_told_what_is_missing(house: House) -> None:
    with Terminal(companion(house.home), house.folder, size=(30, 8)) as window:
        window.wait_for("A little more room")
        window.press("ctrl+q")
        assert window.ended() == 0


@pytest.mark.parametrize("name", ["", pytest.param("unknown", marks=pytest.mark.soak)])
def test_a_terminal_nobody_knows_is_used_as_any_other(house: House, name: str) -> None:
    before = (
        ("/usr/bin/env", f"TERM={name}") if name else ("/usr/bin/env", "-u", "TERM")
    )
    window = house.open(*before)
    window.press("ctrl+q")
    assert window.ended() == 0
    assert window.held() == []
    assert b"Traceback" not in window.raw


@pytest.mark.soak
@pytest.mark.parametrize("name", ["", "unknown"])
def test_a_terminal_nobody_knows_takes_plain_lines(house: House, name: str) -> None:
    before = (
        ("/usr/bin/env", f"TERM={name}") if name else ("/usr/bin/env", "-u", "TERM")
    )
    command = [*before, *companion(house.home, "reflect", "--sitting", "free")]
    with Terminal(command, house.folder) as window:
        window.wait_for(">")
        window.type("a line\r.\r")
        assert window.ended() == 0
        assert b"Traceback" not in window.raw
    assert house.log()[0]["text"] == "a line"
