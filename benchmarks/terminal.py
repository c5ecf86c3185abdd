"""An app in a terminal of ours, with a clock beside every byte it writes."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyte

from benchmarks.measuring import CannotMeasureError, surroundings
from benchmarks.queries import answers

if TYPE_CHECKING:
    import resource
    from collections.abc import Sequence

ROWS: Final = 30
COLUMNS: Final = 100
_PATIENCE: Final = 40.0

_ESCAPES: Final = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|P[^\x1b]*\x1b\\"
    rb"|_[^\x1b]*\x1b\\|[()][0-9A-B]|[@-Z\\-_=>78cM])"
)


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of a process, in MiB."""

    peak: float
    resident: float
    private: float


@dataclass
class Terminal:
    """One process on a pseudo-terminal."""

    pid: int
    screen: int
    began: float
    chunks: list[tuple[float, bytes]] = field(default_factory=list)
    """Seconds since the start, and what was written then."""
    usage: resource.struct_rusage | None = None

    @classmethod
    def run(
        cls,
        command: Sequence[str | Path],
        **environment: str,
    ) -> Terminal:
        """Start `command` on a terminal of 100 columns and 30 rows."""
        words = [str(word) for word in command]
        colours = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        around = surroundings({**colours, **environment})
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        began = time.perf_counter()
        pid, screen = pty.fork()
        if pid == 0:
            # No echo by the terminal: a typed key must not look like the app's own.
            modes = termios.tcgetattr(0)
            modes[3] &= ~termios.ECHO
            termios.tcsetattr(0, termios.TCSANOW, modes)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            try:
                os.execvpe(words[0], words, around)
            finally:
                os._exit(127)
        return cls(pid, screen, began)

    @property
    def now(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.began

    def type(self, keys: str) -> None:
        """Send keys."""
        os.write(self.screen, keys.encode())

    def read(self, wait: float) -> bool:
        """Take in what the app writes within `wait` seconds; False at its end."""
        if not select.select([self.screen], [], [], wait)[0]:
            return True
        try:
            data = os.read(self.screen, 65536)
        except OSError as error:
            if error.errno == errno.EIO:
                return False
            raise
        if not data:
            return False
        self.chunks.append((self.now, data))
        if answer := answers(data):
            os.write(self.screen, answer)
        return True

    def wait_for(
        self, pattern: str, *, since: int = 0, patience: float = _PATIENCE
    ) -> None:
        """Read until text the app wrote, from chunk `since` on, matches `pattern`.

        Raises:
            CannotMeasureError: If it does not in `patience` seconds.
        """
        sought = re.compile(pattern, re.DOTALL)
        end = self.now + patience
        while not sought.search(self.written(since)):
            if not self.read(0.005) or self.now > end:
                seen = " ".join(self.written().split())[-200:]
                raise CannotMeasureError(f"{pattern!r} was not shown, but: {seen}")

    def written(self, since: int = 0) -> str:
        """Return the text written from chunk `since` on, without escapes."""
        data = b"".join(data for _, data in self.chunks[since:])
        return _ESCAPES.sub(b"", data).decode(errors="replace")

    def settle(self, quiet: float, *, longest: float = 10.0) -> None:
        """Read until nothing is written for `quiet` seconds."""
        end = self.now + longest
        while self.now < end:
            count = len(self.chunks)
            self.read(quiet)
            if len(self.chunks) == count:
                return

    def rest(self, seconds: float) -> None:
        """Let the app be for a while, reading what it writes."""
        end = self.now + seconds
        while (left := end - self.now) > 0:
            if not self.read(left):
                return

    def processor(self) -> float:
        """Return the processor time used so far, in milliseconds, all threads."""
        total = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except FileNotFoundError:
                continue
        return total / 1e6

    def memory(self) -> Memory:
        """Return what the app has in memory now, and had at most."""
        rolled = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        status = Path(f"/proc/{self.pid}/status").read_text()
        sizes = {
            name: int(size) / 1024
            for name, size in re.findall(
                r"^(\w+):\s+(\d+) kB", rolled + status, re.MULTILINE
            )
        }
        return Memory(
            peak=sizes["VmHWM"],
            resident=sizes["Rss"],
            private=sizes["Private_Dirty"] + sizes["Private_Clean"],
        )

    def close(self, *keys: str) -> None:
        """End the app by `keys`, or by force, and keep what it used."""
        for typed in keys:
            self.type(typed)
            if self._ended(within=_PATIENCE):
                break
        if self.usage is None:
            for sign in (signal.SIGTERM, signal.SIGKILL):
                os.kill(self.pid, sign)
                if self._ended(within=5.0):
                    break
        os.close(self.screen)

    def _ended(self, *, within: float) -> bool:
        end = self.now + within
        while self.now < end:
            pid, _, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.usage = usage
                return True
            if not self.read(0.01):
                time.sleep(0.002)
        return False

    def shown_at(self, pattern: str, *, after: float = 0.0) -> float | None:
        """Return when the screen first matched `pattern`, in milliseconds."""
        sought = re.compile(pattern, re.DOTALL)
        screen = pyte.Screen(COLUMNS, ROWS)
        stream = pyte.ByteStream(screen)
        for at, data in self.chunks:
            stream.feed(data)
            if at >= after and sought.search(picture(screen)):
                return at * 1000
        return None


def picture(screen: pyte.Screen) -> str:
    """Return the text on a screen.

    Like `screen.display`, but proof against pyte's empty cells after wide letters.
    """
    return "\n".join(
        "".join(screen.buffer[y][x].data or "" for x in range(screen.columns)).rstrip()
        for y in range(screen.lines)
    )
