"""Erasing and forgetting: what lies about, what is compared, what no name is in."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import pytest

from companion.errors import LogDamagedError
from companion.storage import manifest as manifests
from companion.storage import restoring, scan
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.check import check
from companion.storage.commits import Change
from companion.storage.copies import opened
from companion.storage.entries import record_of
from companion.storage.eraser import HomeEraser
from companion.storage.erasing import erase
from companion.storage.erasing_backups import finish_moving
from companion.storage.erasure import Erasure
from companion.storage.files import Files
from companion.storage.forgetting import Forgetting
from companion.storage.history import mentions
from companion.storage.rewriting import lines_with
from companion.storage.same import differences
from companion.storage.state import ENTRIES
from tests.disks import QuickFiles
from tests.erasing import SECRET, holding, in_year, put, verified, years
from tests.logs import (
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


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a log."""
    return tmp_path / "home"


def test_a_journal_set_aside_goes_though_the_present_one_does_not_hold_it(
    home: Path,
) -> None:
    fill(home, 2)
    former = home / restoring.FORMER / "journal"
    former.mkdir(parents=True)
    (former / "2025.ab.log").write_text(f'1 ["entries","{id_of(7)}"]\n')
    engine = open_engine(home)
    assert erase(engine, Erasure([id_of(7)])).missed == ()
    engine.close()
    assert not former.parent.exists()


def test_links_are_not_followed_and_folders_are_left(home: Path) -> None:
    fill(home, 2)
    outside = home.parent / "outside"
    outside.write_text(f"see {id_of(2)}")
    for name in ("drafts", "quarantine"):
        (home / name).mkdir()
        (home / name / "link").symlink_to(outside)
    (home / "drafts" / "folder").mkdir()
    engine = open_engine(home)
    done = erase(engine, Erasure([id_of(2)]))
    engine.close()
    assert (done.drafts, done.pieces, done.missed) == (0, 0, ())
    assert outside.read_text() == f"see {id_of(2)}"
    assert (home / "drafts" / "link").is_symlink()
    assert (home / "quarantine" / "link").is_symlink()


def test_a_backup_without_a_manifest_is_named(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    backup = Backups(home, engine.files).all()[0]
    (backup.folder / manifests.NAME).unlink()
    done = erase(engine, Erasure([id_of(2)]))
    assert len(done.backups) == 3
    assert any(backup.name in one and "cannot be used" in one for one in done.missed)
    engine.close()


def test_the_name_of_a_new_backup_is_a_free_one(home: Path) -> None:
    with in_year(2025):
        fill(home, 2)
        engine = open_engine(home)
        made = [Backups(home, engine.files).make(engine, BY_HAND).name for _ in "12"]
        engine.close()
    assert made[1] == f"{made[0]}-2"
    engine = open_engine(home)
    assert set(erase(engine, Erasure([id_of(2)])).backups) == set(made)
    assert sorted(verified(home, engine.files)) == made
    assert [one.entries for one in Backups(home, engine.files).all()] == [1, 1]
    engine.close()
    assert [name for name in names(home / "backups") if name != "lock"] == made


def test_what_was_left_of_a_former_move_gives_way(tmp_path: Path) -> None:
    for name in ("new", "old", ".old.part"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "which").write_text(name)
    finish_moving(tmp_path, ("new", "old"), QuickFiles())
    assert names(tmp_path) == ["old"]
    assert (tmp_path / "old" / "which").read_text() == "new"


def test_a_backup_that_has_it_alone_is_reached(home: Path) -> None:
    other = home.parent / "other"
    fill(other, 1, first=7)
    engine = open_engine(other)
    kept = Backups(other, engine.files).make(engine, BY_HAND).folder
    engine.close()
    fill(home, 2)
    (home / "backups").mkdir(mode=0o700)
    kept.rename(home / "backups" / kept.name)
    eraser = HomeEraser(home)
    assert eraser.erasable([id_of(7)]).backups == (kept.name,)
    assert eraser.erase([id_of(7)], None).backups == (kept.name,)
    assert holding(home, "Entry 7.") == []


def test_of_entries_written_at_once_only_one_is_counted_as_gone(home: Path) -> None:
    fill(home, 1)
    engine = open_engine(home)
    engine.commit(
        [Change(ENTRIES, id_of(n), document(n)) for n in (2, 3)], act="restore"
    )
    backups = Backups(home, engine.files)
    backups.make(engine, BY_HAND)
    assert erase(engine, Erasure([id_of(2)])).versions == 1
    (backup,) = backups.all()
    assert (backup.entries, backup.fault) == (2, "")
    engine.close()


def test_entries_emptied_at_once_are_not_counted_as_gone(home: Path) -> None:
    fill(home, 3)
    engine = open_engine(home)
    engine.commit([Change(ENTRIES, None, None)])
    engine.commit([Change(ENTRIES, id_of(1), document(1))], act="write")
    backups = Backups(home, engine.files)
    backups.make(engine, BY_HAND)
    erase(engine, Erasure([id_of(2)]))
    (backup,) = backups.all()
    assert (backup.entries, backup.fault) == (1, "")
    erase(engine, Erasure([id_of(1)]))
    (backup,) = backups.all()
    assert (backup.entries, backup.fault) == (0, "")
    engine.close()


def test_versions_written_at_once_are_counted_each(home: Path) -> None:
    fill(home, 1)
    engine = open_engine(home)
    changes = [Change(ENTRIES, id_of(n), document(n, text="Anna.")) for n in (2, 3)]
    engine.commit([*changes, Change(ENTRIES, id_of(4), document(4))], act="restore")
    assert erase(engine, Forgetting("Anna", "someone")).versions == 2
    engine.close()


def test_a_name_within_another_word_is_told_to_be_nowhere(home: Path) -> None:
    put(home, 1, "Annas and Hanna.")
    found = HomeEraser(home).forgettable("Anna", "someone")
    assert (found.versions, found.listed, found.worded) == (0, (), ())
    put(home, 1, "Annas, Hanna and Anna.")
    found = HomeEraser(home).forgettable("Anna", "someone")
    assert (found.versions, found.listed, found.worded) == (1, (), (id_of(1),))


def test_a_list_that_is_no_persons_words_stays() -> None:
    forgetting = Forgetting("Anna", "someone")
    assert forgetting.document("other", {"id": ["Anna"], "words": ["Anna"]}) == {
        "id": ["Anna"],
        "words": ["someone"],
    }


# What is compared, and found


def test_in_what_a_new_journal_differs_is_said(home: Path) -> None:
    other = home.parent / "other"
    for folder, number, people in (
        (home, 2, {"1": "A"}),
        (other, 3, {"1": "B", "2": "C"}),
    ):
        fill(folder, 1)
        put(folder, number, "Words.")
        engine = open_engine(folder)
        for key, name in people.items():
            engine.commit([Change("people", key, {"name": name})])
        engine.close()
    engine = open_engine(home)
    with opened(other, engine.files) as copy:
        assert list(differences(engine, copy, Erasure([id_of(9)]))) == [
            f"the entry {id_of(2)} is not what it is to be",
            f"the entry {id_of(3)} was gone",
            "the document 1 of people is not what it is to be",
            "the document 2 of people was gone",
        ]
    engine.close()


def test_what_waits_in_the_spool_is_no_difference(home: Path) -> None:
    fill(home, 2)
    engine, guest = open_engine(home), open_engine(home)
    plant(home, 3)
    guest.refresh()
    assert guest.has(ENTRIES, id_of(3))
    with opened(home, engine.files) as copy:
        assert list(differences(guest, copy, Erasure([id_of(9)]))) == []
    engine.close()
    guest.close()


def test_a_line_that_does_not_end_is_found_once() -> None:
    assert lines_with(b"head x\n1 x x\n2 y\n3 x", [b"x"]) == {7, 17}


def test_the_first_line_of_a_segment_mentions_no_entry(home: Path) -> None:
    fill(home, 2)
    engine = open_engine(home)
    log_id = engine.journal.log_id
    assert f'"{log_id}"'.encode() in segments(home)[0].read_bytes()
    assert list(mentions(engine.journal, engine.files, log_id)) == []
    assert len(list(mentions(engine.journal, engine.files, id_of(2)))) == 1
    engine.close()


def test_a_first_line_that_was_changed_since_is_named(home: Path) -> None:
    fill(home, 2)
    engine = open_engine(home)
    engine.tidy()
    engine.close()
    engine = open_engine(home)
    path = segments(home)[0]
    data = path.read_bytes()
    with path.open("r+b") as file:
        file.write(data.replace(b'"version":1', b'"version":7', 1))
    with pytest.raises(LogDamagedError, match=path.name):
        engine.undo()
    engine.close()


def test_a_file_that_went_is_not_the_same(tmp_path: Path) -> None:
    files = Files()
    path = tmp_path / "file"
    fd = files.open_new(path)
    assert files.is_same(fd, path)
    path.unlink()
    assert not files.is_same(fd, path)
    files.close(fd)


def test_of_a_backup_without_a_journal_nothing_else_is_said(home: Path) -> None:
    years(home)
    files = QuickFiles()
    folder = Backups(home, files).all()[0].folder
    manifest = manifests.read(folder, files)
    assert list(manifests.quick_faults(folder, manifest, files)) == []
    (folder / "journal").rename(folder / "journal-1")
    faults = list(manifests.quick_faults(folder, manifest, files))
    assert faults == ["its journal is no folder"]


class Once(QuickFiles):
    """Can read the manifest of a backup once, and then no more."""

    def __init__(self) -> None:
        self._read = False

    def read(self, path: Path) -> bytes:
        if path.name == manifests.NAME:
            if self._read:
                raise PermissionError(13, "Permission denied")
            self._read = True
        return super().read(path)


def test_a_backup_that_cannot_be_read_any_more_is_not_sound(home: Path) -> None:
    with in_year(2026):
        put(home, 1, SECRET)
        engine = open_engine(home)
        name = Backups(home, engine.files).make(engine, BY_HAND).name
        engine.close()
    found = check(home, files=Once())
    assert (found.backups, len(found.faults)) == (0, 1)
    assert found.faults[0].startswith(f"The backup {name} is not sound: ")
    assert "Permission denied" in found.faults[0]
    assert check(home).faults == ()


@pytest.mark.parametrize("sought", [b"x", b"xy", b"y\0", b"none"])
@pytest.mark.parametrize("has_libc", [True, False])
def test_each_way_through_records_finds_the_same(
    monkeypatch: pytest.MonkeyPatch, sought: bytes, *, has_libc: bool
) -> None:
    records = [b"axy", b"b", b"xyxy", b"", b"cxy\0d", b"x"]
    starts = array("I", [40])
    for record in records:
        starts.append(starts[-1] + len(record))
    if not has_libc:
        monkeypatch.setattr(scan, "_libc", lambda _name: None)
    expected = [number for number, one in enumerate(records, 5) if sought in one]
    data, view = b"".join(records), memoryview(starts)
    assert scan.hop(data, sought, view, 5) == expected
    assert scan.comb(data, sought, view, 5) == expected


def test_what_is_no_entry_is_not_held_unless_it_is_known_to_be_one() -> None:
    bad = document(1) | {"tags": 5}
    with pytest.raises(ValueError, match="makes no sense"):
        record_of(id_of(1), bad, None)
    assert record_of(id_of(1), bad, None, checked=True).document == bad
