"""One writer: a lock held for as long as a log is open to be written.

flock, because a lock of the other kind (lockf) is dropped as soon as any handle of
the file is closed. It is gone when the process is, however it ends.
"""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from companion.storage.files import Files


class Lock:
    """The right to write to one log."""

    def __init__(self, path: Path, files: Files) -> None:
        """Name the lock file; nothing is taken yet."""
        self._path = path
        self._files = files
        self._fd: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process has the right to write."""
        return self._fd is not None

    def take(self) -> bool:
        """Take the lock if nobody has it; never wait.

        Raises:
            OSError: If the folder cannot be written.
        """
        if self._fd is not None:
            return True
        fd = self._files.open_mark(self._path)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._files.close(fd)
            if isinstance(error, BlockingIOError):
                return False
            raise
        self._fd = fd
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._fd is not None:
            self._files.close(self._fd)
            self._fd = None
