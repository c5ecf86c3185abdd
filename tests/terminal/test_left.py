"""Told to end in any room: the terminal is whole and nothing stays behind."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.terminal.house import said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.terminal.house import House
    from tests.terminal.terminal import Terminal

pytestmark = [
    pytest.mark.xdist_group("terminal"),
    pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning"),
]


def _palette(window: Terminal) -> None:
    window.press("ctrl+p")
    window.wait_for("\u2026")
    window.type("Set")
    window.wait_for("Settings")


def _search(window: Terminal) -> None:
    window.press("f3")
    window.wait_for(said("log.count_one"))
    window.press("/")
    window.wait_for(said("log.search"))
    window.type("heron")
    window.wait_for(said("log.found_one"))


def _settings(window: Terminal) -> None:
    window.press("f4")
    window.wait_for(said("settings.theme"))


def _left_over(house: House) -> list[str]:
    """Return what lies beside the log and is not of a day."""
    passing = [house.folder / "tmp", house.home / "drafts", house.home / "reports"]
    return [
        path.name
        for folder in passing
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    ]


SOAK = pytest.mark.soak


@pytest.mark.parametrize(
    ("room", "sign"),
    [
        (_palette, signal.SIGTERM),
        pytest.param(_palette, signal.SIGHUP, marks=SOAK),
        pytest.param(_search, signal.SIGTERM, marks=SOAK),
        (_search, signal.SIGHUP),
        pytest.param(_settings, signal.SIGTERM, marks=SOAK),
        pytest.param(_settings, signal.SIGHUP, marks=SOAK),
    ],
)
def test_in_any_room_it_ends_in_good_order(
    house: House, room: Callable[[Terminal], None], sign: signal.Signals
) -> None:
    (house.folder / "tmp").mkdir()
    assert house.run("reflect", "A heron on the roof").returncode == 0
    window = house.open(TMPDIR=str(house.folder / "tmp"))
    room(window)
    if sign == signal.SIGHUP:
        window.hang_up()
    else:
        window.send_signal(sign)
    assert window.ended() == 128 + sign
    # What is written to a terminal that was closed can be read by nobody.
    assert sign == signal.SIGHUP or window.held() == []
    assert _left_over(house) == []
    assert [entry["text"] for entry in house.log()] == ["A heron on the roof"]
    assert house.run("undo").returncode == 0, "nobody holds the log any more"
