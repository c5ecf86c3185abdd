"""Much of everything: what it costs grows with what is asked for, not with the log.

Costs are compared in turn, as processor time and as memory, with those of a log of a
hundred entries; the bounds are wide, since machines are busy. What is usual stands in
docs/performance.md.
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

import pytest

from companion.errors import InvalidEntryError
from companion.model.entry import TEXT_LIMIT
from companion.model.query import Query
from companion.storage.bulk import write_log
from companion.storage.engine import Engine
from companion.storage.state import ENTRIES
from companion.storage.store import EngineLogStore
from tests.disks import QuickFiles
from tests.logs import content_of, day, document, entry, id_of, segments
from tests.screens.test_editor import PageApp, paste

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.regime import Regime

FEW = 100
TURNS = 7
WORDS = "I asked Z for help, and it was a relief to both of us. " * 10
soak = pytest.mark.soak


def _filled(home: Path, count: int) -> Path:
    """Make a log of so many entries, with its index."""
    write_log(home, [document(n, text=f"{n} {WORDS}") for n in range(1, count + 1)])
    engine = Engine(home, files=QuickFiles())
    engine._index_up_to_date(1)
    engine.close()
    return home


def _cost(work: Callable[[], object]) -> float:
    """Return the processor time something takes, in seconds."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _peak(work: Callable[[], object]) -> int:
    """Return the most bytes that were in use at once for it."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _opened(home: Path) -> None:
    """Open a log, look at the newest page and search, as the app does."""
    store = EngineLogStore(Engine(home, files=QuickFiles()))
    timeline = store.find(Query())
    for index in range(50):
        timeline.entry(index)
    store.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=soak)])
def test_a_large_log_costs_what_a_small_one_does(
    tmp_path: Path, count: int, regime: Regime
) -> None:
    few, many = _filled(tmp_path / "few", FEW), _filled(tmp_path / "many", count)
    for home in (few, many):
        _opened(home)
    starts = [
        _cost(lambda: _opened(many)) / _cost(lambda: _opened(few)) for _ in range(TURNS)
    ]
    memory = _peak(lambda: _opened(many)) - _peak(lambda: _opened(few))
    stores = [EngineLogStore(Engine(home, files=QuickFiles())) for home in (few, many)]

    def save(store: EngineLogStore, first: int) -> None:
        for number in range(first, first + 20):
            store.add(entry(number, text=WORDS))

    saves = []
    for turn in range(TURNS):
        small, large = (_cost(partial(save, s, 100_000 + 20 * turn)) for s in stores)
        saves.append(large / small)
    for store in stores:
        store.close()
    size = sum(path.stat().st_size for path in segments(many))
    assert len(content_of(many)[ENTRIES]) == count + 20 * TURNS
    assert median(saves) < 3
    assert median(starts) < 10
    assert memory < size / 4
    regime(
        "sizes",
        entries=count,
        costs=f"where a save is {median(saves):.2f}x and opening "
        f"{median(starts):.2f}x the work of a log of {FEW}, with "
        f"{100 * memory / size:.1f} % of its size more in memory",
    )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=soak)])
def test_a_burst_of_saves_is_all_there_and_the_last_is_as_cheap_as_the_first(
    tmp_path: Path, count: int, regime: Regime
) -> None:
    # Each on the disk by itself, as an import of single entries would do it.
    store = EngineLogStore(Engine(tmp_path))
    tenth = count // 10
    costs: list[float] = []

    def save(first: int) -> None:
        for number in range(first, first + tenth):
            store.add(entry(number, text=WORDS, day=day(-number)))

    def save_all() -> None:
        costs.extend(_cost(partial(save, first)) for first in range(0, count, tenth))

    peak = _peak(save_all)
    store.close()
    assert set(content_of(tmp_path)[ENTRIES]) == {id_of(n) for n in range(count)}
    size = segments(tmp_path)[-1].stat().st_size
    assert median(costs[-3:]) < 5 * median(costs[:3])
    assert peak < 4 * size + 8 * TEXT_LIMIT
    regime("sizes", saves_in_a_burst=count)


@pytest.mark.parametrize("count", [2, pytest.param(30, marks=soak)])
def test_entries_of_a_mebibyte_are_kept_and_found(
    tmp_path: Path, count: int, regime: Regime
) -> None:
    text = ("ä\n\U0001f33f " * TEXT_LIMIT)[: TEXT_LIMIT // 12 * 4].ljust(10)
    text += "x" * (TEXT_LIMIT - len(text.encode()))
    store = EngineLogStore(Engine(tmp_path, files=QuickFiles()))

    def work() -> None:
        for number in range(1, count + 1):
            store.add(entry(number, text=text))
        store.tidy()
        for number in range(1, count + 1):
            assert store.get(id_of(number)).text == text
        timeline = store.find(Query(words=("\U0001f33f",)))
        timeline.advance(seconds=60)
        assert len(timeline) == count

    peak = _peak(work)
    store.close()
    assert peak < (4 * count + 24) * TEXT_LIMIT
    regime("sizes", entries_of_1_MiB=count)


def test_ten_megabytes_are_refused_by_the_log_and_leave_nothing(
    tmp_path: Path, regime: Regime
) -> None:
    store = EngineLogStore(Engine(tmp_path, files=QuickFiles()))
    store.add(entry(1))
    before = segments(tmp_path)[0].read_bytes()
    with pytest.raises(InvalidEntryError):
        store.add(entry(2, text="y" * 10_000_000))
    assert segments(tmp_path)[0].read_bytes() == before
    assert len(store.find(Query())) == 1
    store.close()
    regime("sizes", refused="a text of 10 MB refused")


async def test_ten_megabytes_pasted_are_asked_about_and_cut(
    tmp_path: Path, regime: Regime
) -> None:
    app = PageApp("mine")
    async with app.run_test(size=(60, 5)) as pilot:
        app.page.focus()
        app.page.move_cursor(app.page.document.end)
        await paste(pilot, "y" * 10_000_000)
        assert app.asked == [10_000_000]
        assert app.page.text == "mine"
        await pilot.press("enter")
        await pilot.pause()
        assert app.page.text.startswith("mineyyy")
        kept = len(app.page.text)
    assert 100_000 < kept < TEXT_LIMIT
    regime("sizes", pasted="a paste of 10 MB cut to what a page takes")
