"""Commands, from the start of the process to its end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.measuring import (
    COMPANION,
    NOTHING,
    PYTHON,
    Pair,
    in_turn,
    instructions,
    process,
)
from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.rows.settings import Bench

_SCRIPT: Final = (str(Path(PYTHON).with_name("companion")),)
_TEXT: Final = "Slept well, and asked for help twice. 🌱"


def capture(bench: Bench) -> Iterator[Figure]:
    """Write an entry from the command line."""
    full, empty = bench.home, bench.empty_home
    for name, called, command in (
        ("module", "python -m companion", COMPANION),
        ("script", "companion", _SCRIPT),
    ):
        words = _reflect(command, full)
        yield Figure.ratio(
            f"capture.{name}",
            f"`{called} reflect TEXT`: processor time, against `python -c pass`",
            in_turn(
                lambda words=words: process(words),  # type: ignore[misc]
                lambda: process(NOTHING),
                rounds=bench.rounds(40),
            ),
            budget=1.5,
        )
        ours = [instructions(words) for _ in range(bench.rounds(3))]
        theirs = [instructions(NOTHING) for _ in range(bench.rounds(3))]
        yield Figure.ratio(
            f"capture.{name}.instructions",
            f"`{called} reflect TEXT`: instructions, against `python -c pass`",
            Pair.of(ours, theirs),
            budget=1.25,
            unit="million",
        )
    yield Figure.ratio(
        "capture.size",
        "`companion reflect TEXT`: processor time, against an empty log",
        in_turn(
            lambda: process(_reflect(_SCRIPT, full)),
            lambda: process(_reflect(_SCRIPT, empty)),
            rounds=bench.rounds(40),
        ),
        budget=1.05,
    )


def log(bench: Bench) -> Iterator[Figure]:
    """Look a word up from the command line."""
    home = bench.home
    for word, where in (("garden", "often"), ("quokka", "in ten entries")):
        words = (*_SCRIPT, "--home", str(home), "log", word, "-n", "20")
        yield Figure.ratio(
            f"log.{word}",
            f"`companion log {word} -n 20` ({where}), against `python -c pass`",
            in_turn(
                lambda words=words: process(words),  # type: ignore[misc]
                lambda: process(NOTHING),
                rounds=bench.rounds(24),
            ),
            budget=8.0,
        )


def _reflect(command: Sequence[str], home: Path) -> tuple[str, ...]:
    return (*command, "--home", str(home), "reflect", _TEXT)
