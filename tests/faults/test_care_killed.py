"""A restore killed by the system: the next opening has every word."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.commits import Change
from companion.storage.restore import restore
from companion.storage.state import ENTRIES
from tests.logs import content, document, fill, id_of, open_engine, segments

if TYPE_CHECKING:
    from tests.regime import Regime

ROOT = Path(__file__).parents[2]
SEED = 20261122


def prepared(home: Path) -> Path:
    """Make a damaged log with a backup; return the backup."""
    fill(home, 4)
    engine = open_engine(home)
    kept = Backups(home, engine.files).make(engine, BY_HAND).folder
    engine.commit([Change(ENTRIES, id_of(9), document(9))], act="write")
    engine.close()
    path = segments(home)[-1]
    path.write_bytes(path.read_bytes().replace(b"Entry 3.", b"Entry 8."))
    return kept


def run(home: Path, kept: Path, step: int) -> int:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.faults.restorer",
            str(home),
            str(home / kept),
            str(step),
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode


def check_killed(tmp_path: Path, steps: list[int]) -> set[int]:
    home = tmp_path / "home"
    kept = prepared(home).relative_to(home)
    expected = {id_of(number): document(number) for number in (1, 2, 3, 4, 9)}
    codes = set()
    for step in steps:
        copy = tmp_path / f"killed-{step}"
        shutil.copytree(home, copy)
        codes.add(run(copy, kept, step))
        engine = open_engine(copy)
        if engine.refused is not None:
            restore(engine, copy / kept)
            engine.close()
            engine = open_engine(copy)
        assert (engine.refused, engine.notices) == (None, []), step
        assert content(engine)[ENTRIES] == expected, step
        engine.close()
        shutil.rmtree(copy)
    return codes


def test_a_restore_that_is_killed_loses_nothing(tmp_path: Path, regime: Regime) -> None:
    steps = sorted(Random(SEED).sample(range(45), 9))
    assert check_killed(tmp_path, [*steps, 400]) == {0, -signal.SIGKILL}
    regime("kill-care", seed=SEED, kills=len(steps), lost=0)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_restore_that_is_killed_at_every_step_loses_nothing(
    tmp_path: Path, regime: Regime
) -> None:
    assert check_killed(tmp_path, list(range(60))) == {0, -signal.SIGKILL}
    regime("kill-care", kills=60, lost=0)
