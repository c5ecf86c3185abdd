"""What TinyDB documents of tables, held by tables over the log."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from tinydb import Query, where
from tinydb.operations import delete, increment
from tinydb.table import Document, Table

from companion.storage.table import LogTable
from tests.logs import content_of, database, open_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from companion.storage.database import LogDatabase
    from companion.storage.engine import Engine


@pytest.fixture
def three(db: LogDatabase) -> LogDatabase:
    """A database with three documents."""
    db.insert_multiple({"int": 1, "char": c} for c in "abc")
    return db


def again(engine: Engine) -> LogDatabase:
    """Close a log and open it anew."""
    engine.close()
    return database(open_engine(engine.home))


def test_an_insert_returns_an_id_that_finds_it(db: LogDatabase) -> None:
    assert db.insert({"int": 1}) == 1
    assert db.insert({"int": 2}) == 2
    assert db.get(doc_id=2) == {"int": 2}
    assert len(db) == 2


def test_any_mapping_can_be_inserted(db: LogDatabase) -> None:
    db.insert(MappingProxyType({"a": 1}))
    assert db.all() == [{"a": 1}]


@pytest.mark.parametrize("value", [[1, 2], "text", None, 5, {"set"}])
def test_what_is_no_mapping_is_refused(db: LogDatabase, value: Any) -> None:
    with pytest.raises(ValueError, match="Mapping"):
        db.insert(value)
    with pytest.raises(ValueError, match="Mapping"):
        db.insert_multiple([{"good": 1}, value])
    assert len(db) == 0


def test_several_are_inserted_at_once(db: LogDatabase) -> None:
    assert db.insert_multiple([{"n": 1}, {"n": 2}]) == [1, 2]
    assert db.insert_multiple({"n": n} for n in (3, 4)) == [3, 4]
    assert db.insert_multiple([]) == []
    assert [one["n"] for one in db] == [1, 2, 3, 4]


def test_several_inserted_are_one_commit(db: LogDatabase, engine: Engine) -> None:
    db.insert_multiple({"n": n} for n in range(100))
    (segment,) = engine.journal.segments.values()
    assert segment.mark.sequence == 2


def test_ids_go_on_after_opening_again(db: LogDatabase, engine: Engine) -> None:
    db.insert_multiple([{}, {}, {}])
    db.remove(doc_ids=[2])
    other = again(engine)
    assert other.insert({"new": 1}) == 4
    other.close()


def test_a_document_brings_its_own_id(db: LogDatabase) -> None:
    assert db.insert(Document({"a": 1}, doc_id=12)) == 12
    assert db.insert({"b": 2}) == 13
    assert isinstance(db.get(doc_id=12), Document)


def test_a_fresh_id_is_never_one_that_is_taken(db: LogDatabase) -> None:
    db.insert_multiple([Document({"first": 1}, doc_id=3), {}, {}])
    for _ in range(5):
        db.insert({})
    assert db.get(doc_id=3) == {"first": 1}
    assert len(db) == 8


def test_an_id_that_is_taken_is_refused_and_nothing_is_changed(
    db: LogDatabase,
) -> None:
    db.insert(Document({"a": 1}, doc_id=12))
    with pytest.raises(ValueError, match="12 already exists"):
        db.insert(Document({"a": 2}, doc_id=12))
    with pytest.raises(ValueError, match="5 already exists"):
        db.insert_multiple([Document({}, doc_id=5), Document({}, doc_id=5)])
    assert db.all() == [{"a": 1}]


def test_an_empty_id_is_refused(db: LogDatabase, engine: Engine) -> None:
    with pytest.raises(ValueError, match="needs an id"):
        db.insert(Document({"a": 1}, doc_id=""))  # type: ignore[arg-type]
    db.insert({"a": 2})
    other = again(engine)
    assert other.all() == [{"a": 2}]
    assert other.storage.engine.writable  # type: ignore[attr-defined]
    other.close()


def test_documents_are_found_by_id(three: LogDatabase) -> None:
    assert three.get(doc_id=2) == {"int": 1, "char": "b"}
    assert three.get(doc_id=9) is None
    found = three.get(doc_ids=[1, 3, 9, 1])
    assert [one["char"] for one in found] == ["a", "c"]
    assert three.get(doc_ids=[]) == []
    assert three.contains(doc_id=3)
    assert not three.contains(doc_id=4)


def test_documents_are_found_by_what_is_in_them(three: LogDatabase) -> None:
    found = three.get(where("char") == "b")
    assert isinstance(found, Document)
    assert found.doc_id == 2
    assert three.get(where("char") == "z") is None
    assert three.contains(where("char") == "c")
    assert not three.contains(where("char") == "z")
    assert three.count(where("int") == 1) == 3
    assert three.count(where("int") == 2) == 0
    assert [one.doc_id for one in three.search(where("char").one_of(["a", "c"]))] == [
        1,
        3,
    ]


def test_asking_for_nothing_is_an_error(three: LogDatabase) -> None:
    with pytest.raises(RuntimeError):
        three.get()
    with pytest.raises(RuntimeError):
        three.contains()
    with pytest.raises(RuntimeError):
        three.remove()


def test_an_update_changes_all_or_those_that_match(three: LogDatabase) -> None:
    assert three.update({"int": 2}) == [1, 2, 3]
    assert three.count(where("int") == 2) == 3
    assert three.update({"int": 3}, where("char") == "a") == [1]
    assert three.update({"new": 4}, doc_ids=[2, 3]) == [2, 3]
    assert three.update({"int": 9}, where("char") == "z") == []
    assert three.all() == [
        {"int": 3, "char": "a"},
        {"int": 2, "char": "b", "new": 4},
        {"int": 2, "char": "c", "new": 4},
    ]


def test_an_update_may_be_a_function(three: LogDatabase) -> None:
    three.update(increment("int"), where("char") == "a")
    three.update(delete("char"), doc_ids=[2])
    three.update(lambda document: document.clear(), where("char") == "c")
    assert three.all() == [{"int": 2, "char": "a"}, {"int": 1}, {}]


def test_an_update_that_fails_changes_nothing(
    three: LogDatabase, engine: Engine
) -> None:
    def fail(document: Any) -> None:
        document["int"] = 99
        if document["char"] == "c":
            raise KeyError("no")

    former = three.all()
    with pytest.raises(KeyError):
        three.update(fail)
    with pytest.raises(KeyError):
        three.update(delete("missing"))
    with pytest.raises(TypeError):
        three.update({"int": {1, 2}})
    assert three.all() == former
    assert again(engine).all() == former


def test_several_updates_at_once(three: LogDatabase) -> None:
    assert three.update_multiple(
        [
            ({"int": 2}, where("char") == "a"),
            ({"int": 4}, where("char") == "b"),
            (increment("int"), where("char") == "b"),
        ]
    ) == [1, 2, 2]
    assert [one["int"] for one in three] == [2, 5, 1]
    assert three.update_multiple([]) == []


def test_upsert(three: LogDatabase) -> None:
    assert three.upsert({"int": 5, "char": "a"}, where("char") == "a") == [1]
    assert three.upsert({"int": 9, "char": "x"}, where("char") == "x") == [4]
    assert three.upsert(Document({"int": 6}, doc_id=2)) == [2]
    assert three.upsert(Document({"int": 7}, doc_id=50)) == [50]
    assert three.get(doc_id=2) == {"int": 6, "char": "b"}
    assert three.get(doc_id=50) == {"int": 7}
    with pytest.raises(ValueError, match="query"):
        three.upsert({"int": 1})


def test_remove(three: LogDatabase) -> None:
    assert three.remove(where("char") == "b") == [2]
    assert three.remove(doc_ids=[1]) == [1]
    assert three.remove(where("char") == "z") == []
    assert three.all() == [{"int": 1, "char": "c"}]
    assert three.insert({}) == 4


def test_truncate(three: LogDatabase, engine: Engine) -> None:
    three.truncate()
    assert len(three) == 0
    assert three.all() == []
    assert three.insert({}) == 1
    other = again(engine)
    assert other.all() == [{}]
    other.close()


def test_values_are_never_shared(db: LogDatabase) -> None:
    mine: dict[str, Any] = {"list": [1, {"deep": []}]}
    db.insert(mine)
    mine["list"][1]["deep"].append("changed")
    assert db.all() == [{"list": [1, {"deep": []}]}]
    for found in (
        db.get(doc_id=1),
        db.all()[0],
        db.search(Query().list.exists())[0],
        next(iter(db)),
    ):
        assert found is not None
        found["list"].append("changed")
        found["new"] = 1
    change = {"more": ["x"]}
    db.update(change)
    change["more"].append("changed")
    assert db.all() == [{"list": [1, {"deep": []}], "more": ["x"]}]


def test_what_comes_back_is_what_the_disk_keeps(
    db: LogDatabase, engine: Engine
) -> None:
    db.insert({"tuple": (1, 2), "float": 1.5, "big": 10**30, "none": None})
    kept = db.all()
    assert kept == [{"tuple": [1, 2], "float": 1.5, "big": 10**30, "none": None}]
    other = again(engine)
    assert other.all() == kept
    other.close()


BAD = [float("nan"), float("inf"), {1, 2}, b"x", object(), {1: 2}, "\ud800", 1j]


@pytest.mark.parametrize("value", BAD, ids=lambda value: type(value).__name__)
def test_what_cannot_be_kept_is_refused_before_anything_changes(
    db: LogDatabase, engine: Engine, value: Any
) -> None:
    db.insert({"a": 1})
    former = content_of(engine.home)
    acts: list[Callable[[], object]] = [
        lambda: db.insert({"x": value}),
        lambda: db.insert_multiple([{"fine": 1}, {"x": [value]}]),
        lambda: db.update({"x": value}),
        lambda: db.upsert({"x": value}, where("no") == 1),
    ]
    for act in acts:
        with pytest.raises((TypeError, ValueError)):
            act()
    assert db.all() == [{"a": 1}]
    assert content_of(engine.home) == former


def test_tables_stand_apart(db: LogDatabase, engine: Engine) -> None:
    one, two = db.table("one"), db.table("two")
    one.insert({"a": 1})
    two.insert({"b": 2})
    db.insert({"c": 3})
    assert db.tables() == {"one", "two", "_default"}
    assert (one.all(), two.all(), db.all()) == ([{"a": 1}], [{"b": 2}], [{"c": 3}])
    assert db.table("one") is one
    assert one.name == "one"
    assert "name='one'" in repr(one)
    assert isinstance(one, Table)
    other = again(engine)
    assert other.table("two").all() == [{"b": 2}]
    other.close()


@pytest.mark.parametrize("name", ["", "with space", "Ä", "\0", "a" * 500, '"'])
def test_a_table_may_have_any_name(db: LogDatabase, engine: Engine, name: str) -> None:
    db.table(name).insert({"a": 1})
    other = again(engine)
    assert other.table(name).all() == [{"a": 1}]
    assert other.tables() == {name}
    other.close()


def test_dropping_tables(db: LogDatabase, engine: Engine) -> None:
    for name in ("one", "two", "three"):
        db.table(name).insert({"a": 1})
    db.drop_table("two")
    db.drop_table("never was")
    assert db.tables() == {"one", "three"}
    assert db.table("two").all() == []
    assert db.table("two").insert({}) == 1
    db.drop_tables()
    db.drop_tables()
    assert db.tables() == set()
    other = again(engine)
    assert other.tables() == set()
    other.close()


def test_ids_may_be_of_another_class(engine: Engine) -> None:
    class Named(LogTable):
        document_id_class = str  # type: ignore[assignment]

        def _get_next_id(self) -> str:
            return f"n{len(self)}"

    table = Named(database(engine).storage, "named")
    assert table.insert({"a": 1}) == "n0"
    assert table.insert_multiple([{"b": 2}]) == ["n1"]
    assert table.get(doc_id="n1") == {"b": 2}
    assert [one.doc_id for one in table] == ["n0", "n1"]  # type: ignore[comparison-overlap]


def test_documents_may_be_of_another_class(engine: Engine) -> None:
    class Mine(Document):
        pass

    class Table(LogTable):
        document_class = Mine

    table = Table(database(engine).storage, "mine")
    table.insert({"a": 1})
    assert type(table.all()[0]) is Mine


def test_the_table_can_be_changed_whole(three: LogDatabase, engine: Engine) -> None:
    table = three.table("_default")
    assert isinstance(table, LogTable)

    def change(documents: dict[Any, Any]) -> None:
        documents[1]["int"] = 7
        del documents[2]
        documents[9] = {"new": 1}

    table._update_table(change)
    assert table._read_table() == {
        "1": {"int": 7, "char": "a"},
        "3": {"int": 1, "char": "c"},
        "9": {"new": 1},
    }
    table._update_table(lambda _: None)
    assert len(table) == 3
    table._update_table(lambda documents: documents.clear())
    assert len(table) == 0
    fresh = three.table("fresh")
    assert isinstance(fresh, LogTable)
    fresh._update_table(lambda _: None)
    assert "fresh" in three.tables()
    other = again(engine)
    assert other.tables() == {"_default", "fresh"}
    other.close()
