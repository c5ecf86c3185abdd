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

from companion.errors import LogChangedError
from companion.model.query import Query
from companion.storage.commits import Change
from companion.storage.index import Index
from companion.storage.loaded import LOOKS
from companion.storage.rows import sizes_of
from companion.storage.state import ENTRIES
from companion.storage.store import EngineLogStore
from companion.storage.timeline import FoundTimeline
from tests.disks import QuickFiles
from tests.logs import (
    FIRST,
    content,
    day,
    document,
    entry,
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
            "got": [store.get(one.id) for one in found["()"]],
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


class Counting(QuickFiles):
    """Counts the bytes that are read."""

    taken = 0

    def read_at(self, fd: int, size: int, offset: int) -> bytes:
        data = super().read_at(fd, size, offset)
        self.taken += len(data)
        return data


def test_opening_reads_no_column(tmp_path: Path) -> None:
    write(tmp_path)
    EngineLogStore(open_engine(tmp_path)).close()
    files = Counting()
    open_engine(tmp_path, files).close()
    state = (tmp_path / "index" / "state").stat().st_size
    lines = [first_line_of(path) for path in (tmp_path / "index").glob("*.part")]
    small = sum((tmp_path / name).stat().st_size for name in ("head", "device"))
    tails = sum(path.stat().st_size for path in (tmp_path / "journal").iterdir())
    assert files.taken <= state + small + tails + len(lines) * 4096


def first_line_of(path: Path) -> bytes:
    return path.read_bytes().partition(b"\n")[0]


def change_column(home: Path, name: str) -> None:
    """Change a byte of a column in every year, and leave the time of change."""
    for path in (home / "index").glob("*.part"):
        data = bytearray(path.read_bytes())
        head = json.loads(first_line_of(path))
        at = data.find(b"\n") + 1
        for column, size in sizes_of(head["rows"]).items():
            if column == name:
                data[at + size // 2] ^= 4
            at += size
        before = path.stat()
        path.write_bytes(data)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


COLUMNS = list(sizes_of(1))


@pytest.mark.parametrize("name", COLUMNS)
def test_a_changed_column_is_mended_when_it_is_asked_for(
    tmp_path: Path, name: str, sound: dict[str, Any]
) -> None:
    write(tmp_path)
    EngineLogStore(open_engine(tmp_path)).close()
    change_column(tmp_path, name)
    assert answers(tmp_path) == sound
    assert answers(tmp_path) == sound


@pytest.mark.parametrize("name", COLUMNS)
def test_whatever_is_asked_first_mends_a_changed_column(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path)
    sound = EngineLogStore(open_engine(tmp_path))
    asked: list[Callable[[EngineLogStore], Any]] = [
        lambda store: [store.find(Query()).entry(n) for n in (0, 20, 37)],
        lambda store: [store.find(Query()).day(n) for n in (0, 20, 37)],
        lambda store: store.find(Query()).index_of(day(-300)),
        lambda store: store.find(Query(words=("rain",))).advance(seconds=9),
        lambda store: store.get(id_of(12)),
        lambda store: store.resolve(id_of(12)[-4:]),
        lambda store: store.days(2025),
        lambda store: store.names("people"),
        lambda store: (store.add(entry(99)), store.get(id_of(99)))[1],
        lambda store: (store.remove(id_of(12)), store.undo())[1],
    ]
    expected = [ask(sound) for ask in asked]
    sound.undo()
    sound.close()
    for ask, answer in zip(asked, expected, strict=True):
        home = tmp_path / f"{len(names(tmp_path))}"
        for folder in ("journal", "index"):
            copytree(tmp_path / folder, home / folder)
        (home / "device").write_bytes((tmp_path / "device").read_bytes())
        store = EngineLogStore(open_engine(home))
        store.tidy()
        store.close()
        change_column(home, name)
        store = EngineLogStore(open_engine(home))
        assert ask(store) == answer
        store._engine.close()


def test_a_change_that_is_on_the_disk_is_seen_whatever_the_index_is(
    tmp_path: Path,
) -> None:
    write(tmp_path)
    EngineLogStore(open_engine(tmp_path)).close()
    engine = open_engine(tmp_path)
    engine.tidy()
    engine.close()
    change_column(tmp_path, "by_id")
    engine = open_engine(tmp_path)
    new = document(12, text="changed")
    engine.commit([Change(ENTRIES, id_of(12), new)], act="edit")
    assert engine.document(ENTRIES, id_of(12)) == new
    assert engine.writable
    engine.undo()
    assert engine.document(ENTRIES, id_of(12)) != new
    engine.close()


def test_a_year_that_is_not_sound_is_not_written_on(tmp_path: Path) -> None:
    write(tmp_path)
    engine = open_engine(tmp_path)
    engine.tidy()
    engine.close()
    for path in (tmp_path / "index").glob("*.part"):
        data = bytearray(path.read_bytes())
        data[-3] ^= 1
        path.write_bytes(data)
    before = {path: path.read_bytes() for path in (tmp_path / "index").iterdir()}
    engine = open_engine(tmp_path)
    engine.commit([Change(ENTRIES, id_of(12), None)], act="delete")
    engine.tidy()
    engine.close()
    assert before == {p: p.read_bytes() for p in (tmp_path / "index").iterdir()}


def test_a_changed_first_line_is_noticed(tmp_path: Path) -> None:
    write(tmp_path)
    engine = open_engine(tmp_path)
    engine.tidy()
    engine.close()
    found = answers(tmp_path)
    path = part(tmp_path)
    data = path.read_bytes()
    assert b'"rows": ' in first_line_of(path)
    path.write_bytes(data.replace(b'"least": "0', b'"least": "1', 1))
    with_a_year_less = answers(tmp_path)
    assert with_a_year_less == found


def test_what_is_mended_once_and_is_wrong_again_is_said(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    engine = open_engine(tmp_path)

    def wrong(item: object) -> Any:
        raise LogChangedError("not what was written")

    mended: list[bool] = []
    timeline = FoundTimeline(
        Query(), engine.entries.snapshot, wrong, lambda: mended.append(True)
    )
    for _ in range(2):
        with pytest.raises(LogChangedError):
            timeline.entry(0)
    assert mended == [True]
    engine.close()


def test_a_list_that_is_looked_at_is_read_anew_and_said_to_be(tmp_path: Path) -> None:
    write(tmp_path)
    EngineLogStore(open_engine(tmp_path)).close()
    change_column(tmp_path, "offset")
    store = EngineLogStore(open_engine(tmp_path))
    timeline = store.find(Query(words=("rain",)))
    timeline.advance(seconds=9)
    count = len(timeline)
    assert "rain" in timeline.entry(count - 1).text
    assert len(timeline) == count
    assert timeline.done
    assert store.refresh()
    assert not store.refresh()
    store.close()


def test_a_journal_that_changes_while_it_is_open_loses_only_that_line(
    tmp_path: Path,
) -> None:
    write(tmp_path)
    EngineLogStore(open_engine(tmp_path)).close()
    store = EngineLogStore(open_engine(tmp_path))
    timeline = store.find(Query())
    oldest = timeline.entry(len(timeline) - 1)
    (path,) = (tmp_path / "journal").iterdir()
    data = path.read_bytes()
    at = data.index(oldest.text.encode())
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"X")
    timeline = store.find(Query())
    count = len(timeline)
    shown = timeline.entry(count - 1)
    assert shown.id != oldest.id
    assert len(timeline) == count - 1
    assert not store.writable
    assert "damaged" in store.troubles()[0].message
    store.close()


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
