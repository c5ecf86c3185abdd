"""Windows side by side on one log, one killed now and then: one writes, none loses."""

from __future__ import annotations

import subprocess
import sys
import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from companion.storage.check import check
from companion.storage.state import ENTRIES
from tests.logs import content_of, names

if TYPE_CHECKING:
    from pathlib import Path

    from tests.regime import Regime

SEED = 20261123
WINDOWS = 3


class Window:
    """A process, and the file it says things into."""

    def __init__(self, home: Path, number: int) -> None:
        self.said = home.with_name(f"said-{number}")
        with self.said.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.window", str(home), f"{number}"],
                stdin=subprocess.PIPE,
                stdout=file,
            )

    def lines(self) -> list[str]:
        """Return the whole lines it said."""
        text = self.said.read_text("ascii")
        return text[: text.rfind("\n") + 1].splitlines()

    def end(self, *, kill: bool) -> None:
        """Kill it, or let it end."""
        if kill:
            self.process.kill()
        self.process.communicate()
        assert kill or self.process.returncode == 0


def capture(home: Path) -> str:
    """Leave a quick capture from the command line; return its id."""
    command = [sys.executable, "-m", "companion", "--home", str(home)]
    ended = subprocess.run(
        [*command, "reflect", "captured"], capture_output=True, check=True
    )
    return ended.stdout.decode().strip()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kills", [3, pytest.param(40, marks=pytest.mark.soak)])
def test_windows_that_are_killed_lose_nothing_and_never_write_together(
    tmp_path: Path, kills: int, regime: Regime
) -> None:
    home = tmp_path / "home"
    chance = Random(SEED)
    begun = [Window(home, number) for number in range(WINDOWS)]
    open_now = list(begun)
    kept: list[str] = []
    for number in range(kills):
        # Each time something is surely written in between, however slow the machine.
        written = sum(len(one.lines()) for one in begun)
        while sum(len(one.lines()) for one in begun) < written + 20:
            time.sleep(0.01)
        kept.append(capture(home))
        time.sleep(chance.uniform(0, 0.3))
        ended = open_now.pop(chance.randrange(WINDOWS))
        ended.end(kill=chance.random() < 0.8)
        open_now.append(Window(home, WINDOWS + number))
        begun.append(open_now[-1])
    for one in open_now:
        one.end(kill=False)
    lines = [line for one in begun for line in one.lines()]
    kept += [line for line in lines if len(line) == 26]
    assert {line for line in lines if len(line) != 26} == {"writer"}, f"seed {SEED}"
    writers = lines.count("writer")
    left = content_of(home)[ENTRIES]
    assert len(set(kept)) == len(kept)
    assert set(kept) <= set(left), f"seed {SEED}"
    assert names(home / "spool") == []
    assert check(home).faults == ()
    journal = b"".join(path.read_bytes() for path in (home / "journal").iterdir())
    assert all(journal.count(f'["entries","{one}",'.encode()) == 1 for one in kept)
    figures = {"kills": kills, "acknowledged": len(kept), "lost": 0, "twice": 0}
    regime("two", seed=SEED, **figures, writers=writers, together=0)
