"""The index may be stale, cut, changed, foreign or gone: the answers are the same."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from random import Random
from shutil import copytree
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
import time_machine

from companion.model.query import Query
from companion.storage.commits import Change
from companion.storage.engine import LOOKS
from companion.storage.index import Index
from companion.storage.state import ENTRIES
from companion.storage.store import EngineLogStore
from tests.disks import QuickFiles
from tests.logs import (
    FIRST,
    content,
    day,
    document,
    fill,
    id_of,
    names,
    open_engine,
    segments,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEED = 20261122


def write(home: Path) -> None:
    """Write entries of three years, edited and deleted, and an index in between."""
    chance = Random(SEED)
    engine = open_engine(home)
    for number in range(40):
        one = document(
            number,
            text=f"Entry {number} " + chance.choice(["rain", "sun", "Straße"]),
            day=day(-chance.randrange(800)),
            tags=(chance.choice(["walk", "work"]),),
            people=(chance.choice(["A.", "B."]),),
        )
        engine.commit([Change(ENTRIES, id_of(number), one)], act="write")
    engine.commit([Change("people", "1", {"name": "A."})])
    engine.tidy()
    for number in (3, 7):
        engine.commit([Change(ENTRIES, id_of(number), None)], act="delete")
        engine.commit(
            [
                Change(
                    ENTRIES, id_of(number + 10), document(number + 10, text="rain new")
                )
            ],
            act="edit",
        )
    engine.commit([Change("people", "2", {"name": "B."})])
    engine.close()


def answers(home: Path) -> dict[str, Any]:
    """Open a log and ask it all there is to ask."""
    store = EngineLogStore(open_engine(home))
    try:
        found = {}
        for words in ((), ("rain",), ("strasse",), ("entry 1", "sun"), ("none",)):
            timeline = store.find(Query(words=words))
            timeline.advance(seconds=10)
            found[str(words)] = [timeline.entry(n) for n in range(len(timeline))]
        timeline = store.find(Query(tags=("walk",), no_people=("a.",), last=day(-90)))
        timeline.advance(seconds=10)
        return {
            "found": found,
            "tagged": [timeline.entry(n) for n in range(len(timeline))],
            "content": content(store._engine),
            "days": [store.days(year) for year in (2024, 2025, 2026)],
            "names": [store.names(what) for what in ("tags", "people", "parts")],
            "writable": store.writable,
            "notices": store.notices(),
        }
    finally:
        store._engine.close()


def rewrite_state(home: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = home / "index" / "state"
    state = json.loads(path.read_bytes().partition(b"\n")[2])
    change(state)
    body = json.dumps(state).encode()
    path.write_bytes(b"%d\n" % crc32(body) + body)


def cut(path: Path, by: int) -> None:
    path.write_bytes(path.read_bytes()[:-by])


def part(home: Path) -> Path:
    return min((home / "index").glob("*.part"))


def remake(home: Path) -> None:
    """Copy the journal, as a restored backup is."""
    copytree(home / "journal", home / "copy")
    for path in segments(home):
        path.unlink()
        (home / "copy" / path.name).rename(path)


def grow(home: Path) -> None:
    fill(home, 3, first=100)


def drop_state(home: Path) -> None:
    (home / "index" / "state").unlink()


def swap(home: Path) -> None:
    one, two = sorted((home / "index").glob("*.part"))[:2]
    data = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(data)


def link(home: Path) -> None:
    state = home / "index" / "state"
    state.rename(home / "elsewhere")
    state.symlink_to(home / "elsewhere")


def folder(home: Path) -> None:
    drop_state(home)
    (home / "index" / "state").mkdir()


def no_folder(home: Path) -> None:
    for path in (home / "index").iterdir():
        path.unlink()
    (home / "index").rmdir()


def put(name: str, data: bytes) -> Callable[[Path], None]:
    def harm(home: Path) -> None:
        path = part(home) if name == "part" else home / "index" / name
        path.write_bytes(data)

    return harm


def longer(home: Path) -> None:
    with part(home).open("ab") as file:
        file.write(b"x")


def another_year(home: Path) -> None:
    part(home).write_bytes(sorted((home / "index").glob("*.part"))[1].read_bytes())


HARMS: dict[str, Callable[[Path], object]] = {
    "none": names,
    "no folder": no_folder,
    "no state": drop_state,
    "a part gone": lambda home: part(home).unlink(),
    "state cut": lambda home: cut(home / "index" / "state", 3),
    "state empty": put("state", b""),
    "state of text": put("state", b"x\ny"),
    "part cut": lambda home: cut(part(home), 1),
    "part longer": longer,
    "part empty": put("part", b""),
    "part of another year": another_year,
    "parts swapped": swap,
    "another version": lambda home: rewrite_state(home, lambda s: s.update(version=99)),
    "a field gone": lambda home: rewrite_state(home, lambda s: s.pop("segments")),
    "a field of another kind": lambda home: rewrite_state(
        home, lambda s: s.update(partitions=[])
    ),
    "touched": lambda home: os.utime(segments(home)[0]),
    "restored": remake,
    "a link": link,
    "a folder": folder,
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a log without any index answers."""
    home = tmp_path_factory.mktemp("sound")
    write(home)
    for path in (home / "index").iterdir():
        path.unlink()
    return answers(home)


@pytest.mark.parametrize("harm", HARMS)
def test_the_answers_are_the_same(
    tmp_path: Path, harm: str, sound: dict[str, Any]
) -> None:
    write(tmp_path)
    HARMS[harm](tmp_path)
    assert answers(tmp_path) == sound
    store = EngineLogStore(open_engine(tmp_path))
    store.tidy()
    store.close()
    assert answers(tmp_path) == sound


def test_a_log_that_grew_beyond_its_index_is_whole(tmp_path: Path) -> None:
    write(tmp_path)
    grow(tmp_path)
    found = answers(tmp_path)
    (tmp_path / "index" / "state").unlink()
    assert answers(tmp_path) == found
    assert len(found["content"][ENTRIES]) == 41


def test_an_index_older_than_the_journal_is_whole(tmp_path: Path) -> None:
    write(tmp_path)
    copytree(tmp_path / "index", tmp_path / "old")
    engine = open_engine(tmp_path)
    engine.commit([Change(ENTRIES, id_of(1), None)], act="delete")
    engine.tidy()
    engine.close()
    found = answers(tmp_path)
    for path in (tmp_path / "index").iterdir():
        path.unlink()
    (tmp_path / "index").rmdir()
    (tmp_path / "old").rename(tmp_path / "index")
    assert answers(tmp_path) == found


@pytest.mark.parametrize("number", range(60))
def test_a_changed_bit_changes_no_answer(
    tmp_path: Path, number: int, sound: dict[str, Any]
) -> None:
    write(tmp_path)
    chance = Random(f"{SEED} {number}")
    path = chance.choice(sorted((tmp_path / "index").iterdir()))
    data = bytearray(path.read_bytes())
    at = chance.randrange(8 * len(data))
    data[at // 8] ^= 1 << at % 8
    path.write_bytes(data)
    store = EngineLogStore(open_engine(tmp_path))
    for _ in range(10 * LOOKS):  # the app looks at it in idle moments
        store.refresh()
    store.close()
    assert answers(tmp_path) == sound


@pytest.mark.parametrize("place", [0.2, 0.6, 0.99])
def test_a_byte_changed_behind_the_back_is_found_in_idle_moments(
    tmp_path: Path, place: float, sound: dict[str, Any]
) -> None:
    write(tmp_path)
    EngineLogStore(open_engine(tmp_path)).close()
    for path in (tmp_path / "index").glob("*.part"):
        data = bytearray(path.read_bytes())
        begin = data.find(b"\n") + 1
        data[begin + int(place * (len(data) - begin))] ^= 1
        before = path.stat()
        with path.open("r+b") as file:
            file.write(data)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    store = EngineLogStore(open_engine(tmp_path))
    for _ in range(10 * LOOKS):
        store.refresh()
    store.close()
    assert answers(tmp_path) == sound


def test_what_was_checked_and_is_the_same_is_not_read_again(tmp_path: Path) -> None:
    class Counting(QuickFiles):
        taken = 0

        def read_at(self, fd: int, size: int, offset: int) -> bytes:
            data = super().read_at(fd, size, offset)
            self.taken += len(data)
            return data

    write(tmp_path)
    EngineLogStore(open_engine(tmp_path)).close()
    known, touched = Counting(), Counting()
    open_engine(tmp_path, known).close()
    for path in (tmp_path / "index").glob("*.part"):
        path.touch()
    open_engine(tmp_path, touched).close()
    assert known.taken < touched.taken


def test_only_what_belongs_there_is_kept_in_the_folder(tmp_path: Path) -> None:
    write(tmp_path)
    for name in (".state.part", "2024-1.part", "notes"):
        (tmp_path / "index" / name).write_bytes(b"x")
    (tmp_path / "index" / "folder").mkdir()
    engine = open_engine(tmp_path)
    engine.tidy()
    engine.close()
    found = names(tmp_path / "index")
    assert "notes" not in found
    assert ".state.part" not in found
    assert len([name for name in found if name.endswith(".part")]) == 3


def test_a_year_that_lost_all_its_entries_has_no_part(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    for number in range(4):
        one = document(number, day=day(-365 * number))
        engine.commit([Change(ENTRIES, id_of(number), one)])
    engine.tidy()
    assert len([n for n in names(tmp_path / "index") if n.endswith(".part")]) == 4
    engine.commit([Change(ENTRIES, id_of(2), None)])
    engine.commit([Change(ENTRIES, None, {})])
    engine.tidy()
    assert names(tmp_path / "index") == ["state"]
    assert content(engine) == {}
    engine.close()
    assert answers(tmp_path)["content"] == {}


def test_an_entry_may_move_to_another_year(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    engine.commit([Change(ENTRIES, id_of(1), document(1))])
    engine.commit([Change(ENTRIES, id_of(2), document(2))])
    engine.tidy()
    moved = document(1, day=day(-400))
    engine.commit([Change(ENTRIES, id_of(1), moved)])
    assert list(engine.ids(ENTRIES)) == [id_of(1), id_of(2)]
    engine.tidy()
    engine.commit([Change(ENTRIES, id_of(1), document(1))])
    engine.tidy()
    engine.close()
    engine = open_engine(tmp_path)
    assert content(engine) == {ENTRIES: {id_of(1): document(1), id_of(2): document(2)}}
    assert engine.count(ENTRIES) == 2
    engine.close()


def test_what_waits_in_the_spool_is_not_in_the_index(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    engine.commit([Change(ENTRIES, id_of(1), document(1))])
    engine.entries.put(id_of(2), document(2), None)
    engine.tidy()
    assert list(engine.ids(ENTRIES)) == [id_of(1), id_of(2)]
    engine.close()
    assert set(answers(tmp_path)["content"][ENTRIES]) == {id_of(1)}


def test_opening_tidies_when_much_is_new(tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC), tick=False):
        engine = open_engine(tmp_path)
        for number in range(300):
            engine.commit([Change(ENTRIES, id_of(number), document(number))])
        engine.close()
    assert "index" not in names(tmp_path)
    from companion.storage.engine import Engine  # noqa: PLC0415

    engine = Engine(tmp_path, progress=lambda *one: told.append(one))
    assert "state" in names(tmp_path / "index")
    assert told[0][1] == "Reading the log"
    assert all(0 <= part <= 1 for part, _ in told)
    assert engine.count(ENTRIES) == 300
    engine.close()


def test_an_index_alone_is_not_enough(tmp_path: Path) -> None:
    write(tmp_path)
    engine = open_engine(tmp_path)
    index = Index(tmp_path, engine.files)
    fresh = open_engine(tmp_path / "fresh")
    assert index.load(fresh.journal, fresh.entries) is None
    assert index.missing == [path.stem for path in segments(tmp_path)]
    fresh.close()
    engine.close()
    assert FIRST.year == 2026
