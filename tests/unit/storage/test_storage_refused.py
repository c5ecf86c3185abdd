"""A disk that refuses to be read, or takes nothing: it is said, and nothing is lost."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from companion.errors import (
    LogDamagedError,
    LogError,
    LogReadOnlyError,
    WriteFailedError,
)
from companion.model.query import Query
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND, DAILY
from companion.storage.commits import Change
from companion.storage.loaded import LOOKS
from companion.storage.restore import restore
from companion.storage.small import DraftFiles
from companion.storage.spool import Spool
from companion.storage.state import ENTRIES
from companion.storage.store import EngineLogStore
from tests.disks import FaultyFiles, QuickFiles
from tests.logs import (
    content,
    content_of,
    document,
    fill,
    id_of,
    names,
    open_engine,
    plant,
    segments,
)

if TYPE_CHECKING:
    from pathlib import Path


class Refusing(QuickFiles):
    """Refuses to read a file or list a folder of a name."""

    def __init__(self, name: str, code: int = errno.EACCES) -> None:
        self.name = name
        self.code = code

    def _refuse(self, path: Path) -> None:
        if path.name == self.name:
            raise OSError(self.code, os.strerror(self.code), str(path))

    def open_read(self, path: Path) -> int:
        self._refuse(path)
        return super().open_read(path)

    def names(self, path: Path) -> list[str]:
        self._refuse(path)
        return super().names(path)


def change(number: int) -> list[Change]:
    return [Change(ENTRIES, id_of(number), document(number))]


@pytest.mark.parametrize("later", [False, True])
def test_damage_the_index_hides_is_said_when_a_capture_comes(
    tmp_path: Path, *, later: bool
) -> None:
    fill(tmp_path, 4)
    engine = open_engine(tmp_path)
    engine.tidy()
    (kept,) = Backups(tmp_path, engine.files).all()
    engine.close()
    (path,) = segments(tmp_path)
    status = path.stat()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    if later:
        engine = open_engine(tmp_path)
        assert engine.writable
        plant(tmp_path, 9)
        assert engine.refresh()
    else:
        plant(tmp_path, 9)
        engine = open_engine(tmp_path)
    assert not engine.writable
    assert any("is damaged" in one.message for one in engine.notices if one.grave)
    assert set(engine.ids(ENTRIES)) >= {id_of(1), id_of(4), id_of(9)}
    restore(engine, kept.folder)
    engine.close()
    engine = open_engine(tmp_path)
    assert engine.writable
    assert set(engine.ids(ENTRIES)) == {id_of(number) for number in (1, 2, 3, 4, 9)}
    engine.close()


def test_a_spool_that_cannot_be_read_is_said_once(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    plant(tmp_path, 2)
    files = Refusing("spool")
    engine = open_engine(tmp_path, files)
    engine.refresh()
    engine.refresh()
    (notice,) = engine.notices
    assert "spool cannot be read: Permission denied" in notice.message
    engine.commit(change(3))
    files.name = ""
    assert engine.refresh()
    assert set(engine.ids(ENTRIES)) == {id_of(number) for number in (1, 2, 3)}
    engine.close()


def test_a_journal_folder_that_cannot_be_read_is_named_by_the_first_write(
    tmp_path: Path,
) -> None:
    files = Refusing("")
    engine = open_engine(tmp_path, files)
    files.name = "journal"
    with pytest.raises(WriteFailedError, match="Permission denied"):
        engine.commit(change(1))
    files.name = ""
    engine.commit(change(1))
    engine.close()


def test_a_name_of_the_device_that_cannot_be_read_is_never_replaced(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 2)
    device = (tmp_path / "device").read_bytes()
    engine = open_engine(tmp_path, Refusing("device", errno.EIO))
    assert engine.count(ENTRIES) == 2
    with pytest.raises(LogReadOnlyError, match="device cannot be read: Input/output"):
        engine.commit(change(3))
    engine.close()
    assert (tmp_path / "device").read_bytes() == device
    assert len(content_of(tmp_path)[ENTRIES]) == 2


def test_a_manifest_that_cannot_be_read_is_no_reason_to_fall_over(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 2)
    engine = open_engine(tmp_path)
    made = Backups(tmp_path, engine.files).make(engine, BY_HAND)
    unreadable = Backups(tmp_path, Refusing("manifest"))
    with pytest.raises(LogDamagedError, match="cannot be read: Permission denied"):
        unreadable.verified(made.folder)
    assert not unreadable.is_current(engine)
    engine.close()


def test_a_backup_counts_though_others_cannot_be_let_go(tmp_path: Path) -> None:
    class Stubborn(QuickFiles):
        looks = 0

        def names(self, path: Path) -> list[str]:
            found = super().names(path)
            if path.name == "backups" and any(one[0] == "2" for one in found):
                raise OSError(errno.EIO, "Input/output error")
            return found

    fill(tmp_path, 2)
    engine = open_engine(tmp_path)
    made = Backups(tmp_path, Stubborn()).make(engine, DAILY)
    assert Backups(tmp_path, engine.files).verified(made.folder)
    engine.close()


def test_drafts_that_cannot_be_listed_are_none(tmp_path: Path) -> None:
    assert DraftFiles(tmp_path, Refusing("drafts")).all() == []


def test_a_second_window_stays_one_where_the_lock_is_refused(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    first = open_engine(tmp_path)
    files = FaultyFiles()
    second = open_engine(tmp_path, files)
    first.close()
    files.arm(1, errno.EACCES)
    assert not second.refresh()
    assert second.is_guest
    assert second.refresh()
    assert second.writable
    second.close()


def test_a_disk_that_takes_nothing_is_not_asked_for_ever(tmp_path: Path) -> None:
    class Deaf(QuickFiles):
        deaf = False

        def write_some(self, fd: int, data: memoryview) -> int:
            return 0 if self.deaf else super().write_some(fd, data)

    files = Deaf()
    engine = open_engine(tmp_path, files)
    engine.commit(change(1))
    files.deaf = True
    with pytest.raises(WriteFailedError, match="takes nothing"):
        engine.commit(change(2))
    former = content(engine)
    engine.close()
    assert content_of(tmp_path) == former


def test_a_capture_of_a_second_window_that_was_refused_is_not_left(
    tmp_path: Path,
) -> None:
    (tmp_path / "spool").mkdir()
    files = FaultyFiles()
    spool = Spool(tmp_path, files)
    files.arm(6, errno.EIO)
    with pytest.raises(WriteFailedError, match="Input/output error"):
        spool.leave(id_of(1), "{}")
    assert files.failed == ["sync_folder"]
    assert names(tmp_path / "spool") == []


def damaged(home: Path) -> Path:
    """Leave a damaged journal with one entry newer than its backup, which is given."""
    fill(home, 4)
    engine = open_engine(home)
    made = Backups(home, engine.files).make(engine, BY_HAND)
    engine.commit(change(5), act="write")
    engine.close()
    (path,) = segments(home)
    data = bytearray(path.read_bytes())
    data[data.find(b"Entry 2.")] ^= 1
    path.write_bytes(data)
    return made.folder


def test_undo_does_not_take_away_what_was_saved_from_a_damaged_journal(
    tmp_path: Path,
) -> None:
    backup = damaged(tmp_path)
    engine = open_engine(tmp_path)
    restore(engine, backup)
    engine.close()
    engine = open_engine(tmp_path)
    engine.undo()
    assert set(engine.ids(ENTRIES)) == {id_of(number) for number in (1, 2, 3, 5)}
    engine.close()


def test_an_exchange_that_is_refused_at_its_last_step_says_how_it_goes_on(
    tmp_path: Path,
) -> None:
    class Fixed(QuickFiles):
        def replace(self, source: Path, target: Path) -> None:
            if target == tmp_path / "journal":
                raise OSError(errno.EACCES, "Permission denied")
            super().replace(source, target)

    backup = damaged(tmp_path)
    engine = open_engine(tmp_path, Fixed())
    with pytest.raises(WriteFailedError, match="ready to take its place") as caught:
        restore(engine, backup)
    assert "Opening the log again finishes it" in caught.value.hint
    engine.close()
    engine = open_engine(tmp_path)
    assert engine.writable
    assert engine.count(ENTRIES) == 5
    engine.close()


def test_an_exchange_that_still_cannot_be_finished_is_said_and_shows_no_empty_log(
    tmp_path: Path,
) -> None:
    class Fixed(QuickFiles):
        def replace(self, source: Path, target: Path) -> None:
            if target == tmp_path / "journal":
                raise OSError(errno.EROFS, "Read-only file system")
            super().replace(source, target)

    backup = damaged(tmp_path)
    engine = open_engine(tmp_path, Fixed())
    with pytest.raises(WriteFailedError):
        restore(engine, backup)
    engine.close()
    for _ in range(2):  # and nothing keeps the lock
        with pytest.raises(LogError, match="not be finished: Read-only file system"):
            open_engine(tmp_path, Fixed())
    engine = open_engine(tmp_path)
    assert engine.writable
    assert engine.count(ENTRIES) == 5
    engine.close()


def test_what_is_not_surely_ready_does_not_take_its_place(tmp_path: Path) -> None:
    class Unsure(QuickFiles):
        def sync_folder(self, path: Path) -> None:
            if path.name == "restoring" and (path / "ready").exists():
                raise OSError(errno.EIO, "Input/output error")

    backup = damaged(tmp_path)
    engine = open_engine(tmp_path, Unsure())
    with pytest.raises(WriteFailedError, match="Input/output error"):
        restore(engine, backup)
    engine.close()
    engine = open_engine(tmp_path)
    assert engine.damage()
    assert engine.count(ENTRIES) == 4
    engine.close()


class Failing(QuickFiles):
    """Gives no part of a file that stays open, once it fails."""

    failing = False

    def read(self, path: Path) -> bytes:
        """Read what waits in the spool, so that the journal is asked for it."""
        return path.read_bytes()

    def read_at(self, fd: int, size: int, offset: int) -> bytes:
        if self.failing:
            raise OSError(errno.EIO, "Input/output error")
        return super().read_at(fd, size, offset)


def test_a_disk_that_fails_while_it_is_read_is_named_and_empties_nothing(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 5)
    engine = open_engine(tmp_path)
    engine.tidy()
    engine.close()
    files = Failing()
    store = EngineLogStore(open_engine(tmp_path, files))
    files.failing = True
    plant(tmp_path, 9)
    for does in (
        lambda: store.get(id_of(1)),
        store.undo,
        lambda: store.remove(id_of(1)),
        lambda: store.days(2026),
        lambda: store.names("tags"),
        lambda: store.resolve("0001"),
        lambda: store.find(Query(words=("entry",))).advance(),
    ):
        with pytest.raises(LogDamagedError, match="cannot be read: Input/output error"):
            does()
    assert any(store.refresh() for _ in range(LOOKS))
    (notice,) = store.notices()
    assert "can only be read: Input/output error" in notice.message
    files.failing = False
    assert store.get(id_of(1)).text == "Entry 1."
    # With the one that waits.
    assert len(store.engine.entries) == 6
    store.close()
    assert set(content_of(tmp_path)[ENTRIES]) == {id_of(n) for n in (1, 2, 3, 4, 5, 9)}
