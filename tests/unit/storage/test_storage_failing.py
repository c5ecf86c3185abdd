"""Writes that fail at every step: the state is the one before or the one after."""

from __future__ import annotations

import errno
import gc
import os
from typing import TYPE_CHECKING

import pytest

from companion.errors import (
    CompanionError,
    LogError,
    LogReadOnlyError,
    WriteFailedError,
)
from companion.storage.commits import Change
from companion.storage.engine import Engine
from companion.storage.state import ENTRIES
from companion.storage.store import EngineLogStore, open_log
from tests.disks import FaultyFiles, QuickFiles, ShortFiles
from tests.logs import (
    content,
    content_of,
    document,
    entry,
    fill,
    id_of,
    names,
    open_engine,
    segments,
)

if TYPE_CHECKING:
    from pathlib import Path

CODES = [errno.ENOSPC, errno.EIO, errno.EACCES]
STEPS = range(1, 12)


def change(number: int) -> list[Change]:
    return [Change(ENTRIES, id_of(number), document(number))]


@pytest.mark.parametrize("code", CODES, ids=errno.errorcode.get)
@pytest.mark.parametrize("for_ever", [False, True])
@pytest.mark.parametrize("at", STEPS)
@pytest.mark.parametrize("before", [0, 2])
def test_a_failed_save_changes_nothing(
    tmp_path: Path, before: int, at: int, code: int, *, for_ever: bool
) -> None:
    fill(tmp_path, before)
    files = FaultyFiles()
    engine = open_engine(tmp_path, files)
    former = content(engine)
    files.arm(at, code, for_ever=for_ever)
    refused = None
    try:
        engine.commit(change(3), act="write")
    except WriteFailedError as error:
        refused = error
    saved = refused is None
    if refused is None:
        assert set(files.failed) <= {"open_mark", "write_mark"}  # the head mark's
    else:
        assert os.strerror(code) in refused.message
        assert refused.hint
    after = content(engine)
    expected = former
    if saved:
        entries = former.get(ENTRIES, {}) | {id_of(3): document(3)}
        expected = former | {ENTRIES: entries}
    assert after == expected
    files.arm(0, 0)
    broken = not engine.writable
    assert broken <= (not saved and (for_ever or code == errno.EIO))
    if code == errno.EIO and not saved:
        assert broken
    if broken:
        with pytest.raises(WriteFailedError, match=os.strerror(code)):
            engine.commit(change(4))
    else:
        engine.commit(change(4))
        expected = content(engine)
    engine.close()
    files.end()
    found = content_of(tmp_path)
    if saved or not for_ever:
        assert found == expected
    else:
        # The disk took part of it and could not be asked to give it back.
        entries = former.get(ENTRIES, {}) | {id_of(3): document(3)}
        assert found in (expected, former | {ENTRIES: entries})


def test_a_save_has_so_many_steps(tmp_path: Path) -> None:
    files = FaultyFiles()
    engine = open_engine(tmp_path, files)
    files.arm(0, 0)
    engine.commit(change(1))
    assert len(files.steps) < max(STEPS)
    files.arm(0, 0)
    engine.commit(change(2))
    assert files.steps == ["write_some", "sync", "write_mark"]
    engine.close()


@pytest.mark.parametrize("most", [1, 7, 100])
def test_a_disk_that_takes_a_little_at_a_time_gets_it_all(
    tmp_path: Path, most: int
) -> None:
    engine = open_engine(tmp_path, ShortFiles(most))
    for number in range(3):
        engine.commit(change(number))
    engine.tidy()
    former = content(engine)
    engine.close()
    assert content_of(tmp_path) == former


@pytest.mark.parametrize("most", [1, 7, 100])
def test_a_file_has_every_byte_however_little_is_taken_at_once(
    tmp_path: Path, most: int
) -> None:
    files = ShortFiles(most)
    fd = files.open_new(tmp_path / "file")
    files.write(fd, bytes(range(250)))
    files.close(fd)
    assert (tmp_path / "file").read_bytes() == bytes(range(250))


def test_after_an_error_of_the_disk_nothing_more_is_written(tmp_path: Path) -> None:
    files = FaultyFiles()
    engine = open_engine(tmp_path, files)
    engine.commit(change(1))
    files.arm(2, errno.EIO)
    with pytest.raises(WriteFailedError, match="Input/output error") as caught:
        engine.commit(change(2))
    assert "look after the disk" in caught.value.hint
    files.steps.clear()
    for _ in range(2):
        with pytest.raises(WriteFailedError, match="Input/output error"):
            engine.commit(change(2))
    engine.tidy()
    assert not engine.refresh()
    assert files.steps == []
    engine.close()


@pytest.mark.parametrize("at", range(1, 20))
@pytest.mark.parametrize("for_ever", [False, True])
def test_tidying_that_fails_is_no_harm(
    tmp_path: Path, at: int, *, for_ever: bool
) -> None:
    fill(tmp_path, 3)
    files = FaultyFiles()
    engine = open_engine(tmp_path, files)
    engine.tidy()
    engine.commit(change(4))
    engine.commit([Change(ENTRIES, id_of(1), None), Change("t", "1", {"a": 1})])
    former = content(engine)
    files.arm(at, errno.ENOSPC, for_ever=for_ever)
    engine.tidy()
    assert content(engine) == former
    assert engine.writable
    files.arm(0, 0)
    engine.tidy()
    assert content(engine) == former
    engine.close()
    files.end()
    assert content_of(tmp_path) == former


@pytest.mark.parametrize("at", range(1, 14))
def test_opening_for_the_first_time_says_what_the_disk_refused(
    tmp_path: Path, at: int
) -> None:
    files = FaultyFiles()
    files.arm(at, errno.ENOSPC)
    home = tmp_path / "home"
    refused = None
    try:
        Engine(home, files=files).close()
    except LogError as error:
        refused = error
    if refused is not None:
        assert "No space left on device" in refused.message
        assert refused.hint
    assert files.opened == set()
    files.arm(0, 0)
    engine = Engine(home, files=files)
    assert engine.writable
    engine.close()


def test_nothing_is_left_open(tmp_path: Path) -> None:
    files = FaultyFiles()
    fill(tmp_path, 3)
    engine = open_engine(tmp_path, files)
    engine.commit(change(5))
    engine.tidy()
    engine.undo()
    engine.refresh()
    engine.close()
    engine.close()
    del engine
    gc.collect()
    assert files.opened == set()


def test_a_folder_that_can_only_be_read_is_read(tmp_path: Path) -> None:
    fill(tmp_path, 2)

    class Closed(QuickFiles):
        def open_mark(self, path: Path) -> int:
            raise OSError(errno.EROFS, "Read-only file system")

    engine = open_engine(tmp_path, Closed())
    assert not engine.writable
    assert not engine.is_guest
    assert engine.count(ENTRIES) == 2
    assert engine.notices[0].grave
    assert "Read-only file system" in engine.notices[0].message
    with pytest.raises(LogReadOnlyError, match="can only be read"):
        engine.commit(change(3))
    assert not engine.refresh()
    engine.tidy()
    engine.close()
    assert "index" not in names(tmp_path)


def test_a_torn_line_in_a_folder_that_can_only_be_read_is_left_and_said(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 2)
    (path,) = segments(tmp_path)
    path.write_bytes(path.read_bytes()[:-5])

    class Closed(QuickFiles):
        def open_mark(self, path: Path) -> int:
            raise OSError(errno.EROFS, "Read-only file system")

    engine = open_engine(tmp_path, Closed())
    assert engine.count(ENTRIES) == 1
    assert any("not whole" in notice.message for notice in engine.notices)
    engine.close()


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_bytes(b"x")
    with pytest.raises(LogError, match="not a folder"):
        open_log(home)
    with pytest.raises(LogError, match="not a folder"):
        open_log(home / "inner")
    assert home.read_bytes() == b"x"


@pytest.mark.parametrize("name", ["journal", "spool"])
def test_a_file_where_an_inner_folder_should_be_is_refused(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(LogError, match="not a folder"):
        open_log(tmp_path)


def test_a_journal_that_cannot_be_read_is_refused_and_let_go(tmp_path: Path) -> None:
    fill(tmp_path, 1)

    class Unreadable(FaultyFiles):
        bad = True

        def read_at(self, fd: int, size: int, offset: int) -> bytes:
            if self.bad and size > 100:
                raise OSError(errno.EIO, "Input/output error")
            return super().read_at(fd, size, offset)

    files = Unreadable()
    with pytest.raises(LogError, match="cannot be read: Input/output error"):
        Engine(tmp_path, files=files)
    assert files.opened == set()
    files.bad = False
    engine = Engine(tmp_path, files=files)
    assert engine.writable
    engine.close()


def test_the_store_says_what_the_disk_refused(tmp_path: Path) -> None:
    files = FaultyFiles()
    store = EngineLogStore(open_engine(tmp_path, files))
    store.add(entry(1))
    files.arm(1, errno.ENOSPC)
    with pytest.raises(CompanionError, match="No space left on device"):
        store.add(entry(2))
    assert len(store.names("tags")) == 0
    store.add(entry(2))
    store.close()
