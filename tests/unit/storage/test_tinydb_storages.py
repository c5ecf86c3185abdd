"""TinyDB's database and storage, over the log: all at once, opened again, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from tinydb import TinyDB, where
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import Storage

from companion.errors import LogError
from companion.storage.database import EngineStorage, LogDatabase
from companion.storage.state import ENTRIES
from tests.logs import content, content_of, document, id_of, open_engine, segments

if TYPE_CHECKING:
    from pathlib import Path

    from companion.storage.engine import Engine

STATES: list[dict[str, Any]] = [
    {"t": {"1": {"a": 1}}},
    {"t": {"1": {"a": 2}, "2": {"b": [1]}}, "u": {}},
    {"u": {"5": {}}, "v": {}},
    {"v": {}},
    {"v": {"1": {"x": 1}}, ENTRIES: {id_of(1): document(1), id_of(2): document(2)}},
    {"v": {"1": {"x": 1}}, ENTRIES: {id_of(2): document(2, text="changed")}},
    {"v": {}},
    {},
]


def test_nothing_is_read_from_an_empty_log(engine: Engine) -> None:
    storage = EngineStorage(engine)
    assert isinstance(storage, Storage)
    assert storage.read() is None


def test_what_is_written_whole_is_read_whole(tmp_path: Path) -> None:
    for state in STATES:
        engine = open_engine(tmp_path)
        storage = EngineStorage(engine)
        storage.write(state)
        assert (storage.read() or {}) == state
        storage.close()
        assert content_of(tmp_path) == state


def test_what_is_written_whole_is_one_commit_or_none(engine: Engine) -> None:
    storage = EngineStorage(engine)
    storage.write({})
    assert segments(engine.home) == []
    for number, state in enumerate(STATES[:-1], 2):
        storage.write(state)
        storage.write(state)
        (segment,) = engine.journal.segments.values()
        assert segment.mark.sequence == number


def test_ids_that_are_numbers_are_written_as_text(engine: Engine) -> None:
    EngineStorage(engine).write({"t": {1: {"a": 1}}})  # type: ignore[dict-item]
    assert content(engine) == {"t": {"1": {"a": 1}}}


def test_what_is_read_is_a_copy(engine: Engine) -> None:
    storage = EngineStorage(engine)
    storage.write(STATES[1])
    first = storage.read()
    assert first is not None
    first["t"]["2"]["b"].append("changed")
    assert storage.read() == STATES[1]


def test_what_cannot_be_kept_is_refused_whole(engine: Engine) -> None:
    storage = EngineStorage(engine)
    storage.write(STATES[0])
    with pytest.raises((TypeError, ValueError)):
        storage.write({"t": {"1": {"fine": 1}, "2": {"x": {1}}}})
    assert storage.read() == STATES[0]


def test_tinydb_alone_works_on_the_storage(engine: Engine) -> None:
    plain = TinyDB(engine, storage=EngineStorage)
    plain.insert({"a": 1})
    plain.table("t").insert_multiple([{"b": 1}, {"b": 2}])
    plain.table("t").update({"b": 3}, where("b") == 2)
    plain.table("t").remove(where("b") == 1)
    assert content(engine) == {"_default": {"1": {"a": 1}}, "t": {"2": {"b": 3}}}
    plain.drop_tables()
    assert content(engine) == {}


def test_middleware_works_on_the_storage(engine: Engine) -> None:
    cached = TinyDB(engine, storage=cast("Any", CachingMiddleware)(EngineStorage))
    cached.insert({"a": 1})
    cached.close()
    assert content_of(engine.home) == {"_default": {"1": {"a": 1}}}


def test_a_database_is_closed_at_the_end_of_its_block(tmp_path: Path) -> None:
    with LogDatabase(open_engine(tmp_path)) as db:
        db.insert({"a": 1})
        assert len(db) == 1
        assert list(db) == [{"a": 1}]
        assert "tables" in repr(db)
    with LogDatabase(open_engine(tmp_path)) as db:
        assert isinstance(db.storage, EngineStorage)
        assert db.storage.engine.writable
        assert db.all() == [{"a": 1}]


def test_the_default_table_may_have_another_name(engine: Engine) -> None:
    class Other(LogDatabase):
        default_table_name = "main"

    Other(engine).insert({"a": 1})
    assert content(engine) == {"main": {"1": {"a": 1}}}


def test_entries_bring_their_own_ids(db: LogDatabase, engine: Engine) -> None:
    entries = db.table(ENTRIES)
    assert entries.insert(document(1)) == id_of(1)  # type: ignore[comparison-overlap]
    with pytest.raises(ValueError, match="already exists"):
        entries.insert(document(1, text="again"))
    with pytest.raises(ValueError, match="already exists"):
        entries.insert_multiple([document(2), document(2)])
    assert entries.all() == [document(1)]
    assert db.table(ENTRIES) is entries
    assert db.tables() == {ENTRIES}
    db.drop_table(ENTRIES)
    assert db.tables() == set()
    assert len(engine.entries) == 0


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"text": "no id"},
        {"id": "short", "at": "2026-11-22T09:30:00+01:00", "day": "2026-11-22"},
        document(1) | {"day": "tomorrow"},
        document(1) | {"at": "2026-11-22T09:30:00"},
        document(1) | {"kind": None},
        document(1) | {"text": 5},
        document(1) | {"tags": "abc"},
        document(1) | {"placement": {"position": 1.5, "rung": "self"}},
        {name: value for name, value in document(1).items() if name != "day"},
    ],
)
def test_what_is_no_entry_is_refused_before_anything_changes(
    db: LogDatabase, engine: Engine, bad: dict[str, Any]
) -> None:
    entries = db.table(ENTRIES)
    entries.insert(document(5))
    with pytest.raises(ValueError, match="entry"):
        entries.insert(bad)
    with pytest.raises(ValueError, match="entry"):
        entries.insert_multiple([document(6), bad])
    with pytest.raises(ValueError, match="not of the entry"):
        entries.update({"id": id_of(9)})
    assert entries.all() == [document(5)]
    assert content_of(engine.home) == {ENTRIES: {id_of(5): document(5)}}


def test_a_log_that_may_only_be_read_refuses(tmp_path: Path) -> None:
    with LogDatabase(open_engine(tmp_path)) as db:
        db.insert({"a": 1})
        guest = LogDatabase(open_engine(tmp_path))
        assert guest.all() == [{"a": 1}]
        for act in (
            lambda: guest.insert({}),
            lambda: guest.update({"b": 1}),
            lambda: guest.remove(doc_ids=[1]),
            guest.truncate,
            guest.drop_tables,
        ):
            with pytest.raises(LogError):
                act()
        assert guest.all() == [{"a": 1}]
        guest.close()
