"""Lines to a person and lines from them, in turn."""

from __future__ import annotations

import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from companion.errors import CompanionError

if TYPE_CHECKING:
    from companion.cli.output import Output

_MARK: Final = "> "


class Back(Exception):  # noqa: N818 - a wish, not an error
    """The person wants to go back."""


class Stop(Exception):  # noqa: N818 - a wish, not an error
    """The person wants to end here."""


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

    def _read(self) -> str:
        if self._edits:
            return input(_MARK)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.removesuffix("\n")
