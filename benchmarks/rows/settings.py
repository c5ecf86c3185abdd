"""How thoroughly to measure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from benchmarks.sample import SIZE, Sample, sample


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
        """The ten-year log."""
        return sample(self.entries)

    @cached_property
    def small(self) -> Sample:
        """A log of a hundred entries."""
        return sample(100)

    @cached_property
    def empty(self) -> Sample:
        """A log without entries."""
        return sample(0)
