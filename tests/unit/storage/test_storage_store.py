"""What every store of entries promises: the one in memory and the one on the disk."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.errors import (
    AmbiguousIdError,
    EntryNotFoundError,
    LogDamagedError,
    NothingToUndoError,
)
from companion.model.entry import TEXT_LIMIT, Answer, Placement, Setting
from companion.model.query import Query
from companion.ports import Undone
from companion.storage import open_log
from companion.storage.commits import encode_document
from companion.storage.documents import from_document, to_document
from companion.storage.store import EngineLogStore
from tests.doubles import MemoryLogStore
from tests.logs import FIRST, day, document, entry, id_of, open_engine
from tests.strategies import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.model.entry import Entry
    from companion.ports import LogStore


@pytest.fixture(params=["memory", "disk", "disk, tidied"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LogStore]:
    """An empty store of each kind."""
    if request.param == "memory":
        yield MemoryLogStore()
        return
    kept = EngineLogStore(open_engine(tmp_path))
    if request.param == "disk, tidied":

        class Tidied(EngineLogStore):
            def add(self, entry: Entry) -> None:
                super().add(entry)
                self.tidy()

            def replace(self, entry: Entry) -> None:
                super().replace(entry)
                self.tidy()

            def remove(self, entry_id: str) -> None:
                super().remove(entry_id)
                self.tidy()

        kept = Tidied(kept._engine)
    yield kept
    kept.close()


def found(store: LogStore, query: Query | None = None) -> list[Entry]:
    timeline = store.find(Query() if query is None else query)
    while not timeline.advance(seconds=1):
        pass
    return [timeline.entry(index) for index in range(len(timeline))]


def test_what_is_added_is_there(store: LogStore) -> None:
    assert store.writable
    assert found(store) == []
    store.add(entry(1))
    assert store.get(id_of(1)) == entry(1)
    assert found(store) == [entry(1)]


def test_entries_come_newest_first(store: LogStore) -> None:
    one, two, three = (
        entry(1, day=day(-1)),
        entry(2, at=FIRST - timedelta(hours=3)),
        entry(3),
    )
    for each in (three, one, two):
        store.add(each)
    assert found(store) == [three, two, one]
    same = entry(4, at=three.at)
    store.add(same)
    assert found(store) == [same, three, two, one]


def test_what_is_replaced_is_other(store: LogStore) -> None:
    store.add(entry(1))
    store.add(entry(2))
    store.replace(entry(1, text="other", day=day(-500)))
    assert store.get(id_of(1)).text == "other"
    assert found(store) == [entry(2), entry(1, text="other", day=day(-500))]


def test_what_is_removed_is_gone(store: LogStore) -> None:
    store.add(entry(1))
    store.add(entry(2))
    store.remove(id_of(1))
    assert found(store) == [entry(2)]
    with pytest.raises(EntryNotFoundError):
        store.get(id_of(1))


def test_what_is_not_there_is_said(store: LogStore) -> None:
    store.add(entry(1))
    for act in (store.get, store.remove, store.resolve):
        with pytest.raises(EntryNotFoundError):
            act(id_of(9))
    with pytest.raises(EntryNotFoundError):
        store.replace(entry(9))
    assert found(store) == [entry(1)]


def test_undo_takes_back_one_change_after_another(store: LogStore) -> None:
    store.add(entry(1))
    store.add(entry(2))
    store.replace(entry(1, text="second"))
    store.replace(entry(1, text="third"))
    store.remove(id_of(1))
    assert store.undo() == Undone("delete", entry(1, text="third"), None)
    assert store.undo() == Undone(
        "edit", entry(1, text="second"), entry(1, text="third")
    )
    assert store.get(id_of(1)).text == "second"
    store.replace(entry(1, text="fourth"))
    assert store.undo() == Undone(
        "edit", entry(1, text="second"), entry(1, text="fourth")
    )
    assert store.undo() == Undone("edit", entry(1), entry(1, text="second"))
    assert store.undo() == Undone("write", None, entry(2))
    assert store.undo() == Undone("write", None, entry(1))
    for _ in range(2):
        with pytest.raises(NothingToUndoError):
            store.undo()
    assert found(store) == []


def test_an_ending_of_an_id_is_enough(store: LogStore) -> None:
    store.add(entry(123456))
    store.add(entry(993456))
    assert store.resolve("123456") == id_of(123456)
    assert store.resolve(id_of(123456)) == id_of(123456)
    with pytest.raises(AmbiguousIdError, match="2 entries"):
        store.resolve("3456")
    for ending in ("456", "", "9999", "x" + id_of(123456), "4560"):
        with pytest.raises(EntryNotFoundError):
            store.resolve(ending)
    store.remove(id_of(993456))
    assert store.resolve("3456") == id_of(123456)


def test_a_search_finds_what_matches(store: LogStore) -> None:
    store.add(entry(1, text="Slept well", tags=("Rest",), day=day(-3)))
    store.add(entry(2, text="slept badly", people=("A.",), kind="moment"))
    store.add(entry(3, text="", part="critic", answers=(Answer("p", "Q?", "SLEPT"),)))
    for query, numbers in (
        (Query(words=("slept",)), [3, 2, 1]),
        (Query(words=("slept", "well")), [1]),
        (Query(words=("slept",), without=("well",)), [3, 2]),
        (Query(tags=("rest",)), [1]),
        (Query(no_tags=("rest",)), [3, 2]),
        (Query(people=("a.", "b.")), [2]),
        (Query(parts=("Critic",)), [3]),
        (Query(kinds=("moment",)), [2]),
        (Query(last=day(-1)), [1]),
        (Query(first=day(-1)), [3, 2]),
        (Query(first=day(1), last=day(0)), []),
        (Query(words=("#rest",)), [1]),
        (Query(words=("q?",)), []),
    ):
        assert [int(each.id) for each in found(store, query)] == numbers, query


def test_a_timeline_stands_still(store: LogStore) -> None:
    for number in range(5):
        store.add(entry(number, day=day(-number)))
    timeline = store.find(Query())
    timeline.advance(seconds=1)
    assert timeline.done
    assert timeline.query == Query()
    store.remove(id_of(0))
    store.add(entry(9))
    assert len(timeline) == 5
    assert [timeline.day(index) for index in range(5)] == [day(-n) for n in range(5)]
    assert [timeline.index_of(day(-n)) for n in (-1, 0, 2, 4, 5)] == [0, 0, 2, 4, 5]
    assert timeline.entry(1) == entry(1, day=day(-1))
    for index in (5, 99):
        with pytest.raises(IndexError):
            timeline.entry(index)


def test_a_timeline_finds_bit_by_bit(store: LogStore) -> None:
    for number in range(30):
        store.add(entry(number))
    timeline = store.find(Query(words=("entry",)))
    assert not timeline.advance(enough=0)
    assert len(timeline) == 0
    while not timeline.advance(seconds=0.0):
        pass
    assert len(timeline) == 30


def test_days_are_counted(store: LogStore) -> None:
    for number in (0, 0, 1, 400):
        store.add(entry(1000 + len(found(store)), day=day(-number)))
    assert store.days(2026) == {day(0): 2, day(-1): 1}
    assert store.days(2025) == {day(-400): 1}
    assert store.days(1999) == {}


def test_names_come_latest_used_first(store: LogStore) -> None:
    store.add(entry(1, tags=("old", "both"), people=("A.",), part="critic"))
    store.add(entry(2, tags=("new",), people=("B.", "A.")))
    store.add(entry(3, tags=("both",), part="friend"))
    assert list(store.names("tags")) == ["both", "new", "old"]
    assert set(store.names("people")) == {"A.", "B."}
    assert list(store.names("parts")) == ["friend", "critic"]
    store.remove(id_of(2))
    assert set(store.names("tags")) == {"both", "old"}
    assert list(store.names("people")) == ["A."]


def test_notices_are_told_once(tmp_path: Path) -> None:
    store = open_log(tmp_path)
    store.add(entry(1))
    store.close()
    path = next((tmp_path / "journal").iterdir())
    path.write_bytes(path.read_bytes() + b"7 100 abc")
    store = open_log(tmp_path)
    (notice,) = store.notices()
    assert "cut off" in notice.message
    assert list(store.notices()) == []
    assert found(store) == [entry(1)]
    store.close()


def test_a_changed_byte_is_noticed_when_it_is_read(tmp_path: Path) -> None:
    store = open_log(tmp_path)
    store.add(entry(1))
    store.tidy()
    path = next((tmp_path / "journal").iterdir())
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    with pytest.raises(LogDamagedError, match="not what was"):
        store.get(id_of(1))
    # It was read anew since: the damage is said, and nothing is shown for it.
    assert "damaged" in store.troubles()[0].message
    assert not len(store.find(Query()))
    with pytest.raises(EntryNotFoundError):
        store.get(id_of(1))
    store.close()


def test_a_list_of_nothing_but_damage_says_so(tmp_path: Path) -> None:
    store = open_log(tmp_path)
    store.add(entry(1))
    store.tidy()
    timeline = store.find(Query())
    path = next((tmp_path / "journal").iterdir())
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    with pytest.raises(LogDamagedError, match="not what was"):
        timeline.entry(0)
    assert not len(timeline)
    store.close()


# Documents


@given(ENTRIES)
def test_an_entry_comes_back_from_its_document(one: Entry) -> None:
    assert from_document(to_document(one)) == one


TEXTS = st.text(st.characters(codec="utf-8")) | st.sampled_from(
    [
        "\0\x01\x1b[31m\x7f\x85",
        "a\r\nb\rc\n",
        "\u2028\u2029\ufeff",
        "👩‍👩‍👧‍👦🇩🇪",
        "\ufffe\uffff",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_every_text_is_kept_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    home = tmp_path_factory.mktemp("log")
    store = EngineLogStore(open_engine(home))
    for number, text in enumerate(texts):
        store.add(entry(number, text=text, answers=(Answer("p", text, text),)))
    store._engine.close()
    store = EngineLogStore(open_engine(home))
    for number, text in enumerate(texts):
        kept = store.get(id_of(number))
        assert kept.text.encode() == text.encode()
        assert kept.answers[0].question == kept.answers[0].text == text
    store.close()


def test_a_text_of_a_mebibyte_is_kept(tmp_path: Path) -> None:
    store = EngineLogStore(open_engine(tmp_path))
    text = ("ä\0\n" * TEXT_LIMIT)[: TEXT_LIMIT // 4 * 3]
    text = "x" * (TEXT_LIMIT - len(text.encode())) + text
    assert len(text.encode()) == TEXT_LIMIT
    store.add(entry(1, text=text))
    store.tidy()
    store.close()
    store = EngineLogStore(open_engine(tmp_path))
    assert store.get(id_of(1)).text == text
    assert store.undo().after == entry(1, text=text)
    store.close()


def test_what_is_empty_is_left_out() -> None:
    assert set(to_document(entry(1))) == {"id", "kind", "at", "day", "text"}
    full = entry(
        1,
        zone="Europe/Berlin",
        rung="dyad",
        setting=Setting("one-to-one", "host"),
        principles=("growing",),
        people=("A.",),
        tags=("rest",),
        shared_with=("B.",),
        answers=(Answer("p", "q", "a"),),
        placement=Placement(-3, "self"),
        part="critic",
        sitting="one",
        revised=FIRST,
    )
    kept = to_document(full)
    assert from_document(kept) == full
    assert kept["setting"] == {"scale": "one-to-one", "side": "host"}
    assert kept["placement"] == {"position": -3, "rung": "self"}
    assert kept["answers"] == [{"prompt": "p", "question": "q", "text": "a"}]
    assert kept["revised"] == "2026-11-22T09:30:00+01:00"
    assert encode_document(kept)


@pytest.mark.parametrize(
    "change",
    [
        {"id": 5},
        {"at": 5},
        {"at": "yesterday"},
        {"day": "2026-02-30"},
        {"kind": "diary"},
        {"zone": 1},
        {"sitting": ["x"]},
        {"rung": "ladder"},
        {"setting": {"scale": "huge"}},
        {"setting": 5},
        {"people": "A."},
        {"tags": {"a": 1}},
        {"tags": [1]},
        {"text": None},
        {"answers": 5},
        {"answers": [{"prompt": "p"}]},
        {"placement": {"position": 11, "rung": "self"}},
        {"placement": {"position": True, "rung": "self"}},
        {"placement": {"position": "1", "rung": "self"}},
        {"part": 5},
        {"revised": "x"},
    ],
)
def test_what_is_no_entry_is_damage(change: dict[str, object]) -> None:
    with pytest.raises(LogDamagedError, match="cannot be read"):
        from_document(document(1) | change)


def test_an_entry_is_kept_once(tmp_path: Path) -> None:
    store = open_log(tmp_path)
    one = entry(1, text="once")
    store.add(one)
    size = sum(path.stat().st_size for path in (tmp_path / "journal").iterdir())
    with pytest.raises(ValueError, match="already exists"):
        store.add(entry(1, text="twice"))
    assert size == sum(path.stat().st_size for path in (tmp_path / "journal").iterdir())
    assert found(store) == [one]
    store.close()


def test_what_was_added_is_found_and_given_out_as_a_copy(tmp_path: Path) -> None:
    store = open_log(tmp_path)
    one = entry(1, text="Straße", tags=("garden",), people=("A.",))
    store.add(one)
    given = store.engine.document("entries", one.id)
    assert given is not None
    given["tags"].append("another")
    assert found(store, Query(words=("STRASSE",))) == [one]
    assert found(store, Query(tags=("garden",))) == [one]
    assert not found(store, Query(tags=("another",)))
    store.close()
