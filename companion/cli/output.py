"""Where words go: data to stdout, all else to stderr."""

from __future__ import annotations

from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from companion.visible import blank_controls

if TYPE_CHECKING:
    from typing import TextIO

    from companion.errors import CompanionError

_HELD: Final = 4 << 20


class Output:
    """The two ways out. A terminal is never sent what could command it."""

    def __init__(self, stdout: TextIO | None, stderr: TextIO | None) -> None:
        """Write to these; None is a way out that is closed."""
        self._stdout = stdout
        self._stderr = stderr
        self._waiting: list[str] = []
        self._size = 0
        self._expected: tuple[type[OSError], ...] = ()
        self.terminal = stdout is not None and stdout.isatty()
        """Whether a person reads stdout."""
        self.utf8 = stdout is None or _is_utf8(stdout)
        """Whether stdout takes every character."""

    def take_every_byte(self) -> None:
        """Let nothing that is written fail for the alphabet of stdout.

        A path may hold bytes that are no text: another program gets them as they are.
        """
        if isinstance(self._stdout, TextIOWrapper):
            bytewise = self.utf8 and not self.terminal
            self._stdout.reconfigure(
                errors="surrogateescape" if bytewise else "backslashreplace"
            )

    def data(self, text: str) -> None:
        """Write what was asked for; up to `_HELD` characters wait for `finish`.

        A pager may leave us waiting for as long as a person reads. By then the log is
        closed and free for others, unless there is more to read than most people do.
        """
        if self._stdout is None:
            return
        self._waiting.append(blank_controls(text) if self.terminal else text)
        self._size += len(text)
        if self._size > _HELD:
            self._hand_over(self._stdout)

    def note(self, text: str) -> None:
        """Say something beside the data."""
        if self._stderr is not None:
            with suppress(OSError):
                self._stderr.write(blank_controls(text) + "\n")

    def trouble(self, error: CompanionError) -> None:
        """Say what is wrong and what can be done, in one line."""
        self.note(" ".join(f"{error.message} {error.hint}".split()))

    def finish(self) -> None:
        """Hand over what still waits.

        Raises:
            OSError: If nobody takes it.
        """
        if self._stdout is not None:
            with suppress(*self._expected):
                self._hand_over(self._stdout)
                self._stdout.flush()

    def expect_no_reader(self) -> None:
        """Let nothing that is written from now on fail: the terminal may be gone."""
        self._expected = (OSError,)

    def _hand_over(self, stdout: TextIO) -> None:
        waiting, self._waiting, self._size = "".join(self._waiting), [], 0
        stdout.write(waiting)


def _is_utf8(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "").replace("_", "") == "utf8"
