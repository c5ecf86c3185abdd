"""Two windows over one log: one writes, the other reads and may come to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from companion.errors import LogLockedError
from companion.storage.commits import Change
from companion.storage.state import ENTRIES
from companion.storage.store import EngineLogStore
from tests.logs import (
    content,
    content_of,
    document,
    entry,
    fill,
    id_of,
    open_engine,
    plant,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.storage.engine import Engine


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Engine]:
    fill(tmp_path, 3)
    engine = open_engine(tmp_path)
    yield engine
    engine.close()


@pytest.fixture
def guest(writer: Engine) -> Iterator[Engine]:
    engine = open_engine(writer.home)
    yield engine
    engine.close()


def test_the_second_window_reads_and_says_so(guest: Engine) -> None:
    assert guest.is_guest
    assert not guest.writable
    assert list(guest.ids(ENTRIES)) == [id_of(1), id_of(2), id_of(3)]
    with pytest.raises(LogLockedError, match="another window"):
        guest.commit([Change(ENTRIES, id_of(4), document(4))])
    with pytest.raises(LogLockedError):
        guest.undo()
    assert guest.notices == []


def test_the_second_window_sees_what_the_first_writes(
    writer: Engine, guest: Engine
) -> None:
    assert not guest.refresh()
    writer.commit([Change(ENTRIES, id_of(4), document(4))])
    writer.commit([Change(ENTRIES, id_of(1), None)])
    assert guest.refresh()
    assert content(guest) == content(writer)
    assert not guest.refresh()


def test_the_second_window_waits_for_the_end_of_a_line(
    writer: Engine, guest: Engine
) -> None:
    path = next((writer.home / "journal").iterdir())
    whole = path.read_bytes()
    writer.commit([Change(ENTRIES, id_of(4), document(4))])
    line = path.read_bytes()[len(whole) :]
    for cut in range(len(line)):
        path.write_bytes(whole + line[:cut])
        guest.refresh()
        assert guest.count(ENTRIES) == 3
    path.write_bytes(whole + line)
    assert guest.refresh()
    assert guest.count(ENTRIES) == 4
    assert guest.notices == []


def test_what_the_second_window_adds_is_taken_in_by_the_first(
    writer: Engine, guest: Engine
) -> None:
    EngineLogStore(guest).add(entry(4))
    assert guest.document(ENTRIES, id_of(4)) == document(4)
    assert writer.refresh()
    assert writer.document(ENTRIES, id_of(4)) == document(4)
    assert list((writer.home / "spool").iterdir()) == []
    guest.refresh()
    assert content(guest) == content(writer)


def test_what_waited_is_not_lost_when_the_second_window_becomes_the_writer(
    writer: Engine, guest: Engine
) -> None:
    EngineLogStore(guest).add(entry(4))
    plant(writer.home, 5)
    guest.refresh()
    assert guest.count(ENTRIES) == 5
    writer.close()
    assert guest.refresh()
    assert guest.writable
    assert list((guest.home / "spool").iterdir()) == []
    assert guest.count(ENTRIES) == 5
    guest.close()
    assert set(content_of(guest.home)[ENTRIES]) == {id_of(n) for n in range(1, 6)}


def test_the_second_window_does_not_bring_back_what_was_deleted(
    writer: Engine, guest: Engine
) -> None:
    waiting = plant(writer.home, 4)
    kept = waiting.read_bytes()
    writer.refresh()
    writer.commit([Change(ENTRIES, id_of(4), None)], act="delete")
    waiting.write_bytes(kept)  # as if the first had been killed before it took it away
    guest.refresh()
    assert guest.document(ENTRIES, id_of(4)) is None
    writer.close()
    guest.refresh()
    assert guest.document(ENTRIES, id_of(4)) is None
    assert not waiting.exists()


def test_the_second_window_becomes_the_writer_and_goes_on_in_the_same_journal(
    writer: Engine, guest: Engine
) -> None:
    writer.commit([Change(ENTRIES, id_of(4), document(4))])
    writer.close()
    assert guest.refresh()
    guest.commit([Change(ENTRIES, id_of(5), document(5))], act="write")
    assert guest.journal.device == writer.journal.device
    guest.close()
    assert set(content_of(guest.home)[ENTRIES]) == {id_of(n) for n in range(1, 6)}
    assert len(list((guest.home / "journal").iterdir())) == 1


def test_a_window_opened_before_the_log_had_a_name_writes_under_that_name(
    tmp_path: Path,
) -> None:
    first = open_engine(tmp_path)
    (tmp_path / "device").unlink()
    second = open_engine(tmp_path)
    (tmp_path / "device").write_text(first.journal.device + "\n")
    first.commit([Change(ENTRIES, id_of(1), document(1))])
    first.close()
    second.refresh()
    second.commit([Change(ENTRIES, id_of(2), document(2))])
    second.close()
    assert len(list((tmp_path / "journal").iterdir())) == 1
    assert set(content_of(tmp_path)[ENTRIES]) == {id_of(1), id_of(2)}


def test_what_is_damaged_is_told_once_when_the_second_window_becomes_the_writer(
    writer: Engine, guest: Engine
) -> None:
    path = next((writer.home / "journal").iterdir())
    data = bytearray(path.read_bytes())
    writer.close()
    data[-20] ^= 1
    path.write_bytes(data)
    guest.close()
    first, second = open_engine(writer.home), open_engine(writer.home)
    first.close()
    second.refresh()
    assert not second.writable
    assert len({notice.message for notice in second.notices}) == len(second.notices)
    second.close()
