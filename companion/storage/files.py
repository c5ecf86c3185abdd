"""The disk, as the log sees it: a thin layer that tests can swap for a faulty one.

Every path is opened without following a link in its last part, closed on exec, and
made for its owner alone, whatever the umask.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from os.path import samestat
from typing import TYPE_CHECKING, Final

from companion.errors import LogError

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
_COMMON: Final = os.O_CLOEXEC | os.O_NOFOLLOW


class Files:
    """The real disk. Methods raise OSError as the system gives it."""

    def make_folder(self, path: Path) -> None:
        """Make a private folder, and private folders above it where there are none.

        Raises:
            LogError: If something that is not a folder stands there.
        """
        if path.is_dir():
            return
        if path.is_symlink() or path.exists():
            raise LogError(
                f"{path} is not a folder.",
                hint="Name another folder with --home, or move that file away.",
            )
        if not path.parent.is_dir():
            self.make_folder(path.parent)
        with suppress(FileExistsError):
            path.mkdir(mode=PRIVATE_FOLDER)
        self.sync_folder(path.parent)

    def make_inner_folder(self, path: Path) -> None:
        """Make a private folder of ours, where no link to another may stand.

        Raises:
            LogError: If something that is not a folder stands there.
        """
        if path.is_symlink():
            raise LogError(
                f"{path} is a link, not a folder.",
                hint="Move it away, then open Companion again.",
            )
        self.make_folder(path)

    def keep_private(self, path: Path) -> None:
        """Take other accounts' rights away from a folder of ours."""
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            path.chmod(mode & PRIVATE_FOLDER)

    def open_read(self, path: Path) -> int:
        """Open a file to be read."""
        return os.open(path, os.O_RDONLY | _COMMON)

    def open_append(self, path: Path) -> int:
        """Open a file that exists to be read and appended to."""
        return os.open(path, os.O_RDWR | os.O_APPEND | _COMMON)

    def open_new(self, path: Path) -> int:
        """Make a file that must not exist yet, to be read and appended to."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | _COMMON
        return self._private(os.open(path, flags, PRIVATE_FILE))

    def open_mark(self, path: Path) -> int:
        """Open a small file to be read and overwritten; make it if need be."""
        flags = os.O_RDWR | os.O_CREAT | _COMMON
        return self._private(os.open(path, flags, PRIVATE_FILE))

    def close(self, fd: int) -> None:
        """Close a file."""
        os.close(fd)

    def size(self, fd: int) -> int:
        """Return the size of an open file in bytes."""
        return os.fstat(fd).st_size

    def is_still(self, fd: int, path: Path, size: int) -> bool:
        """Whether an open file is the one that stands at a path, and is of a size."""
        try:
            status = os.fstat(fd)
            return status.st_size == size and samestat(status, path.lstat())
        except OSError:
            return False

    def is_same(self, fd: int, path: Path) -> bool:
        """Whether an open file is the one that stands at a path."""
        try:
            return samestat(os.fstat(fd), path.lstat())
        except OSError:
            return False

    def read_at(self, fd: int, size: int, offset: int) -> bytes:
        """Return up to `size` bytes from `offset`; fewer only at the end."""
        parts = []
        while size > 0:
            part = os.pread(fd, size, offset)
            if not part:
                break
            parts.append(part)
            size -= len(part)
            offset += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def read(self, path: Path) -> bytes:
        """Return a whole file."""
        fd = self.open_read(path)
        try:
            return self.read_at(fd, self.size(fd), 0)
        finally:
            self.close(fd)

    def write(self, fd: int, data: bytes) -> None:
        """Write all of `data`, however often the system takes only a part."""
        view = memoryview(data)
        while view:
            taken = self.write_some(fd, view)
            if taken == 0:
                raise OSError(errno.EIO, "The disk takes nothing")
            view = view[taken:]

    def write_some(self, fd: int, data: memoryview) -> int:
        """Write what the system takes at once and return how many bytes that was."""
        return os.write(fd, data)

    def write_mark(self, fd: int, data: bytes) -> None:
        """Overwrite the beginning of a small file."""
        os.pwrite(fd, data, 0)

    def sync(self, fd: int) -> None:
        """Return when what was written is on the disk."""
        if sys.platform == "darwin":
            import fcntl  # noqa: PLC0415

            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
        else:
            os.fdatasync(fd)

    def truncate(self, fd: int, size: int) -> None:
        """Cut an open file."""
        os.ftruncate(fd, size)

    def replace(self, source: Path, target: Path) -> None:
        """Put one file in the place of another, in one step."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Take a file away."""
        path.unlink()

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name; not every disk can."""
        os.link(source, target, follow_symlinks=False)

    def new_folder(self, path: Path) -> None:
        """Make a private folder where nothing stands yet."""
        path.mkdir(mode=PRIVATE_FOLDER)

    def remove_folder(self, path: Path) -> None:
        """Take an empty folder away."""
        path.rmdir()

    def is_folder(self, path: Path) -> bool:
        """Whether a folder stands there, and no link to one."""
        try:
            return stat.S_ISDIR(path.lstat().st_mode)
        except OSError:
            return False

    def is_file(self, path: Path) -> bool:
        """Whether a plain file stands there: no link, no pipe."""
        try:
            return stat.S_ISREG(path.lstat().st_mode)
        except OSError:
            return False

    def sync_folder(self, path: Path) -> None:
        """Return when the names in a folder are on the disk."""
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def names(self, path: Path) -> list[str]:
        """Return the names in a folder, sorted; [] where there is no folder."""
        try:
            return sorted(os.listdir(path))  # noqa: PTH208
        except FileNotFoundError:
            return []

    def write_whole(self, path: Path, data: bytes) -> None:
        """Keep a whole file in place of the former one: all of it or none."""
        beside = path.with_name(f".{path.name}.part")
        with suppress(FileNotFoundError):
            self.remove(beside)
        fd = self.open_new(beside)
        try:
            self.write(fd, data)
            self.sync(fd)
            ours = self.is_still(fd, beside, len(data))
        except OSError:
            self.close(fd)
            with suppress(OSError):
                self.remove(beside)
            raise
        self.close(fd)
        if not ours:
            raise FileExistsError(errno.EEXIST, "Another window writes it now")
        self.replace(beside, path)
        self.sync_folder(path.parent)

    def _private(self, fd: int) -> int:
        if stat.S_IMODE(os.fstat(fd).st_mode) != PRIVATE_FILE:
            os.fchmod(fd, PRIVATE_FILE)
        return fd
