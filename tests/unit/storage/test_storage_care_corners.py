"""Seldom seen corners of backups, restores, checks and rescues."""

from __future__ import annotations

import errno
import json
from typing import TYPE_CHECKING, Any

import pytest

from companion.errors import (
    LogDamagedError,
    LogError,
    LogReadOnlyError,
    WriteFailedError,
)
from companion.storage import manifest as manifests
from companion.storage import restoring
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.check import check
from companion.storage.commits import Change, Header, encode_header
from companion.storage.keeper import HomeKeeper
from companion.storage.lines import START, make
from companion.storage.rescue import rescue
from companion.storage.restore import preview, restore
from companion.storage.state import ENTRIES
from tests.disks import FaultyFiles, QuickFiles
from tests.logs import content_of, document, fill, id_of, names, open_engine, segments

if TYPE_CHECKING:
    from pathlib import Path

    from companion.model.keeping import Backup


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    fill(home, 4)
    return home


@pytest.fixture
def kept(home: Path) -> Backup:
    engine = open_engine(home)
    try:
        return Backups(home, engine.files).make(engine, BY_HAND)
    finally:
        engine.close()


class Closed(QuickFiles):
    """Refuses to read files and folders of a name."""

    def __init__(self, *closed: str) -> None:
        self.closed = closed

    def _refuse(self, path: Path) -> None:
        if path.name in self.closed:
            raise PermissionError(errno.EACCES, "Permission denied")

    def read(self, path: Path) -> bytes:
        self._refuse(path)
        return super().read(path)

    def open_read(self, path: Path) -> int:
        self._refuse(path)
        return super().open_read(path)

    def names(self, path: Path) -> list[str]:
        self._refuse(path)
        return super().names(path)


def rotten(home: Path, what: bytes = b"Entry 2") -> None:
    path = segments(home)[-1]
    path.write_bytes(path.read_bytes().replace(what, what.swapcase()))


def add_line(home: Path, changes: list[Any]) -> None:
    """Add a line that verifies, whatever it says."""
    path = segments(home)[-1]
    data = path.read_bytes()
    number, _, digest, payload = data.splitlines()[-1].split(b" ", 3)
    said = json.loads(payload)
    said |= {"lamport": said["lamport"] + 1, "changes": changes}
    former = bytes.fromhex(digest.decode())
    path.write_bytes(data + make(int(number) + 1, former, json.dumps(said).encode())[0])


# Backups


@pytest.mark.parametrize("closed", ["manifest", "device"])
def test_a_backup_that_may_not_be_read_is_not_sound(
    home: Path, kept: Backup, closed: str
) -> None:
    with pytest.raises(LogDamagedError, match="Permission denied"):
        Backups(home, Closed(closed)).verified(kept.folder)


def test_a_segment_that_may_not_be_read_is_not_sound(home: Path, kept: Backup) -> None:
    closed = Closed(segments(home)[0].name)
    with pytest.raises(LogDamagedError, match="Permission denied"):
        Backups(home, closed).verified(kept.folder)


def test_pages_that_are_no_folder_are_noticed(home: Path, kept: Backup) -> None:
    (kept.folder / "pages").write_text("x")
    assert "no folder" in Backups(home, QuickFiles()).look(kept.folder).fault


def test_lines_that_verify_and_end_elsewhere_are_noticed(home: Path) -> None:
    data = segments(home)[0].read_bytes()
    fault = manifests.chain_fault(data, manifests.Extent(1, 1, "00", 1))
    assert fault == "it does not end where it should"
    known = manifests.Extent(1, 1, "00", 1)
    assert "do not verify" in manifests.chain_fault(data + b"x", known)


def test_what_is_written_over_while_it_is_copied_is_noticed(home: Path) -> None:
    class Forgetful(QuickFiles):
        def write(self, fd: int, data: bytes) -> None:
            super().write(
                fd, data.replace(b'"companion-backup"', b'"companion-copied"')
            )

    engine = open_engine(home)
    engine.files = Forgetful()
    with pytest.raises(LogDamagedError, match="does not verify"):
        Backups(home, engine.files).make(engine, BY_HAND)
    assert names(home / "backups") == ["lock"]
    engine.close()


def test_the_keeper_uses_the_log_that_is_open(home: Path) -> None:
    engine = open_engine(home)
    keeper = HomeKeeper(home, engine)
    made = keeper.back_up(None)
    engine.commit([Change(ENTRIES, id_of(1), None)], act="delete")
    assert keeper.preview(made.name, None).back == (id_of(1),)
    told: list[float] = []
    done = keeper.restore(
        made.name, lambda share, _what: told.append(share), exactly=False
    )
    assert done.back == 1
    assert 0 < told[-1] <= 1
    assert keeper.backups()[-1].name == made.name
    assert engine.document(ENTRIES, id_of(1)) == document(1)
    engine.close()


# Restores


def test_after_an_error_of_the_disk_nothing_is_brought_back(
    home: Path, kept: Backup
) -> None:
    files = FaultyFiles()
    engine = open_engine(home, files)
    files.arm(1, errno.EIO)
    with pytest.raises(WriteFailedError):
        engine.commit([Change(ENTRIES, id_of(1), None)])
    files.arm(0, 0)
    with pytest.raises(WriteFailedError, match="Input/output"):
        restore(engine, kept.folder)
    engine.close()


def test_a_folder_that_can_only_be_read_is_left_alone(home: Path, kept: Backup) -> None:
    class Fixed(QuickFiles):
        def open_append(self, path: Path) -> int:
            raise OSError(errno.EROFS, "Read-only file system")

    engine = open_engine(home, Fixed())
    with pytest.raises(LogReadOnlyError, match="Read-only"):
        restore(engine, kept.folder)
    assert "Read-only" in preview(engine, kept.folder).why_not
    engine.close()


def test_a_full_disk_in_the_middle_is_told_and_harms_nothing(
    home: Path, kept: Backup
) -> None:
    engine = open_engine(home)
    engine.commit([Change(ENTRIES, id_of(9), document(9))])
    engine.close()
    rotten(home)
    refused = 0
    for at in range(1, 60):
        files = FaultyFiles()
        engine = open_engine(home, files)
        assert engine.refused is not None
        files.arm(at, errno.ENOSPC, for_ever=True)
        try:
            restore(engine, kept.folder)
        except LogError as error:
            refused += "No space left" in error.message
        engine.close()
        files.end()
        after = open_engine(home)
        sound = after.refused is None
        after.close()
        if sound:
            break
    assert refused > 5
    expected = {id_of(number) for number in (1, 2, 3, 4, 9)}
    assert set(content_of(home)[ENTRIES]) == expected


def test_what_was_staged_wrongly_never_takes_the_place(
    home: Path, kept: Backup
) -> None:
    rotten(home)
    former = segments(home)[0].read_bytes()

    class Forgetful(QuickFiles):
        def write(self, fd: int, data: bytes) -> None:
            super().write(fd, data.replace(b"Entry 3", b"Entry 4"))

    engine = open_engine(home, Forgetful())
    with pytest.raises(LogDamagedError, match="does not verify"):
        restore(engine, kept.folder)
    engine.close()
    assert segments(home)[0].read_bytes() == former


def test_an_older_form_in_a_damaged_log_gives_way(home: Path) -> None:
    engine = open_engine(home)
    engine.commit([Change(ENTRIES, id_of(1), document(1, text="Later."))])
    kept = Backups(home, engine.files).make(engine, BY_HAND)
    engine.close()
    rotten(home, b"Later.")
    engine = open_engine(home)
    assert preview(engine, kept.folder).earlier == (id_of(1),)
    assert restore(engine, kept.folder).earlier == 1
    engine.close()
    assert content_of(home)[ENTRIES][id_of(1)] == document(1, text="Later.")


def test_a_journal_of_each_kind_is_set_aside(home: Path) -> None:
    for number, kind in enumerate(("link", "file", "none", "folder", "folder")):
        live = home / "journal"
        stage = restoring.begin(home, QuickFiles())
        (stage / "journal" / "2020.abc.log").write_text(str(number))
        live.rename(home.parent / f"was-{number}")
        if kind == "link":
            live.symlink_to(home.parent / "nowhere")
        elif kind == "file":
            live.write_text("x")
        elif kind == "folder":
            live.mkdir()
            (live / "x").write_text("x")
        restoring.declare_ready(home, QuickFiles(), aside="journal-x", head=False)
        aside = restoring.finish(home, QuickFiles())
        assert (aside is None) == (kind == "none")
        assert (live / "2020.abc.log").read_text() == str(number)
    assert names(home / "quarantine") == [
        "journal-x",
        "journal-x-2",
        "journal-x-3",
        "journal-x-4",
    ]


# Checks


def test_segments_of_two_logs_are_noticed(home: Path) -> None:
    header = Header("another", "elsewhere", "2020.abc", None, 0)
    payload = encode_header(header, time="2020-01-01T00:00:00+00:00")
    path = home / "journal" / "2020.abc.log"
    path.write_bytes(make(1, START, payload)[0])
    path.chmod(0o600)
    faults = check(home).faults
    assert any("not of one log" in fault for fault in faults)
    assert any("of the device elsewhere" in fault for fault in faults)


@pytest.mark.parametrize("closed", ["backups", "device", "manifest"])
def test_what_may_not_be_read_in_the_backups_is_told(
    home: Path, kept: Backup, closed: str
) -> None:
    faults = check(home, Closed(closed)).faults
    assert any(closed in fault for fault in faults)
    assert check(home).faults == ()
    assert kept.fault == ""


def test_a_head_mark_that_may_not_be_read_is_no_fault(home: Path) -> None:
    report = check(home, Closed("head"))
    assert report.faults == ()
    assert any("head mark" in remark for remark in report.remarks)


def test_what_is_taken_away_meanwhile_is_no_fault(home: Path, kept: Backup) -> None:
    """Another window lets go of a backup, and takes in what waited in the spool."""
    (home / "pools.json").write_text("{}")
    (home / "pools.json").chmod(0o600)

    class Vanishing(QuickFiles):
        def read(self, path: Path) -> bytes:
            if path.parent == kept.folder and path.name == "device":
                kept.folder.rename(home.parent / "gone")
            if path == home / "pools.json":
                path.unlink()
            return super().read(path)

        def is_file(self, path: Path) -> bool:
            found = super().is_file(path)
            if path == home / "device" and found and not hasattr(self, "once"):
                self.once = True
                path.rename(home.parent / "device")
            return found

    assert check(home, Vanishing()).faults == ()


# Rescues


def test_what_is_no_entry_is_kept_as_it_is(home: Path, tmp_path: Path) -> None:
    odd = {"id": id_of(50), "day": "2026-11-22", "answers": 5}
    add_line(home, [[ENTRIES, id_of(50), odd]])
    add_line(home, [[ENTRIES, id_of(51), {"id": id_of(51)}]])
    found = rescue(home, tmp_path / "safe", QuickFiles())
    assert (found.entries, found.raw) == (4, 2)
    assert names(tmp_path / "safe" / "raw" / "entries") == [
        "unreadable",
        "unreadable-2",
    ]


@pytest.mark.parametrize("closed", ["journal", "drafts", "spool"])
def test_a_folder_that_may_not_be_read_is_told(
    home: Path, kept: Backup, tmp_path: Path, closed: str
) -> None:
    (home / "drafts").mkdir()
    files = Closed(closed)  # a folder of a backup, too, may be closed
    found = rescue(home, tmp_path / "safe", files)
    assert any(closed in missed for missed in found.missed)
    if closed != "journal":
        assert found.entries == 4
        assert kept.name not in found.backups


def test_a_backup_that_is_not_sound_does_not_help(
    home: Path, kept: Backup, tmp_path: Path
) -> None:
    engine = open_engine(home)
    other = Backups(home, engine.files).make(engine, BY_HAND)
    engine.close()
    (kept.folder / "manifest").unlink()
    (other.folder / "device").write_text("otherdev\n")
    rotten(home)
    found = rescue(home, tmp_path / "safe", QuickFiles())
    assert found.backups == ()
    assert found.entries == 3


def test_a_large_log_is_written_bit_by_bit(home: Path, tmp_path: Path) -> None:
    engine = open_engine(home)
    for number in range(10, 14):
        one = document(number, text="wörd " * 80_000)
        engine.commit([Change(ENTRIES, id_of(number), one)])
    engine.close()
    told: list[str] = []
    found = rescue(
        home,
        tmp_path / "safe",
        QuickFiles(),
        progress=lambda _, what: told.append(what),
    )
    assert found.entries == 8
    assert told
    lines = (tmp_path / "safe" / "entries.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines][-1] == id_of(13)
