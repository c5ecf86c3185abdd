"""Put aside for the shell, and stopped by others: it comes back whole."""

from __future__ import annotations

import signal
from pathlib import Path
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

WORDS = "A heron on the roof"


def _shell(house: House) -> Terminal:
    shell = ["/bin/bash", "--norc", "--noprofile", "-i"]
    window = Terminal(shell, house.folder, PS1="sh$ ", HISTFILE="/dev/null")
    return house.windows.enter_context(window)


def _asked(window: Terminal, command: str) -> bytes:
    """Let the shell do something, and return all that was written meanwhile."""
    before = len(window.raw)
    window.type(f"{command}; echo done''now\r")
    window.wait_until(lambda _: b"donenow" in window.raw[before:], command)
    return window.raw[before:]


def _stopped(window: Terminal, before: int) -> bytes:
    window.wait_until(lambda _: b"Stopped" in window.raw[before:], "to be stopped")
    return window.raw[before:]


@pytest.mark.parametrize(
    "through", ["a shell", pytest.param("make", marks=pytest.mark.soak)]
)
def test_it_can_be_put_aside_and_fetched_again(house: House, through: str) -> None:
    window = _shell(house)
    command = join(companion(house.home))
    if through == "make":
        (house.folder / "Makefile").write_text(f"run:\n\t@{command}\n")
        command = "make run"
    window.wait_for("sh$")
    window.type(f"{command}\r")
    window.wait_for(said("today.free-name"))
    before = len(window.raw)
    window.press("ctrl+z")
    left = _stopped(window, before)
    for mode in (b"?1049l", b"?1003l", b"?25h", b"?2004l"):
        assert b"\x1b[" + mode in left
    assert b" icanon" in _asked(window, "stty -a")
    window.type("fg\r")
    window.wait_for(said("today.free-name"))
    window.press("w")
    window.wait_for(said("reflect.page"))
    window.type(WORDS)
    window.wait_for(WORDS)
    # Where one writes, the key takes back; the palette has the same as an action.
    window.press("ctrl+z")
    window.wait_while(WORDS)
    window.type(WORDS)
    window.wait_for(WORDS)
    window.press("ctrl+p")
    window.wait_for("\u2026")
    window.type("Pause")
    window.wait_for("Pause", "fg brings")
    before = len(window.raw)
    window.press("enter")
    _stopped(window, before)
    (draft,) = (house.home / "drafts").glob("*.draft")
    assert WORDS in draft.read_text()
    window.type("fg\r")
    window.wait_for(WORDS, "Ctrl+S Keep")
    window.press("ctrl+s")
    window.wait_for(said("reflect.kept"))
    before = len(window.raw)
    window.press("ctrl+q")
    window.wait_until(lambda _: b"sh$ " in window.raw[before:], "the shell")
    assert b"code 0" in _asked(window, "echo code $?")
    (entry,) = house.log()
    assert entry["text"].endswith(WORDS)


def test_where_no_shell_would_fetch_it_it_stays(house: House) -> None:
    window = house.open()
    window.press("ctrl+z")
    # It comes back at once, and what was typed before that would be thrown away.
    name = said("today.free-name").encode()
    window.wait_until(
        lambda _: (
            window.raw.count(b"?1049h") > 1
            and name in window.raw.rpartition(b"?1049h")[2]
        ),
        "the room",
    )
    window.press("ctrl+q")
    assert window.ended() == 0
    assert window.held() == []


def test_stopped_by_others_it_reads_each_key_once_after(house: House) -> None:
    window = house.open()
    window.press("w")
    window.wait_for(said("reflect.page"))
    window.type("before ")
    window.wait_for("before")
    tasks = Path(f"/proc/{window.pid}/task")
    threads = len(list(tasks.iterdir()))
    window.send_signal(signal.SIGSTOP)
    window.read(0.2)
    before = len(window.raw)
    window.send_signal(signal.SIGCONT)
    window.wait_until(lambda _: b"?1049h" in window.raw[before:], "the terminal")
    window.wait_for("before", "Ctrl+S Keep")
    window.type(WORDS)
    window.wait_for(f"before {WORDS}")
    assert len(list(tasks.iterdir())) == threads
    window.press("ctrl+q")
    assert window.ended() == 0
    assert window.held() == []
