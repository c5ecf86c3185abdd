"""Disks that go wrong on purpose, for tests: `Files` with a fault at a chosen place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from companion.storage.files import Files

if TYPE_CHECKING:
    from pathlib import Path


class StoppedError(BaseException):
    """The process ends here: nothing after it reaches the disk."""


class QuickFiles(Files):
    """Leaves syncing out, for tests that end no process and cut no power."""

    def sync(self, fd: int) -> None:
        """Do nothing."""

    def sync_folder(self, path: Path) -> None:
        """Do nothing."""


class WatchedFiles(QuickFiles):
    """Knows what it opened and can close all of it, as the end of a process does."""

    def __init__(self) -> None:
        self.opened: set[int] = set()
        self.steps: list[str] = []
        """What was done to the disk, in order."""

    def step(self, name: str) -> None:
        """Note that the disk is about to be changed."""
        self.steps.append(name)

    def open_read(self, path: Path) -> int:
        return self._note(super().open_read(path))

    def open_append(self, path: Path) -> int:
        self.step("open_append")
        return self._note(super().open_append(path))

    def open_new(self, path: Path) -> int:
        self.step("open_new")
        return self._note(super().open_new(path))

    def open_mark(self, path: Path) -> int:
        self.step("open_mark")
        return self._note(super().open_mark(path))

    def close(self, fd: int) -> None:
        # What was let go late, after the end, is another's by now.
        if fd in self.opened:
            self.opened.remove(fd)
            super().close(fd)

    def write_some(self, fd: int, data: memoryview) -> int:
        self.step("write_some")
        return super().write_some(fd, data)

    def write_mark(self, fd: int, data: bytes) -> None:
        self.step("write_mark")
        super().write_mark(fd, data)

    def sync(self, fd: int) -> None:
        self.step("sync")

    def sync_folder(self, path: Path) -> None:
        self.step("sync_folder")

    def truncate(self, fd: int, size: int) -> None:
        self.step("truncate")
        super().truncate(fd, size)

    def replace(self, source: Path, target: Path) -> None:
        self.step("replace")
        super().replace(source, target)

    def remove(self, path: Path) -> None:
        self.step("remove")
        super().remove(path)

    def link(self, source: Path, target: Path) -> None:
        self.step("link")
        super().link(source, target)

    def new_folder(self, path: Path) -> None:
        self.step("new_folder")
        super().new_folder(path)

    def remove_folder(self, path: Path) -> None:
        self.step("remove_folder")
        super().remove_folder(path)

    def end(self) -> None:
        """Close everything, as the system does when a process ends."""
        while self.opened:
            os.close(self.opened.pop())

    def _note(self, fd: int) -> int:
        self.opened.add(fd)
        return fd


class FaultyFiles(WatchedFiles):
    """Raises an error at one step, or at that and all later ones.

    Steps are counted from 1 when `arm` is called. A write that fails has written half
    of what it was given.
    """

    def __init__(self) -> None:
        super().__init__()
        self._at = 0
        self._errno = 0
        self._for_ever = False
        self.failed: list[str] = []
        """The steps that were refused."""

    def arm(self, at: int, errno: int, *, for_ever: bool = False) -> None:
        """Let the step number `at` from now on fail."""
        self.steps.clear()
        self.failed.clear()
        self._at, self._errno, self._for_ever = at, errno, for_ever

    def step(self, name: str) -> None:
        super().step(name)
        count = len(self.steps)
        if self._at and (count == self._at or (self._for_ever and count > self._at)):
            self.failed.append(name)
            raise OSError(self._errno, os.strerror(self._errno))

    def write_some(self, fd: int, data: memoryview) -> int:
        try:
            return super().write_some(fd, data)
        except OSError:
            os.write(fd, data[: len(data) // 2])
            raise


class ShortFiles(WatchedFiles):
    """Takes at most so many bytes of each write, as a system may."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write_some(self, fd: int, data: memoryview) -> int:
        return super().write_some(fd, data[: self._most])


class StoppingFiles(WatchedFiles):
    """Ends the process when so many bytes were written, or so many steps done."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes: int | None = None
        self._steps: int | None = None
        self.stopped = False

    def stop_after(
        self, *, steps: int | None = None, written: int | None = None
    ) -> None:
        """Stop before the step after `steps`, or when `written` bytes are written."""
        self._steps, self._bytes = steps, written

    def step(self, name: str) -> None:
        if self._steps is not None:
            self._steps -= 1
        if self.stopped or (self._steps is not None and self._steps < 0):
            self.stopped = True
            raise StoppedError
        super().step(name)

    def write_some(self, fd: int, data: memoryview) -> int:
        if self._bytes is not None and self._bytes < len(data):
            super().write_some(fd, data[: self._bytes])
            self.stopped = True
            raise StoppedError
        if self._bytes is not None:
            self._bytes -= len(data)
        return super().write_some(fd, data)
