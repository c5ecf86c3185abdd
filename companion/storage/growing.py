"""A large file of ours, written bit by bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from companion.storage.files import Files

_ENOUGH: Final = 1 << 20


class LongFile:
    """A file that is written bit by bit."""

    def __init__(self, files: Files, path: Path) -> None:
        """Make the file; it must not be there yet."""
        self._files = files
        self._fd = files.open_new(path)
        self._waiting: list[bytes] = []
        self._size = 0

    def add(self, data: bytes) -> None:
        """Add to its end."""
        self._waiting.append(data)
        self._size += len(data)
        if self._size > _ENOUGH:
            self._flush()

    def _flush(self) -> None:
        self._files.write(self._fd, b"".join(self._waiting))
        self._waiting.clear()
        self._size = 0

    def close(self) -> None:
        """Write what still waits, and sync all of it."""
        self._flush()
        self._files.sync(self._fd)
        self._files.close(self._fd)
