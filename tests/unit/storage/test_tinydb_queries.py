"""TinyDB's queries and operations, asked of documents that lie in the log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import pytest
from tinydb import Query, where
from tinydb.operations import add, decrement, delete, increment, subtract
from tinydb.operations import set as put

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from companion.storage.database import LogDatabase

DOCUMENTS: list[dict[str, Any]] = [
    {"n": 1, "name": "Anna", "tags": ["a", "b"], "born": {"year": 1970, "in": "Bern"}},
    {"n": 2, "name": "anton", "tags": ["b"], "born": {"year": 1980, "in": "Rome"}},
    {"n": 3, "name": "Ben", "tags": [], "kids": [{"n": 1, "a": 2}, {"n": 5}]},
    {"n": 4.5, "name": "Zoë\nÄ", "on": True, "none": None},
    {"other": 1, "a key": "x"},
]
Q = Query()


@pytest.fixture
def people(db: LogDatabase) -> LogDatabase:
    """A database with five documents of different shapes."""
    db.insert_multiple(DOCUMENTS)
    return db


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Q.n == 1, [1]),
        (Q.n != 1, [2, 3, 4]),
        (Q.n < 3, [1, 2]),
        (Q.n <= 3, [1, 2, 3]),
        (Q.n > 3, [4]),
        (Q.n >= 3, [3, 4]),
        (Q["n"] == 2, [2]),
        (where("a key") == "x", [5]),
        (Q["a key"] == "x", [5]),
        (Q.name.exists(), [1, 2, 3, 4]),
        (~Q.name.exists(), [5]),
        (Q.none == None, [4]),  # noqa: E711 # the query's own ==
        (Q.on == True, [4]),  # noqa: E712
        (Q.born.year == 1980, [2]),
        (Q.born.exists(), [1, 2]),
        (Q.born == {"year": 1970, "in": "Bern"}, [1]),
        (Q["born"]["in"] == "Rome", [2]),
        (Q.name.matches("An"), [1]),
        (Q.name.matches("an", flags=re.IGNORECASE), [1, 2]),
        (Q.name.matches(".*Ä", flags=re.DOTALL), [4]),
        (Q.name.search("n+"), [1, 2, 3]),
        (Q.name.search("N", flags=re.IGNORECASE), [1, 2, 3]),
        (Q.n.matches("1"), []),
        (Q.n.search("1"), []),
        (Q.n.test(lambda n: n > 2), [3, 4]),
        (Q.n.test(lambda n, low, high: low <= n <= high, 2, 3), [2, 3]),
        (Q.tags.any(["a", "z"]), [1]),
        (Q.tags.all(["b"]), [1, 2]),
        (Q.tags.all(["a", "b"]), [1]),
        (Q.kids.any(Q.n == 5), [3]),
        (Q.kids.all(Q.n.exists()), [3]),
        (Q.kids.any(where("a") == 2), [3]),
        (Q.name.one_of(["Anna", "Ben"]), [1, 3]),
        (Q.fragment({"n": 1, "name": "Anna"}), [1]),
        (Q.born.fragment({"year": 1980}), [2]),
        (Q.noop(), [1, 2, 3, 4, 5]),
        ((Q.n == 1) | (Q.n == 2), [1, 2]),
        ((Q.n >= 2) & (Q.n < 4), [2, 3]),
        (~(Q.n == 1), [2, 3, 4, 5]),
        ((Q.n == 1) & ~(Q.name == "Anna"), []),
        (Q.tags.map(len) == 2, [1]),
        (Q.name.map(str.lower).map(len) == 5, [2, 4]),
        (lambda document: "other" in document, [5]),
    ],
)
def test_a_query_finds(people: LogDatabase, query: Any, found: list[int]) -> None:
    assert [one.doc_id for one in people.search(query)] == found
    assert people.count(query) == len(found)
    assert people.contains(query) == bool(found)
    first = people.get(query)
    assert (None if first is None else first.doc_id) == (found[0] if found else None)


def test_a_search_sees_what_was_changed_since(people: LogDatabase) -> None:
    query = Q.n == 1
    assert len(people.search(query)) == 1
    people.update({"n": 1}, Q.n == 2)
    assert len(people.search(query)) == 2
    people.remove(query)
    assert people.search(query) == []


def test_what_a_search_gives_is_nobody_elses(people: LogDatabase) -> None:
    found = people.search(Q.n == 1)
    found[0]["tags"].append("changed")
    found.clear()
    assert people.search(Q.n == 1) == [DOCUMENTS[0]]


@pytest.mark.parametrize(
    ("operation", "before", "after"),
    [
        (delete("a"), {"a": 1, "b": 2}, {"b": 2}),
        (put("a", 7), {"a": 1}, {"a": 7}),
        (put("new", [1]), {}, {"new": [1]}),
        (add("a", 5), {"a": 1}, {"a": 6}),
        (add("a", cast("Any", "xyz")), {"a": "w"}, {"a": "wxyz"}),
        (add("a", cast("Any", [2])), {"a": [1]}, {"a": [1, 2]}),
        (subtract("a", 5), {"a": 1}, {"a": -4}),
        (increment("a"), {"a": 1}, {"a": 2}),
        (decrement("a"), {"a": 1}, {"a": 0}),
    ],
)
def test_operations(
    db: LogDatabase,
    operation: Callable[[Any], None],
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    db.insert(before)
    db.insert({"a": 0, "beside": 1})
    assert db.update(operation, doc_ids=[1]) == [1]
    assert db.get(doc_id=1) == after
    assert db.get(doc_id=2) == {"a": 0, "beside": 1}


def _last(documents: Sequence[Any]) -> Any:
    return documents[-1]


def test_documents_come_in_the_order_they_were_inserted(db: LogDatabase) -> None:
    for number in range(20):
        db.insert({"n": number})
    db.update({"changed": True}, Q.n == 3)
    assert [one["n"] for one in db] == list(range(20))
    assert _last(db.all())["n"] == 19
