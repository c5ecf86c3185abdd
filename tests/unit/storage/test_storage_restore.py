"""Bringing a backup back: into a sound log, and in place of a damaged one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from companion.errors import (
    LogDamagedError,
    LogLockedError,
    LogReadOnlyError,
    NothingToUndoError,
)
from companion.storage import restoring
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.commits import Change
from companion.storage.lines import START, make
from companion.storage.restore import preview, restore
from companion.storage.state import ENTRIES
from companion.storage.store import EngineLogStore
from tests.disks import QuickFiles
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
    from collections.abc import Iterator
    from pathlib import Path

    from companion.model.keeping import Backup
    from companion.storage.engine import Engine


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    fill(home, 5)
    opened = open_engine(home)
    opened.commit([Change("people", "1", {"name": "A."})])
    yield opened
    opened.close()


@pytest.fixture
def kept(engine: Engine) -> Backup:
    return Backups(engine.home, engine.files).make(engine, BY_HAND)


def put(engine: Engine, number: int, **fields: str) -> None:
    engine.commit([Change(ENTRIES, id_of(number), document(number, **fields))])


def change_all(engine: Engine) -> None:
    """Take one away, change one, write one; the same among the people."""
    engine.commit([Change(ENTRIES, id_of(1), None)], act="delete")
    put(engine, 2, text="Changed.")
    put(engine, 9)
    engine.commit([Change("people", "1", {"name": "B."})])
    engine.commit([Change("people", "2", {"name": "C."})])


def damage(home: Path, what: bytes) -> None:
    """Change a byte of the line in which something stands."""
    path = segments(home)[-1]
    data = bytearray(path.read_bytes())
    data[data.index(what)] ^= 1
    path.write_bytes(data)


# A sound log


def test_a_preview_says_what_would_change_and_changes_nothing(
    engine: Engine, kept: Backup
) -> None:
    change_all(engine)
    before, there = content(engine), names(engine.home / "backups")
    seen = preview(engine, kept.folder)
    assert seen.backup == kept
    assert seen.back == (id_of(1),)
    assert seen.earlier == (id_of(2),)
    assert seen.since == (id_of(9),)
    assert seen.others == {"people": 1}
    assert seen.changes
    assert seen.same_log
    assert (seen.damaged, seen.why_not, seen.pages) == (False, "", ())
    assert (content(engine), names(engine.home / "backups")) == (before, there)


def test_what_was_written_since_stays(engine: Engine, kept: Backup) -> None:
    former = content(engine)
    change_all(engine)
    done = restore(engine, kept.folder)
    assert (done.back, done.earlier, done.gone) == (1, 1, 0)
    assert content(engine) == {
        ENTRIES: former[ENTRIES] | {id_of(9): document(9)},
        "people": {"1": {"name": "A."}, "2": {"name": "C."}},
    }
    engine.close()
    assert content_of(engine.home)[ENTRIES].keys() >= former[ENTRIES].keys()


def test_exactly_is_exactly(engine: Engine, kept: Backup) -> None:
    former = content(engine)
    change_all(engine)
    done = restore(engine, kept.folder, exactly=True)
    assert (done.back, done.earlier, done.gone) == (1, 1, 1)
    assert content(engine) == former
    engine.close()
    assert content_of(engine.home) == former


@pytest.mark.parametrize("exactly", [False, True])
def test_undo_takes_it_back_in_one(
    engine: Engine, kept: Backup, *, exactly: bool
) -> None:
    change_all(engine)
    former = content(engine)
    restore(engine, kept.folder, exactly=exactly)
    undone = EngineLogStore(engine).undo()
    assert (undone.act, undone.before, undone.after) == ("restore", None, None)
    assert content(engine) == former


def test_undo_goes_back_to_an_emptied_log(home: Path) -> None:
    fill(home, 60)
    engine = open_engine(home)
    put(engine, 1, text="Changed.")
    kept = Backups(home, engine.files).make(engine, BY_HAND)
    engine.commit([Change(ENTRIES, None, {})])
    restore(engine, kept.folder)
    assert engine.count(ENTRIES) == 60
    assert engine.document(ENTRIES, id_of(1)) == document(1, text="Changed.")
    engine.undo()
    assert engine.count(ENTRIES) == 0
    engine.close()
    assert content_of(home) == {}


def test_a_backup_of_what_there_is_is_made_before(engine: Engine, kept: Backup) -> None:
    change_all(engine)
    former = content(engine)
    done = restore(engine, kept.folder)
    assert done.before.endswith("-before-restore")
    assert content_of(engine.home / "backups" / done.before) == former


def test_where_nothing_changes_nothing_is_written(engine: Engine, kept: Backup) -> None:
    size = segments(engine.home)[-1].stat().st_size
    done = restore(engine, kept.folder)
    assert (done.back, done.earlier, done.gone, done.before) == (0, 0, 0, "")
    assert segments(engine.home)[-1].stat().st_size == size
    assert not preview(engine, kept.folder).changes
    for _ in range(5):
        assert engine.undo()[0] == "write"
    with pytest.raises(NothingToUndoError):
        engine.undo()


def test_pages_that_are_gone_come_back_and_others_stay(
    engine: Engine,
) -> None:
    pages = engine.home / "pages"
    pages.mkdir()
    (pages / "help.md").write_text("A.")
    (pages / "more.md").write_text("B.")
    kept = Backups(engine.home, engine.files).make(engine, BY_HAND)
    (pages / "help.md").unlink()
    (pages / "more.md").write_text("C.")
    assert preview(engine, kept.folder).pages == ("pages/help.md",)
    restore(engine, kept.folder)
    assert (pages / "help.md").read_text() == "A."
    assert (pages / "more.md").read_text() == "C."


def test_nothing_is_written_in_the_backup(engine: Engine, kept: Backup) -> None:
    change_all(engine)
    former = {path: path.stat().st_mtime_ns for path in kept.folder.rglob("*")}
    preview(engine, kept.folder)
    restore(engine, kept.folder)
    assert {p: p.stat().st_mtime_ns for p in kept.folder.rglob("*")} == former


def test_a_backup_that_does_not_verify_is_refused(engine: Engine, kept: Backup) -> None:
    change_all(engine)
    former = content(engine)
    path = max((kept.folder / "journal").iterdir())
    path.write_bytes(path.read_bytes().replace(b"Entry 3", b"Entry 4"))
    for act in (preview, restore):
        with pytest.raises(LogDamagedError, match=kept.name):
            act(engine, kept.folder)
    assert content(engine) == former
    assert len(names(engine.home / "backups")) == 2


def test_a_page_that_was_changed_in_the_backup_is_not_brought_back(
    engine: Engine,
) -> None:
    page = engine.home / "pages" / "help.md"
    page.parent.mkdir()
    page.write_text("A.")
    kept = Backups(engine.home, engine.files).make(engine, BY_HAND)
    (kept.folder / "pages" / "help.md").write_text("B.")
    page.unlink()
    for act in (preview, restore):
        with pytest.raises(LogDamagedError, match=r"help\.md"):
            act(engine, kept.folder)
    assert not page.exists()


def test_a_second_window_sees_and_may_not(engine: Engine, kept: Backup) -> None:
    change_all(engine)
    guest = open_engine(engine.home)
    assert preview(guest, kept.folder).back == (id_of(1),)
    assert "another window" in preview(guest, kept.folder).why_not
    with pytest.raises(LogLockedError, match="another window"):
        restore(guest, kept.folder)
    guest.close()


def test_a_backup_of_another_log_is_added(tmp_path: Path, engine: Engine) -> None:
    fill(tmp_path / "other", 2, first=50)
    other = open_engine(tmp_path / "other")
    kept = Backups(other.home, other.files).make(other, BY_HAND)
    other.close()
    seen = preview(engine, kept.folder)
    assert not seen.same_log
    assert seen.back == (id_of(50), id_of(51))
    restore(engine, kept.folder)
    assert engine.count(ENTRIES) == 7


def test_many_that_came_back_in_one_commit_are_read_at_once(home: Path) -> None:
    fill(home, 150)
    engine = open_engine(home)
    kept = Backups(home, engine.files).make(engine, BY_HAND)
    engine.commit([Change(ENTRIES, None, {})])
    restore(engine, kept.folder)
    engine.tidy()

    reads = []

    class Counting(QuickFiles):
        def read_at(self, fd: int, size: int, offset: int) -> bytes:
            reads.append(size)
            return super().read_at(fd, size, offset)

    engine.journal._files = Counting()
    found = [engine.document(ENTRIES, id_of(number)) for number in range(1, 151)]
    assert found == [document(number) for number in range(1, 151)]
    assert sum(reads) < 2 * max(reads)
    found[0]["text"] = "mine"  # type: ignore[index]
    assert engine.document(ENTRIES, id_of(1)) == document(1)
    engine.close()


# A damaged log


def test_a_damaged_journal_is_set_aside_and_nothing_sound_is_lost(
    engine: Engine, kept: Backup
) -> None:
    change_all(engine)
    put(engine, 10)
    engine.close()
    damage(engine.home, b"Entry 4")
    damage(engine.home, b"Entry 9")
    rotten = segments(engine.home)[-1].read_bytes()
    engine = open_engine(engine.home)
    assert isinstance(engine.refused, LogReadOnlyError)
    plant(engine.home, 20)
    seen = preview(engine, kept.folder)
    assert seen.damaged
    assert not seen.why_not
    assert seen.back == (id_of(4),)
    assert seen.since == (id_of(2), id_of(10))
    done = restore(engine, kept.folder)
    engine.close()
    assert done.in_place
    assert done.kept == 2
    assert done.aside is not None
    assert done.aside.parent == engine.home / "quarantine"
    assert segments_in(done.aside)[-1].read_bytes() == rotten
    engine = open_engine(engine.home)
    assert (engine.refused, engine.notices) == (None, [])
    expected = {n: document(n) for n in (3, 4, 5, 10, 20)}
    assert content(engine) == {
        ENTRIES: {
            id_of(number): one
            for number, one in (expected | {2: document(2, text="Changed.")}).items()
        },
        "people": {"1": {"name": "B."}, "2": {"name": "C."}},
    }
    put(engine, 30)
    engine.close()
    assert id_of(30) in content_of(engine.home)[ENTRIES]
    assert not (engine.home / "restoring").exists()


def segments_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.log"))


def test_exactly_leaves_out_what_was_newer(engine: Engine, kept: Backup) -> None:
    former = content(engine)
    change_all(engine)
    engine.close()
    damage(engine.home, b"Entry 4")
    engine = open_engine(engine.home)
    assert restore(engine, kept.folder, exactly=True).kept == 0
    engine.close()
    engine = open_engine(engine.home)
    assert (engine.refused, engine.notices) == (None, [])
    assert content(engine) == former
    engine.close()


def test_damage_that_the_index_hides_is_found(engine: Engine, kept: Backup) -> None:
    engine._index_up_to_date(1)
    put(engine, 10)
    damage(engine.home, b"Entry 4")
    assert engine.refused is None
    done = restore(engine, kept.folder)
    engine.close()
    assert done.in_place
    found = content_of(engine.home)[ENTRIES]
    assert found[id_of(4)] == document(4)
    assert found[id_of(10)] == document(10)


@pytest.mark.parametrize("what", ["journal", "journal/*.log"])
def test_a_journal_that_is_gone_comes_back(
    engine: Engine, kept: Backup, what: str
) -> None:
    former = content(engine)
    engine.tidy()
    engine.close()
    for path in list(engine.home.glob(what)):
        path.rename(engine.home.parent / "gone")
    engine = open_engine(engine.home)
    assert engine.refused is not None
    assert restore(engine, kept.folder).in_place
    engine.close()
    engine = open_engine(engine.home)
    assert (engine.refused, content(engine)) == (None, former)
    engine.close()


def test_a_new_home_takes_the_whole_journal(
    tmp_path: Path, engine: Engine, kept: Backup
) -> None:
    former = content(engine)
    fresh = open_engine(tmp_path / "new")
    seen = preview(fresh, kept.folder)
    assert seen.damaged
    assert len(seen.back) == 5
    done = restore(fresh, kept.folder)
    assert (done.in_place, done.aside, done.back) == (True, None, 5)
    fresh.close()
    fresh = open_engine(tmp_path / "new")
    assert (fresh.refused, fresh.notices) == (None, [])
    assert content(fresh) == former
    put(fresh, 40)
    fresh.close()
    assert len(segments(tmp_path / "new")) == 2
    assert id_of(40) in content_of(tmp_path / "new")[ENTRIES]


def test_a_log_of_a_newer_program_is_left_alone(home: Path, engine: Engine) -> None:
    kept = Backups(home, engine.files).make(engine, BY_HAND)
    engine.close()
    path = segments(home)[-1]
    header = json.loads(path.read_bytes().split(b"\n")[0].split(b" ", 3)[3])
    payload = json.dumps(header | {"version": 99}).encode()
    path.write_bytes(make(1, START, payload)[0])
    former = path.read_bytes()
    engine = open_engine(home)
    with pytest.raises(LogReadOnlyError, match="newer"):
        restore(engine, kept.folder)
    assert "newer" in preview(engine, kept.folder).why_not
    assert path.read_bytes() == former
    engine.close()


def test_a_plan_that_makes_no_sense_is_set_aside(home: Path) -> None:
    fill(home, 2)
    former = content_of(home)
    stage = restoring.begin(home, QuickFiles())
    (stage / "ready").write_text("{")
    assert content_of(home) == former
    assert names(home / "quarantine") == ["restoring"]
    assert not stage.exists()


def test_what_was_left_unfinished_is_no_harm(engine: Engine, kept: Backup) -> None:
    stage = restoring.begin(engine.home, engine.files)
    (stage / "journal" / "2020.abc.log").write_text("half")
    change_all(engine)
    engine.close()
    damage(engine.home, b"Entry 4")
    engine = open_engine(engine.home)
    restore(engine, kept.folder)
    engine.close()
    assert id_of(4) in content_of(engine.home)[ENTRIES]
    assert len(segments(engine.home)) == 1
