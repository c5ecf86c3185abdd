"""One writer: a lock that is held for life and gone when the process is."""

from __future__ import annotations

import errno
import fcntl
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from companion.storage.lock import Lock
from tests.disks import WatchedFiles
from tests.logs import fill, open_engine

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys
from pathlib import Path
from companion.storage import open_log
store = open_log(Path(sys.argv[1]))
print(store.writable, flush=True)
sys.stdin.read()
"""


def holding(home: Path) -> subprocess.Popen[str]:
    """Start a process that opens the log and holds it."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="ascii",
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str], *, kill: bool) -> None:
    if kill:
        process.kill()
    process.communicate()


@pytest.mark.parametrize("kill", [True, False])
def test_a_second_process_reads_until_the_first_is_gone(
    tmp_path: Path, *, kill: bool
) -> None:
    fill(tmp_path, 1)
    first = holding(tmp_path)
    assert said(first) == "True"
    second = holding(tmp_path)
    assert said(second) == "False"
    engine = open_engine(tmp_path)
    assert engine.is_guest
    assert not engine.refresh()
    end(first, kill=kill)
    end(second, kill=True)
    assert engine.refresh()
    assert engine.writable
    engine.close()


def test_two_in_one_process_are_two(tmp_path: Path) -> None:
    files = WatchedFiles()
    one, two = Lock(tmp_path / "lock", files), Lock(tmp_path / "lock", files)
    assert [one.held, one.take(), one.take(), one.held] == [False, True, True, True]
    assert not two.take()
    assert not two.held
    one.release()
    one.release()
    assert two.take()
    two.release()
    assert files.opened == set()


def test_closing_another_handle_does_not_drop_it(tmp_path: Path) -> None:
    files = WatchedFiles()
    one, two = Lock(tmp_path / "lock", files), Lock(tmp_path / "lock", files)
    assert one.take()
    files.close(files.open_read(tmp_path / "lock"))
    files.close(files.open_mark(tmp_path / "lock"))
    assert not two.take()
    one.release()


def test_a_disk_without_locks_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    files = WatchedFiles()
    engine = open_engine(tmp_path, files)
    assert not engine.writable
    assert not engine.is_guest
    assert "No locks available" in engine.notices[0].message
    engine.close()
    assert files.opened == set()
