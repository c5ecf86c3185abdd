"""Every fault that is planted is caught, by the tests that are there to catch it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.controls.planting import Fault, copy, faults, plant, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.regime import Regime

FAULTS = faults()
ALL = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
QUICK = pytest.mark.parametrize(
    "fault", [one for one in FAULTS if one.quick], ids=lambda fault: fault.name
)


def test_every_fault_has_a_name_of_its_own_and_tests() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert all(fault.tests and fault.patches for fault in FAULTS)


@ALL
def test_the_text_that_is_broken_stands_there_once(fault: Fault) -> None:
    for patch in fault.patches:
        assert patch.fits(), f"{patch.file}: renew the patch of {fault.name}"
        assert patch.old != patch.new


def _caught(fault: Fault, folder: Path) -> None:
    ended = plant(fault, folder)
    assert ended.foreign == [], "it ran other code than that of the copy"
    assert ended.missed(fault.tests) == {}, (fault.broken, ended.said)


@QUICK
def test_a_planted_fault_is_caught(
    fault: Fault, tmp_path: Path, regime: Regime
) -> None:
    _caught(fault, tmp_path)
    regime("controls", planted=1, caught=1)


@pytest.mark.soak
@pytest.mark.timeout(900)
@ALL
def test_every_planted_fault_is_caught(
    fault: Fault, tmp_path: Path, regime: Regime
) -> None:
    _caught(fault, tmp_path)
    regime("controls", planted=1, caught=1)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_without_a_fault_the_same_tests_pass(tmp_path: Path) -> None:
    tests = sorted({name for fault in FAULTS for name in fault.tests})
    ended = run(copy(tmp_path), tests)
    assert ended.foreign == []
    assert ended.failed == {}, ended.said
    seen = {one["test"] for one in ended.tests}
    assert all(any(one.startswith(name) for one in seen) for name in tests)
