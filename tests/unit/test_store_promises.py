"""What every `LogStore` promises, held against the double and the one on disk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from companion.errors import (
    AmbiguousIdError,
    EntryNotFoundError,
    NothingToUndoError,
)
from companion.log import Log
from companion.model.query import Query
from companion.storage import open_log
from tests.doubles import MemoryLogStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.ports import LogStore, Timeline
    from tests.conftest import FixedClock

TODAY = date(2026, 11, 22)


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LogStore]:
    store: LogStore = (
        MemoryLogStore() if request.param == "memory" else open_log(tmp_path / "home")
    )
    yield store
    store.close()


@pytest.fixture
def log(store: LogStore, clock: FixedClock) -> Log:
    return Log(store, clock, lambda: "Europe/Berlin")


def texts(timeline: Timeline) -> list[str]:
    while not timeline.advance():
        pass
    return [timeline.entry(index).text for index in range(len(timeline))]


def test_an_entry_comes_back_as_it_was(store: LogStore, log: Log) -> None:
    entry = log.new(text=" e\u0301\r\n\u202e ", tags=["a"], day=date(1999, 1, 1))
    store.add(entry)
    assert store.get(entry.id) == entry


def test_what_is_not_there_is_not_found(store: LogStore, log: Log) -> None:
    entry = log.new(text="a")
    with pytest.raises(EntryNotFoundError):
        store.get(entry.id)
    with pytest.raises(EntryNotFoundError):
        store.replace(entry)
    with pytest.raises(EntryNotFoundError):
        store.remove(entry.id)


def test_a_timeline_is_newest_first_by_day_then_moment_then_id(
    store: LogStore, log: Log, clock: FixedClock
) -> None:
    for text in ("a", "b"):
        store.add(log.new(text=text))
    clock.forward(minutes=1)
    store.add(log.new(text="c"))
    store.add(log.new(text="before", day=TODAY - timedelta(days=1)))
    store.add(log.new(text="after", day=TODAY + timedelta(days=1)))
    assert texts(store.find(Query())) == ["after", "c", "b", "a", "before"]


def test_a_timeline_shows_the_log_as_it_was(store: LogStore, log: Log) -> None:
    kept = log.new(text="kept")
    store.add(kept)
    timeline = store.find(Query(words=("e",)))
    store.add(log.new(text="even later"))
    assert texts(timeline) == ["kept"]
    assert timeline.done
    assert timeline.query == Query(words=("e",))


def test_a_timeline_can_be_asked_for_a_few(store: LogStore, log: Log) -> None:
    for number in range(5):
        store.add(log.new(text=f"a {number}"))
    timeline = store.find(Query(words=("a",)))
    while len(timeline) < 2:
        timeline.advance(enough=2)
    assert timeline.entry(0).text == "a 4"


def test_a_timeline_knows_its_days(store: LogStore, log: Log) -> None:
    days = [TODAY - timedelta(days=ago) for ago in (0, 0, 2, 5)]
    for day in days:
        store.add(log.new(text="a", day=day))
    timeline = store.find(Query())
    assert len(texts(timeline)) == 4
    assert [timeline.day(index) for index in range(4)] == days
    for ago, index in ((-1, 0), (0, 0), (1, 2), (2, 2), (3, 3), (5, 3), (6, 4)):
        assert timeline.index_of(TODAY - timedelta(days=ago)) == index


def test_changes_are_taken_back_one_by_one(store: LogStore, log: Log) -> None:
    entry = log.new(text="a", tags=["t"])
    changed = replace(entry, text="b", tags=(), day=date(2020, 1, 1))
    store.add(entry)
    store.replace(changed)
    store.remove(entry.id)
    expected = [("delete", changed, None), ("edit", entry, changed)]
    for act, before, after in expected:
        undone = store.undo()
        assert (undone.act, undone.before, undone.after) == (act, before, after)
        assert store.get(entry.id) == before
    undone = store.undo()
    assert (undone.act, undone.before, undone.after) == ("write", None, entry)
    assert texts(store.find(Query())) == []
    with pytest.raises(NothingToUndoError):
        store.undo()


def test_a_change_moves_an_entry_in_time(store: LogStore, log: Log) -> None:
    entry = log.new(text="a")
    store.add(entry)
    store.add(log.new(text="b", day=TODAY - timedelta(days=1)))
    store.replace(replace(entry, day=date(2020, 2, 29)))
    assert texts(store.find(Query())) == ["b", "a"]
    assert dict(store.days(2026)) == {TODAY - timedelta(days=1): 1}
    assert dict(store.days(2020)) == {date(2020, 2, 29): 1}


def test_an_id_is_known_by_its_ending(store: LogStore, log: Log) -> None:
    first, second = "a" * 21 + "b1234", "a" * 21 + "c1234"
    for each in (first, second):
        store.add(log.new(id=each, text="a"))
    assert store.resolve("b1234") == first
    assert store.resolve(second) == second
    with pytest.raises(AmbiguousIdError) as caught:
        store.resolve("1234")
    assert caught.value.count == 2
    for ending in ("5678", "b1235", "234", ""):
        with pytest.raises(EntryNotFoundError):
            store.resolve(ending)


def test_names_come_latest_used_first(
    store: LogStore, log: Log, clock: FixedClock
) -> None:
    for tags, people, part in (("ab", "Z", "critic"), ("b", "MZ", ""), ("c", "", "")):
        clock.forward(minutes=1)
        store.add(log.new(text="a", tags=list(tags), people=list(people), part=part))
    assert list(store.names("tags")) == ["c", "b", "a"]
    assert list(store.names("people")) == ["M", "Z"]
    assert list(store.names("parts")) == ["critic"]


def test_a_name_that_is_used_no_more_is_forgotten(store: LogStore, log: Log) -> None:
    entry = log.new(text="a", tags=["rest"])
    store.add(entry)
    store.remove(entry.id)
    assert list(store.names("tags")) == []


def test_a_fresh_log_is_writable_and_has_nothing_to_say(store: LogStore) -> None:
    assert store.writable
    assert list(store.notices()) == []
    assert not store.refresh()
    store.tidy()
    assert texts(store.find(Query())) == []
