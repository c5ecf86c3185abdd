"""Saving, reading and changing one entry, with much or little in the log."""

from __future__ import annotations

import json
import os
import random
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from unittest.mock import patch

from tinydb import TinyDB

from benchmarks.measuring import Pair, Spread, elapsed, in_turn
from benchmarks.report import Figure
from benchmarks.sample import WORK, documents
from companion.ids import new_id
from companion.storage import open_log
from companion.storage.documents import from_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.rows.settings import Bench
    from benchmarks.sample import Document
    from companion.ports import LogStore

_MANY = 4000
"""More than are ever saved in one run."""


def saving(bench: Bench) -> Iterator[Figure]:
    """Save entries one by one: wall time, since what is waited for is the disk."""
    fresh = fresh_documents()
    rounds = bench.rounds(300)
    yield _first(bench, fresh)
    full, small = open_log(bench.home), open_log(bench.small_home)
    with _file() as file:
        for name, what, theirs, budget in (
            ("bare", "a bare append and fsync of its bytes", _append, 2.0),
            ("encoded", "a bare encode, append and fsync", _encode_and_append, 1.5),
        ):
            yield Figure.ratio(
                f"save.{name}",
                f"save an entry, against {what}",
                in_turn(
                    lambda: _save(full, next(fresh)),
                    lambda theirs=theirs: theirs(file, next(fresh)),  # type: ignore[misc]
                    rounds=rounds,
                    warm=5,
                ),
                budget=budget,
            )
    yield Figure.ratio(
        "save.size",
        "save an entry, against the same with 100 entries",
        in_turn(
            lambda: _save(full, next(fresh)),
            lambda: _save(small, next(fresh)),
            rounds=rounds,
            warm=5,
        ),
        budget=1.2,
    )
    yield _fsyncs(full, next(fresh))
    full.close()
    small.close()


def _first(bench: Bench, fresh: Iterator[Document]) -> Figure:
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(bench.rounds(12)):
        for home, figures in ((bench.home, ours), (bench.small_home, theirs)):
            store = open_log(home)
            figures.append(_save(store, next(fresh)))
            store.close()
    return Figure.ratio(
        "save.first",
        "the first save after opening, against the same with 100 entries",
        Pair.of(ours, theirs),
        budget=2.0,
    )


def _fsyncs(store: LogStore, document: Document) -> Figure:
    count = 0
    sync, sync_data = os.fsync, os.fdatasync

    def counting(file: int) -> None:
        nonlocal count
        count += 1
        sync(file)

    def counting_data(file: int) -> None:
        nonlocal count
        count += 1
        sync_data(file)

    with patch("os.fsync", counting), patch("os.fdatasync", counting_data):
        _save(store, document)
    return Figure(
        name="save.fsyncs",
        what="times the disk is waited for in one save",
        value=Spread.of([count]),
        budget=1,
        unit="fsync",
    )


def beside_tinydb(bench: Bench) -> Iterator[Figure]:
    """Save one of a thousand entries, here and in TinyDB's own JSON file."""
    fresh = fresh_documents()
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        database = TinyDB(f"{folder}/log.json")
        database.insert_multiple(documents(1000))
        store = open_log(bench.home)
        yield Figure.ratio(
            "save.tinydb",
            "save an entry, against TinyDB's own storage with 1,000 entries",
            in_turn(
                lambda: _save(store, next(fresh)),
                lambda: elapsed(lambda: database.insert(next(fresh))),
                rounds=bench.rounds(20),
            ),
            budget=None,
        )
        store.close()
        database.close()


def editing(bench: Bench) -> Iterator[Figure]:
    """Read and change entries by id."""
    full, small = open_log(bench.home), open_log(bench.small_home)
    known = {
        id(store): [document["id"] for document in documents(n)]
        for store, n in ((full, bench.entries), (small, 100))
    }
    chance = random.Random(1)

    def read(store: LogStore) -> float:
        ids = chance.choices(known[id(store)], k=50)
        return elapsed(lambda: [store.get(entry_id) for entry_id in ids])

    def change(store: LogStore) -> float:
        entry = store.get(chance.choice(known[id(store)]))
        changed = replace(entry, text=f"{entry.text} And more")
        return elapsed(lambda: store.replace(changed))

    for name, what, act, rounds in (
        ("get", "read 50 entries by id", read, 60),
        ("replace", "change an entry by id", change, 200),
    ):
        yield Figure.ratio(
            f"edit.{name}",
            f"{what}, against the same with 100 entries",
            in_turn(
                lambda act=act: act(full),  # type: ignore[misc]
                lambda act=act: act(small),  # type: ignore[misc]
                rounds=bench.rounds(rounds),
                warm=5,
            ),
            budget=1.5,
        )
    full.close()
    small.close()


def fresh_documents() -> Iterator[Document]:
    """Yield entries such as are written now."""
    now = datetime.now().astimezone().replace(microsecond=0)
    for document in documents(_MANY, seed=8):
        yield {
            **document,
            "id": new_id(),
            "at": now.isoformat(),
            "day": now.date().isoformat(),
        }


def _save(store: LogStore, document: Document) -> float:
    entry = from_document(document)
    return elapsed(lambda: store.add(entry))


def _append(file: int, document: Document) -> float:
    line = _encode(document)

    def act() -> None:
        os.write(file, line)
        os.fsync(file)

    return elapsed(act)


def _encode_and_append(file: int, document: Document) -> float:
    def act() -> None:
        os.write(file, _encode(document))
        os.fsync(file)

    return elapsed(act)


def _encode(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"


@contextmanager
def _file() -> Iterator[int]:
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        path = f"{folder}/bare.log"
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            yield file
        finally:
            os.close(file)
