"""A small disk that is full, and a folder that is taken away: nothing kept is lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.rights import HELD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.regime import Regime

SEED = 20261123
SIZE = "256k"
MOUNT = 'mount -t tmpfs -o size="$0" tmpfs "$1" && shift && exec "$@"'
DENIED = "Permission denied"
MOVED = "another program moved or changed the journal"


def on_a_small_disk(disk: Path, command: Sequence[str]) -> list[str] | None:
    """Return a command that runs another with a small disk of its own, if that can be.

    The disk is gone when the command ends.
    """
    if shutil.which("unshare") is None:
        return None
    for options in ("-rm", "-m"):
        start = ["unshare", options, "sh", "-c", MOUNT, SIZE, str(disk)]
        tried = subprocess.run([*start, "true"], capture_output=True, check=False)
        if tried.returncode == 0:
            return [*start, *command]
    return None


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("rounds", [2, pytest.param(100, marks=pytest.mark.soak)])
def test_a_full_disk_loses_nothing_and_is_named(
    tmp_path: Path, rounds: int, regime: Regime
) -> None:
    filler = [sys.executable, "-m", "tests.faults.full_disk", str(tmp_path)]
    command = on_a_small_disk(tmp_path, [*filler, str(rounds), str(SEED)])
    if command is None:
        pytest.skip("no small disk can be mounted here, not even in a namespace")
    ended = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found = json.loads(ended.stdout)
    assert found["wrong"] == [], f"seed {SEED}"
    assert found["refused"] >= 3 * rounds
    figures = {"full": rounds, "acknowledged": found["saved"], "lost": 0}
    regime("disk", seed=SEED, **figures)


def taken(folder: Path, what: str) -> dict[str, Any]:
    """Take the folder of a log from a program and return what it said."""
    command = [sys.executable, "-m", "tests.faults.rights", str(folder), what]
    ended = subprocess.run(command, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
    said = dict(json.loads(ended.stdout))
    if not said:
        pytest.skip("another account cannot reach the folder of the tests")
    return said


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any account can reach, as that of the tests is root's alone."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o777)
        yield Path(name)


def test_a_folder_that_may_not_be_written_is_read_and_said(folder: Path) -> None:
    said = taken(folder, "closed")
    for name in ("put", "again", "backup", "draft", "after"):
        assert DENIED in said[name]
    assert said["seen"] == said["left"] == {"1": "1", "2": "2"}
    assert [DENIED in notice for notice in said["notices"]] == [True]
    assert said["writable"]


def test_what_is_open_is_written_on_when_the_rights_go(folder: Path) -> None:
    said = taken(folder, "closing")
    assert (said["put"], said["again"], said["after"]) == (HELD, HELD, HELD)
    assert DENIED in said["backup"]
    assert DENIED in said["draft"]
    assert [DENIED in notice for notice in said["notices"]] == [True]
    assert said["left"] == {str(number): str(number) for number in range(1, 6)}


def test_a_folder_that_cannot_be_looked_into_is_named_and_written_to_later(
    folder: Path,
) -> None:
    said = taken(folder, "hidden")
    for name in ("put", "again", "backup", "draft"):
        assert DENIED in said[name]
    assert said["seen"] == {"1": "1", "2": "2"}
    assert said["after"] == HELD
    assert said["left"] == {"1": "1", "2": "2", "5": "5"}
    assert all("Errno" not in notice for notice in said["notices"])


@pytest.mark.parametrize("what", ["moved", "replaced"])
def test_a_journal_that_was_moved_or_replaced_is_left_alone(
    folder: Path, what: str
) -> None:
    said = taken(folder, what)
    for name in ("put", "again", "after"):
        assert MOVED in said[name]
    assert said["seen"] == said["left"] == {"1": "1", "2": "2"}
    assert said["writable"]


def test_a_journal_that_was_removed_is_not_begun_anew(folder: Path) -> None:
    said = taken(folder, "removed")
    for name in ("put", "again", "after"):
        assert MOVED in said[name]
    assert said["seen"] == {"1": "1", "2": "2"}
    # What was still open was put in a backup, so that it can be brought back.
    assert said["backup"] == HELD
    assert "The journal is gone" in said["told"][0]
    assert not said["writable"]
