"""Faults in the calls of the system: the state is the one before a step or after it.

Beneath everything of ours: strace kills the program at a call, or lets the call fail.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.faults.captures import Captures
from tests.faults.cases import HOMES, Case
from tests.faults.tracing import CODES, KILL, NOTHING_TAKEN, Tracer, error, why_not

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.faults.tracing import Fault
    from tests.regime import Regime

SEED = 20261123
CAPTURES = {"capture": True, "first capture": False}
FEW = {"nothing": 20, "torn": 20, "damaged": 10, "capture": 5, "first capture": 5}

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


@pytest.fixture(scope="module")
def tracer(tmp_path_factory: pytest.TempPathFactory) -> Tracer:
    tracer = Tracer(tmp_path_factory.mktemp("traced"))
    command = "companion.__main__, companion.cli.parser, companion.cli.writing"
    tracer.compile(f"tests.faults.steps, {command}")
    return tracer


def case_of(tracer: Tracer, folder: Path, name: str) -> Case | Captures:
    if name in CAPTURES:
        return Captures(tracer, folder, there=CAPTURES[name])
    return Case(tracer, folder, name)


def evenly(faults: Sequence[Fault], count: int, chance: Random) -> list[Fault]:
    """Return so many faults, of each call and each kind in turn."""
    kinds: dict[str, list[Fault]] = {}
    for fault in chance.sample(faults, len(faults)):
        kinds.setdefault(fault.point.call, []).append(fault)
    chosen: list[Fault] = []
    whats = [KILL, *map(error, CODES), NOTHING_TAKEN]
    while len(chosen) < count and any(kinds.values()):
        for waiting in filter(None, kinds.values()):
            what = whats[len(chosen) % len(whats)]
            fits = [one for one in waiting if one.what == what]
            chosen.append(fits[0] if fits else waiting[0])
            waiting.remove(chosen[-1])
    return chosen[:count]


def failing(case: Case | Captures, faults: Sequence[Fault]) -> list[str]:
    """Run with each fault, as many at a time as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [one for one in pool.map(case.fails, faults, range(len(faults))) if one]


@pytest.mark.parametrize("name", [*HOMES, *CAPTURES])
def test_a_fault_in_a_call_loses_nothing(
    tmp_path: Path, tracer: Tracer, name: str, regime: Regime
) -> None:
    case = case_of(tracer, tmp_path, name)
    faults = evenly(list(case.faults()), FEW[name], Random(f"{SEED} {name}"))
    wrong = [one for one in map(case.fails, faults, range(len(faults))) if one]
    assert wrong == [], f"seed {SEED}"
    regime("syscalls", seed=SEED, faults=len(faults), lost=0)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", [*HOMES, *CAPTURES])
def test_every_call_may_fail_or_be_the_last(
    tmp_path: Path, tracer: Tracer, name: str, regime: Regime
) -> None:
    case = case_of(tracer, tmp_path, name)
    chance = Random(f"{SEED} {name}")
    chosen: list[Fault] = []
    for point in case.points:
        here = [one for one in case.faults() if one.point == point]
        chosen.append(here[0])
        chosen.append(chance.choice(here[1:] or here))
    wrong = failing(case, chosen)
    assert wrong == [], f"seed {SEED}"
    points = len(case.points)
    regime("syscalls", seed=SEED, calls=points, faults=len(chosen), lost=0)
