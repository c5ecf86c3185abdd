"""A real terminal for tests: the app on a pseudo-terminal, its screen read by pyte."""

from __future__ import annotations

import os
import re
import select
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import pexpect
import pyte

from benchmarks.queries import answers
from benchmarks.terminal import picture

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Sequence
    from types import TracebackType

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 60.0
"""Seconds until a test gives up; far more than anything here takes."""
KEYS: Final = {
    "down": "\x1b[B",
    "enter": "\r",
    "escape": "\x1b",
    "pagedown": "\x1b[6~",
    "left": "\x1b[D",
    "right": "\x1b[C",
    "shift+tab": "\x1b[Z",
    "tab": "\t",
    "up": "\x1b[A",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f8": "\x1b[19~",
    "ctrl+o": "\x0f",
    "ctrl+p": "\x10",
    "ctrl+q": "\x11",
    "ctrl+s": "\x13",
    "ctrl+z": "\x1a",
}
_HELD: Final = ("?1049", "?1000", "?1002", "?1003", "?1004", "?1006", "?2004")
"""Modes an app turns on and must turn off again."""


def surroundings(folder: Path, **extra: str) -> dict[str, str]:
    """Return an environment that touches nothing outside of `folder`."""
    passed = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    return {
        **passed,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "share"),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "TZ": "Europe/Berlin",
        "PYTHONPATH": str(ROOT),
        **extra,
    }


class Terminal:
    """One app on a terminal; ends it when left."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        *,
        size: tuple[int, int] = (80, 24),
        **environment: str,
    ) -> None:
        """Start `command` in `folder` on a terminal of (columns, rows)."""
        columns, rows = size
        self.raw = b""
        """Every byte the app ever wrote."""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._child = pexpect.spawn(
            command[0],
            list(command[1:]),
            cwd=str(folder),
            env=surroundings(folder, **environment),
            dimensions=(rows, columns),
            echo=False,
            timeout=PATIENCE,
        )
        self._line = termios.tcgetattr(self._child.child_fd)
        # Keys are sent when the screen is ready for them, so nothing need be delayed.
        self._child.delaybeforesend = None
        self._open = True

    def __enter__(self) -> Self:
        """Go on with the terminal."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the app, whatever state it is in."""
        if self._child.isalive():
            self._child.kill(9)
            self._child.wait()
        if self._open:
            self._child.close()

    @property
    def pid(self) -> int:
        """The process of the app."""
        pid: int = self._child.pid
        return pid

    @property
    def text(self) -> str:
        """What the screen shows now, as far as it was read."""
        return picture(self._screen)

    def read(self, seconds: float = 0.05) -> bool:
        """Take in what the app writes within `seconds`; False once it has ended."""
        try:
            data: bytes = self._child.read_nonblocking(65536, seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self._stream.feed(data)
        if answer := answers(data):
            self._child.send(answer)
        return True

    def wait_until(self, seen: Callable[[str], object], what: str) -> str:
        """Read until the screen is as wanted, and return it."""
        end = time.monotonic() + PATIENCE
        while not seen(self.text):
            alive = self.read()
            if seen(self.text):
                break
            if not alive or time.monotonic() > end:
                state = "it has ended" if not alive else "time is up"
                raise AssertionError(f"{what}: {state}, and shows:\n{self.text}")
        return self.text

    def wait_for(self, *words: str) -> str:
        """Read until the screen shows all of `words`, and return it."""
        return self.wait_until(
            lambda text: all(word in text for word in words), f"waited for {words}"
        )

    def wait_while(self, word: str) -> str:
        """Read until the screen no longer shows `word`, and return it."""
        return self.wait_until(lambda text: word not in text, f"waited while {word!r}")

    def type(self, text: str | bytes) -> None:
        """Type letters or bytes as they are."""
        self._child.send(text)

    def press(self, *keys: str) -> None:
        """Press keys by name."""
        for key in keys:
            self._child.send(KEYS.get(key, key))

    def paste(self, text: bytes) -> None:
        """Send all of a long text, reading what the app writes meanwhile."""
        child, view = self._child.child_fd, memoryview(text)
        os.set_blocking(child, False)
        end = time.monotonic() + PATIENCE
        while view:
            assert time.monotonic() < end, f"it takes no more: {len(view)} are left"
            readable, writable, _ = select.select([child], [child], [], 1)
            if writable:
                with suppress(BlockingIOError):
                    taken = os.write(child, view[:4096])
                    view, end = view[taken:], time.monotonic() + PATIENCE
            if readable:
                self.read(0)
        os.set_blocking(child, True)

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size."""
        self._screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)

    def send_signal(self, sign: signal.Signals) -> None:
        """Send a signal to the app."""
        os.kill(self.pid, sign)

    def hang_up(self) -> None:
        """Close the terminal under the app."""
        self._child.ptyproc.fileobj.close()
        self._child.child_fd = -1
        self._child.closed = True
        self._open = False

    def ended(self) -> int:
        """Wait for the end and return the exit code, or minus the signal."""
        end = time.monotonic() + PATIENCE
        while self._open and self.read():
            if time.monotonic() > end:
                raise AssertionError(f"it did not end, and shows:\n{self.text}")
        if self._open:
            code: int = self._child.wait()
        else:
            _, status = os.waitpid(self.pid, 0)
            code = os.waitstatus_to_exitcode(status)
            self._child.ptyproc.terminated = self._child.terminated = True
            return code
        return -self._child.signalstatus if self._child.signalstatus else code

    def held(self) -> list[str]:
        """Return the modes that are still on and should not be, after the end."""
        written = self.raw.decode(errors="replace")
        left = []
        for mode in _HELD:
            switched = re.findall(rf"\x1b\[{re.escape(mode)}([hl])", written)
            if switched and switched[-1] == "h":
                left.append(mode)
        if re.findall(r"\x1b\[\?25([hl])", written)[-1:] == ["l"]:
            left.append("hidden cursor")
        if self._open and termios.tcgetattr(self._child.child_fd) != self._line:
            left.append("line settings")
        return left


def companion(home: Path, *words: str) -> list[str]:
    """Return the words of a command line for a log at `home`."""
    return [sys.executable, "-m", "companion", "--home", str(home), *words]
