"""How thoroughly to measure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from benchmarks.sample import SIZE, Sample, sample

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Bench:
    """What every figure is given: the logs and the number of rounds."""

    quick: bool = False
    entries: int = SIZE

    def rounds(self, thorough: int) -> int:
        """Return how many rounds to measure where `thorough` would be best."""
        return max(3, thorough // 4) if self.quick else thorough

    @cached_property
    def log(self) -> Sample:
        """The ten-year log; not to be written to."""
        return sample(self.entries)

    @cached_property
    def home(self) -> Path:
        """A home with the ten-year log."""
        return self.log.copy()

    @cached_property
    def small_home(self) -> Path:
        """A home with a log of a hundred entries."""
        return sample(100).copy()

    @cached_property
    def empty_home(self) -> Path:
        """A home with a log without entries."""
        return sample(0).copy()
