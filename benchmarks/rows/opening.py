"""Opening Today: paint, ready, instructions, processor and memory."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.measuring import (
    COMPANION,
    PYTHON,
    ROOT,
    CannotMeasureError,
    Pair,
    Spread,
    counted,
    counting,
)
from benchmarks.report import Figure
from benchmarks.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.rows.settings import Bench

_QUIT: Final = "\x11"


@dataclass(frozen=True, slots=True)
class App:
    """An app to open, and how to see that it is there."""

    command: tuple[str, ...]
    paint: str
    """Matches once its first text is on the screen."""
    probe: str
    """A key that shows."""
    echo: str
    """Matches once the key has been taken."""

    def counted_in(self, log: Path) -> App:
        """Return the same app, its instructions counted."""
        words = (*counting(log), *self.command)
        return App(words, self.paint, self.probe, self.echo)


@dataclass(frozen=True, slots=True)
class Opening:
    """What one opening took: milliseconds and MiB."""

    paint: float
    ready: float
    processor: float
    peak: float
    resident: float
    private: float


LABEL: Final = App(
    (PYTHON, str(ROOT / "benchmarks" / "bare" / "label.py")), "ready", "x", "typed x"
)
LINE: Final = App(
    (PYTHON, str(ROOT / "benchmarks" / "bare" / "line.py")), "ready", "x", "readyx"
)


def today(home: Path) -> App:
    """Return Companion, opened on a log; a step down the page is its probe."""
    command = (*COMPANION, "--home", str(home))
    return App(
        command,
        "Just write",
        "\x1b[B",
        "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} 2 ",
    )


def open_once(app: App, *, idle: float = 0.3) -> Opening:
    """Open an app, type one key, let it be for `idle` seconds, and end it."""
    terminal = Terminal.run(app.command)
    try:
        terminal.wait_for(app.paint)
        painted = len(terminal.chunks)
        typed = terminal.now
        terminal.type(app.probe)
        terminal.wait_for(app.echo, since=painted)
        terminal.rest(idle)
        memory = terminal.memory()
    finally:
        terminal.close(_QUIT)
    paint = terminal.shown_at(app.paint)
    ready = terminal.shown_at(app.echo, after=typed)
    if paint is None or ready is None or terminal.usage is None:
        raise CannotMeasureError("the screen never showed what was written to it")
    usage = terminal.usage
    return Opening(
        paint=paint,
        ready=ready,
        processor=(usage.ru_utime + usage.ru_stime) * 1000,
        peak=memory.peak,
        resident=memory.resident,
        private=memory.private,
    )


def compare(ours: App, theirs: App, *, rounds: int, idle: float = 0.3) -> Compared:
    """Open both in turn."""
    pairs = [
        (open_once(ours, idle=idle), open_once(theirs, idle=idle))
        for _ in range(rounds + 1)
    ][1:]
    return Compared([a for a, _ in pairs], [b for _, b in pairs])


@dataclass(frozen=True, slots=True)
class Compared:
    """Two apps, opened in turn."""

    ours: Sequence[Opening]
    theirs: Sequence[Opening]

    def pair(self, what: str) -> Pair:
        """Return one measure of both."""
        return Pair.of(
            [getattr(opening, what) for opening in self.ours],
            [getattr(opening, what) for opening in self.theirs],
        )


def opening(bench: Bench) -> Iterator[Figure]:
    """Open the sample log beside bare apps."""
    app = today(bench.home)
    rounds = bench.rounds(15)
    label = compare(app, LABEL, rounds=rounds)
    for name, what, measure, budget in (
        ("paint", "first text of Today", "paint", 1.15),
        ("ready", "a typed key shows", "ready", 1.25),
    ):
        yield Figure.ratio(
            f"open.{name}",
            f"open: {what}, against a bare app of one label",
            label.pair(measure),
            budget=budget,
        )
    line = compare(app, LINE, rounds=rounds)
    for name, what, measure, budget in (
        ("paint", "first text of Today", "paint", 1.15),
        ("ready", "a typed key shows", "ready", 1.25),
    ):
        yield Figure.ratio(
            f"open.{name}.line",
            f"open: {what}, against a bare app of one input",
            line.pair(measure),
            budget=budget,
        )
    yield Figure.ratio(
        "open.memory",
        "memory after opening, against a bare app of one input",
        line.pair("resident"),
        budget=1.25,
        unit="MiB",
    )


def growth(bench: Bench) -> Iterator[Figure]:
    """Open the sample log beside an empty one."""
    full, empty = today(bench.home), today(bench.empty_home)
    # A long idle, so that what is read after the first picture counts as well.
    compared = compare(full, empty, rounds=bench.rounds(12), idle=1.5)
    for name, what, measure, budget, unit in (
        ("processor", "processor time", "processor", 1.05, "ms"),
        ("peak", "peak memory", "peak", 1.10, "MiB"),
    ):
        yield Figure.ratio(
            f"open.growth.{name}",
            f"open the sample log: {what}, against an empty log",
            compared.pair(measure),
            budget=budget,
            unit=unit,
        )
    private = compared.pair("private")
    yield Figure(
        name="open.growth.private",
        what="private memory after opening, for each 1,000 entries in the log",
        value=Spread.of(
            [
                (ours.private - theirs.private) / (bench.entries / 1000)
                for ours, theirs in zip(compared.ours, compared.theirs, strict=True)
            ]
        ),
        budget=0.05,
        unit="MiB",
        note=f"{private.ours.median:.1f} against {private.theirs.median:.1f} MiB",
    )


def counted_opening(bench: Bench) -> Iterator[Figure]:
    """Count the instructions from the start to the first text and the end."""
    app = today(bench.home)
    rounds = 1 if bench.quick else 3
    ours, label, line = [], [], []
    for _ in range(rounds):
        ours.append(_instructions(app))
        label.append(_instructions(LABEL))
        line.append(_instructions(LINE))
    for name, what, theirs in (("label", "label", label), ("line", "input", line)):
        yield Figure.ratio(
            f"open.instructions.{name}",
            f"open Today and end: instructions, against a bare app of one {what}",
            Pair.of(ours, theirs),
            budget=1.20,
            unit="million",
        )
    yield Figure(
        name="open.instructions.steady",
        what="how far counted instructions of one app lie apart",
        value=Spread.of([max(ours) / min(ours)]),
    )


def _instructions(app: App) -> float:
    with tempfile.NamedTemporaryFile(prefix="instructions-") as log:
        terminal = Terminal.run(app.counted_in(Path(log.name)).command)
        try:
            terminal.wait_for(app.paint, patience=240)
        finally:
            terminal.close(_QUIT)
        return counted(Path(log.name))
