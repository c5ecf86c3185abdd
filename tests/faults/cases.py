"""Logs to begin with, the program that does one of everything, and its outcome."""

from __future__ import annotations

import json
import shutil
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import time_machine

from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.commits import Change
from companion.storage.state import ENTRIES
from tests.faults.judging import Outcome, State
from tests.faults.steps import STEPS, texts
from tests.faults.tracing import Fault, Tracer, faults_at, injected, points
from tests.logs import document, id_of, open_engine, plant, segments

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Ran(NamedTuple):
    """What became of a run."""

    code: int
    said: list[dict[str, Any]]
    errors: str


def run(tracer: Tracer, home: Path, kind: str, trace: Path, fault: Fault | None) -> Ran:
    """Let the program do its steps."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            descriptor = theirs.fileno()
            arguments = ["-m", "tests.faults.steps", str(home), kind, str(descriptor)]
            program = tracer.start(trace, arguments, fault=fault, keep=[descriptor])
        ours.settimeout(60)
        with ours.makefile("rb") as said:
            lines = said.readlines()
        _, errors = program.communicate(timeout=60)
    whole = [json.loads(line) for line in lines if line.endswith(b"\n")]
    return Ran(program.returncode, whole, errors)


# Before


def last_year(home: Path) -> None:
    """Begin a log with three entries of a year that is over, an index and a backup."""
    with time_machine.travel(datetime(2025, 6, 1, 12, tzinfo=UTC), tick=False):
        engine = open_engine(home)
        for number in (10, 11, 12):
            one = document(number, text=f"old {number}")
            engine.commit([Change(ENTRIES, id_of(number), one)], act="write")
        engine.tidy()
        engine.close()


def nothing(home: Path) -> None:
    """Leave the folder to be made."""


def torn(home: Path) -> None:
    """Leave what a crash leaves: half a line, and a capture that waits."""
    last_year(home)
    (path,) = segments(home)
    path.write_bytes(path.read_bytes() + b'6 300 0123456789abcdef {"device":')
    plant(home, 13, text="waits")


def damaged(home: Path) -> None:
    """Leave a backup, and a journal that was damaged since."""
    last_year(home)
    engine = open_engine(home)
    Backups(home, engine.files).make(engine, BY_HAND)
    engine.commit([Change(ENTRIES, id_of(14), document(14, text="since"))])
    engine.close()
    path = segments(home)[0]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


HOMES = {
    "nothing": (nothing, "log"),
    "torn": (torn, "log"),
    "damaged": (damaged, "damaged"),
}


class Case:
    """A home to begin with, and what a run without a fault makes of it."""

    def __init__(self, tracer: Tracer, folder: Path, name: str) -> None:
        self.name = name
        self.tracer = tracer
        self.folder = folder
        make, self.kind = HOMES[name]
        self.template = folder / "template" / "home"
        make(self.template)
        self.first = self._read(self.template) if self.template.exists() else {}
        self.count = 0
        trace = folder / "trace"
        home = folder / "clean" / "home"
        self._copy(home)
        clean = run(tracer, home, self.kind, trace, None)
        assert (clean.code, clean.errors) == (0, ""), clean.errors
        assert [one["why"] for one in clean.said if "why" in one] == (
            [None] * len(STEPS[self.kind])
        )
        self.points = list(points(trace, folder / "clean"))
        self.restored: State = next(
            one["state"]
            for one in clean.said
            if one.get("state") and one["number"] > STEPS[self.kind].index("restore")
        )
        shutil.rmtree(home.parent)

    def _copy(self, home: Path) -> None:
        home.parent.mkdir(parents=True)
        if self.template.exists():
            shutil.copytree(self.template, home, symlinks=True)

    def _read(self, home: Path) -> State:
        engine = open_engine(home)
        try:
            return texts(engine)
        finally:
            engine.close()

    def faults(self) -> Iterator[Fault]:
        """Give all that can go wrong."""
        for point in self.points:
            yield from faults_at(point)

    def fails(self, fault: Fault, number: int) -> str:
        """Run with a fault and return what was wrong afterwards, "" for nothing."""
        folder = self.folder / f"{number}"
        home = folder / "home"
        self._copy(home)
        trace = folder / "trace"
        ran = run(self.tracer, home, self.kind, trace, fault)
        try:
            assert injected(trace, folder), f"not injected, and ended with {ran.code}"
            Outcome(home, self.kind, fault, self.first, self.restored).judge(
                ran.code, ran.said, ran.errors
            )
        except AssertionError as wrong:
            return f"{self.name}, {fault}: {wrong}"
        shutil.rmtree(folder)
        return ""
