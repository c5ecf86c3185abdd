"""Quick captures wait in the spool and are taken in exactly once."""

from __future__ import annotations

import errno
import json
import os
from typing import TYPE_CHECKING

import pytest

from companion.capture import put_in_spool, spell
from companion.errors import WriteFailedError
from companion.storage.commits import Change
from companion.storage.engine import Engine
from companion.storage.spool import Spool
from companion.storage.state import ENTRIES
from tests.disks import FaultyFiles, QuickFiles, StoppedError, StoppingFiles
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


def test_a_quick_capture_is_in_the_log_when_it_is_opened(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    put_in_spool(
        str(tmp_path),
        id_of(2),
        spell({"id": id_of(2), "at": "2026-11-22T10:00:00+01:00", "day": "2026-11-22"}),
    )
    engine = open_engine(tmp_path)
    found = engine.document(ENTRIES, id_of(2))
    engine.close()
    assert found == {
        "id": id_of(2),
        "at": "2026-11-22T10:00:00+01:00",
        "day": "2026-11-22",
    }
    assert names(tmp_path / "spool") == []
    assert set(content_of(tmp_path)[ENTRIES]) == {id_of(1), id_of(2)}


def test_an_open_log_takes_in_what_comes(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    assert not engine.refresh()
    for number in range(1, 6):
        plant(tmp_path, number)
        assert engine.refresh()
        assert engine.count(ENTRIES) == number
    engine.refresh()
    assert not engine.refresh()
    engine.close()


def test_captures_within_one_tick_of_the_clock_are_all_seen(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    plant(tmp_path, 1)
    engine.refresh()
    seen = (tmp_path / "spool").stat()
    plant(tmp_path, 2)
    os.utime(tmp_path / "spool", ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert engine.refresh()
    assert engine.count(ENTRIES) == 2
    engine.close()


def test_what_is_taken_in_can_be_taken_back(tmp_path: Path) -> None:
    plant(tmp_path, 1)
    engine = open_engine(tmp_path)
    act, made, back = engine.undo()
    assert act == "write"
    assert made == [Change(ENTRIES, id_of(1), document(1))]
    assert back == [Change(ENTRIES, id_of(1), None)]
    assert engine.count(ENTRIES) == 0
    engine.close()
    assert content_of(tmp_path) == {}


@pytest.mark.parametrize("steps", range(40))
def test_each_is_taken_in_once_wherever_the_process_ends(
    tmp_path: Path, steps: int
) -> None:
    fill(tmp_path, 1)
    plant(tmp_path, 2)
    plant(tmp_path, 3)
    files = StoppingFiles()
    files.stop_after(steps=steps)
    try:
        engine = Engine(tmp_path, files=files)
    except StoppedError:
        pass
    else:
        engine.close()
    files.end()
    assert set(content_of(tmp_path)[ENTRIES]) == {id_of(n) for n in (1, 2, 3)}
    assert names(tmp_path / "spool") == []
    journal = b"".join(path.read_bytes() for path in segments(tmp_path))
    assert journal.count(f'["entries","{id_of(2)}",'.encode()) == 1


def test_the_whole_of_taking_in_was_stopped_at_every_step(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    plant(tmp_path, 2)
    plant(tmp_path, 3)
    files = StoppingFiles()
    Engine(tmp_path, files=files).close()
    assert 0 < len(files.steps) < 40
    files.end()


def test_what_was_deleted_before_it_was_taken_away_does_not_come_back(
    tmp_path: Path,
) -> None:
    waiting = plant(tmp_path, 1)
    kept = waiting.read_bytes()
    engine = open_engine(tmp_path)
    engine.commit([Change(ENTRIES, id_of(1), None)], act="delete")
    engine.tidy()
    engine.close()
    waiting.write_bytes(kept)
    assert content_of(tmp_path) == {}
    assert not waiting.exists()


def test_an_entry_that_only_mentions_another_does_not_hide_it(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    engine.commit([Change("letters", "1", {"of": id_of(7)})])
    plant(tmp_path, 7)
    engine.refresh()
    assert engine.document(ENTRIES, id_of(7)) == document(7)
    engine.close()


BAD = {
    "empty": b"",
    "no JSON": b"not json\n",
    "cut": json.dumps(document(9)).encode()[:-9],
    "no object": b"[1, 2]\n",
    "another's id": json.dumps(document(8)).encode(),
    "no day": json.dumps({"id": id_of(9), "at": "2026-11-22T10:00:00+01:00"}).encode(),
    "no zone": json.dumps(document(9) | {"at": "2026-11-22T10:00:00"}).encode(),
    "a kind that is none": json.dumps(document(9) | {"kind": "x"}).encode(),
    "half of a character": json.dumps(document(9) | {"zone": "\ud800"}).encode(),
    "not a number": json.dumps(document(9) | {"extra": float("nan")}).encode(),
    "too deep": b'{"id":' + b"[" * 100_000,
    "deep": json.dumps(
        document(9) | {"extra": json.loads("[" * 40 + "]" * 40)}
    ).encode(),
    "bytes": b"\xff\xfe\x00",
    "text of another kind": json.dumps(document(9) | {"text": 5}).encode(),
    "tags of another kind": json.dumps(document(9) | {"tags": 5}).encode(),
    "a zone of another kind": json.dumps(document(9) | {"zone": 5}).encode(),
    "a part of another kind": json.dumps(document(9) | {"part": ["x"]}).encode(),
    "answers of another kind": json.dumps(document(9) | {"answers": [1]}).encode(),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_what_is_no_entry_is_set_aside_and_said(tmp_path: Path, data: bytes) -> None:
    plant(tmp_path, 1)
    bad = plant(tmp_path, 9)
    bad.write_bytes(data)
    engine = open_engine(tmp_path)
    assert list(engine.ids(ENTRIES)) == [id_of(1)]
    assert engine.writable
    (notice,) = engine.notices
    engine.close()
    assert not bad.exists()
    (aside,) = (tmp_path / "quarantine").iterdir()
    assert aside.read_bytes() == data
    assert str(aside) in notice.hint


def test_a_guest_leaves_what_is_no_entry_where_it_is(tmp_path: Path) -> None:
    writer = open_engine(tmp_path)
    bad = plant(tmp_path, 9)
    bad.write_bytes(b"x")
    guest = open_engine(tmp_path)
    assert guest.count(ENTRIES) == 0
    assert bad.exists()
    guest.close()
    writer.close()


@pytest.mark.parametrize(
    "name",
    [
        ".part",
        f".{id_of(9)}.part",
        "notes.json",
        f"{id_of(9)}.txt",
        f"{id_of(9)}9.json",
    ],
)
def test_other_names_are_left_alone(tmp_path: Path, name: str) -> None:
    plant(tmp_path, 1)
    other = tmp_path / "spool" / name
    other.write_bytes(b"x")
    engine = open_engine(tmp_path)
    assert list(engine.ids(ENTRIES)) == [id_of(1)]
    assert engine.notices == []
    engine.close()
    assert other.read_bytes() == b"x"


def test_folders_in_the_spool_are_passed_over(tmp_path: Path) -> None:
    plant(tmp_path, 1)
    (tmp_path / "spool" / f"{id_of(2)}.json").mkdir()
    engine = open_engine(tmp_path)
    assert list(engine.ids(ENTRIES)) == [id_of(1)]
    engine.close()


def test_a_full_disk_leaves_it_in_the_spool_and_shows_it(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    plant(tmp_path, 2)
    files = FaultyFiles()
    probe = open_engine(tmp_path / "other", files)
    probe.close()

    class FullFiles(QuickFiles):
        full = True

        def write_some(self, fd: int, data: memoryview) -> int:
            if self.full:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write_some(fd, data)

    full = FullFiles()
    engine = Engine(tmp_path, files=full)
    assert set(engine.ids(ENTRIES)) == {id_of(1), id_of(2)}
    assert engine.writable
    assert names(tmp_path / "spool") == [f"{id_of(2)}.json"]
    assert not engine.refresh()
    full.full = False
    assert engine.refresh()
    assert names(tmp_path / "spool") == []
    engine.close()
    assert set(content_of(tmp_path)[ENTRIES]) == {id_of(1), id_of(2)}


def test_a_bad_file_that_cannot_be_set_aside_stays(tmp_path: Path) -> None:
    bad = plant(tmp_path, 9)
    bad.write_bytes(b"x")
    (tmp_path / "quarantine").write_bytes(b"in the way")
    engine = open_engine(tmp_path)
    assert engine.writable
    assert bad.exists()
    engine.close()


def test_leaving_an_entry_says_what_the_disk_refused(tmp_path: Path) -> None:
    files = FaultyFiles()
    (tmp_path / "spool").mkdir()
    spool = Spool(tmp_path, files)
    files.arm(2, errno.ENOSPC)
    with pytest.raises(WriteFailedError, match="No space left"):
        spool.leave(id_of(1), "{}")
    assert names(tmp_path / "spool") == []
    files.end()


def test_a_spool_that_is_gone_has_nothing_waiting(tmp_path: Path) -> None:
    spool = Spool(tmp_path, QuickFiles())
    assert not spool.changed()
    assert list(spool.waiting(None, [])) == []


class Unreadable(QuickFiles):
    """Cannot read one capture that waits."""

    def read(self, path: Path) -> bytes:
        if path.name == f"{id_of(1)}.json":
            raise PermissionError(errno.EACCES, "Permission denied")
        return super().read(path)


def test_a_capture_that_cannot_be_read_holds_no_other_back(tmp_path: Path) -> None:
    for number in (1, 2):
        plant(tmp_path, number)
    engine = open_engine(tmp_path, Unreadable())
    assert set(content(engine)[ENTRIES]) == {id_of(2)}
    engine.close()
    assert set(content_of(tmp_path)[ENTRIES]) == {id_of(1), id_of(2)}
