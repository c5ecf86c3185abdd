"""What the commands that take long or change much have in common."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

from companion.errors import CompanionError

if TYPE_CHECKING:
    from companion.cli.output import Output

_YES: Final = frozenset({"y", "yes"})
_PATIENCE: Final = 1.0
"""So many seconds pass before it is told how far something is, and between."""
_UNITS: Final = ("bytes", "kB", "MB", "GB")
_THOUSAND: Final = 1000


def wanted(output: Output, question: str) -> bool:
    """Ask once; without a person to answer, it has to have been said.

    Raises:
        CompanionError: If nobody is there, and it was not.
    """
    if sys.stdin is None or not (sys.stdin.isatty() and output.terminal):
        raise CompanionError(
            "Nothing was changed: nobody is there to be asked.",
            hint="--yes says that it is wanted, --preview that it is not.",
        )
    from companion.cli.console import Console

    console = Console(output, "That is no text.")
    console.say(question)
    try:
        answer = console.line().strip().casefold()
    except EOFError:
        answer = ""
    if answer not in _YES:
        console.say("Left as it is.")
    return answer in _YES


class Progress:
    """Says on stderr how far something is, once it takes long."""

    def __init__(self, output: Output) -> None:
        """Begin to wait."""
        self._output = output
        self._next = time.monotonic() + _PATIENCE

    def __call__(self, share: float, what: str) -> None:
        """Say it, if it is time to."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _PATIENCE
            self._output.note(f"{what}: {share:.0%}")


def in_entries(count: int) -> str:
    """Return so many entries in words."""
    return f"{count} entry" if count == 1 else f"{count} entries"


def counted(count: int, what: str) -> str:
    """Return so many of something in words."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def in_bytes(size: float) -> str:
    """Return a size in words."""
    for unit in _UNITS:
        if size < _THOUSAND or unit == _UNITS[-1]:
            break
        size /= _THOUSAND
    return f"{size:.0f} {unit}" if unit == _UNITS[0] else f"{size:.1f} {unit}"
