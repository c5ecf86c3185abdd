"""Measuring two things side by side, and what came of it."""

from __future__ import annotations

import gc
import os
import platform
import re
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT: Final = Path(__file__).parents[1]
PYTHON: Final = sys.executable
COMPANION: Final = (PYTHON, "-m", "companion")
NOTHING: Final = (PYTHON, "-c", "pass")


class CannotMeasureError(Exception):
    """A figure cannot be had on this machine; the message says why."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle one of several figures, and how far they lie apart."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Spread:
        """Return the spread of at least one figure."""
        return cls(statistics.median(figures), min(figures), max(figures))


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing measured in turn with another, A B A B."""

    ours: Spread
    theirs: Spread
    ratio: Spread
    """Of each pair its ratio, so that a noisy machine moves both alike."""

    @classmethod
    def of(cls, ours: Sequence[float], theirs: Sequence[float]) -> Pair:
        """Return what the figures of both sides say."""
        ratios = [ours / theirs for ours, theirs in zip(ours, theirs, strict=True)]
        return cls(Spread.of(ours), Spread.of(theirs), Spread.of(ratios))


def in_turn(
    ours: Callable[[], float],
    theirs: Callable[[], float],
    *,
    rounds: int,
    warm: int = 1,
) -> Pair:
    """Measure both in turn; the first `warm` rounds do not count."""
    figures = [(ours(), theirs()) for _ in range(warm + rounds)][warm:]
    return Pair.of([a for a, _ in figures], [b for _, b in figures])


def processor(action: Callable[[], object]) -> float:
    """Return the processor time of this process for `action`, in milliseconds."""
    gc.collect()
    began = time.process_time_ns()
    action()
    return (time.process_time_ns() - began) / 1e6


def elapsed(action: Callable[[], object]) -> float:
    """Return the wall time of `action`, in milliseconds."""
    began = time.perf_counter_ns()
    action()
    return (time.perf_counter_ns() - began) / 1e6


def process(command: Sequence[str | Path], **environment: str) -> float:
    """Return the processor time of a whole process, in milliseconds."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as said:
        child = os.posix_spawnp(
            words[0],
            words,
            surroundings(environment),
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, said.fileno(), 2),
            ],
        )
        _, status, usage = os.wait4(child, 0)
        if code := os.waitstatus_to_exitcode(status):
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()[-1:]
            raise CannotMeasureError(
                f"`{' '.join(Path(word).name for word in words[:5])}` "
                f"ended with {code}: {' '.join(last)}"
            )
    return (usage.ru_utime + usage.ru_stime) * 1000


def instructions(command: Sequence[str | Path], **environment: str) -> float:
    """Return the instructions of a whole process, in millions."""
    with tempfile.NamedTemporaryFile(prefix="instructions-") as log:
        process([*counting(Path(log.name)), *command], **environment)
        return counted(Path(log.name))


def counting(log: Path) -> tuple[str, ...]:
    """Return the words to put before a command to have its instructions counted."""
    needs("valgrind")
    return (
        "valgrind",
        "--tool=cachegrind",
        "--cache-sim=no",
        "--cachegrind-out-file=/dev/null",
        f"--log-file={log}",
    )


def counted(log: Path) -> float:
    """Return what was counted, in millions."""
    found = re.search(r"I\s+refs:\s+([\d,]+)", log.read_text())
    if found is None:
        raise CannotMeasureError("valgrind counted nothing")
    return int(found[1].replace(",", "")) / 1e6


def needs(program: str) -> None:
    """Say so where a program is missing.

    Raises:
        CannotMeasureError: If it is not installed.
    """
    if shutil.which(program) is None:
        raise CannotMeasureError(f"{program} is not installed here")


def surroundings(extra: Mapping[str, str]) -> dict[str, str]:
    """Return our environment for a process, without what would sway its figures."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COMPANION_", "TEXTUAL", "PYTHON", "COV_"))
        and name not in {"NO_COLOR", "VISUAL", "EDITOR"}
    }
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        # The same names hash alike in every run: counted instructions need it.
        "PYTHONHASHSEED": "0",
        **extra,
    }


def machine() -> str:
    """Return in words what was measured on."""
    model = "unknown processor"
    information = Path("/proc/cpuinfo")
    if information.exists():
        found = re.search(r"model name\s*:\s*(.+)", information.read_text())
        model = found[1].strip() if found else model
    system = os.uname()
    return (
        f"{os.cpu_count()} cores of {model}, {system.sysname} {system.machine}, "
        f"Python {platform.python_version()}, Textual {version('textual')}"
    )
