"""The same things with a hundred, ten thousand and a hundred thousand entries."""

from __future__ import annotations

import json
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.measuring import PYTHON, elapsed, in_turn, process, processor
from benchmarks.report import Figure
from benchmarks.rows.opening import open_once, today
from benchmarks.rows.repainting import step
from benchmarks.rows.saving import fresh_documents
from benchmarks.rows.searching import newest
from benchmarks.sample import SIZE, sample
from companion.model.query import Query
from companion.storage import open_log
from companion.storage.documents import from_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.rows.settings import Bench
    from companion.ports import LogStore

_SMALL: Final = 100
_SIZES: Final = (10_000, SIZE)
_SCRIPT: Final = str(Path(PYTHON).with_name("companion"))


class Kept:
    """A log of some size, on the disk and open."""

    def __init__(self, entries: int) -> None:
        self._entries = entries

    @cached_property
    def home(self) -> Path:
        """A home of its own."""
        return sample(self._entries).copy()

    @cached_property
    def store(self) -> LogStore:
        """A log of its own, open; others may open that of `home`."""
        return open_log(sample(self._entries).copy())


def flat(bench: Bench) -> Iterator[Figure]:
    """Do each thing in a large log and, in turn, in one of a hundred entries."""
    fresh = fresh_documents()

    def save(kept: Kept) -> float:
        entry = from_document(next(fresh))
        return elapsed(lambda: kept.store.add(entry))

    def capture(kept: Kept) -> float:
        return process([_SCRIPT, "--home", kept.home, "reflect", "slept well"])

    acts: list[tuple[str, str, int, float | None, Callable[[Kept], float]]] = [
        ("open", "open, processor time", 8, 1.05, _open),
        ("save", "save an entry", 200, 1.2, save),
        ("search", "find and read the newest 50 with a word", 40, None, _search),
        ("list", "a step in the list", 4, 1.1, lambda kept: step(kept.home, 40)),
        ("capture", "`companion reflect TEXT`, processor time", 24, 1.05, capture),
    ]
    small, large = Kept(_SMALL), {size: Kept(size) for size in _SIZES}
    for name, what, rounds, budget, act in acts:
        for size, kept in large.items():
            yield Figure.ratio(
                f"flat.{name}.{size}",
                f"{what}: with {size:,} entries, against {_SMALL}",
                in_turn(
                    partial(act, kept), partial(act, small), rounds=bench.rounds(rounds)
                ),
                budget=budget,
            )
    for kept in (small, *large.values()):
        kept.store.close()


def load(bench: Bench) -> Iterator[Figure]:
    """Read every entry there is, beside the reading of as much JSON."""
    store = open_log(bench.home)
    lines = bench.log.documents.read_bytes().splitlines()

    def everything() -> None:
        timeline = store.find(Query())
        for index in range(len(timeline)):
            timeline.entry(index)

    yield Figure.ratio(
        "load.all",
        "read every entry, against json.loads of each as a line",
        in_turn(
            lambda: processor(everything),
            lambda: processor(lambda: [json.loads(line) for line in lines]),
            rounds=bench.rounds(8),
        ),
        budget=0.6,
    )
    store.close()


def _open(kept: Kept) -> float:
    return open_once(today(kept.home), idle=1.0).processor


def _search(kept: Kept) -> float:
    return processor(lambda: newest(kept.store, "garden"))
