"""What all tests share: one moment in time, a log in memory, a Companion on it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from companion.care import Care
from companion.content import Shelf
from companion.drafts import Drafts
from companion.erasing import Erasing
from companion.facade import Companion, Places
from companion.log import Log
from companion.preferences import Preferences
from companion.reflection import Reflection
from companion.storage.eraser import HomeEraser
from tests.doubles import (
    MemoryDrafts,
    MemoryKeeper,
    MemoryLogStore,
    MemoryPages,
    MemoryPools,
    MemorySettings,
    WordsDouble,
)
from tests.regime import Regime, forget, keep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.model.content import Content

ZONE = "Europe/Berlin"

# A busy machine is no fault of the code: nothing here fails for being slow.
settings.register_profile(
    "companion", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "thorough", settings.get_profile("companion"), max_examples=5000
)
settings.load_profile("companion")


LONGEST = 3600
"""Seconds a long run may take, where it does not say so itself."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give long runs the time they need: the limit of all others is for a fault."""
    for item in items:
        if item.get_closest_marker("soak") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONGEST))


@dataclass
class FixedClock:
    """Stands still until a test moves it; fulfils `Clock`."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        """Move on by a span such as `days=1`."""
        self.now += timedelta(**span)


@pytest.fixture
def regime(request: pytest.FixtureRequest) -> Iterator[Regime]:
    """What a test of reliability says it did; see `tests.regime`."""
    name = request.node.nodeid
    forget(name)
    said = Regime()
    begun = time.monotonic()
    yield said
    soak = request.node.get_closest_marker("soak") is not None
    keep(name, said, soak=soak, seconds=time.monotonic() - begun)


@pytest.fixture
def now() -> datetime:
    """A Sunday morning in November, in Berlin."""
    return datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def clock(now: datetime) -> FixedClock:
    """A clock that stands still at `now`."""
    return FixedClock(now)


@pytest.fixture
def memory_store() -> MemoryLogStore:
    """An empty log in memory."""
    return MemoryLogStore()


@pytest.fixture
def log(memory_store: MemoryLogStore, clock: FixedClock) -> Log:
    """A log on `memory_store`."""
    return Log(memory_store, clock, lambda: ZONE)


@pytest.fixture
def pools() -> MemoryPools:
    """Pools of which nothing came yet."""
    return MemoryPools()


@pytest.fixture
def reflection(log: Log, pools: MemoryPools) -> Reflection:
    """Reflecting with a few words made up for tests."""
    return Reflection(WordsDouble(), pools, log, Random(1))


@pytest.fixture
def words(tmp_path: Path) -> Content:
    """The words that ship, with an empty folder of one's own."""
    return Shelf(own=tmp_path / "config")


@pytest.fixture
def companion(clock: FixedClock, log: Log, words: Content, tmp_path: Path) -> Companion:
    """Everything, on a log in memory; what comes by chance is the same each time."""
    places = Places(home=tmp_path / "home", config=tmp_path / "config")
    places.home.mkdir()
    places.config.mkdir()
    return Companion(
        clock=clock,
        places=places,
        content=words,
        log=log,
        reflection=Reflection(words, MemoryPools(), log, Random(22)),
        drafts=Drafts(MemoryDrafts(), clock),
        preferences=Preferences(MemorySettings(), MemoryPages()),
        care=Care(MemoryKeeper),
        erasing=Erasing(partial(HomeEraser, places.home)),
    )
