"""Readying the folder of a log: private, ours to write if nobody else does."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Final

from companion.errors import LogError, LogLockedError, LogReadOnlyError

if TYPE_CHECKING:
    from pathlib import Path

    from companion.storage.files import Files
    from companion.storage.lock import Lock

_LONGEST: Final = 64
"""Most characters of a device's name."""


def prepare(home: Path, files: Files, lock: Lock) -> LogError | None:
    """Make the folders and take the lock; return why the log may only be read.

    Raises:
        LogError: If the folder cannot be used at all.
    """
    try:
        files.make_folder(home)
        for name in ("journal", "spool"):
            files.make_inner_folder(home / name)
            files.keep_private(home / name)
        if lock.take():
            if (home / "restoring" / "ready").exists():
                from companion.storage.restoring import finish  # noqa: PLC0415

                finish(home, files)
            return None
    except OSError as error:
        if (home / "restoring" / "ready").exists():
            # The journal may be on its way: what can be read now is not the log.
            lock.release()
            raise LogError(
                f"A backup is about to take its place in {home}, and that could not be "
                f"finished: {error.strerror}.",
                hint="Look after the disk and the rights of the folder, then open "
                "Companion again. Nothing is lost.",
            ) from error
        if not (home / "journal").is_dir():
            raise LogError(
                f"The folder {home} cannot be used: {error.strerror}.",
                hint="Name another folder with --home or COMPANION_HOME.",
            ) from error
        return LogReadOnlyError(
            f"The folder {home} can only be read: {error.strerror}.",
            hint="Look after the rights of the folder, then open Companion again.",
        )
    return LogLockedError(
        "Companion is open in another window, which writes to this log.",
        hint="Do it there, or close that window first.",
    )


def is_device_name(name: str) -> bool:
    """Return whether a device may be called so: files are named after it."""
    return name.isascii() and name.isalnum() and len(name) <= _LONGEST


def device_of(home: Path, files: Files, *, may_write: bool) -> str:
    """Return the name of this device, drawn once by chance.

    Raises:
        LogReadOnlyError: If it has one, and that cannot be read just now.
        LogError: If it cannot be kept.
    """
    path = home / "device"
    try:
        name = files.read(path).decode("ascii", "replace").strip()
        if is_device_name(name):
            return name
    except FileNotFoundError:
        pass
    except OSError as error:
        # There is a name, and another in its place would be another device.
        if may_write and error.errno != errno.ELOOP:
            raise LogReadOnlyError(
                f"{path} cannot be read: {error.strerror}.",
                hint="Look after the rights of that file, then open Companion again.",
            ) from error
    name = os.urandom(4).hex()
    if may_write:
        try:
            files.write_whole(path, f"{name}\n".encode())
        except OSError as error:
            raise LogError(
                f"The folder {home} cannot be written: {error.strerror}.",
                hint="Make room on the disk or name another folder with --home.",
            ) from error
    return name
