"""Rescuing: all that verifies is brought to safety, the raw rest beside it."""

from __future__ import annotations

import errno
import json
import os
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from companion.errors import LogError, WriteFailedError
from companion.ports import Draft
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.commits import Change
from companion.storage.readable import as_page
from companion.storage.rescue import rescue
from companion.storage.small import DraftFiles
from companion.storage.state import ENTRIES
from tests.disks import FaultyFiles, QuickFiles, WatchedFiles
from tests.logs import document, fill, id_of, names, open_engine, plant, segments

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    fill(home, 5)
    engine = open_engine(home)
    engine.commit([Change("people", "1", {"name": "Ä."})])
    engine.commit([Change(ENTRIES, id_of(5), None)], act="delete")
    engine.close()
    (home / "pages").mkdir(mode=0o700)
    (home / "pages" / "help.md").write_text("A. 030 1234")
    plant(home, 30)
    draft = Draft(id=id_of(40), saved=datetime.now(UTC), state={"text": "a"})
    DraftFiles(home).save(draft)
    return home


def rescued(folder: Path) -> dict[str, Any]:
    lines = (folder / "entries.jsonl").read_text().splitlines()
    return {one["id"]: one for one in map(json.loads, lines)}


def damage(home: Path, what: bytes) -> None:
    path = segments(home)[-1]
    path.write_bytes(path.read_bytes().replace(what, what.swapcase()))


def test_a_sound_log_is_rescued_whole(home: Path, tmp_path: Path) -> None:
    found = rescue(home, tmp_path / "safe", QuickFiles())
    assert (found.entries, found.others, found.drafts, found.pages) == (5, 1, 1, 1)
    assert (found.raw, found.backups, found.missed) == (0, (), ())
    expected = {id_of(number): document(number) for number in (1, 2, 3, 4, 30)}
    assert rescued(tmp_path / "safe") == expected
    assert list(rescued(tmp_path / "safe")) == sorted(expected)
    other = json.loads((tmp_path / "safe" / "others.jsonl").read_text())
    assert other == {"table": "people", "id": "1", "document": {"name": "Ä."}}
    assert (tmp_path / "safe" / "pages" / "help.md").read_text() == "A. 030 1234"
    page = (tmp_path / "safe" / "entries.md").read_text()
    assert page.count("\n## 2026-11-22 (written 2026-11-22 ") == 4
    assert "    Entry 30." in page
    assert names(tmp_path / "safe" / "drafts") == [f"{id_of(40)}.draft"]


def test_the_home_stays_as_it_is(home: Path, tmp_path: Path) -> None:
    damage(home, b"Entry 2")

    def everything() -> dict[Path, Any]:
        return {
            path: (path.stat().st_mtime_ns, path.is_file() and path.read_bytes())
            for path in (home, *home.rglob("*"))
        }

    former = everything()
    files = WatchedFiles()
    rescue(home, tmp_path / "safe", files)
    assert everything() == former
    assert files.opened == set()


def test_what_does_not_verify_lies_beside(home: Path, tmp_path: Path) -> None:
    damage(home, b"Entry 2")
    (home / "quarantine" / "journal-x").mkdir(parents=True)
    (home / "quarantine" / "journal-x" / "2026.x.log").write_bytes(b"old")
    (home / "quarantine" / "piece").write_bytes(b"piece")
    (home / "spool" / f".{id_of(50)}.part").write_bytes(b'{"text": "half')
    (home / "drafts" / f"{id_of(51)}.draft").write_bytes(b"\xff")
    found = rescue(home, tmp_path / "safe", QuickFiles())
    assert found.entries == 4
    raw = tmp_path / "safe" / "raw"
    assert found.raw == 5
    (fault,) = (raw / "journal").iterdir()
    assert b"eNTRY 2" in fault.read_bytes()
    assert (raw / "quarantine" / "journal-x" / "2026.x.log").read_bytes() == b"old"
    assert (raw / "quarantine" / "piece").read_bytes() == b"piece"
    assert b"half" in (raw / "spool" / f".{id_of(50)}.part").read_bytes()
    assert (raw / "drafts" / f"{id_of(51)}.draft").read_bytes() == b"\xff"


def test_backups_help_where_the_journal_is_not_sound(
    home: Path, tmp_path: Path
) -> None:
    engine = open_engine(home)
    kept = Backups(home, engine.files).make(engine, BY_HAND)
    engine.commit([Change(ENTRIES, id_of(1), None)], act="delete")
    engine.commit([Change(ENTRIES, id_of(3), document(3, text="Newer."))])
    engine.close()
    damage(home, b"Entry 2")
    found = rescue(home, tmp_path / "safe", QuickFiles())
    assert found.backups == (kept.name,)
    there = rescued(tmp_path / "safe")
    assert there[id_of(2)] == document(2)
    assert there[id_of(3)] == document(3, text="Newer.")
    assert id_of(1) not in there
    for path in segments(home):
        path.unlink()
    again = rescue(home, tmp_path / "again", QuickFiles())
    assert again.backups == (kept.name,)
    assert len(rescued(tmp_path / "again")) == again.entries == 5


def test_what_is_rescued_is_private(home: Path, tmp_path: Path) -> None:
    damage(home, b"Entry 2")
    former = os.umask(0)
    try:
        rescue(home, tmp_path / "safe", QuickFiles())
    finally:
        os.umask(former)
    for path in (tmp_path / "safe", *(tmp_path / "safe").rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_links_are_not_followed(home: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of another")
    (home / "pages" / "link.md").symlink_to(tmp_path / "secret")
    (home / "quarantine").symlink_to(tmp_path)
    found = rescue(home, tmp_path / "safe", QuickFiles())
    assert (found.pages, found.raw) == (1, 0)


@pytest.mark.parametrize("name", ["file", "folder", "link"])
def test_it_never_writes_over_anything(home: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(LogError, match="is there already"):
        rescue(home, tmp_path / name, QuickFiles())


def test_it_never_writes_into_the_home(home: Path) -> None:
    with pytest.raises(LogError, match="beside the log"):
        rescue(home, home / "safe", QuickFiles())
    assert not (home / "safe").exists()


def test_without_a_log_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no log"):
        rescue(tmp_path / "home", tmp_path / "safe", QuickFiles())
    assert not (tmp_path / "safe").exists()


def test_a_full_disk_is_told(home: Path, tmp_path: Path) -> None:
    files = FaultyFiles()
    files.arm(6, errno.ENOSPC, for_ever=True)
    with pytest.raises(WriteFailedError, match="No space left"):
        rescue(home, tmp_path / "safe", files)


def test_a_file_that_cannot_be_read_is_told(home: Path, tmp_path: Path) -> None:
    class Closed(QuickFiles):
        def read(self, path: Path) -> bytes:
            if path.name == "help.md" and path.is_relative_to(home):
                raise PermissionError(13, "Permission denied")
            return super().read(path)

    found = rescue(home, tmp_path / "safe", Closed())
    assert found.missed == (f"{home / 'pages' / 'help.md'}: Permission denied",)
    assert found.entries == 5


def test_what_waits_to_be_put_in_place_is_rescued(home: Path, tmp_path: Path) -> None:
    stage = home / "restoring"
    stage.mkdir(mode=0o700)
    (home / "journal").rename(stage / "journal")
    (stage / "ready").write_text("{}")
    found = rescue(home, tmp_path / "safe", QuickFiles())
    assert found.entries == 5


def test_a_page_cannot_be_mistaken_for_another() -> None:
    page = as_page(
        {
            "day": "2026-11-22",
            "at": "2026-11-22T09:30:00+01:00",
            "text": "## 2020-01-01 (written 2020-01-01 00:00)\n\nforged",
            "answers": [{"prompt": "p", "question": "What\n## now?", "text": "- this"}],
            "tags": ["a\n## b", "c"],
            "part": "the watcher",
            "placement": {"position": -3, "rung": "dyad"},
        }
    )
    heads = [line for line in page.splitlines() if line.startswith("#")]
    assert heads == ["## 2026-11-22 (written 2026-11-22 09:30)"]
    assert "> What ## now?" in page
    assert "- tags: a ## b, c" in page
    assert "- on the line: -3 (dyad)" in page
