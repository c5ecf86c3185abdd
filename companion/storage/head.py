"""The head mark: how far this device had written, outside the journal.

A chain of digests cannot see that its last lines were cut off at the edge of a line;
the mark can. It is written after each commit and not synced: it may lag, never lead.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from companion.storage.files import Files
    from companion.storage.segment import Mark, Segment

_WIDTH: Final = 80
"""Always as long, so that a shorter mark leaves nothing of a longer one."""


class HeadMark:
    """The file `head` of one log."""

    def __init__(self, home: Path, files: Files) -> None:
        """Name the file; nothing is read yet."""
        self._path = home / "head"
        self._files = files
        self._fd: int | None = None

    def put(self, segment: str, mark: Mark) -> None:
        """Note how far a segment goes now; a disk that refuses is no harm."""
        text = f"{mark.sequence} {mark.digest.hex()} {segment}".encode()
        with suppress(OSError):
            if self._fd is None:
                self._fd = self._files.open_mark(self._path)
            self._files.write_mark(self._fd, text.ljust(_WIDTH - 1) + b"\n")

    def missing(self, device: str, own: Sequence[Segment]) -> int:
        """Return how many of a device's lines the mark knows and are gone."""
        try:
            sequence, _, name = self._files.read(self._path).decode("ascii").split()
            known = int(sequence)
        except (OSError, ValueError):
            return 0
        if name.partition(".")[2] != device:
            return 0
        return max(0, known - (own[-1].mark.sequence if own else 0))

    def close(self) -> None:
        """Let go of the file."""
        if self._fd is not None:
            self._files.close(self._fd)
            self._fd = None
