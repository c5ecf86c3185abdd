"""Whatever ends the app, what was being written waits at the next start."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.terminal.house import said

if TYPE_CHECKING:
    from tests.regime import Regime
    from tests.terminal.house import House
    from tests.terminal.terminal import Terminal

pytestmark = [
    pytest.mark.xdist_group("terminal"),
    pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning"),
]

LONGEST_LOSS = 1.0
"""Seconds of typing that may be lost when the process is killed outright."""
ROUNDS = 30
WORDS = "I asked Z for help, and it was a relief to both of us"


def _begin(house: House, *before: str) -> Terminal:
    window = house.open(*before)
    window.press("w")
    window.wait_for(said("reflect.page"))
    return window


def _offered(house: House) -> str:
    """Open again, go on with the draft, and return what the screen shows of it."""
    with house.open() as window:
        window.wait_for(_draft())
        window.press("enter")
        window.wait_for(said("reflect.free"))
        return window.wait_for("I asked Z")


def _draft() -> str:
    return " ".join(said("today.draft", day="?", time="?").split()[:4])


@pytest.mark.parametrize(
    "sign", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]
)
def test_a_signal_ends_it_in_good_order(
    house: House, sign: signal.Signals, regime: Regime
) -> None:
    window = _begin(house)
    window.type(WORDS)
    window.wait_for(WORDS)
    window.send_signal(sign)
    assert window.ended() == 128 + sign
    assert window.held() == []
    assert WORDS in _offered(house)
    assert house.log() == []
    regime("drafts", times_ended=1, lost=0)


def test_a_terminal_that_is_closed_keeps_every_letter(house: House) -> None:
    window = _begin(house)
    window.type(WORDS)
    window.wait_for(WORDS)
    window.hang_up()
    assert window.ended() == 128 + signal.SIGHUP
    assert WORDS in _offered(house)


def test_a_terminal_that_is_closed_behind_nohup_does_not_stay(house: House) -> None:
    # The shell between takes the signal, so the app is told by nobody.
    window = _begin(house, "/bin/sh", "-c", 'trap "" HUP; "$@"; exit $?', "sh")
    window.type(WORDS)
    window.wait_for(WORDS)
    window.hang_up()
    assert window.ended() == 128 + signal.SIGHUP
    assert WORDS in _offered(house)


def test_quitting_in_the_middle_keeps_the_draft(house: House) -> None:
    window = _begin(house)
    window.type(WORDS)
    window.wait_for(WORDS)
    window.press("ctrl+q")
    assert window.ended() == 0
    assert WORDS in _offered(house)


def test_killed_outright_it_loses_a_second_of_typing_at_most(house: House) -> None:
    window = _begin(house)
    seen: list[tuple[str, float]] = []
    slowest = 0.0
    # Letter by letter without a rest, so that saving cannot wait for a pause.
    for end in range(1, len(WORDS) + 1):
        typed = time.monotonic()
        window.type(WORDS[end - 1])
        window.wait_for(WORDS[:end].rstrip())
        seen.append((WORDS[:end], time.monotonic()))
        slowest = max(slowest, time.monotonic() - typed)
    # On a machine that does other things a letter may take long to be seen.
    owed = time.monotonic() - LONGEST_LOSS - slowest
    window.send_signal(signal.SIGKILL)
    assert window.ended() == -signal.SIGKILL
    expected = max((text for text, at in seen if at <= owed), key=len, default="")
    assert expected.rstrip() in _offered(house)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "sign", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL]
)
def test_however_often_it_is_ended(
    house: House, sign: signal.Signals, regime: Regime
) -> None:
    for round_ in range(ROUNDS):
        window = _begin(house)
        words = f"{WORDS} {round_}"
        window.type(words)
        window.wait_for(words)
        if sign == signal.SIGKILL:
            time.sleep(LONGEST_LOSS)
        window.send_signal(sign)
        window.ended()
        assert words in _offered(house)
        for draft in (house.home / "drafts").iterdir():
            draft.unlink()
    regime("drafts", times_ended=ROUNDS, lost=0)


def test_a_draft_that_is_kept_is_not_offered_again(house: House) -> None:
    window = _begin(house)
    window.type(WORDS)
    window.wait_for(WORDS)
    window.send_signal(signal.SIGTERM)
    window.ended()
    window = house.open()
    window.wait_for(_draft())
    window.press("enter")
    window.wait_for(said("reflect.free"), WORDS)
    window.press("ctrl+s")
    window.wait_for(said("reflect.kept"))
    window.press("ctrl+q")
    window.ended()
    window = house.open()
    assert _draft() not in window.wait_for(WORDS[:20])
    (entry,) = house.log()
    assert entry["text"] == WORDS


def test_a_byte_that_is_no_letter_does_not_end_it(house: House) -> None:
    window = _begin(house)
    window.type("before")
    window.wait_for("before")
    window.type(b"\xff\xe9")
    window.type("after")
    window.wait_for("after")
    window.press("ctrl+s")
    window.wait_for(said("reflect.kept"))
    window.press("ctrl+q")
    assert window.ended() == 0
    (entry,) = house.log()
    assert entry["text"].startswith("before")
    assert entry["text"].endswith("after")


def test_any_size_of_terminal_can_be_lived_with(house: House) -> None:
    window = _begin(house)
    window.type(WORDS)
    window.wait_for(WORDS)
    for columns, rows in ((20, 5), (200, 60), (1, 1), (80, 24)):
        window.resize(columns, rows)
        window.read(0.2)
    window.wait_for(WORDS)
    window.press("ctrl+s")
    window.wait_for(said("reflect.kept"))
