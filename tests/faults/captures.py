"""Quick captures from the shell with a fault in a call of the system."""

from __future__ import annotations

import shutil
import signal
from typing import TYPE_CHECKING

from companion.storage.check import check
from companion.storage.state import ENTRIES
from tests.faults.tracing import (
    NOTHING_TAKEN,
    Fault,
    Tracer,
    faults_at,
    injected,
    points,
)
from tests.logs import content, fill, open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = "slept well"


class Captures:
    """`companion reflect TEXT`, in a folder that is there or one that is not."""

    kind = "capture"

    def __init__(self, tracer: Tracer, folder: Path, *, there: bool) -> None:
        self._tracer = tracer
        self._folder = folder
        self._there = there
        code, _, errors = self._run(folder / "clean" / "home", None)
        assert code == 0, errors
        trace = folder / "clean" / "trace"
        self.points = list(points(trace, folder / "clean"))

    def faults(self) -> Iterator[Fault]:
        """Give all that can go wrong.

        What would stop Python itself is left out: that no file at all can be opened
        for ever after, its own neither, and that its messages are taken by no byte.
        """
        for point in self.points:
            for fault in faults_at(point):
                ours = point.call != "openat" and fault.what != NOTHING_TAKEN
                if ours or not fault.for_ever:
                    yield fault

    def _run(self, home: Path, fault: Fault | None) -> tuple[int, str, str]:
        home.parent.mkdir(parents=True)
        if self._there:
            fill(home, 1)
        arguments = ["-m", "companion", "--home", str(home), "reflect", TEXT]
        program = self._tracer.start(home.parent / "trace", arguments, fault=fault)
        said, errors = program.communicate(timeout=60)
        return program.returncode, said, errors

    def fails(self, fault: Fault, number: int) -> str:
        """Run with a fault and return what was wrong afterwards, "" for nothing."""
        folder = self._folder / f"{number}"
        code, said, errors = self._run(folder / "home", fault)
        try:
            assert injected(folder / "trace", folder), f"not injected, {code}"
            self._judge(folder / "home", fault, code, said, errors)
        except AssertionError as wrong:
            return f"capture, {fault}: {wrong}"
        shutil.rmtree(folder)
        return ""

    def _judge(
        self, home: Path, fault: Fault, code: int, said: str, errors: str
    ) -> None:
        report = check(home)
        assert report.faults == (), report.faults
        engine = open_engine(home)
        assert (engine.writable, engine.notices) == (True, [])
        found = content(engine).get(ENTRIES, {})
        kept = [key for key in found if found[key]["text"] == TEXT]
        engine.close()
        assert len(found) == len(kept) + self._there
        if code == 0:
            assert kept == said.split(), f"{kept} left, and {said!r} said"
        elif code == -signal.SIGKILL:
            assert fault.code == 0
            assert len(kept) <= 1
            assert said == ""
        else:
            # Where nothing can be written, no message can be either: Python ends so.
            mute = fault.point.call == "write" and fault.for_ever
            assert code == 3 or (mute and code == 120), (code, errors)
            assert (kept, said) == ([], ""), (kept, said)
            assert mute or fault.reason in errors, errors
            assert "Traceback" not in errors
