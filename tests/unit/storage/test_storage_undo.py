"""Undo comes from the journal: across opening again, years, devices and the spool."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine

from companion.errors import LogDamagedError, NothingToUndoError
from companion.storage import history
from companion.storage.commits import Change
from companion.storage.history import backwards
from companion.storage.state import ENTRIES
from tests.logs import (
    content,
    content_of,
    database,
    document,
    id_of,
    open_engine,
    plant,
    segments,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from companion.storage.engine import Engine


def put(engine: Engine, number: int, text: str, act: str = "write") -> None:
    one = document(number, text=text)
    engine.commit([Change(ENTRIES, id_of(number), one)], act=act)


def drop(engine: Engine, number: int) -> None:
    engine.commit([Change(ENTRIES, id_of(number), None)], act="delete")


def texts(engine: Engine) -> dict[int, str]:
    found = content(engine).get(ENTRIES, {})
    return {int(key): one["text"] for key, one in found.items()}


def test_there_is_nothing_to_undo_in_an_empty_log(engine: Engine) -> None:
    with pytest.raises(NothingToUndoError):
        engine.undo()
    assert segments(engine.home) == []


@pytest.mark.parametrize("index", [True, False])
def test_each_change_is_taken_back_after_opening_again(
    tmp_path: Path, *, index: bool
) -> None:
    states = []
    engine = open_engine(tmp_path)
    acts: list[Callable[[], None]] = [
        lambda: put(engine, 1, "one"),
        lambda: put(engine, 2, "two"),
        lambda: put(engine, 1, "one again", "edit"),
        lambda: drop(engine, 2),
        lambda: put(engine, 3, "three"),
        lambda: put(engine, 3, "three again", "edit"),
        lambda: drop(engine, 1),
    ]
    for act in acts:
        states.append(texts(engine))
        act()
    while states:
        if index:
            engine.tidy()
        engine.close()
        engine = open_engine(tmp_path)
        engine.undo()
        assert texts(engine) == states.pop()
    with pytest.raises(NothingToUndoError):
        engine.undo()
    engine.close()


def test_undo_reaches_into_years_before(tmp_path: Path) -> None:
    for year, text in ((2024, "first"), (2025, "second"), (2026, "third")):
        with time_machine.travel(datetime(year, 5, 1, tzinfo=UTC), tick=False):
            engine = open_engine(tmp_path)
            put(engine, 1, text, "edit")
            engine.tidy()
            engine.close()
    engine = open_engine(tmp_path)
    for text in ("second", "first"):
        engine.undo()
        assert texts(engine) == {1: text}
    engine.undo()
    assert texts(engine) == {}
    engine.close()


def test_other_changes_are_passed_over(engine: Engine) -> None:
    put(engine, 1, "one")
    engine.commit([Change("people", "1", {"name": "A."})])
    engine.undo()
    assert content(engine) == {"people": {"1": {"name": "A."}}}


def test_several_entries_written_at_once_are_taken_back_at_once(
    engine: Engine,
) -> None:
    put(engine, 1, "one")
    table = database(engine).table(ENTRIES)
    table.insert_multiple([document(2), document(3)])
    table.update({"text": "all"})
    engine.undo()
    assert texts(engine) == {1: "one", 2: "Entry 2.", 3: "Entry 3."}
    engine.undo()
    assert texts(engine) == {1: "one"}


def test_what_was_taken_in_from_the_spool_is_taken_back(tmp_path: Path) -> None:
    plant(tmp_path, 1)
    plant(tmp_path, 2)
    engine = open_engine(tmp_path)
    engine.undo()
    assert set(texts(engine)) == {1}
    engine.close()
    engine = open_engine(tmp_path)
    engine.undo()
    engine.close()
    assert content_of(tmp_path) == {}


@pytest.mark.parametrize("document_or_none", [{}, None])
def test_what_was_before_all_entries_went_stays_gone(
    engine: Engine, document_or_none: dict[str, object] | None
) -> None:
    put(engine, 1, "one")
    engine.commit([Change(ENTRIES, None, document_or_none)])
    with pytest.raises(NothingToUndoError):
        engine.undo()
    put(engine, 2, "two")
    engine.undo()
    with pytest.raises(NothingToUndoError):
        engine.undo()
    assert texts(engine) == {}


def test_an_entry_whose_words_name_another_does_not_confuse(engine: Engine) -> None:
    put(engine, 1, "one")
    put(engine, 2, f'["entries","{id_of(1)}",null] "{id_of(1)}"')
    put(engine, 1, "again", "edit")
    engine.undo()
    assert texts(engine)[1] == "one"


@pytest.mark.parametrize("cleared", [{}, None])
def test_undo_knows_that_the_entries_were_emptied_in_between(
    engine: Engine, cleared: dict[str, object] | None
) -> None:
    put(engine, 1, "before")
    engine.commit([Change(ENTRIES, None, cleared)])
    put(engine, 1, "after")
    engine.undo()
    assert texts(engine) == {}


def test_undo_of_many_knows_that_the_entries_were_emptied(engine: Engine) -> None:
    put(engine, 1, "before")
    put(engine, 20, "gone for good")
    engine.commit([Change(ENTRIES, None, {})])
    engine.commit([Change("crews", "1", {"name": "Mo"})])
    several = [Change(ENTRIES, id_of(n), document(n, text="new")) for n in range(1, 13)]
    engine.commit(several, act="restore")
    engine.undo()
    assert texts(engine) == {}


def test_what_was_changed_under_our_feet_is_not_put_back(engine: Engine) -> None:
    put(engine, 1, "one")
    put(engine, 1, "two", "edit")
    path = segments(engine.home)[0]
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"one"', b'"own"'))
    with pytest.raises(LogDamagedError, match="not what was written"):
        engine.undo()
    path.write_bytes(data)
    several = [Change(ENTRIES, id_of(n), document(n)) for n in range(1, 13)]
    engine.commit(several, act="restore")
    path.write_bytes(path.read_bytes().replace(b'"one"', b'"own"'))
    with pytest.raises(LogDamagedError, match="not what was written"):
        engine.undo()


def test_a_last_line_that_was_changed_is_not_taken_back(engine: Engine) -> None:
    put(engine, 1, "one")
    path = segments(engine.home)[0]
    path.write_bytes(path.read_bytes().replace(b'"one"', b'"own"'))
    with pytest.raises(LogDamagedError, match="not what was written"):
        engine.undo()


def test_a_log_is_looked_back_through_in_blocks(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 6):
        put(engine, number, "x" * number * 40)
    whole = [one.sequence for one in backwards(engine.journal, engine.files)]
    assert whole == [6, 5, 4, 3, 2]
    for size in (1, 7, 100, 333):
        monkeypatch.setattr(history, "_BLOCK", size)
        again = [one.sequence for one in backwards(engine.journal, engine.files)]
        assert again == whole
