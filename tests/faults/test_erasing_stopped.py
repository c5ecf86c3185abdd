"""Compacting, erasing and forgetting that end at any step: before, or to the end."""

from __future__ import annotations

import errno
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from companion.errors import LogError
from companion.storage.check import check
from companion.storage.erasing import PLAN
from companion.storage.state import ENTRIES
from tests.disks import FaultyFiles, StoppedError, StoppingFiles
from tests.erasing import NAME, SECRET, beside, holding, in_year, put, verified, years
from tests.faults.eraser import DOING
from tests.logs import content, content_of, document, id_of, open_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.logs import Content

ROOT = Path(__file__).parents[2]
SEED = 20261123
MOST = 900
"""More steps than anything here takes; a test that reaches it fails."""
LOST = {"compact": (), "erase": (SECRET,), "forget": (NAME,)}
"""What no file may hold when it is done."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of four years with backups, drafts and pieces in quarantine."""
    home = tmp_path_factory.mktemp("erasing") / "home"
    years(home)
    beside(home)
    with in_year(2026):
        put(home, 5, "Not in a backup.")
    return home


def expected(sample: Path, what: str) -> Content:
    """Return what the log holds afterwards."""
    found = content_of(sample)
    if what == "erase":
        del found[ENTRIES][id_of(2)]
    if what == "forget":
        met = document(3, text="Nobody.")
        assert found[ENTRIES][id_of(3)] == met
        found["people"]["1"]["name"] = "someone 2026"
    return found


def steps_of(sample: Path, what: str, tmp_path: Path) -> int:
    """Return how many steps it takes."""
    files = StoppingFiles()
    home = copied(sample, tmp_path, "whole")
    engine = open_engine(home, files)
    files.steps.clear()
    DOING[what](engine)
    count = len(files.steps)
    engine.close()
    assert content_of(home) == expected(sample, what)
    assert 60 < count < MOST
    return count


def copied(sample: Path, tmp_path: Path, name: str) -> Path:
    home = tmp_path / name
    # Hard links between the log and its backups stay hard links.
    subprocess.run(["cp", "-a", str(sample), str(home)], check=True)
    return home


def is_done(home: Path, sample: Path, what: str) -> bool:
    """Look at a log after it was opened again; return whether it was done."""
    engine = open_engine(home)
    assert engine.refused is None
    told = [notice.message for notice in engine.notices]
    assert told in ([], ["An erasing that was interrupted is finished now."])
    now = content(engine)
    verified(home, engine.files)
    assert not (home / PLAN).exists()
    assert not (home / "restoring" / "ready").exists()
    assert check(home).faults == ()
    former, later = content_of(sample), expected(sample, what)
    held = holding(home, *LOST[what])
    if what == "compact":
        done = (home / "former").exists()
        assert now == former
    else:
        done = now == later
        assert done == (held == [])
        assert done or now == former
    engine.close()
    return done


def end_at(home: Path, what: str, step: int) -> bool:
    """Do it and end before a step; return whether it came to its end."""
    files = StoppingFiles()
    engine = open_engine(home, files)
    files.stop_after(steps=step)
    try:
        DOING[what](engine)
    except StoppedError:
        files.end()
        return False
    engine.close()
    return True


def chosen(count: int, how_many: int) -> list[int]:
    return sorted(Random(SEED).sample(range(count), how_many))


def check_stopped(sample: Path, tmp_path: Path, what: str, steps: list[int]) -> None:
    seen = set()
    for step in steps:
        home = copied(sample, tmp_path, f"stopped-{step}")
        assert not end_at(home, what, step)
        seen.add(is_done(home, sample, what))
        # It can be asked for again, whatever was done.
        engine = open_engine(home)
        DOING[what](engine)
        engine.close()
        assert content_of(home) == expected(sample, what)
        assert holding(home, *LOST[what]) == []
        shutil.rmtree(home)
    assert True in seen


@pytest.mark.parametrize("what", DOING)
def test_it_can_be_stopped_anywhere(sample: Path, tmp_path: Path, what: str) -> None:
    count = steps_of(sample, what, tmp_path)
    check_stopped(sample, tmp_path, what, chosen(count, 5))


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("what", DOING)
def test_it_can_be_stopped_at_many_steps(
    sample: Path, tmp_path: Path, what: str
) -> None:
    count = steps_of(sample, what, tmp_path)
    check_stopped(sample, tmp_path, what, chosen(count, 60))


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_finishing_can_be_stopped_too(sample: Path, tmp_path: Path) -> None:
    count = steps_of(sample, "erase", tmp_path)
    for step in chosen(count, 3):
        stopped = copied(sample, tmp_path, "stopped")
        assert not end_at(stopped, "erase", step)
        for again in range(0, MOST, 4):
            home = copied(stopped, tmp_path, "again")
            files = StoppingFiles()
            files.stop_after(steps=again)
            try:
                open_engine(home, files).close()
            except StoppedError:
                files.end()
                is_done(home, sample, "erase")
                shutil.rmtree(home)
            else:
                shutil.rmtree(home)
                break
        shutil.rmtree(stopped)


def refused(
    files: FaultyFiles, home: Path, what: str, arm: Callable[[FaultyFiles], None]
) -> None:
    """Do it on a disk that refuses; then open the log on one that does not."""
    engine = open_engine(home, files)
    arm(files)
    with suppress(LogError):
        DOING[what](engine)
    ready = (home / "restoring" / "ready").exists()
    # Where a new journal is to take its place, nothing more goes into this one.
    assert not (ready and engine.writable)
    files.arm(0, 0)
    engine.close()


def check_refused(
    sample: Path, tmp_path: Path, what: str, steps: list[int], *, for_ever: bool
) -> None:
    seen = set()
    for step in steps:
        home = copied(sample, tmp_path, f"refused-{step}")
        code = errno.EIO if step % 2 else errno.ENOSPC
        refused(
            FaultyFiles(),
            home,
            what,
            lambda files, at=step, no=code: files.arm(at + 1, no, for_ever=for_ever),  # type: ignore[misc]
        )
        seen.add(is_done(home, sample, what))
        shutil.rmtree(home)
    assert seen


@pytest.mark.parametrize("for_ever", [False, True])
@pytest.mark.parametrize("what", DOING)
def test_a_disk_that_refuses_once_or_for_ever(
    sample: Path, tmp_path: Path, what: str, *, for_ever: bool
) -> None:
    count = steps_of(sample, what, tmp_path)
    check_refused(sample, tmp_path, what, chosen(count, 4), for_ever=for_ever)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("for_ever", [False, True])
@pytest.mark.parametrize("what", DOING)
def test_a_disk_that_refuses_at_many_steps(
    sample: Path, tmp_path: Path, what: str, *, for_ever: bool
) -> None:
    count = steps_of(sample, what, tmp_path)
    check_refused(sample, tmp_path, what, chosen(count, 60), for_ever=for_ever)


def killed(home: Path, what: str, step: int) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.eraser", str(home), what, str(step)],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode


@pytest.mark.parametrize("what", DOING)
def test_it_can_be_killed_anywhere(sample: Path, tmp_path: Path, what: str) -> None:
    count = steps_of(sample, what, tmp_path)
    for step in chosen(count, 2):
        home = copied(sample, tmp_path, f"killed-{step}")
        assert killed(home, what, step) == -signal.SIGKILL
        is_done(home, sample, what)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("what", DOING)
def test_it_can_be_killed_at_many_steps(
    sample: Path, tmp_path: Path, what: str
) -> None:
    count = steps_of(sample, what, tmp_path)
    for step in chosen(count, 15):
        home = copied(sample, tmp_path, f"killed-{step}")
        assert killed(home, what, step) == -signal.SIGKILL
        is_done(home, sample, what)
        shutil.rmtree(home)
