"""kill -9 while it writes: nothing that was acknowledged is lost, all can be read."""

from __future__ import annotations

import subprocess
import sys
import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from companion.errors import LogError
from companion.storage.engine import Engine
from companion.storage.state import ENTRIES
from tests.disks import QuickFiles
from tests.faults.writers import json_versions, states, versions
from tests.logs import names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.regime import Regime

SEED = 20261122
KILLS = 30


def run_and_kill(
    kind: str, home: Path, seed: int, *, seconds: float = 0.0, least: int = 0
) -> list[str]:
    """Let a writer write, kill it, and return what it said.

    It is killed after so many lines at least, and so many seconds more.
    """
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writers", kind, str(home), str(seed)],
        stdout=subprocess.PIPE,
        encoding="ascii",
    )
    assert writer.stdout is not None
    with writer.stdout as said:
        assert said.readline() == "ready\n"
        lines = [said.readline() for _ in range(least)]
        time.sleep(seconds)
        writer.kill()
        lines += said.read().splitlines(keepends=True)
    writer.wait()
    return [line for line in lines if line.endswith("\n")]


def losses(
    kind: str,
    home: Path,
    read: Callable[[Path], dict[int, int]],
    *,
    kills: int,
    least: int = 0,
) -> tuple[list[int], int]:
    """Return the kills after which something was wrong, and how much was saved."""
    chance = Random(f"{SEED} {kind}")
    kept: dict[int, int] = {}
    wrong, saved = [], 0
    for number in range(1, kills + 1):
        lines = run_and_kill(
            kind, home, number, seconds=chance.uniform(0.0, 0.1), least=least
        )
        saved += sum(line[0] in "+-" for line in lines)
        now, asked = states([f"+ {key} {kept[key]}" for key in kept] + lines)
        allowed = [now]
        if asked is not None and asked[1] is None:
            allowed.append({key: now[key] for key in now if key != asked[0]})
        elif asked is not None and asked[1] is not None:
            allowed.append(now | {asked[0]: asked[1]})
        try:
            kept = read(home)
        except (ValueError, KeyError, LogError):
            kept = {}
            (home / "db.json").unlink(missing_ok=True)
            wrong.append(number)
            continue
        if kept not in allowed:
            wrong.append(number)
    return wrong, saved


def test_nothing_acknowledged_is_lost(tmp_path: Path, regime: Regime) -> None:
    wrong, saved = losses("ours", tmp_path, versions, kills=KILLS, least=2)
    assert wrong == []
    assert saved >= KILLS
    engine = Engine(tmp_path, files=QuickFiles())
    assert engine.writable
    assert [notice for notice in engine.notices if notice.grave] == []
    engine.close()
    regime("kill", seed=SEED, kills=KILLS, acknowledged=saved, lost=0)


def test_an_engine_that_writes_late_is_caught(tmp_path: Path) -> None:
    wrong, _ = losses("late", tmp_path, versions, kills=1, least=8)
    assert wrong == [1]


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nothing_acknowledged_is_lost_for_long(tmp_path: Path, regime: Regime) -> None:
    wrong, saved = losses("ours", tmp_path, versions, kills=300, least=2)
    assert wrong == []
    assert saved >= 300
    regime("kill", seed=SEED, kills=300, acknowledged=saved, lost=0)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_the_storage_that_comes_with_tinydb_is_caught(
    tmp_path: Path, regime: Regime
) -> None:
    wrong, _ = losses("tiny", tmp_path, json_versions, kills=300)
    assert wrong
    regime("tinydb", seed=SEED, kills=300, that_lost_something=len(wrong))


@pytest.mark.parametrize("kills", [2, pytest.param(60, marks=pytest.mark.soak)])
def test_captures_of_two_while_a_third_writes_and_is_killed(
    tmp_path: Path, kills: int, regime: Regime
) -> None:
    captured: list[str] = []
    for number in range(kills):
        capturing = [
            subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tests.faults.writers",
                    "capture",
                    tmp_path,
                    "25",
                ],
                stdout=subprocess.PIPE,
                encoding="ascii",
            )
            for _ in range(2)
        ]
        lines = run_and_kill("ours", tmp_path, number + 1, seconds=0.1, least=2)
        assert lines
        engine = Engine(tmp_path, files=QuickFiles())
        assert engine.writable
        while any(one.poll() is None for one in capturing):
            engine.refresh()
        engine.refresh()
        for one in capturing:
            assert one.stdout is not None
            with one.stdout as said:
                captured += said.read().split()
            assert one.returncode == 0
        assert not engine.refresh()
        assert names(tmp_path / "spool") == []
        engine.close()
    assert len(captured) == len(set(captured)) == 50 * kills
    engine = Engine(tmp_path, files=QuickFiles())
    ids = set(engine.ids(ENTRIES))
    engine.close()
    assert set(captured) <= ids
    journal = b"".join(path.read_bytes() for path in (tmp_path / "journal").iterdir())
    assert all(journal.count(f'["entries","{one}",'.encode()) == 1 for one in captured)
    regime("kill-captures", kills=kills, captures=len(captured), lost=0, twice=0)
