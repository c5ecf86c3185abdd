from __future__ import annotations

from datetime import date

import pytest

from companion.model.query import Query


def test_a_query_without_anything_is_empty() -> None:
    assert Query().is_empty
    assert Query(words=(), first=None).is_empty


@pytest.mark.parametrize(
    "query",
    [
        Query(words=("a",)),
        Query(without=("a",)),
        Query(no_parts=("a",)),
        Query(first=date(2026, 1, 1)),
        Query(last=date(2026, 1, 1)),
    ],
)
def test_a_query_for_anything_is_not_empty(query: Query) -> None:
    assert not query.is_empty


def test_words_and_names_are_folded_as_they_come_in() -> None:
    query = Query(words=("Straße",), tags=("ÉTÉ",), no_people=("Z",))
    assert query == Query(words=("STRASSE",), tags=("été",), no_people=("z",))
    assert query.words == ("strasse",)


def test_words_of_nothing_are_dropped() -> None:
    assert Query(words=("",), without=("", "a")) == Query(without=("a",))
