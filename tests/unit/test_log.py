from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from companion.errors import (
    AmbiguousIdError,
    EntryNotFoundError,
    InvalidEntryError,
    InvalidQueryError,
    LogLockedError,
    NothingToUndoError,
)
from companion.log import Log
from companion.model.query import Query
from companion.ports import Notice
from tests.doubles import MemoryLogStore, MemoryTimeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from companion.model.entry import Entry
    from tests.conftest import FixedClock

TODAY = date(2026, 11, 22)


def texts(entries: Sequence[Entry]) -> list[str]:
    return [entry.text for entry in entries]


def found(timeline: MemoryTimeline) -> list[str]:
    assert timeline.advance()
    return [timeline.entry(index).text for index in range(len(timeline))]


def test_a_new_entry_is_of_now_and_not_written_yet(
    log: Log, clock: FixedClock, memory_store: MemoryLogStore
) -> None:
    entry = log.new(text="slept well")
    assert entry.at == clock.now
    assert entry.at.utcoffset() == timedelta(hours=1)
    assert (entry.day, entry.zone) == (TODAY, "Europe/Berlin")
    assert memory_store.entries == {}


def test_what_is_written_is_there(log: Log) -> None:
    entry = log.write(log.new(text="slept well"))
    assert log.get(entry.id) == entry
    assert texts(log.of_day(TODAY)) == ["slept well"]


def test_a_zone_may_be_unknown(memory_store: MemoryLogStore, clock: FixedClock) -> None:
    assert Log(memory_store, clock).new(text="a").zone == ""


def test_a_draft_keeps_its_id(log: Log) -> None:
    draft_id = log.fresh_id()
    assert log.new(id=draft_id, text="a").id == draft_id


def test_names_of_a_new_entry_are_cleaned(log: Log) -> None:
    entry = log.new(
        text="a", tags=["#rest", "Rest"], people=("@Z, M",), shared_with=["M"]
    )
    assert entry.tags == ("rest",)
    assert entry.people == ("Z", "M")
    assert entry.shared_with == ("M",)


def test_ids_of_one_moment_keep_the_order_they_were_given_in(log: Log) -> None:
    given = [log.fresh_id() for _ in range(50)]
    assert given == sorted(set(given))


def test_ids_keep_their_order_when_the_clock_is_set_back(
    log: Log, clock: FixedClock
) -> None:
    first = log.fresh_id()
    clock.forward(days=-1000)
    assert log.fresh_id() > first


def test_the_day_is_that_of_the_persons_own_zone(memory_store: MemoryLogStore) -> None:
    moment = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    at_home = Log(memory_store, lambda: moment.astimezone(ZoneInfo("Europe/Berlin")))
    away = Log(memory_store, lambda: moment.astimezone(ZoneInfo("America/New_York")))
    entry = at_home.write(at_home.new(text="late"))
    assert entry.day == at_home.today() == date(2026, 11, 21)
    assert away.today() == date(2026, 11, 20)
    assert away.get(entry.id).day == date(2026, 11, 21)


def test_an_entry_may_be_for_any_earlier_day(log: Log) -> None:
    entry = log.write(log.new(text="a", day=date(1999, 1, 1)))
    assert log.of_day(date(1999, 1, 1)) == (entry,)
    assert log.of_day(TODAY) == ()


def test_a_day_to_come_is_refused_but_for_a_travellers_tomorrow(log: Log) -> None:
    tomorrow = TODAY + timedelta(days=1)
    entry = log.write(log.new(text="a", day=tomorrow))
    later = tomorrow + timedelta(days=1)
    with pytest.raises(InvalidEntryError, match="2026-11-24 is still to come"):
        log.new(text="a", day=later)
    with pytest.raises(InvalidEntryError, match="still to come"):
        log.write(replace(entry, day=later))
    with pytest.raises(InvalidEntryError, match="still to come"):
        log.edit(replace(entry, day=later))


def test_an_entry_of_a_day_to_come_can_still_be_changed(
    log: Log, memory_store: MemoryLogStore
) -> None:
    ahead = replace(log.new(text="a"), day=date(2031, 1, 1))
    memory_store.add(ahead)
    assert log.edit(replace(ahead, text="b")).text == "b"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_not_written(
    log: Log, memory_store: MemoryLogStore, text: str
) -> None:
    with pytest.raises(InvalidEntryError, match="Nothing is written"):
        log.write(log.new(text=text, tags=["a"]))
    assert memory_store.entries == {}


def test_a_change_is_kept_with_its_time(log: Log, clock: FixedClock) -> None:
    entry = log.write(log.new(text="slept wel"))
    clock.forward(hours=1)
    changed = log.edit(replace(entry, text="slept well"))
    assert changed.revised == clock.now
    assert changed.at == entry.at
    assert log.get(entry.id) == changed


def test_a_change_of_nothing_changes_nothing(log: Log, clock: FixedClock) -> None:
    entry = log.write(log.new(text="a"))
    clock.forward(hours=1)
    assert log.edit(replace(entry, revised=clock.now)) == entry
    assert log.get(entry.id).revised is None
    assert log.undo().act == "write"


def test_an_entry_is_not_changed_into_nothing(log: Log) -> None:
    entry = log.write(log.new(text="a"))
    with pytest.raises(InvalidEntryError):
        log.edit(replace(entry, text=" "))
    assert log.get(entry.id) == entry


def test_what_is_not_there_cannot_be_changed_or_deleted(log: Log) -> None:
    stranger = log.new(text="a")
    with pytest.raises(EntryNotFoundError):
        log.edit(stranger)
    with pytest.raises(EntryNotFoundError):
        log.delete(stranger.id)
    with pytest.raises(EntryNotFoundError):
        log.get(stranger.id)


def test_what_is_deleted_is_handed_back_and_can_be_brought_back(log: Log) -> None:
    entry = log.write(log.new(text="a"))
    assert log.delete(entry.id) == entry
    assert log.of_day(TODAY) == ()
    undone = log.undo()
    assert (undone.act, undone.before, undone.after) == ("delete", entry, None)
    assert log.get(entry.id) == entry


def test_changes_are_taken_back_newest_first(log: Log) -> None:
    entry = log.write(log.new(text="a"))
    log.edit(replace(entry, text="b"))
    assert log.undo().before == entry
    assert log.get(entry.id) == entry
    assert log.undo().act == "write"
    with pytest.raises(NothingToUndoError):
        log.undo()


def test_a_second_window_writes_but_does_not_change(
    log: Log, memory_store: MemoryLogStore
) -> None:
    entry = log.write(log.new(text="a"))
    memory_store.writable = False
    assert log.writable is False
    log.write(log.new(text="b"))
    for change in (
        lambda: log.edit(replace(entry, text="c")),
        lambda: log.delete(entry.id),
        log.undo,
    ):
        with pytest.raises(LogLockedError):
            change()
    assert texts(log.of_day(TODAY)) == ["a", "b"]


def test_an_entry_is_found_by_the_end_of_its_id(log: Log) -> None:
    entry = log.write(log.new(text="a"))
    assert log.resolve(f" {entry.id[-6:].upper()} ") == entry
    with pytest.raises(EntryNotFoundError):
        log.resolve("zzzzuuuu")
    with pytest.raises(EntryNotFoundError):
        log.resolve(entry.id[-1])


def test_an_ending_that_fits_several_is_said_to(log: Log) -> None:
    for start in "ab":
        log.write(log.new(id=start + "0" * 25, text=start))
    with pytest.raises(AmbiguousIdError, match="2 entries end in '0000'"):
        log.resolve("0000")


def test_a_day_is_told_oldest_first(log: Log, clock: FixedClock) -> None:
    for text in "abc":
        log.write(log.new(text=text))
        clock.forward(minutes=1)
    log.write(log.new(text="other day", day=date(2026, 11, 21)))
    assert texts(log.of_day(TODAY)) == ["a", "b", "c"]


def test_a_day_is_told_whole_however_slowly_it_is_found(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in "abc":
        log.write(log.new(text=text))
    advance = MemoryTimeline.advance

    def one_by_one(timeline: MemoryTimeline, *, seconds: float) -> bool:
        return advance(timeline, enough=len(timeline) + 1)

    monkeypatch.setattr(MemoryTimeline, "advance", one_by_one)
    assert texts(log.of_day(TODAY)) == ["a", "b", "c"]


def test_the_timeline_is_newest_first(log: Log, clock: FixedClock) -> None:
    for text in "abc":
        log.write(log.new(text=text))
        clock.forward(days=1)
    log.write(log.new(text="between", day=date(2026, 11, 23)))
    timeline = log.timeline()
    assert timeline.query == Query()
    assert isinstance(timeline, MemoryTimeline)
    assert found(timeline) == ["c", "between", "b", "a"]


def test_what_is_typed_is_searched(log: Log) -> None:
    log.write(log.new(text="Slept well", tags=["rest"]))
    log.write(log.new(text="slept badly", day=date(2026, 11, 21)))
    for words, expected in {
        "slept": ["Slept well", "slept badly"],
        "#rest": ["Slept well"],
        "on:yesterday": ["slept badly"],
        "absent": [],
    }.items():
        timeline = log.search(words)
        assert isinstance(timeline, MemoryTimeline)
        assert found(timeline) == expected
    with pytest.raises(InvalidQueryError):
        log.search("kind:poem")


def test_a_year_is_counted_by_day(log: Log) -> None:
    for day in ("2026-11-22", "2026-11-22", "2026-01-01", "2025-12-31"):
        log.write(log.new(text="a", day=date.fromisoformat(day)))
    assert dict(log.year(2026)) == {date(2026, 1, 1): 1, TODAY: 2}
    assert dict(log.year(2024)) == {}


def test_names_are_told_latest_used_first(log: Log) -> None:
    log.write(log.new(text="a", tags=["rest", "walk"], people=["Z"], part="critic"))
    log.write(log.new(text="b", tags=["walk"], people=["M", "Z"]))
    assert list(log.names("tags")) == ["walk", "rest"]
    assert list(log.names("people")) == ["M", "Z"]
    assert list(log.names("parts")) == ["critic"]


def test_the_rest_is_the_stores(log: Log, memory_store: MemoryLogStore) -> None:
    memory_store.told = [Notice("Something.")]
    memory_store.arriving = [log.new(text="from outside")]
    assert log.notices() == [Notice("Something.")]
    assert log.notices() == []
    assert log.refresh()
    assert not log.refresh()
    assert texts(log.of_day(TODAY)) == ["from outside"]
    log.tidy()
    log.close()
    assert (memory_store.tidied, memory_store.closed) == (1, True)
