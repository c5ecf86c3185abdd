"""Checking: every fault is found and told, and nothing is changed."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from companion.ports import Draft
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.check import check
from companion.storage.commits import Change
from companion.storage.lines import make
from companion.storage.small import DraftFiles, PoolFile
from companion.storage.state import ENTRIES
from tests.disks import WatchedFiles
from tests.logs import document, fill, id_of, open_engine, plant, segments

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A log of two years with all there can be in it, and two backups."""
    home = tmp_path / "home"
    with time_machine.travel(datetime(2025, 6, 1, tzinfo=UTC), tick=False):
        fill(home, 3)
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        fill(home, 3, first=10)
        (home / "pages").mkdir(mode=0o700)
        (home / "pages" / "help.md").write_text("Ä. 030 1234")
        (home / "pages" / "help.md").chmod(0o600)
        PoolFile(home).note("morning", ("a",))
        engine = open_engine(home)
        engine.commit([Change("people", "1", {"name": "A."})])
        Backups(home, engine.files).make(engine, BY_HAND)
        engine.tidy()
        engine.commit([Change(ENTRIES, id_of(20), document(20))], act="write")
        Backups(home, engine.files).make(engine, BY_HAND)
        engine.close()
    plant(home, 30).chmod(0o600)
    draft = Draft(id=id_of(40), saved=datetime.now(UTC), state={"text": "a"})
    DraftFiles(home).save(draft)
    return home


def everything(home: Path) -> dict[str, Any]:
    return {
        str(path.relative_to(home)): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.lstat().st_ino,
            path.is_file() and path.read_bytes(),
        )
        for path in (home, *home.rglob("*"))
    }


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_a_sound_log_is_sound_and_stays_as_it_is(home: Path) -> None:
    former = everything(home)
    files = WatchedFiles()
    told: list[tuple[float, str]] = []
    report = check(home, files, progress=lambda share, what: told.append((share, what)))
    assert report.faults == ()
    assert report.remarks == ()
    assert (report.segments, report.commits, report.entries) == (2, 8, 7)
    assert report.backups == 2
    assert report.size > sum(path.stat().st_size for path in segments(home)) * 2
    assert everything(home) == former
    assert files.steps == []
    assert files.opened == set()
    assert told
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert 0 < told[-1][0] <= 1


def test_where_there_is_no_log_none_is_made(tmp_path: Path) -> None:
    report = check(tmp_path / "home")
    assert report.faults == ()
    assert "no log" in report.remarks[0]
    assert not (tmp_path / "home").exists()


def test_no_lock_is_taken(home: Path) -> None:
    (home / "lock").unlink()
    assert check(home).faults == ()
    assert not (home / "lock").exists()
    writer = open_engine(home)
    assert check(home).faults == ()
    assert writer.writable
    writer.close()


def test_every_byte_of_the_journal_counts(home: Path) -> None:
    for path in segments(home):
        sound = path.read_bytes()
        for at in range(0, len(sound), 7):
            flip(path, at)
            report = check(home)
            assert any(path.name in fault for fault in report.faults), at
            path.write_bytes(sound)
    assert check(home).faults == ()


def test_it_goes_on_after_a_fault_and_lists_all(home: Path) -> None:
    old, new = segments(home)
    flip(old, 300)
    flip(new, 300)
    flip(home / "spool" / f"{id_of(30)}.json", 2)
    flip(home / "drafts" / f"{id_of(40)}.draft", 2)
    (home / "pages" / "help.md").write_bytes(b"\xff")
    (home / "pools.json").write_text("[")
    (home / "device").write_text("?")
    newest = min((home / "backups").iterdir())
    flip(newest / "manifest", 10)
    report = check(home)
    for word in (
        f"journal/{old.name}: ",
        f"journal/{new.name}: ",
        f"spool/{id_of(30)}.json is not",
        f"drafts/{id_of(40)}.draft is not",
        "pages/help.md is not",
        "pools.json is not",
        "device is not",
        f"The backup {newest.name} is not sound",
    ):
        assert any(fault.startswith(word) for fault in report.faults), word
    assert report.segments == 2
    assert 3 < report.commits < 8


@pytest.mark.parametrize("number", [0, 1])
def test_a_segment_that_is_gone_is_noticed(home: Path, number: int) -> None:
    segments(home)[number].unlink()
    assert any("is gone" in fault for fault in check(home).faults)


def test_a_journal_that_is_gone_is_noticed(home: Path) -> None:
    for path in segments(home):
        path.unlink()
    assert any("The journal is gone" in fault for fault in check(home).faults)


def test_lines_cut_off_at_the_edge_are_noticed(home: Path) -> None:
    path = segments(home)[-1]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))
    assert any("ends 2 lines before" in fault for fault in check(home).faults)


def test_a_torn_end_is_told_as_what_it_is(home: Path) -> None:
    path = segments(home)[-1]
    path.write_bytes(path.read_bytes() + b"9 12 ab")
    (fault,) = check(home).faults
    assert "power cut" in fault


def test_lines_written_meanwhile_are_no_fault(home: Path) -> None:
    """The head mark is read after the journal, and another window writes between."""
    writer = open_engine(home)

    class Late(WatchedFiles):
        wrote = 0

        def read(self, path: Path) -> bytes:
            if path.name == "head":
                # The first look is before the journal is read, the second after.
                self.wrote += 1
                if self.wrote == 2:
                    writer.commit([Change(ENTRIES, id_of(60), document(60))])
            return super().read(path)

    report = check(home, Late())
    assert report.faults == ()
    assert report.commits == 10  # with what waited in the spool
    writer.close()


def with_line(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    """Return what adds a line that verifies and says something of no sense."""

    def add(path: Path) -> None:
        data = path.read_bytes()
        number, _, digest, payload = data.splitlines()[-1].split(b" ", 3)
        said = json.loads(payload)
        said["lamport"] += 1
        change(said)
        former = bytes.fromhex(digest.decode())
        line, _ = make(int(number) + 1, former, json.dumps(said).encode())
        path.write_bytes(data + line)

    return add


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda said: said.update(lamport=1), "out of order"),
        (lambda said: said["changes"][0].__setitem__(1, id_of(99)), "is no entry"),
        (lambda said: said["changes"][0][2].update(at="never"), "is no entry"),
    ],
)
def test_what_verifies_and_makes_no_sense_is_noticed(
    home: Path, change: Callable[[dict[str, Any]], None], word: str
) -> None:
    with_line(change)(segments(home)[-1])
    assert any(word in fault for fault in check(home).faults)


def test_a_backup_is_read_to_its_last_byte(home: Path) -> None:
    for backup in sorted(
        path for path in (home / "backups").iterdir() if path.is_dir()
    ):
        for path in sorted(backup.rglob("*")):
            if path.is_file() and path.stat().st_nlink == 1:
                flip(path, path.stat().st_size // 2)
                faults = check(home).faults
                assert any(backup.name in fault for fault in faults), path
                flip(path, path.stat().st_size // 2)
    assert check(home).faults == ()


def test_rights_of_others_are_told(home: Path) -> None:
    (home / "journal").chmod(0o755)
    segments(home)[0].chmod(0o644)
    home.chmod(0o777)
    report = check(home)
    for name in ("journal ", f"journal/{segments(home)[0].name} ", str(home)):
        assert any(
            "Other accounts" in fault and name in f"{fault} " for fault in report.faults
        ), name


def test_the_folder_itself_may_be_one_the_person_made(home: Path) -> None:
    home.chmod(0o755)
    assert check(home).faults == ()


def test_links_are_told_and_not_followed(home: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\xff")
    (home / "pages" / "link.md").symlink_to(tmp_path / "secret")
    os.mkfifo(home / "spool" / "pipe.json", 0o600)
    report = check(home)
    assert sorted(report.faults) == [
        "pages/link.md is a link or no plain file; it is not read.",
        "spool/pipe.json is a link or no plain file; it is not read.",
    ]


def test_what_is_left_over_is_a_remark(home: Path) -> None:
    (home / "spool" / ".x.part").touch(mode=0o600)
    (home / "index" / "state").write_text("0\n{}")
    (home / "index" / "state").chmod(0o600)
    (home / "quarantine").mkdir(mode=0o700)
    (home / "quarantine" / "piece").touch(mode=0o600)
    (home / "notes.txt").write_text("mine")
    (home / "head").write_text("?")
    (home / "restoring").mkdir(mode=0o700)
    (home / "restoring" / "ready").touch(mode=0o600)
    report = check(home)
    assert report.faults == ()
    for word in (
        "spool/.x.part",
        "index",
        "quarantine",
        "notes.txt",
        "head mark",
        "brought back",
    ):
        assert any(word in remark for remark in report.remarks), word


def test_a_file_that_may_not_be_read_is_told(home: Path) -> None:
    class Closed(WatchedFiles):
        def read(self, path: Path) -> bytes:
            if path.name == "pools.json" and path.parent == home:
                raise PermissionError(13, "Permission denied")
            return super().read(path)

        def names(self, path: Path) -> list[str]:
            if path.name == "drafts":
                raise PermissionError(13, "Permission denied")
            return super().names(path)

    faults = check(home, Closed()).faults
    assert "pools.json cannot be read: Permission denied." in faults
    assert "drafts cannot be read: Permission denied." in faults


def test_a_journal_that_may_not_be_read_is_told(home: Path) -> None:
    class Closed(WatchedFiles):
        def open_read(self, path: Path) -> int:
            if path.parent == home / "journal":
                raise PermissionError(13, "Permission denied")
            return super().open_read(path)

    faults = check(home, Closed()).faults
    assert "The journal cannot be read: Permission denied." in faults
