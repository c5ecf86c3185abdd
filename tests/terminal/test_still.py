"""A terminal that takes nothing any more, or is somewhere else."""

from __future__ import annotations

import signal
import time
from shlex import join
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

SENTINEL = "what Ana told me at the lake"


def _write_unread(house: House) -> tuple[Terminal, str]:
    """Write to an app of which nobody reads what it draws; return what was written."""
    window = house.open(size=(200, 60))
    window.press("w")
    window.wait_for(said("reflect.page"))
    words = " ".join(f"word{number}" for number in range(120))
    for word in words.split(" "):
        window.type(f"{word} ")
        # So that each is drawn on its own, until the terminal takes no more.
        time.sleep(0.03)
    return window, words


def _drafted(house: House) -> str:
    drafts = (house.home / "drafts").glob("*.draft")
    return "".join(draft.read_text() for draft in drafts)


def test_every_letter_is_kept_while_the_terminal_stands_still(house: House) -> None:
    window, words = _write_unread(house)
    end = time.monotonic() + 60
    while words not in _drafted(house):
        assert time.monotonic() < end, "the draft is not saved"
        time.sleep(0.1)
    window.send_signal(signal.SIGTERM)
    assert window.ended() == 128 + signal.SIGTERM
    assert window.held() == []
    assert words in _drafted(house)


def test_standing_still_and_then_closed_it_ends(house: House) -> None:
    window, words = _write_unread(house)
    window.hang_up()
    assert window.ended() == 128 + signal.SIGHUP
    assert words.split(" ")[60] in _drafted(house)


@pytest.mark.soak
def test_what_the_terminal_missed_is_drawn_when_it_reads_again(house: House) -> None:
    window, words = _write_unread(house)
    time.sleep(1)
    window.wait_for(*words.split(" ")[-3:])
    window.press("ctrl+q")
    assert window.ended() == 0
    assert window.held() == []


def test_no_screen_is_drawn_into_a_file(house: House) -> None:
    command = f"exec {join(companion(house.home))} 2>told"
    window = house.windows.enter_context(
        Terminal(["/bin/sh", "-c", command], house.folder)
    )
    window.wait_for(said("today.free-name"))
    window.press("w")
    window.wait_for(said("reflect.page"))
    window.type(SENTINEL)
    window.wait_for(SENTINEL)
    window.press("ctrl+q")
    assert window.ended() == 0
    assert (house.folder / "told").read_bytes() == b""


def test_letters_the_terminal_has_none_for_do_not_end_it(house: House) -> None:
    window = house.open(PYTHONIOENCODING="latin-1")
    window.press("w")
    window.wait_for(said("reflect.page"))
    window.type("a \N{SEEDLING} and more")
    window.wait_for("and more")
    window.press("ctrl+s")
    window.wait_for(said("reflect.kept"))
    window.press("ctrl+q")
    assert window.ended() == 0
    assert house.log()[0]["text"] == "a \N{SEEDLING} and more"
