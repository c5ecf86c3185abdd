"""Erasing and forgetting where the disk refuses, or keeps other than it was given."""

from __future__ import annotations

import errno
import gc
import json
import os
from typing import TYPE_CHECKING

import pytest

from companion.errors import LogDamagedError, LogError, WriteFailedError
from companion.storage import restoring, rewriting
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.check import check
from companion.storage.commits import Change
from companion.storage.compaction import compact
from companion.storage.erasing import PLAN, erase
from companion.storage.erasure import Erasure
from companion.storage.forgetting import Forgetting
from companion.storage.state import ENTRIES
from tests.disks import QuickFiles, WatchedFiles
from tests.erasing import NAME, SECRET, beside, holding, in_year, put, verified, years
from tests.logs import (
    content,
    content_of,
    fill,
    id_of,
    open_engine,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


KESTREL = "kestrel at noon"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a log."""
    return tmp_path / "home"


class Refusing(QuickFiles):
    """Makes, links, syncs and takes away nothing whose path is one to refuse."""

    def __init__(self) -> None:
        self.refuses: Callable[[str, Path], bool] = lambda _what, _path: False

    def _look(self, what: str, path: Path) -> None:
        if self.refuses(what, path):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def open_new(self, path: Path) -> int:
        self._look("new", path)
        return super().open_new(path)

    def new_folder(self, path: Path) -> None:
        self._look("folder", path)
        super().new_folder(path)

    def link(self, source: Path, target: Path) -> None:
        self._look("link", target)
        super().link(source, target)

    def remove(self, path: Path) -> None:
        self._look("remove", path)
        super().remove(path)

    def sync_folder(self, path: Path) -> None:
        self._look("sync", path)


class Lying(QuickFiles):
    """Writes other words than it was given into new files of some folders."""

    def __init__(self, within: str) -> None:
        self._within = within
        self._fds: set[int] = set()

    def open_new(self, path: Path) -> int:
        fd = super().open_new(path)
        if self._within in str(path) and path.suffix == ".log":
            self._fds.add(fd)
        return fd

    def close(self, fd: int) -> None:
        self._fds.discard(fd)
        super().close(fd)

    def write_some(self, fd: int, data: memoryview) -> int:
        if fd in self._fds:
            data = memoryview(bytes(data).replace(b"Four of", b"Fore of"))
        return super().write_some(fd, data)


class Shortening(QuickFiles):
    """Loses the last line of what is written into a new journal."""

    def __init__(self) -> None:
        self._fds: set[int] = set()

    def open_new(self, path: Path) -> int:
        fd = super().open_new(path)
        if restoring.FOLDER in path.parts and path.suffix == ".log":
            self._fds.add(fd)
        return fd

    def close(self, fd: int) -> None:
        self._fds.discard(fd)
        super().close(fd)

    def write_some(self, fd: int, data: memoryview) -> int:
        if fd in self._fds:
            super().write_some(fd, data[: bytes(data).rfind(b"\n", 0, -1) + 1])
            return len(data)
        return super().write_some(fd, data)


# The disk refuses, or does not keep what it was given


def test_without_room_for_the_plan_nothing_is_changed(home: Path) -> None:
    fill(home, 2)
    files = Refusing()
    engine = open_engine(home, files)
    files.refuses = lambda what, path: what == "new" and PLAN in path.name
    with pytest.raises(WriteFailedError, match=r"space left.*Nothing was changed"):
        erase(engine, Erasure([id_of(2)]))
    assert set(content(engine)[ENTRIES]) == {id_of(1), id_of(2)}
    engine.close()


def test_without_room_for_the_journal_nothing_is_left_to_go_on_with(
    home: Path,
) -> None:
    fill(home, 2)
    files = Refusing()
    engine = open_engine(home, files)
    files.refuses = lambda what, path: what == "new" and restoring.FOLDER in path.parts
    with pytest.raises(WriteFailedError, match="Nothing was changed"):
        erase(engine, Erasure([id_of(2)]))
    assert not (home / PLAN).exists()
    engine.close()
    assert set(content_of(home)[ENTRIES]) == {id_of(1), id_of(2)}


def test_a_journal_that_may_not_be_ready_for_sure_is_taken_back(home: Path) -> None:
    fill(home, 2)
    files = Refusing()
    engine = open_engine(home, files)
    ready = home / restoring.FOLDER / restoring.READY
    done: list[tuple[str, str]] = []

    def refuses(what: str, path: Path) -> bool:
        if done or (what == "sync" and path == ready.parent and ready.exists()):
            done.append((what, path.name))
        return 0 < len(done) <= 2

    files.refuses = refuses
    with pytest.raises(WriteFailedError, match="Nothing was changed"):
        erase(engine, Erasure([id_of(2)]))
    # Nothing of the new journal goes while it may still be said to be ready.
    assert done[:4] == [
        ("sync", restoring.FOLDER),
        ("remove", restoring.READY),
        ("remove", restoring.READY),
        ("sync", restoring.FOLDER),
    ]
    assert ("remove", restoring.READY) not in done[4:]
    assert not ready.parent.exists()
    assert not (home / PLAN).exists()
    assert erase(engine, Erasure([id_of(2)])).versions == 1
    engine.close()


@pytest.mark.parametrize("name", [NAME, ""])
def test_what_is_not_finished_is_told_at_each_opening_until_it_is(
    home: Path, name: str
) -> None:
    years(home)
    beside(home)
    files = Refusing()
    wish = Forgetting(name, "a friend") if name else Erasure([id_of(2)])
    engine = open_engine(home, files)
    files.refuses = lambda what, path: (what, path.parent.name) == ("remove", "drafts")
    with pytest.raises(WriteFailedError, match=r"not finished: No space"):
        erase(engine, wish)
    engine.close()
    assert json.loads((home / PLAN).read_bytes()) == wish.told()
    engine = open_engine(home, files)
    (notice,) = engine.notices
    assert "is not finished yet: No space left on device" in notice.message
    engine.close()
    files.refuses = lambda _what, _path: False
    engine = open_engine(home, files)
    (notice,) = engine.notices
    assert notice.message == "An erasing that was interrupted is finished now."
    assert notice.hint == ""
    assert not (home / PLAN).exists()
    assert holding(home, name or SECRET) == []
    if name:
        assert content(engine)["people"]["1"]["name"].startswith("a friend")
    engine.close()


def test_what_was_not_reached_is_told_when_it_goes_on(home: Path) -> None:
    fill(home, 2)
    (home / "backups").mkdir(mode=0o700)
    for name in ("mine.txt", "yours.txt"):
        (home / "backups" / name).write_text(f"see {id_of(2)}")
    (home / PLAN).write_text(json.dumps({"ids": [id_of(2)]}))
    engine = open_engine(home)
    (notice,) = engine.notices
    assert notice.hint == "Not reached: backups/mine.txt; backups/yours.txt."
    engine.close()


def test_a_journal_that_does_not_verify_is_not_put_in_place(home: Path) -> None:
    years(home)
    engine = open_engine(home, Lying(f"/{restoring.FOLDER}/"))
    former = content(engine)
    with pytest.raises(LogDamagedError, match="written does not verify"):
        erase(engine, Erasure([id_of(2)]))
    assert content(engine) == former
    engine.close()
    assert content_of(home) == former
    assert not (home / PLAN).exists()


def test_a_line_that_is_missing_is_noticed_where_it_changes_nothing(
    home: Path,
) -> None:
    fill(home, 2)
    put(home, 2, "Changed.")
    engine = open_engine(home, Shortening())
    with pytest.raises(LogDamagedError, match="its lines end with"):
        erase(engine, Erasure([id_of(2)]))
    engine.close()
    assert set(content_of(home)[ENTRIES]) == {id_of(1), id_of(2)}


def test_nothing_stays_open(home: Path) -> None:
    years(home)
    files = WatchedFiles()
    engine = open_engine(home, files)
    erase(engine, Erasure([id_of(2)]))
    compact(engine)
    engine.close()
    del engine  # a file of the index is closed when nobody needs it any more
    gc.collect()
    assert files.opened == set()


def test_how_far_it_is_goes_up_with_what_was_read(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    sizes = [one.mark.size for one in engine.journal.segments.values()]
    told: list[float] = []
    erase(engine, Erasure([id_of(2)]), lambda share, _what: told.append(share))
    half = [sum(sizes[:number]) / sum(sizes) / 2 for number in range(len(sizes))]
    assert told[: len(half) + 1] == pytest.approx([*half, 0.5])
    assert told[len(half) + 1 :] == [0, 0.25, 0.5, 0.75]
    engine.close()


def test_a_backup_that_was_being_moved_takes_its_place(home: Path) -> None:
    fill(home, 2)
    engine = open_engine(home)
    backups = Backups(home, engine.files)
    old, new = (backups.make(engine, BY_HAND).folder for _ in "12")
    engine.close()
    (new / "manifest").touch()
    plan = {"ids": [id_of(7)], "moving": [new.name, old.name]}
    (home / PLAN).write_text(json.dumps(plan))
    engine = open_engine(home)
    assert [one.name for one in backups.all()] == [old.name]
    assert (old / "manifest").exists()
    engine.close()


def test_a_backup_that_does_not_verify_leaves_the_former_one(home: Path) -> None:
    years(home)
    with in_year(2026):
        put(home, 4, "Four of now.")
    engine = open_engine(home, Lying(".part/"))
    before = verified(home, engine.files)
    with pytest.raises(LogDamagedError, match="written does not verify"):
        erase(engine, Erasure([id_of(2)]))
    engine.close()
    assert verified(home, QuickFiles()) == before
    assert not list((home / "backups").glob(".*.part"))
    engine = open_engine(home)
    assert "is finished now" in engine.notices[0].message
    engine.close()
    assert verified(home, QuickFiles()) == before
    assert holding(home, SECRET) == []


def test_a_disk_without_links_is_given_copies(home: Path) -> None:
    years(home)
    with in_year(2026):
        put(home, 9, KESTREL)
        engine = open_engine(home)
        made = Backups(home, engine.files).make(engine, BY_HAND).name
        engine.close()
    files = Refusing()
    engine = open_engine(home, files)
    files.refuses = lambda what, _path: what == "link"
    former = content(engine)
    assert erase(engine, Erasure([id_of(9)])).backups == (made,)
    del former[ENTRIES][id_of(9)]
    assert content(engine) == former
    assert holding(home, KESTREL) == []
    assert len(verified(home, files)) == 5
    engine.close()
    assert content_of(home) == former


def test_a_large_segment_is_written_bit_by_bit(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting, "_CHUNK", 300)
    fill(home, 9)
    engine = open_engine(home)
    erase(engine, Erasure([id_of(3)]))
    engine.close()
    assert set(content_of(home)[ENTRIES]) == {id_of(n) for n in range(1, 10) if n != 3}
    assert check(home).faults == ()


def test_a_log_that_is_only_read_is_not_written_anew(home: Path) -> None:
    fill(home, 2)
    engine = open_engine(home)
    engine.write_no_more()
    with pytest.raises(LogError, match="new journal is about to"):
        erase(engine, Erasure([id_of(2)]))
    engine.close()
    assert not (home / PLAN).exists()


class Unsynced(QuickFiles):
    """Does not say for sure that something is on the disk, once it fails."""

    failing = False

    def sync(self, fd: int) -> None:
        if self.failing:
            raise OSError(errno.EIO, "Input/output error")


def test_after_an_error_of_the_disk_nothing_is_written_anew(home: Path) -> None:
    fill(home, 2)
    files = Unsynced()
    engine = open_engine(home, files)
    files.failing = True
    with pytest.raises(WriteFailedError):
        engine.commit([Change(ENTRIES, id_of(1), None)], act="delete")
    files.failing = False
    with pytest.raises(LogError):
        erase(engine, Erasure([id_of(2)]))
    engine.close()
    assert not (home / PLAN).exists()
    assert id_of(2) in content_of(home)[ENTRIES]
