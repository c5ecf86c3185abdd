"""Nothing is said to anyone: no socket but those between our own processes."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.terminal.house import said
from tests.terminal.terminal import Terminal, companion, surroundings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.terminal.house import House

STRACE = shutil.which("strace")

pytestmark = [
    pytest.mark.xdist_group("terminal"),
    pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning"),
    pytest.mark.skipif(STRACE is None, reason="strace, which watches, is not here"),
]


def _watched(told: Path) -> list[str]:
    return [str(STRACE), "-f", "-qq", "-e", "trace=network", "-o", str(told)]


def _reached(told: Path) -> list[str]:
    """Return the calls that open or use a way to other machines."""
    calls = told.read_text(errors="replace").splitlines()
    assert any("socketpair(AF_UNIX" in call for call in calls), "it was not watched"
    return [call for call in calls if "AF_" in call and "AF_UNIX" not in call]


def test_a_whole_day_opens_no_way_out(house: House) -> None:
    told = house.folder / "told"
    window = house.open(*_watched(told))
    window.press("w")
    window.wait_for(said("reflect.page"))
    window.type("A heron on the roof")
    window.wait_for("heron on the roof")
    window.press("ctrl+s")
    window.wait_for(said("reflect.kept"))
    window.press("f3")
    window.wait_for(said("log.count_one"))
    window.press("/")
    window.wait_for(said("log.search"))
    window.type("heron")
    window.wait_for(said("log.found_one"))
    window.press("escape")
    window.press("f4")
    window.wait_while(said("log.count_one"))
    window.press("ctrl+q")
    assert window.ended() == 0
    assert _reached(told) == []


def test_a_watch_that_sees_a_way_out_says_so(house: House) -> None:
    told = house.folder / "told"
    code = "import socket as s; s.socketpair(); s.socket(s.AF_INET)"
    command = [*_watched(told), companion(house.home)[0], "-c", code]
    subprocess.run(command, env=surroundings(house.folder), check=True)
    assert _reached(told)


@pytest.mark.parametrize(
    "words", [["reflect", "one line"], ["log"], ["where"], ["backup"], ["check"]]
)
def test_no_command_opens_a_way_out(house: House, words: list[str]) -> None:
    house.run("reflect", "one line")
    told = house.folder / "told"
    command = [*_watched(told), *companion(house.home, *words)]
    with Terminal(command, house.folder) as window:
        assert window.ended() == 0
    calls = told.read_text(errors="replace")
    assert "AF_INET" not in calls
    assert "AF_UNIX" not in calls
