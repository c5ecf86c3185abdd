"""Ways through the log that are seldom taken."""

from __future__ import annotations

import errno
import gc
import json
import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from tinydb import where

from companion.errors import LogDamagedError, LogError
from companion.model.query import Query
from companion.storage import commits, migrations, surroundings
from companion.storage import loaded as loading
from companion.storage import manifest as manifests
from companion.storage.backup import Backups
from companion.storage.check import check
from companion.storage.commits import Change
from companion.storage.comparison import places
from companion.storage.copies import opened, opened_backup
from companion.storage.daily import why
from companion.storage.keeper import HomeKeeper
from companion.storage.lines import START, Line
from companion.storage.manifest import Extent, FileSum, Manifest
from companion.storage.partition import BadPartitionError, Partition
from companion.storage.readable import as_page
from companion.storage.rescue import rescue
from companion.storage.restoring import FOLDER, READY, finish
from companion.storage.rows import Sums, write
from companion.storage.state import ENTRIES
from companion.storage.store import EngineLogStore
from tests.disks import QuickFiles
from tests.logs import (
    content_of,
    database,
    document,
    entry,
    fill,
    id_of,
    open_engine,
    plant,
    segments,
)

if TYPE_CHECKING:
    from companion.model.keeping import Backup
    from companion.storage.engine import Engine


class Unseen(QuickFiles):
    """Cannot list the folders, or read the files, whose names are given."""

    def __init__(self, *names: str) -> None:
        self._unseen = names

    def names(self, path: Path) -> list[str]:
        if path.name in self._unseen:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return super().names(path)

    def open_read(self, path: Path) -> int:
        if path.name in self._unseen:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return super().open_read(path)


def backed_up(home: Path) -> Backup:
    fill(home, 2)
    return HomeKeeper(home).back_up(None)


def test_a_backup_needs_a_log(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no log yet"):
        HomeKeeper(tmp_path / "nothing").back_up(None)
    assert not (tmp_path / "nothing").exists()


def test_a_log_is_checked_through_its_keeper(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    report = HomeKeeper(tmp_path).check(None)
    assert (report.entries, list(report.faults)) == (2, [])


def test_what_is_no_segment_is_remarked_on_and_left(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    (tmp_path / "journal" / "notes.txt").write_text("mine")
    (tmp_path / "journal" / ".2026.log.part").write_text("")
    remarks = check(tmp_path, QuickFiles()).remarks
    assert [one for one in remarks if "notes.txt is not of the log" in one]
    assert not [one for one in remarks if ".part is not of the log" in one]


def test_a_backup_that_has_no_sound_manifest_is_named_by_the_check(
    tmp_path: Path,
) -> None:
    backup = backed_up(tmp_path)
    (backup.folder / "manifest").write_bytes(b"{}")
    faults = check(tmp_path, QuickFiles()).faults
    assert [one for one in faults if "manifest" in one]


def test_a_backup_that_cannot_be_listed_is_said_to_be_so(tmp_path: Path) -> None:
    backup = backed_up(tmp_path)
    manifest = manifests.read(backup.folder, QuickFiles())
    faults = list(manifests.quick_faults(backup.folder, manifest, Unseen("journal")))
    assert faults == ["it cannot be read: Permission denied"]


def test_pages_of_a_backup_that_are_no_folder_are_named(tmp_path: Path) -> None:
    backup = backed_up(tmp_path)
    manifest = manifests.read(backup.folder, QuickFiles())
    (backup.folder / "pages").write_text("")
    faults = list(manifests.faults(backup.folder, manifest, QuickFiles()))
    assert faults == ["its pages are no folder"]


def test_a_backup_found_faulty_at_a_look_is_not_read_on(tmp_path: Path) -> None:
    backup = backed_up(tmp_path)
    (backup.folder / "device").unlink()
    backups = Backups(tmp_path, QuickFiles())
    with pytest.raises(LogDamagedError, match="device is missing"):
        backups.verified(backup.folder)


def test_a_journal_that_cannot_be_read_is_no_copy(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    with (
        pytest.raises(LogDamagedError, match="cannot be read: Permission denied"),
        opened(tmp_path, Unseen("journal")),
    ):
        pytest.fail("it was read")


def test_why_a_disk_refused_is_said_without_a_path() -> None:
    assert why(OSError(errno.ENOSPC, "No space left", "/home/a")) == "No space left."
    assert why(OSError("odd")) == "odd."
    assert why(ValueError("half of a character")) == "half of a character."


def test_entries_in_the_index_and_above_it_are_compared_alike(engine: Engine) -> None:
    engine.commit([Change(ENTRIES, id_of(1), document(1))], act="write")
    engine.tidy()
    engine.commit([Change(ENTRIES, id_of(2), document(2))], act="write")
    found = dict(places(engine, ENTRIES))
    assert set(found) == {id_of(1), id_of(2)}
    assert all(
        place is not None and engine.read(place) == engine.document(ENTRIES, key)
        for key, place in found.items()
    )


def test_a_name_that_only_deleted_entries_had_is_not_offered(tmp_path: Path) -> None:
    with closing(open_engine(tmp_path)) as engine:
        for number, tags in ((1, ("rest",)), (2, ("rest", "walk")), (3, ("walk",))):
            one = document(number, tags=tags)
            engine.commit([Change(ENTRIES, id_of(number), one)], act="write")
        engine.tidy()
        store = EngineLogStore(engine)
        store.remove(id_of(1))
        assert set(store.names("tags")) == {"rest", "walk"}
        store.remove(id_of(2))
        assert set(store.names("tags")) == {"walk"}


def test_a_log_is_read_without_collecting_garbage_in_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, 5)
    monkeypatch.setattr(loading, "_ROUND", 2)
    for wanted in (True, False):
        told: list[float] = []
        collecting: list[bool] = []

        def tell(
            part: float,
            _what: str,
            told: list[float] = told,
            collecting: list[bool] = collecting,
        ) -> None:
            told.append(part)
            collecting.append(gc.isenabled())

        if not wanted:
            gc.disable()
        try:
            from companion.storage.engine import Engine  # noqa: PLC0415

            Engine(tmp_path, files=QuickFiles(), progress=tell).close()
            assert gc.isenabled() == wanted
        finally:
            gc.enable()
        assert len(told) == 3
        assert told == sorted(told)
        assert collecting == [wanted, False, False]


def test_a_file_that_goes_while_the_folder_is_walked_is_no_fault(
    tmp_path: Path,
) -> None:
    class Ghostly(QuickFiles):
        def names(self, path: Path) -> list[str]:
            found = super().names(path)
            return [*found, "ghost"] if path.name == "pages" else found

    fill(tmp_path, 1)
    (tmp_path / "pages").mkdir(mode=0o700)
    assert list(check(tmp_path, Ghostly()).faults) == []


def test_an_index_of_a_segment_that_was_touched_is_made_anew(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    with closing(open_engine(tmp_path)) as engine:
        engine.tidy()
    os.utime(segments(tmp_path)[0])
    with closing(open_engine(tmp_path)) as engine:
        assert set(engine.entries.above) == {id_of(1), id_of(2)}


def test_a_journal_that_cannot_be_looked_at_is_not_said_to_be_moved(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.commit([Change(ENTRIES, id_of(1), document(1))], act="write")

    def refuse(path: Path) -> os.stat_result:
        raise OSError(errno.EIO, "Input/output error", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "lstat", refuse)
        with pytest.raises(LogError, match="Input/output error"):
            engine.commit([Change(ENTRIES, id_of(2), document(2))], act="write")
    engine.commit([Change(ENTRIES, id_of(2), document(2))], act="write")
    assert engine.count(ENTRIES) == 2


@pytest.mark.parametrize(("name", "known"), [("2026-11-20T0915", True), ("x", False)])
def test_backups_tell_that_there_was_a_journal(
    tmp_path: Path, name: str, *, known: bool
) -> None:
    (tmp_path / "backups" / name).mkdir(parents=True)
    with closing(open_engine(tmp_path)) as engine:
        said = [one.message for one in engine.notices if "was one here" in one.message]
        assert bool(said) == known
        assert engine.writable != known


def test_a_second_window_is_not_told_what_the_first_may_be_mending(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 2)
    (path,) = segments(tmp_path)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    with closing(open_engine(tmp_path)) as first:
        assert any("ends 1 line before" in one.message for one in first.notices)
        with closing(open_engine(tmp_path)) as second:
            assert second.is_guest
            assert not any("ends" in one.message for one in second.notices)


def test_an_entry_without_words_of_its_own_is_a_page_all_the_same() -> None:
    page = as_page(document(1, text="", tags=("rest",)))
    assert "rest" in page
    assert "    " not in page


@pytest.mark.parametrize("rows", [-1, 9, 10**12])
def test_a_year_of_the_index_with_impossible_rows_is_not_read(
    tmp_path: Path, rows: int
) -> None:
    path = tmp_path / "2026-1.part"
    sums = write(path, [], ["2026.a1b2"], {}, QuickFiles())
    data = path.read_bytes().replace(b'"rows": 0', f'"rows": {rows}'.encode())
    path.write_bytes(data)
    changed = Sums(len(data), sums.head, sums.whole)
    with pytest.raises(BadPartitionError, match="not whole"):
        Partition(path, changed, ["2026.a1b2"], QuickFiles())


def test_a_year_of_the_index_that_says_it_goes_on_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "2026-1.part"
    sums = write(path, [], ["2026.a1b2"], {}, QuickFiles())
    path.write_bytes(path.read_bytes() + b"more")
    longer = Sums(sums.size + 4, sums.head, sums.whole)
    with pytest.raises(BadPartitionError, match="not whole"):
        Partition(path, longer, ["2026.a1b2"], QuickFiles())


def test_a_plan_is_finished_where_the_journal_is_in_place_already(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 2)
    before = content_of(tmp_path)
    stage = tmp_path / FOLDER
    stage.mkdir()
    (stage / READY).write_text(json.dumps({"aside": "journal-1", "head": True}))
    assert finish(tmp_path, QuickFiles()) is None
    assert content_of(tmp_path) == before
    assert not stage.exists()


def test_a_store_says_what_is_wrong_and_can_be_opened_again(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    store = EngineLogStore(open_engine(tmp_path))
    assert not store.is_guest
    assert list(store.troubles()) == []
    (path,) = segments(tmp_path)
    path.rename(tmp_path / "elsewhere")
    with pytest.raises(LogError):
        store.add(entry(3))
    assert all(one.grave for one in store.troubles())
    assert len(store.troubles()) == 1
    (tmp_path / "elsewhere").rename(path)
    told: list[float] = []
    store.reopen(lambda part, _: told.append(part))
    assert list(store.troubles()) == []
    assert len(store.find(Query())) == 2
    store.add(entry(3))
    store.close()
    assert len(content_of(tmp_path)[ENTRIES]) == 3


def test_nobody_at_home_has_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    assert surroundings._own_folder() is None


def test_a_document_that_goes_meanwhile_is_not_given(engine: Engine) -> None:
    table = database(engine).table(ENTRIES)
    for number in (1, 2, 3):
        table.insert(document(number))
    found: list[str] = []
    for one in table:
        found.append(str(one["id"]))
        if len(found) == 1:
            table.remove(where("id") == id_of(2))
    assert found == [id_of(1), id_of(3)]


def test_a_closed_year_that_was_put_aside_is_copied_and_not_linked(
    tmp_path: Path,
) -> None:
    with time_machine.travel(datetime(2025, 12, 30, tzinfo=UTC), tick=False):
        fill(tmp_path, 1)
    with time_machine.travel(datetime(2026, 1, 2, tzinfo=UTC), tick=False):
        fill(tmp_path, 1, first=2)
        with closing(open_engine(tmp_path)) as engine:
            older = segments(tmp_path)[0]
            data = older.read_bytes()
            older.unlink()
            older.write_bytes(data)
            backup = HomeKeeper(tmp_path, engine).back_up(None)
            kept = backup.folder / "journal" / older.name
            assert kept.read_bytes() == data
            assert kept.stat().st_nlink == 1


def test_names_a_manifest_cannot_give_are_refused() -> None:
    sums = {"device": FileSum(1, 1)}
    extents = {"2026.a1b2": Extent(1, 1, "", 1)}
    made = Manifest(made="", log="", entries=0, segments=extents, files=sums)
    assert manifests.decode(manifests.encode(made)) == made
    assert not manifests.is_small_name("pages/\ud800")
    assert not manifests.is_small_name("pages/a\0b")
    assert manifests.is_small_name("pages/\udcff")


def test_a_capture_that_is_in_the_journal_too_is_rescued_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fill(home, 1)
    plant(home, 1, text="Said again.")
    plant(home, 2)
    assert rescue(home, tmp_path / "to", QuickFiles()).entries == 2
    assert "Said again." not in (tmp_path / "to" / "entries.jsonl").read_text()


def test_what_goes_bad_while_it_is_rescued_is_counted_as_missed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fill(home, 3)
    (path,) = segments(home)

    class Spoiling(QuickFiles):
        """Changes the journal once it was read."""

        def names(self, path: Path) -> list[str]:
            if path.name == "spool":
                spoil(b"Entry 2.")
            return super().names(path)

    def spoil(words: bytes) -> None:
        path.write_bytes(path.read_bytes().replace(words, b"x" * len(words)))

    def tell(_share: float, what: str) -> None:
        if what == "Writing the entries":
            spoil(b"Entry 3.")

    rescue(home, tmp_path / "to", Spoiling(), progress=tell)
    kept = (tmp_path / "to" / "entries.jsonl").read_text()
    assert [n for n in (1, 2, 3) if f"Entry {n}." in kept] == [1]


def test_a_backup_whose_lines_do_not_follow_each_other_is_not_read(
    tmp_path: Path,
) -> None:
    backup = backed_up(tmp_path)
    files = QuickFiles()
    manifest = manifests.read(backup.folder, files)
    other = replace(manifest, segments={"2020.a1b2": Extent(1, 1, "", 1)})
    with (
        pytest.raises(LogDamagedError, match="do not follow"),
        opened_backup(backup, other, files, None),
    ):
        pytest.fail("it was read")
    told: list[float] = []
    with opened_backup(backup, manifest, files, lambda part, _: told.append(part)):
        assert 0 < told[0] < told[-1] <= 1


def test_a_commit_of_an_earlier_format_is_lifted_step_by_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = {
        -1: lambda data: data | {"act": data["did"]},
        0: lambda data: data | {"changes": data["made"]},
    }
    monkeypatch.setattr(migrations, "STEPS", steps)
    payload = b'{"device":"a","lamport":1,"time":"","did":"write","made":[]}'
    line = Line(1, START, payload)
    where = ("2026.a1b2", 0)
    found = commits.decode_commit(payload, line, payload, where, version=-1)
    assert (found.act, found.changes) == ("write", [])


def test_the_head_mark_is_always_as_long(engine: Engine) -> None:
    for number in range(1, 12):
        one = document(number)
        engine.commit([Change(ENTRIES, id_of(number), one)], act="write")
        mark = (engine.home / "head").read_bytes()
        assert (len(mark), mark[-1:], mark.count(b"\n")) == (80, b"\n", 1)
        assert mark.startswith(b"%d " % (number + 1))
