"""A sitting in plain lines that is broken off keeps every letter, too."""

from __future__ import annotations

import json
import signal
import termios
from typing import TYPE_CHECKING

import pytest

from tests.terminal.terminal import Terminal, companion

if TYPE_CHECKING:
    from tests.terminal.house import House

pytestmark = [
    pytest.mark.xdist_group("terminal"),
    pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning"),
]

TYPED = "a line that is whole\rand half of ano"
KEPT = TYPED.replace("\r", "\n")


def _begin(house: House, *before: str) -> Terminal:
    # The line editor shows what is typed only where the terminal would.
    seen = ("/bin/sh", "-c", 'stty echo; exec "$@"', "sh")
    command = [*seen, *before, *companion(house.home, "reflect", "--sitting", "free")]
    window = house.windows.enter_context(Terminal(command, house.folder))
    window.wait_for(">")
    for line in TYPED.split("\r"):
        window.type(line)
        window.wait_for(line)
        if line == KEPT.splitlines()[0]:
            window.press("enter")
    return window


def _drafted(house: House) -> list[str]:
    return [
        json.loads(draft.read_text())["state"]["reached"][0]["text"]
        for draft in (house.home / "drafts").glob("*.draft")
    ]


@pytest.mark.parametrize(
    "sign",
    [
        signal.SIGTERM,
        *(
            pytest.param(sign, marks=pytest.mark.soak)
            for sign in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
        ),
    ],
)
def test_a_signal_costs_not_even_half_a_line(
    house: House, sign: signal.Signals
) -> None:
    window = _begin(house)
    window.send_signal(sign)
    assert window.ended() == 128 + sign
    settings = termios.tcgetattr(window._child.child_fd)[3]
    assert settings & termios.ICANON
    assert settings & termios.ECHO
    assert _drafted(house) == [KEPT]
    assert house.log() == []


@pytest.mark.parametrize(
    "before", [(), ("/bin/sh", "-c", 'trap "" HUP; "$@"; exit $?', "sh")]
)
def test_a_terminal_that_is_closed_costs_no_line_that_was_sent(
    house: House, before: tuple[str, ...]
) -> None:
    window = _begin(house, *before)
    window.hang_up()
    assert window.ended() == 128 + signal.SIGHUP
    (draft,) = _drafted(house)
    assert draft.startswith(KEPT.splitlines()[0])
    assert house.log() == []
