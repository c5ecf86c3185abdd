"""The system made to fail, beneath our own layer: strace injects faults into calls.

A clean run is traced first, to see which calls touch the folder of a log and the how
many-th of its kind each is; then the program is run again with a fault at one of them.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

KILL: Final = "signal=SIGKILL"
CODES: Final = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EDQUOT)
NOTHING_TAKEN: Final = "retval=0"
"""A write that takes no byte and says so."""
_CALLS: Final = (
    *("openat", "write", "pwrite64", "fdatasync", "fsync", "ftruncate", "flock"),
    *("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat"),
    *("mkdir", "mkdirat", "rmdir", "chmod", "fchmod"),
)
_SAID: Final = "sendto"
_TRACE: Final = "trace=" + ",".join(f"?{name}" for name in (*_CALLS, _SAID))


class Point(NamedTuple):
    """A call of the system on the way of a program."""

    call: str
    number: int
    """The how many-th of this call in the run."""
    about: str
    """What it was in the clean run."""
    said: int
    """How many messages the program had sent by then."""

    @property
    def reads(self) -> bool:
        """Whether it only opens something to be read."""
        return self.call == "openat" and "O_RDONLY" in self.about

    @property
    def in_journal(self) -> bool:
        """Whether it is about a segment of the journal itself."""
        return "/home/journal/" in self.about and ".log" in self.about


class Fault(NamedTuple):
    """What is injected at a point."""

    point: Point
    what: str
    for_ever: bool

    @property
    def code(self) -> int:
        """The error it comes to; 0 for the end of the program."""
        if self.what == KILL:
            return 0
        name = self.what.removeprefix("error=")
        return errno.EIO if name == self.what else int(getattr(errno, name))

    @property
    def reason(self) -> str:
        """What the person is to be told of it."""
        return "takes nothing" if self.what == NOTHING_TAKEN else os.strerror(self.code)

    def __str__(self) -> str:
        ever = " and for ever after" if self.for_ever else ""
        return f"{self.what}{ever} at {self.point.call} {self.point.number}: " + (
            self.point.about
        )

    @property
    def option(self) -> str:
        """The words strace takes for it."""
        when = f"{self.point.number}{'+' if self.for_ever else ''}"
        return f"inject={self.point.call}:{self.what}:when={when}"


def error(code: int) -> str:
    """Return the fault of a call that gives an error."""
    return f"error={errno.errorcode[code]}"


def faults_at(point: Point) -> list[Fault]:
    """Return all that may go wrong at a point."""
    found = [Fault(point, KILL, for_ever=False)]
    for code in (errno.EIO, errno.EACCES) if point.reads else CODES:
        found += [Fault(point, error(code), ever) for ever in (False, True)]
    if point.call == "write":
        found += [Fault(point, NOTHING_TAKEN, ever) for ever in (False, True)]
    return found


class Tracer:
    """Runs programs of ours under strace, all in the same way each time."""

    def __init__(self, folder: Path) -> None:
        """Keep what is needed in a folder."""
        self._folder = folder
        # The code is compiled beforehand, so that no run is unlike another.
        self.environment = {
            **{
                name: os.environ[name]
                for name in ("PATH", "HOME", "LANG") & os.environ.keys()
            },
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
            "PYTHONHASHSEED": "0",
            "TZ": "Europe/Berlin",
        }

    def compile(self, module: str) -> None:
        """Load a module once, so that its bytecode is there."""
        subprocess.run(
            [sys.executable, "-c", f"import {module}"],
            env=self.environment,
            check=True,
        )

    def start(
        self,
        trace: Path | None,
        arguments: Sequence[str],
        *,
        fault: Fault | None = None,
        keep: Sequence[int] = (),
    ) -> subprocess.Popen[str]:
        """Start a program; without a file for the trace, without strace."""
        command = [sys.executable, "-B", *arguments]
        if trace is not None:
            options = ["-f", "-y", "-s", "0", "-qq", "-e", _TRACE]
            if fault is not None:
                options += ["-e", fault.option]
            command = ["strace", *options, "-o", str(trace), "--", *command]
        return subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            pass_fds=keep,
        )


def points(trace: Path, home: Path) -> Iterator[Point]:
    """Give the calls of a run that touch a folder, and might be refused."""
    counts: dict[str, int] = {}
    for line in trace.read_text("utf-8", "replace").splitlines():
        call = line.partition(" ")[2].strip()
        name = call.partition("(")[0]
        counts[name] = counts.get(name, 0) + 1
        if (
            name in _CALLS
            and str(home) in call
            and not (_refused(call) and "O_CREAT" not in call)
        ):
            yield Point(name, counts[name], call, counts.get(_SAID, 0))


def _refused(call: str) -> bool:
    """Whether a call did nothing anyway."""
    return " = -1 " in call


def injected(trace: Path, folder: Path) -> bool:
    """Return whether the fault was injected into a call that touches a folder."""
    former = ""
    for line in trace.read_text("utf-8", "replace").splitlines():
        if "(INJECTED)" in line:
            return str(folder) in line
        if "+++ killed by SIGKILL +++" in line:
            return str(folder) in former
        former = line
    return False


def why_not() -> str:
    """Say why faults cannot be injected here; "" if they can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    options = ["-f", "-qq", "-o", os.devnull, "-e", "trace=?rename"]
    tried = subprocess.run(
        ["strace", *options, "--", "true"], capture_output=True, check=False
    )
    return "" if tried.returncode == 0 else "strace may not trace a program here"


needs_strace = pytest.mark.skipif(bool(why_not()), reason=why_not())
