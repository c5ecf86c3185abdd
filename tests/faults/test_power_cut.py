"""The power goes, on a real file system: its disk is copied while a log is written to.

The copy has what the file system had given to its disk at that moment and nothing of
what it still held back, as a disk has when the power goes.
"""

from __future__ import annotations

import gc
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING

import pytest

from companion.errors import LogError
from companion.storage.check import check
from tests.faults.writers import states, versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.regime import Regime

SEED = 20261124
SIZE = 16 << 20

pytestmark = pytest.mark.soak


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[None]:
    """Mount the image of a disk."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-o", "loop", str(image), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield
    finally:
        # What reads by mapping files into memory lets go of them a little later.
        for _ in range(100):
            gc.collect()
            done = subprocess.run(
                ["umount", str(folder)], check=False, capture_output=True
            )
            if done.returncode == 0:
                break
            time.sleep(0.1)
        done.check_returncode()


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Return the image of an empty disk, where one can be mounted."""
    image = tmp_path / "disk"
    with image.open("wb") as file:
        file.truncate(SIZE)
    try:
        subprocess.run(["mkfs.ext4", "-q", str(image)], check=True, capture_output=True)
        with mounted(image, tmp_path / "trial"):
            pass
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk of our own can be mounted here: {error}")
    return image


def run_and_cut(kind: str, home: Path, disk: Path, cut: Path, seed: int) -> list[str]:
    """Let a writer write, copy the disk meanwhile, and return what was said by then."""
    chance = Random(f"{SEED} {kind} {seed}")
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writers", kind, str(home), str(seed)],
        stdout=subprocess.PIPE,
        encoding="ascii",
    )
    assert writer.stdout is not None
    with writer.stdout as said:
        assert said.readline() == "ready\n"
        lines = [said.readline() for _ in range(10)]
        time.sleep(chance.uniform(0.0, 0.3))
        writer.send_signal(signal.SIGSTOP)
        shutil.copyfile(disk, cut)
        writer.kill()
        lines += said.read().splitlines(keepends=True)
    writer.wait()
    return [line for line in lines if line.endswith("\n")]


def losses(kind: str, tmp_path: Path, disk: Path, cuts: int) -> tuple[list[int], int]:
    """Return the cuts after which something was wrong, and how much was saved."""
    wrong, saved = [], 0
    empty = disk.read_bytes()
    for number in range(1, cuts + 1):
        disk.write_bytes(empty)
        cut = tmp_path / "cut"
        with mounted(disk, tmp_path / "live"):
            home = tmp_path / "live" / "home"
            lines = run_and_cut(kind, home, disk, cut, number)
        saved += sum(line[0] in "+-" for line in lines)
        now, asked = states(lines)
        allowed = [now]
        if asked is not None:
            key, version = asked
            rest = {one: now[one] for one in now if one != key}
            allowed.append(rest if version is None else rest | {key: version})
        with mounted(cut, tmp_path / "after"):
            home = tmp_path / "after" / "home"
            try:
                sound = versions(home) in allowed and not check(home).faults
            except LogError:
                sound = False
        if not sound:
            wrong.append(number)
    return wrong, saved


@pytest.mark.timeout(1200)
def test_nothing_acknowledged_is_lost(
    tmp_path: Path, disk: Path, regime: Regime
) -> None:
    wrong, saved = losses("ours", tmp_path, disk, 25)
    assert wrong == [], f"seed {SEED}"
    assert saved >= 25
    regime("power-cut", seed=SEED, cuts=25, acknowledged=saved, lost=0)


@pytest.mark.timeout(1200)
def test_an_engine_that_writes_late_is_caught(tmp_path: Path, disk: Path) -> None:
    wrong, _ = losses("unsynced", tmp_path, disk, 3)
    assert wrong == [1, 2, 3]
