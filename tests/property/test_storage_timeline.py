"""What a search finds in the log is what a search means, with any index below."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from companion.model.query import Query
from companion.search import matches
from companion.storage.store import EngineLogStore
from tests.logs import entry, id_of, open_engine
from tests.strategies import ENTRIES, QUERIES

if TYPE_CHECKING:
    from companion.model.entry import Entry
    from tests.regime import Regime

WORDS = st.sampled_from(
    [
        "a",
        "b",
        "ab",
        "Straße",
        "STRASSE",
        "é",
        "e\u0301",
        "\0",
        "\x1f",
        "x y",
        "#a",
        "@",
    ]
)
NAMES = st.sampled_from(["a", "A b", "é", "x", "Straße", "k=v"])
FEW_DAYS = st.dates(date(2025, 12, 25), date(2026, 1, 5))


def few(strategy: st.SearchStrategy[str], most: int = 2) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=most).map(tuple)


# Entries and queries that meet each other often; and any at all.
ENTRY = ENTRIES | st.builds(
    entry,
    st.integers(0, 50),
    kind=st.sampled_from(["reflection", "moment"]),
    text=st.lists(WORDS, max_size=4).map(" ".join),
    tags=few(NAMES),
    people=few(NAMES),
    part=st.just("") | NAMES,
    day=FEW_DAYS,
)
QUERY = QUERIES | st.builds(
    Query,
    words=few(WORDS),
    without=few(WORDS),
    tags=few(NAMES),
    no_tags=few(NAMES),
    people=few(NAMES),
    parts=few(NAMES, 1),
    no_parts=few(NAMES, 1),
    kinds=few(st.sampled_from(["reflection", "moment"]), 1),
    first=st.none() | FEW_DAYS,
    last=st.none() | FEW_DAYS,
)
STEP = st.one_of(
    st.tuples(st.just("add"), ENTRY),
    st.tuples(st.just("add"), ENTRY),
    st.tuples(st.just("edit"), ENTRY, st.integers(0, 99)),
    st.tuples(st.just("remove"), st.integers(0, 99)),
    st.tuples(st.just("tidy")),
    st.tuples(st.just("open again")),
)


class Both:
    """A log on the disk, and what should be in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.store = EngineLogStore(open_engine(home))
        self.entries: dict[str, Entry] = {}
        self._numbers = count()

    def step(self, what: str, *given: Any) -> None:
        ids = sorted(self.entries)
        if what == "add":
            new = replace(given[0], id=id_of(next(self._numbers)))
            self.store.add(new)
            self.entries[new.id] = new
        elif what == "tidy":
            self.store.tidy()
        elif what == "open again":
            self.store.close()
            self.store = EngineLogStore(open_engine(self.home))
        elif ids and what == "edit":
            new = replace(given[0], id=ids[given[1] % len(ids)])
            self.store.replace(new)
            self.entries[new.id] = new
        elif ids:
            gone = ids[given[0] % len(ids)]
            self.store.remove(gone)
            del self.entries[gone]

    def check(self, query: Query) -> None:
        wanted = sorted(
            (one for one in self.entries.values() if matches(one, query)),
            key=lambda one: (one.day, one.at, one.id),
            reverse=True,
        )
        timeline = self.store.find(query)
        while not timeline.advance():
            pass
        found = [timeline.entry(index) for index in range(len(timeline))]
        assert found == wanted
        assert [timeline.day(index) for index in range(len(timeline))] == [
            one.day for one in wanted
        ]
        for day in {one.day for one in wanted} | {date(2026, 1, 1)}:
            later = sum(one.day > day for one in wanted)
            assert timeline.index_of(day) == later

    def check_all(self) -> None:
        assert {one: self.store.get(one) for one in self.entries} == self.entries
        for year in {one.day.year for one in self.entries.values()}:
            days = [one.day for one in self.entries.values() if one.day.year == year]
            assert self.store.days(year) == {day: days.count(day) for day in days}
        for what in ("tags", "people", "parts"):
            used = {
                name
                for one in self.entries.values()
                for name in (
                    filter(None, [one.part]) if what == "parts" else getattr(one, what)
                )
            }
            assert set(self.store.names(what)) == used


def agree(steps: list[tuple[Any, ...]], queries: list[Query]) -> None:
    with TemporaryDirectory() as folder:
        both = Both(Path(folder))
        try:
            for step in steps:
                both.step(*step)
            for query in [Query(), *queries]:
                both.check(query)
            both.check_all()
        finally:
            both.store.close()


PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]


@settings(
    max_examples=80,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(STEP, max_size=14), st.lists(QUERY, min_size=1, max_size=6))
def test_the_log_finds_what_is_meant(
    steps: list[tuple[Any, ...]], queries: list[Query]
) -> None:
    agree(steps, queries)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEP, max_size=60), st.lists(QUERY, min_size=1, max_size=10))
def test_the_log_finds_what_is_meant_for_long(
    regime: Regime, steps: list[tuple[Any, ...]], queries: list[Query]
) -> None:
    agree(steps, queries)
    regime("found", logs=1, searches=len(queries), differences=0)


@pytest.mark.parametrize("tidy", [False, True])
@pytest.mark.parametrize(
    ("text", "sought", "found"),
    [
        ("a\0b", "a b", False),
        ("a\0b", "a\0b", True),
        ("a\x1fb", "a b", False),
        ("a\nb", "a\nb", True),
        ("ÿþ", "ÿ", True),
        ("ﬁne Straße", "FINE STRASSE", True),
        ("e\u0301", "é", True),
        ("é", "e", False),
        ("#a", "#a", True),
    ],
)
def test_what_stands_beside_is_not_found(
    tmp_path: Path, text: str, sought: str, *, found: bool, tidy: bool
) -> None:
    store = EngineLogStore(open_engine(tmp_path))
    store.add(entry(1, text=text))
    store.add(entry(2, text="b"))
    if tidy:
        store.tidy()
    query = Query(words=(sought,))
    assert matches(entry(1, text=text), query) is found
    timeline = store.find(query)
    timeline.advance(seconds=10)
    assert len(timeline) == found
    store.close()
