"""Erasing entries for good: from the journal, from beside it, and from backups."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from companion.errors import (
    AmbiguousIdError,
    EntryNotFoundError,
    LogError,
    LogLockedError,
    NothingToUndoError,
)
from companion.model.erasing import Erasable
from companion.storage.backup import Backups
from companion.storage.check import check
from companion.storage.commits import Change
from companion.storage.compaction import compact
from companion.storage.eraser import HomeEraser
from companion.storage.erasing import PLAN, erase
from companion.storage.erasure import Erasure
from companion.storage.restore import restore
from companion.storage.state import ENTRIES
from tests.erasing import (
    SECRET,
    beside,
    everything,
    holding,
    in_year,
    put,
    verified,
    years,
)
from tests.logs import (
    content,
    content_of,
    fill,
    id_of,
    open_engine,
    plant,
    segments,
)

if TYPE_CHECKING:
    from companion.storage.engine import Engine

ROOT = Path(__file__).parents[3]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a log."""
    return tmp_path / "home"


def without(found: dict[str, dict[str, object]], number: int) -> dict[str, object]:
    left = {table: dict(documents) for table, documents in found.items()}
    left[ENTRIES].pop(id_of(number), None)
    return left  # type: ignore[return-value]


def test_no_byte_of_it_is_left_anywhere(home: Path) -> None:
    years(home)
    beside(home)
    engine = open_engine(home)
    engine.read_again()
    assert "index/2026-1.part" in holding(home, SECRET)
    with in_year(2026):
        compact(engine)
    former = content(engine)
    done = erase(engine, Erasure([id_of(2)]))
    assert (done.versions, done.missed) == (2, ())
    assert (done.drafts, done.captures, done.pieces) == (2, 0, 3)
    assert len(done.backups) == 4
    assert content(engine) == without(former, 2)
    assert holding(home, SECRET) == []
    assert not (home / "former").exists()
    assert not (home / PLAN).exists()
    mentions = [name for name, data in everything(home) if id_of(2).encode() in data]
    assert mentions == [f"journal/{segments(home)[-1].name}"]
    assert len(verified(home, engine.files)) == 4
    engine.close()
    assert content_of(home) == without(former, 2)
    assert check(home).faults == ()


def test_other_lines_of_what_was_set_aside_stay(home: Path) -> None:
    years(home)
    beside(home)
    engine = open_engine(home)
    erase(engine, Erasure([id_of(2)]))
    engine.close()
    piece = home / "quarantine" / "journal-1" / "2023.abc.log"
    assert piece.read_text() == "1 first\n3 last\n"
    assert [path.name for path in (home / "quarantine").iterdir()] == ["journal-1"]
    assert [path.name for path in (home / "drafts").iterdir()] == [f"{id_of(3)}.draft"]


def test_undo_goes_back_to_the_erasing_and_no_further(home: Path) -> None:
    fill(home, 3)
    put(home, 2, "Changed.")
    engine = open_engine(home)
    erase(engine, Erasure([id_of(2)]))
    former = content(engine)
    # Whoever hopes to bring it back does not lose another entry by it.
    with pytest.raises(NothingToUndoError):
        engine.undo()
    engine.commit([Change(ENTRIES, id_of(1), None)], act="delete")
    engine.undo()
    assert content(engine) == former
    engine.close()


def test_undo_steps_over_what_was_erased_from_a_backup(
    home: Path, tmp_path: Path
) -> None:
    fill(home, 3)
    put(home, 2, "Changed.")
    engine = open_engine(home)
    made = Backups(home, engine.files).make(engine, "by-hand")
    erase(engine, Erasure([id_of(2)]))
    engine.close()
    other = open_engine(tmp_path / "other")
    restore(other, made.folder)
    other.close()
    (tmp_path / "other" / "device").write_bytes((home / "device").read_bytes())
    other = open_engine(tmp_path / "other")
    assert set(content(other)[ENTRIES]) == {id_of(1), id_of(3)}
    assert other.undo()[1][0].id == id_of(3)
    assert other.undo()[1][0].id == id_of(1)
    other.close()


def test_backups_bring_all_else_back(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    erase(engine, Erasure([id_of(2)]))
    former = content(engine)
    oldest = Backups(home, engine.files).all()[-1]
    assert oldest.entries == 3
    restore(engine, oldest.folder)
    texts = {one["text"] for one in content(engine)[ENTRIES].values()}
    assert texts == {
        "One of 2023.",
        "Four of 2023.",
        "Met Zoë, and Zoë's dog, in 2023.",
    }
    engine.undo()
    assert content(engine) == former
    engine.close()


def test_backups_without_it_are_left_as_they_are(home: Path) -> None:
    with in_year(2025):
        fill(home, 2)
        engine = open_engine(home)
        backups = Backups(home, engine.files)
        kept = backups.make(engine, "by-hand").folder
        stats = {path: path.stat() for path in kept.rglob("*")}
        engine.close()
    put(home, 9, SECRET)
    engine = open_engine(home)
    assert erase(engine, Erasure([id_of(9)])).backups == ()
    assert {path: path.stat() for path in kept.rglob("*")} == stats
    engine.close()


def test_shared_segments_are_shared_again(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    erase(engine, Erasure([id_of(2)]))
    engine.close()
    first = segments(home)[0]
    # The journal's, and that of all four backups.
    assert first.stat().st_nlink == 5
    name = f"journal/{first.name}"
    assert sum((one / name).exists() for one in (home / "backups").iterdir()) == 4


def test_only_the_segments_that_held_it_and_later_ones_change(home: Path) -> None:
    years(home)
    with in_year(2026):
        put(home, 9, SECRET)
    former = {path.name: path.read_bytes() for path in segments(home)}
    engine = open_engine(home)
    erase(engine, Erasure([id_of(9)]))
    engine.close()
    changed = [p.name for p in segments(home) if former[p.name] != p.read_bytes()]
    assert [name[:4] for name in changed] == ["2026"]


def test_a_backup_that_does_not_verify_is_named(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    backup = Backups(home, engine.files).all()[-1]
    (path,) = (backup.folder / "journal").glob("2023.*")
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data.replace(b"Four of", b"Fore of"))
    assert HomeEraser(home, engine).erasable([id_of(2)]).unreached == (backup.name,)
    done = erase(engine, Erasure([id_of(2)]))
    assert len(done.backups) == 3
    (missed,) = done.missed
    assert missed.startswith(f"the backup {backup.name}, which cannot be used (")
    assert holding(home, SECRET) == [f"backups/{backup.name}/journal/{path.name}"]
    engine.close()


def test_a_file_nobody_knows_is_named(home: Path) -> None:
    fill(home, 2)
    (home / "backups").mkdir()
    (home / "backups" / "mine.txt").write_text(f"see {id_of(2)}")
    engine = open_engine(home)
    assert erase(engine, Erasure([id_of(2)])).missed == ("backups/mine.txt",)
    engine.close()


def test_it_can_be_asked_for_again(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    kept = Backups(home, engine.files).all()[0].folder
    stick = home.parent / "stick"
    stick.mkdir()
    subprocess.run(["cp", "-a", str(kept), str(stick)], check=True)
    erase(engine, Erasure([id_of(2)]))
    lines = segments(home)[-1].read_bytes()
    subprocess.run(
        ["cp", "-a", str(stick / kept.name), str(home / "backups" / "2020-01-01")],
        check=True,
    )
    done = HomeEraser(home, engine).erase([id_of(2)], None)
    assert (done.versions, done.backups) == (0, ("2020-01-01",))
    assert segments(home)[-1].read_bytes() == lines
    assert holding(home, SECRET) == []
    engine.close()


def test_the_journal_of_another_device_lets_it_go_too(home: Path) -> None:
    fill(home, 2)
    engine = open_engine(home)
    other = home / "journal" / "2026.zz.log"
    erase(engine, Erasure([id_of(2)]))
    engine.close()
    # What another device wrote before it knew.
    aside = home.parent / "other"
    fill(aside, 2)
    (path,) = segments(aside)
    device = (aside / "device").read_text().strip()
    other = home / "journal" / path.name
    other.write_bytes(path.read_bytes())
    assert device in other.name
    engine = open_engine(home)
    assert set(content(engine)[ENTRIES]) == {id_of(1)}
    engine.close()


def test_a_quick_capture_that_waits_is_not_taken_in_again(home: Path) -> None:
    fill(home, 2)
    engine = open_engine(home)
    erase(engine, Erasure([id_of(2)]))
    plant(home, 2)
    engine.close()
    assert set(content_of(home)[ENTRIES]) == {id_of(1)}
    assert not list((home / "spool").iterdir())


def test_the_program_of_the_format_reads_what_is_left(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    erase(engine, Erasure([id_of(2)]))
    compact(engine)
    left = content(engine)
    engine.close()
    page = (ROOT / "docs" / "file-format.md").read_text()
    program = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[-1]
    for folder in (home, Backups(home, engine.files).all()[0].folder):
        read = subprocess.run(
            [sys.executable, "-c", program, str(folder)],
            check=True,
            capture_output=True,
        )
        assert read.stderr == b""
        assert json.loads(read.stdout) == left


def test_a_guest_erases_nothing(home: Path) -> None:
    fill(home, 2)
    engine, guest = open_engine(home), open_engine(home)
    with pytest.raises(LogLockedError):
        erase(guest, Erasure([id_of(2)]))
    assert not (home / PLAN).exists()
    assert erase(engine, Erasure([id_of(2)])).versions == 1
    assert guest.refresh()
    assert set(content(guest)[ENTRIES]) == {id_of(1)}
    engine.close()
    guest.close()


def test_a_plan_that_cannot_be_read_is_told_and_taken_away(home: Path) -> None:
    ids = f'"ids": ["{id_of(1)}"]'
    for plan in (
        "{",
        "[]",
        '{"ids": []}',
        '{"ids": ["../x"]}',
        f'{{{ids}, "moving": ["../x", "2026-11-22"]}}',
        f'{{{ids}, "moving": ["2026-11-22"]}}',
    ):
        fill(home, 1, first=len(plan))
        (home / PLAN).write_text(plan)
        engine = open_engine(home)
        (notice,) = engine.notices
        assert "cannot be read" in notice.message
        engine.close()
        assert not (home / PLAN).exists()


def test_the_plan_is_private_and_names_ids_alone(home: Path) -> None:
    fill(home, 2)
    engine = open_engine(home)
    seen: list[tuple[int, bytes]] = []

    def look(_share: float, _what: str) -> None:
        path = home / PLAN
        seen.append((path.stat().st_mode & 0o777, path.read_bytes()))

    erase(engine, Erasure([id_of(2)]), look)
    assert set(seen) == {(0o600, json.dumps({"ids": [id_of(2)]}).encode() + b"\n")}
    engine.close()


# What is found


def eraser(engine: Engine) -> HomeEraser:
    return HomeEraser(engine.home, engine)


def test_what_would_be_reached_is_told(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    engine.commit([Change(ENTRIES, id_of(2), None)], act="delete")
    names = tuple(one.name for one in Backups(home, engine.files).all())
    assert eraser(engine).erasable(["0002"]) == Erasable(
        ids=(id_of(2),), standing=(), versions=4, backups=names
    )
    assert eraser(engine).erasable(["0001"]).standing == (id_of(1),)
    assert not (home / PLAN).exists()
    engine.close()


def test_an_id_has_to_be_of_an_entry_that_is_or_was(home: Path) -> None:
    fill(home, 2)
    put(home, 10001, "Ends as the first.")
    engine = open_engine(home)
    for ending in ("002", id_of(7), "../../etc", "zzzz"):
        with pytest.raises(EntryNotFoundError):
            eraser(engine).erasable([ending])
    with pytest.raises(AmbiguousIdError):
        eraser(engine).erasable(["0001"])
    plant(home, 7)
    assert eraser(engine).erasable([id_of(7)]).ids == (id_of(7),)
    engine.close()


def test_without_a_log_there_is_nothing_to_erase(home: Path) -> None:
    with pytest.raises(LogError, match="no log"):
        HomeEraser(home).erasable(["0001"])
    assert not home.exists()


def test_a_log_of_its_own_is_opened_and_closed(home: Path) -> None:
    fill(home, 2)
    eraser = HomeEraser(home)
    assert eraser.erase(["0002"], None).versions == 1
    assert eraser.compactable().versions == 0
    assert eraser.compact(None).versions == 0
    engine = open_engine(home)
    assert engine.writable
    engine.close()
    assert not list((home / "spool").iterdir())
