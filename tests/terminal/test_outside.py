"""What comes from outside of the page: an editor that hangs, and long pastes."""

from __future__ import annotations

import os
import signal
import sys
import time
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.terminal.house import said

if TYPE_CHECKING:
    from tests.terminal.house import House
    from tests.terminal.terminal import Terminal

pytestmark = [
    pytest.mark.xdist_group("terminal"),
    pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning"),
]

WORDS = "I asked Z for help"
LINE = b"some words of a long text that is pasted, line by line\r"
MEMORY = 400
"""Most that a paste may cost, in megabytes; each key of it would cost more alone."""


def _begin(house: House, editor: str = "") -> Terminal:
    window = house.open(VISUAL=editor)
    window.press("w")
    window.wait_for(said("reflect.page"))
    return window


def _editor(house: House, body: str) -> str:
    script = house.folder / "editor.py"
    script.write_text(
        "import os, pathlib, signal, sys, time\n"
        "file = pathlib.Path(sys.argv[-1])\n"
        f"{body}\n"
        f"pathlib.Path({str(house.folder / 'open')!r}).write_text(str(os.getpid()))\n"
        "time.sleep(600)\n"
    )
    return f"{sys.executable} {script}"


def _open_editor(house: House, window: Terminal) -> int:
    """Type, open the editor at once, and return its process."""
    window.type(WORDS)
    window.wait_for(WORDS)
    window.press("ctrl+o")
    opened = house.folder / "open"
    window.wait_until(lambda _: opened.exists() and opened.read_text(), "the editor")
    return int(opened.read_text())


def _drafted(house: House) -> str:
    drafts = (house.home / "drafts").glob("*.draft")
    return "".join(draft.read_text() for draft in drafts)


def _gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize(
    "how", ["closed", pytest.param("told", marks=pytest.mark.soak)]
)
def test_an_editor_that_hangs_is_ended_with_the_terminal(
    house: House, how: str
) -> None:
    deaf = "file.write_text('from outside')\nsignal.signal(signal.SIGHUP, lambda *_: 0)"
    if how == "told":
        deaf = deaf.replace("SIGHUP", "SIGTERM")
    window = _begin(house, _editor(house, deaf))
    process = _open_editor(house, window)
    assert WORDS in _drafted(house), "what was typed is safe before an editor opens"
    if how == "closed":
        window.hang_up()
        assert window.ended() == 128 + signal.SIGHUP
    else:
        window.send_signal(signal.SIGTERM)
        assert window.ended() == 128 + signal.SIGTERM
        assert window.held() == []
    assert _gone(process)
    assert "from outside" in _drafted(house)


def test_an_interrupt_in_the_editor_is_the_editors_own(house: House) -> None:
    # The handler ends the editor, as a word to it would.
    body = "signal.signal(signal.SIGINT, lambda *_: os._exit(0))"
    window = _begin(house, _editor(house, body))
    _open_editor(house, window)
    window.press("\x03")
    window.wait_for(WORDS, "Ctrl+S Keep")
    window.type(" and more")
    window.wait_for(f"{WORDS} and more")
    window.press("ctrl+q")
    assert window.ended() == 0
    assert window.held() == []


@pytest.mark.soak
def test_an_editor_that_is_killed_over_twenty_megabytes_costs_no_word(
    house: House,
) -> None:
    more = " long" * 4_000_000
    body = (
        "file.write_text(file.read_text() + ' long' * 4_000_000)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    window = _begin(house, _editor(house, body))
    window.type(WORDS)
    window.wait_for(WORDS)
    window.press("ctrl+o")
    window.wait_for("was ended by signal 9")
    window.press("ctrl+s")
    window.wait_for("longer than one entry")
    window.press("ctrl+q")
    assert window.ended() == 0
    assert WORDS + more in _drafted(house)
    window = house.open()
    window.wait_for(_draft())
    window.press("enter")
    window.wait_for(said("reflect.free"), "too long for a page")
    window.press("ctrl+q")
    assert window.ended() == 0
    assert WORDS + more in _drafted(house)


def _draft() -> str:
    return " ".join(said("today.draft", day="?", time="?").split()[:4])


def _most_memory(window: Terminal) -> float:
    """Return the most memory it ever held, in megabytes; 0 where nobody says."""
    status = Path(f"/proc/{window.pid}/status")
    if not status.exists():
        return 0
    (line,) = (x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _paste(house: House, size: int, *, marked: bool) -> None:
    window = _begin(house)
    text = LINE * (size // len(LINE))
    window.paste(b"\x1b[200~" + text + b"\x1b[201~" if marked else text)
    window.wait_for("That is")
    # Once the question stands still, and nothing more comes, it can be answered.
    asked = ""
    while asked != window.text:
        asked, until = window.text, time.monotonic() + 1
        while time.monotonic() < until:
            window.read()
    window.press("enter")
    window.wait_while("That is")
    assert _most_memory(window) < MEMORY
    window.press("ctrl+s")
    window.wait_for(said("reflect.kept"))
    window.press("ctrl+q")
    assert window.ended() == 0
    (entry,) = house.log()
    assert LINE.strip().decode() in entry["text"]
    assert 190_000 < len(entry["text"]) <= 200_000


@pytest.mark.parametrize("marked", [True, False])
def test_a_long_paste_asks_whether_the_terminal_marks_it_or_not(
    house: House, *, marked: bool
) -> None:
    _paste(house, 400_000, marked=marked)


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("marked", [True, False])
def test_ten_megabytes_cost_no_more_memory_than_a_part(
    house: House, *, marked: bool
) -> None:
    _paste(house, 10_000_000, marked=marked)


COPIES = b"\x1b]52;"


def test_the_clipboard_is_given_what_is_copied_and_nothing_else(house: House) -> None:
    window = _begin(house)
    window.type(WORDS)
    window.wait_for(WORDS)
    window.paste(b"\x1b[200~ pasted\x1b[201~")
    window.wait_for(f"{WORDS} pasted")
    # All of it is chosen, by shift and home.
    window.press("\x1b[1;2H")
    window.read(0.5)
    assert COPIES not in window.raw
    window.press("\x03")
    told = COPIES + b"c;" + b64encode(f"{WORDS} pasted".encode())
    window.wait_until(lambda _: told in window.raw, "what was copied")
    window.press("right", "ctrl+s")
    window.wait_for(said("reflect.kept"))
    window.press("ctrl+q")
    assert window.ended() == 0
    assert window.raw.count(COPIES) == 1
