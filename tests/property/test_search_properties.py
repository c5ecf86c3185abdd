from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from companion.errors import InvalidQueryError
from companion.folding import fold
from companion.model.entry import KINDS, PRINCIPLES, RUNGS, Entry
from companion.model.query import Query
from companion.search import matches, parse, quoted, searchable
from tests.strategies import DAYS, ENTRIES, NAMES, QUERIES, TEXTS

TODAY = date(2026, 11, 22)
SIGNS = ["-", "NOT ", '"', "\\", "#", "@", ":", " ", "\0", "\ud800"]
KEYS = ["kind:", "tag:", "person:", "part:", "rung:", "principle:", "on:", "in:"]
BOUNDS = ["from:", "to:", "before:", "after:", "today", "2024", "2024-02", "9999"]
PIECES = st.sampled_from([*SIGNS, *KEYS, *BOUNDS, "0001", "re", "c", "a"])
TYPED = st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join) | st.text()


@given(words=TYPED)
@example("before:0001")
@example('-"')
@example('tag:"\\')
def test_whatever_is_typed_is_read_or_refused_by_name(words: str) -> None:
    with suppress(InvalidQueryError):
        query = parse(words, today=TODAY)
        assert all(word.strip() for word in query.words)


@given(words=TYPED.filter(str.isprintable))
def test_each_beginning_of_a_search_can_be_read_or_is_refused_by_name(
    words: str,
) -> None:
    for end in range(len(words)):
        with suppress(InvalidQueryError):
            assert parse(words[:end], today=TODAY) == parse(words[:end], today=TODAY)


@given(phrases=st.lists(TEXTS.filter(str.strip), max_size=4))
def test_quoted_phrases_come_back_as_they_were(phrases: list[str]) -> None:
    typed = " ".join(map(quoted, phrases))
    assert parse(typed, today=TODAY) == Query(words=tuple(phrases))
    left_out = " ".join(f"-{quoted(phrase)}" for phrase in phrases)
    assert parse(left_out, today=TODAY) == Query(without=tuple(phrases))


@given(tag=NAMES, person=NAMES, part=NAMES)
def test_quoted_names_come_back_as_they_were(tag: str, person: str, part: str) -> None:
    typed = f"#{quoted(tag)} NOT @{quoted(person)} part:{quoted(part)}"
    assert parse(typed, today=TODAY) == Query(
        tags=(tag,), no_people=(person,), parts=(part,)
    )


@given(first=DAYS, last=DAYS)
def test_days_come_back_as_they_were(first: date, last: date) -> None:
    typed = f"from:{first.isoformat()} to:{last.isoformat()}"
    assert parse(typed, today=TODAY) == Query(first=first, last=last)


@given(entry=ENTRIES)
def test_an_empty_query_holds_for_every_entry(entry: Entry) -> None:
    assert matches(entry, Query())


@given(entry=ENTRIES, data=st.data())
def test_every_stretch_of_what_was_written_is_found(
    entry: Entry, data: st.DataObject
) -> None:
    texts = [entry.text, *(answer.text for answer in entry.answers)]
    text = fold(data.draw(st.sampled_from(texts)))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert matches(entry, Query(words=(text[start:end],)))
    if start < end:
        assert not matches(entry, Query(without=(text[start:end],)))


@given(entry=ENTRIES)
def test_an_entry_is_found_by_everything_it_has(entry: Entry) -> None:
    query = Query(
        kinds=(entry.kind,),
        rungs=(entry.rung,) if entry.rung else (),
        principles=entry.principles[:1],
        tags=entry.tags[:1],
        people=entry.people[:1],
        parts=(entry.part,) if entry.part else (),
        first=entry.day,
        last=entry.day,
    )
    assert matches(entry, query)


@given(entry=ENTRIES, query=QUERIES)
def test_more_asked_for_never_finds_more(entry: Entry, query: Query) -> None:
    if matches(entry, query):
        for loosened in (
            replace(query, words=query.words[1:]),
            replace(query, without=()),
            replace(query, no_tags=(), no_people=(), no_parts=()),
            replace(query, first=None),
            replace(query, last=None),
        ):
            assert matches(entry, loosened)


@given(entry=ENTRIES)
def test_what_holds_and_what_is_left_out_never_hold_together(entry: Entry) -> None:
    for kind in KINDS:
        wanted = matches(entry, Query(kinds=(kind,)))
        assert wanted != matches(entry, Query(no_kinds=(kind,)))
    for rung in RUNGS:
        wanted = matches(entry, Query(rungs=(rung,)))
        assert wanted != matches(entry, Query(no_rungs=(rung,)))
    for principle in PRINCIPLES:
        wanted = matches(entry, Query(principles=(principle,)))
        assert wanted != matches(entry, Query(no_principles=(principle,)))
    for tag in entry.tags:
        assert matches(entry, Query(tags=(tag,)))
        assert not matches(entry, Query(no_tags=(tag,)))


@given(entry=ENTRIES)
def test_what_is_searched_is_folded_already(entry: Entry) -> None:
    assert fold(searchable(entry)) == searchable(entry)
