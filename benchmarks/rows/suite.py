"""How long the tests take."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from benchmarks.measuring import ROOT, CannotMeasureError, Spread, elapsed
from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.rows.settings import Bench


def suite(_bench: Bench) -> Iterator[Figure]:
    """Run every check and test once."""
    ended: list[int] = []
    took = elapsed(
        lambda: ended.append(
            subprocess.run(["make", "test"], cwd=ROOT, check=False).returncode
        )
    )
    if ended != [0]:
        raise CannotMeasureError("`make test` did not pass")
    yield Figure(
        name="suite",
        what="`make test`, from a set-up checkout",
        value=Spread.of([took / 60_000]),
        budget=8,
        unit="minutes",
    )
