"""The engine: what it makes of odd content, of much of it, and of odd machines."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import gc
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from companion.errors import LogError
from companion.model.query import Query
from companion.storage import loaded, scan
from companion.storage import partition as partitions
from companion.storage.bulk import write_log
from companion.storage.commits import Change
from companion.storage.engine import Engine
from companion.storage.files import Files
from companion.storage.history import backwards
from companion.storage.loaded import LOOKS
from companion.storage.state import ENTRIES
from companion.storage.store import EngineLogStore
from tests.disks import QuickFiles
from tests.logs import (
    content,
    content_of,
    day,
    document,
    entry,
    fill,
    id_of,
    open_engine,
    segments,
)
from tests.unit.storage.test_storage_journal import another

if TYPE_CHECKING:
    from pathlib import Path


def found(engine: Engine, *words: str) -> list[int]:
    timeline = EngineLogStore(engine).find(Query(words=words))
    while not timeline.advance(seconds=1):
        pass
    return [int(timeline.entry(index).id) for index in range(len(timeline))]


@pytest.mark.parametrize(
    ("key", "odd"),
    [
        (id_of(5), {}),
        (id_of(5), document(6)),
        ("short", document(5) | {"id": "short"}),
        (id_of(5), document(5) | {"day": "x"}),
        (id_of(5), document(5) | {"at": None}),
        (id_of(5), document(5) | {"tags": [5]}),
        (id_of(5), document(5) | {"text": 5}),
    ],
)
def test_an_entry_that_makes_no_sense_is_said_and_the_rest_is_there(
    tmp_path: Path, key: str, odd: dict[str, Any]
) -> None:
    fill(tmp_path, 2)
    another(tmp_path, "zz", [(9, [(ENTRIES, key, json.dumps(odd))])])
    engine = open_engine(tmp_path)
    assert list(engine.ids(ENTRIES)) == [id_of(1), id_of(2)]
    (notice,) = engine.notices
    assert key in notice.message
    assert not notice.grave
    engine.tidy()
    engine.commit([Change(ENTRIES, id_of(3), document(3))])
    engine.close()
    assert set(content_of(tmp_path)[ENTRIES]) == {id_of(n) for n in (1, 2, 3)}


@pytest.mark.parametrize("data", [b"", b"two words", b"../..", b"\xff", b"a.b"])
def test_a_device_without_a_name_is_given_one(tmp_path: Path, data: bytes) -> None:
    fill(tmp_path, 1)
    (tmp_path / "device").write_bytes(data)
    engine = open_engine(tmp_path)
    assert (tmp_path / "device").read_text().strip() == engine.journal.device
    assert engine.journal.device.isalnum()
    engine.commit([Change(ENTRIES, id_of(2), document(2))])
    engine.close()
    assert len(segments(tmp_path)) == 2
    assert set(content_of(tmp_path)[ENTRIES]) == {id_of(1), id_of(2)}


def test_much_is_read_with_its_progress_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, 30)
    monkeypatch.setattr(loaded, "_ROUND", 10)
    told: list[float] = []
    engine = Engine(
        tmp_path, files=QuickFiles(), progress=lambda part, _: told.append(part)
    )
    assert told == sorted(told)
    assert len(told) == 3
    assert gc.isenabled()
    engine.close()


def test_collecting_goes_on_after_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, 30)
    monkeypatch.setattr(loaded, "_ROUND", 1)

    def stop(part: float, _: str) -> None:
        if part > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Engine(tmp_path, files=QuickFiles(), progress=stop)
    assert gc.isenabled()


def test_a_year_with_many_names_keeps_them_all(tmp_path: Path) -> None:
    store = EngineLogStore(open_engine(tmp_path))
    for number in range(60):
        store.add(
            entry(number, tags=tuple(f"{'t' * 60}{number}-{n}" for n in range(9)))
        )
    store.tidy()
    store.close()
    store = EngineLogStore(open_engine(tmp_path))
    assert len(store.names("tags")) == 540
    assert found(store._engine, f"{'t' * 60}7-3") == [7]
    store.close()


def test_an_index_of_another_version_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, 5)
    with monkeypatch.context() as other:
        other.setattr(partitions, "VERSION", 99)
        engine = open_engine(tmp_path)
        engine.tidy()
        engine.close()
    engine = open_engine(tmp_path)
    assert engine.entries.partitions == {}
    assert found(engine, "entry") == [5, 4, 3, 2, 1]
    engine.close()


def test_an_index_that_cannot_be_read_in_an_idle_moment_is_made_anew(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 5)

    class Failing(QuickFiles):
        bad = False

        def read_at(self, fd: int, size: int, offset: int) -> bytes:
            if self.bad:
                self.bad = False
                raise OSError(errno.EIO, "Input/output error")
            return super().read_at(fd, size, offset)

    files = Failing()
    engine = open_engine(tmp_path, files)
    engine.tidy()
    former = content(engine)
    files.bad = True
    assert any(engine.refresh() for _ in range(LOOKS))
    assert engine.writable
    assert content(engine) == former
    assert not any(engine.refresh() for _ in range(LOOKS))
    engine.commit([Change(ENTRIES, id_of(9), document(9))])
    engine.close()
    assert len(content_of(tmp_path)[ENTRIES]) == 6


@pytest.mark.parametrize("native", [True, False])
def test_a_search_needs_nothing_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, native: bool
) -> None:
    if not native:

        def refuse(*_: object) -> None:
            raise OSError("no such library")

        monkeypatch.setattr(ctypes, "PyDLL", refuse)
    scan._libc.cache_clear()
    engine = open_engine(tmp_path)
    for number in range(200):
        text = "rare" if number % 50 == 0 else "common \0 common"
        engine.commit([Change(ENTRIES, id_of(number), document(number, text=text))])
    engine.tidy()
    assert found(engine, "rare") == [150, 100, 50, 0]
    assert len(found(engine, "common")) == 196
    assert found(engine, "\0", "common \0 common") == found(engine, "common")
    assert found(engine, "nowhere") == []
    engine.close()
    scan._libc.cache_clear()


def test_syncing_reaches_the_plates_on_a_mac(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", lambda fd, what: asked.append((fd, what)))
    files = Files()
    fd = files.open_new(tmp_path / "a")
    files.sync(fd)
    files.close(fd)
    assert asked == [(fd, 51)]


def test_a_last_line_that_was_put_in_place_of_another_is_seen(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    (path,) = segments(tmp_path)
    one = path.read_bytes()
    lines = one.splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    (tmp_path / "head").unlink()
    engine = open_engine(tmp_path)
    other = document(2, text="Entry X.")
    engine.commit([Change(ENTRIES, id_of(2), other)], act="write")
    engine.close()
    forged = path.read_bytes()
    path.write_bytes(one)
    engine = open_engine(tmp_path)
    assert len(forged) == len(one)
    with path.open("r+b") as file:
        file.write(forged)
    with pytest.raises(LogError, match="not what was"):
        next(backwards(engine.journal, engine.files))
    engine.close()


def test_what_was_read_can_be_changed_and_is_read_as_it_was(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    engine.commit([Change(ENTRIES, id_of(n), document(n, tags=["a"])) for n in (1, 2)])
    engine.tidy()
    engine.close()
    engine = open_engine(tmp_path)
    for number in (1, 2, 1, 2, 1, 2):
        one = engine.document(ENTRIES, id_of(number))
        assert one == document(number, tags=["a"])
        assert one is not None
        one["tags"].append("b")
    engine.close()


def test_a_life_is_written_at_once(tmp_path: Path) -> None:
    documents = [
        document(1) | {"at": "2024-12-31T10:00:00+01:00"},
        document(2) | {"at": "2025-01-01T00:10:00+09:00"},
        document(3) | {"at": "2024-12-31T23:50:00-05:00"},
        document(4, day=day(-900)) | {"at": "2026-01-01T00:10:00+01:00"},
    ]
    told: list[str] = []
    write_log(tmp_path, documents, progress=lambda _, what: told.append(what))
    assert [path.name[:4] for path in segments(tmp_path)] == ["2024", "2025", "2026"]
    assert content_of(tmp_path) == {ENTRIES: {one["id"]: one for one in documents}}
    assert told
    engine = open_engine(tmp_path)
    assert engine.writable
    assert engine.notices == []
    engine.undo()
    engine.commit([Change(ENTRIES, id_of(9), document(9))])
    engine.close()
    assert set(content_of(tmp_path)[ENTRIES]) == {id_of(n) for n in (1, 2, 3, 9)}
    with pytest.raises(LogError, match="already"):
        write_log(tmp_path, documents)
