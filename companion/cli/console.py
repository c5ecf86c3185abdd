"""Lines to a person and lines from them, in turn."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from companion.errors import CompanionError

if TYPE_CHECKING:
    from companion.cli.output import Output

SIGNALLED: Final = 128
"""Added to the number of a signal, by custom, for the exit code."""
_MARK: Final = "> "


class Back(Exception):  # noqa: N818 - a wish, not an error
    """The person wants to go back."""


class Stop(Exception):  # noqa: N818 - a wish, not an error
    """The person wants to end here."""


class Ended(BaseException):
    """A signal, or a terminal that went, ends the conversation."""

    def __init__(self, number: int) -> None:
        """Say by which signal."""
        super().__init__(number)
        self.code = SIGNALLED + number
        """The exit code."""


def end_by_signal(number: int, _frame: object) -> None:
    """Break off what is being done.

    Raises:
        Ended: Always.
    """
    raise Ended(number)


_WISHES: Final = {"/back": Back, "/stop": Stop}


class Console:
    """A conversation on the terminal; beside stdout, where that is none."""

    def __init__(self, output: Output, unreadable: str) -> None:
        """Make ready.

        Args:
            output: Where the words go.
            unreadable: Is said where a line is no text.
        """
        if sys.stdin is None:
            raise CompanionError("Standard input is closed, so nobody can answer.")
        self._output = output
        self._unreadable = unreadable
        self._edits = output.terminal and sys.stdin.isatty()
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(errors="surrogateescape")
        if self._edits:
            with suppress(ImportError):  # then the terminal's own line will do
                import readline

                readline.set_auto_history(False)

    def say(self, words: str) -> None:
        """Say something."""
        if self._output.terminal:
            self._output.data(f"{words}\n")
            self._output.finish()
        else:
            self._output.note(words)

    def line(self) -> str:
        """Return the next line a person writes.

        Raises:
            EOFError: If there is none.
            Ended: If the terminal is gone.
            Back: If they want to go back.
            Stop: If they want to end here.
        """
        while True:
            line = self._read()
            if line in _WISHES:
                raise _WISHES[line]
            try:
                line.encode()
            except UnicodeEncodeError:
                self.say(self._unreadable)
                continue
            return line

    def half_line(self) -> str:
        """Return what was typed of a line that was broken off."""
        if not self._edits or "readline" not in sys.modules:
            return ""
        import readline

        return readline.get_line_buffer()

    def _read(self) -> str:
        if self._edits:
            try:
                return input(_MARK)
            except (EOFError, OSError):
                # A terminal that was closed has no more lines either, but nobody
                # meant to end by that.
                if not sys.stdin.isatty():
                    raise Ended(signal.SIGHUP) from None
                raise
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.removesuffix("\n")
