"""Searching as one types, beside ripgrep on the same text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from benchmarks.measuring import Pair, Spread, in_turn, needs, process, processor
from benchmarks.report import Figure
from companion.folding import fold
from companion.model.query import Query
from companion.storage import open_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.rows.settings import Bench
    from companion.ports import LogStore

_SCREENFUL: Final = 50
_TYPED: Final = ("q", "qu", "quo", "quokka", "the", "garden", "straße", "friend crew")


def search(bench: Bench) -> Iterator[Figure]:
    """Look for words the way the log's search does, slice by slice."""
    # A copy of its own: others may have written in the shared one meanwhile.
    store = open_log(bench.log.copy())
    text = bench.log.text
    yield _recall(store, [fold(line) for line in text.open(encoding="utf-8")])
    needs("rg")
    found: dict[str, Pair]
    for name, what, act, budget in (
        ("newest", "the newest 50 found and read", newest, 1.3),
        ("all", "all of them counted", _all, 2.5),
    ):
        found = {
            word: in_turn(
                lambda word=word, act=act: processor(lambda: act(store, word)),  # type: ignore[misc]
                lambda word=word: process(["rg", "-i", "-c", "-F", word, text]),  # type: ignore[misc]
                rounds=bench.rounds(12),
            )
            for word in _TYPED
        }
        slowest = max(found, key=lambda word: found[word].ratio.median)
        yield Figure.ratio(
            f"search.{name}",
            f"search, {what}, slowest of {len(_TYPED)} words, against `rg -i`",
            found[slowest],
            budget=budget,
            word=slowest,
        )
    store.close()


def newest(store: LogStore, word: str) -> int:
    timeline = store.find(Query(words=tuple(word.split())))
    while len(timeline) < _SCREENFUL and not timeline.advance(enough=_SCREENFUL):
        pass
    shown = min(_SCREENFUL, len(timeline))
    return sum(len(timeline.entry(index).text) for index in range(shown))


def _all(store: LogStore, word: str) -> int:
    timeline = store.find(Query(words=tuple(word.split())))
    while not timeline.advance():
        pass
    return len(timeline)


def _recall(store: LogStore, lines: list[str]) -> Figure:
    wrong = [
        word
        for word in _TYPED
        if _all(store, word)
        != sum(all(part in line for part in fold(word).split()) for line in lines)
    ]
    return Figure(
        name="search.recall",
        what="words for which a plain scan of the text finds another number",
        value=Spread.of([len(wrong)]),
        budget=0,
        unit="words",
        note=", ".join(wrong),
    )
