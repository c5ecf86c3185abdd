"""Backups: whole folders beside the log, each verified after it was made.

A backup is made under a hidden name, synced, read back and checked, and only then
given its name. Closed segments are second names of the same file where the disk can
do that; the segment that is being written to is copied up to its mark.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

from companion.errors import LogDamagedError, LogError, LogLockedError, WriteFailedError
from companion.model.keeping import Backup
from companion.storage import manifest as manifests
from companion.storage.backup_filling import Filling, extents
from companion.storage.backup_names import (
    day_of,
    free_name,
    is_part,
    kind_of,
    part_name,
)
from companion.storage.lock import Lock
from companion.storage.manifest import (
    BadManifestError,
    Manifest,
)
from companion.storage.retention import AT_ONCE, BEFORE_KEPT, not_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from companion.storage.engine import Engine
    from companion.storage.files import Files

_CHUNK: Final = 1 << 20


def local_now() -> datetime:
    """Return the time now, where this machine is."""
    return datetime.now().astimezone()


class Backups:
    """The backups in the folder of a log."""

    def __init__(
        self, home: Path, files: Files, *, now: Callable[[], datetime] = local_now
    ) -> None:
        """Name the folder; nothing is read yet."""
        self.folder = home / "backups"
        self._home = home
        self._files = files
        self._now = now

    # Looking

    def all(self) -> list[Backup]:
        """Return the backups there are, newest first, judged by a quick look."""
        if not self._files.is_folder(self.folder):
            return []
        found = [
            self.look(self.folder / name)
            for name in self._files.names(self.folder)
            if kind_of(name)[0] and self._files.is_folder(self.folder / name)
        ]
        return sorted(found, key=_newest_last, reverse=True)

    def look(self, folder: Path) -> Backup:
        """Return what a quick look at a folder shows."""
        try:
            manifest = manifests.read(folder, self._files)
            made = datetime.fromisoformat(manifest.made)
        except BadManifestError as error:
            return Backup(name=folder.name, folder=folder, fault=str(error))
        except ValueError:
            fault = "its manifest makes no sense"
            return Backup(name=folder.name, folder=folder, fault=fault)
        return Backup(
            name=folder.name,
            folder=folder,
            made=made.astimezone(),
            size=manifest.size,
            entries=manifest.entries,
            fault=next(manifests.quick_faults(folder, manifest, self._files), ""),
        )

    def verified(
        self, folder: Path, *, chained: bool = True
    ) -> tuple[Backup, Manifest]:
        """Read every byte of a backup and return it.

        Args:
            folder: Where it lies.
            chained: Whether each line is checked against the one before, too.

        Raises:
            LogDamagedError: If it does not verify.
        """
        backup = self.look(folder)
        fault = backup.fault
        try:
            manifest = manifests.read(folder, self._files)
        except BadManifestError as error:
            raise manifests.unusable(folder, fault or str(error)) from error
        if not fault:
            found = manifests.faults(folder, manifest, self._files, chained=chained)
            fault = next(found, "")
        if fault:
            raise manifests.unusable(folder, fault)
        return backup, manifest

    def is_current(self, engine: Engine) -> bool:
        """Whether a backup holds all that was committed, whatever its date."""
        now = extents(engine)
        for one in self.all():
            # With the clock set back, it need not be the one called newest.
            with suppress(BadManifestError):
                known = manifests.read(one.folder, self._files)
                if not one.fault and known.segments == now:
                    return True
        return False

    # Making

    def make(self, engine: Engine, kind: str, *, to: Path | None = None) -> Backup:
        """Make a backup of an open log, verify it, and return it.

        Args:
            engine: The log; another window may be writing to it.
            kind: What it is made for: `DAILY`, `BY_HAND` or one of before what.
            to: The folder it is put in; that of the log's own backups, if not given.
                Nothing is shared with the log there.

        Raises:
            LogDamagedError: If the log, or what was written, does not verify.
            LogLockedError: If another backup is being made.
            WriteFailedError: If the disk refused.
        """
        _refuse_unsound(engine)
        try:
            if to is not None:
                self._files.make_folder(to)
                return self._make(engine, kind, to, linked=False)
            with self.alone():
                made = self._make(engine, kind, self.folder, linked=True)
                # It is there: that others could not be let go does not undo it.
                with suppress(OSError, BadManifestError):
                    self._prune(made)
                return made
        except OSError as error:
            raise WriteFailedError(
                f"It could not be written: {error.strerror or error}.",
                hint="Look after the disk and the rights of the folder.",
            ) from error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep others from the folder, and clear away what they left unfinished."""
        if self.folder.is_symlink():
            raise LogError(
                f"{self.folder} is a link, and backups follow none.",
                hint="`companion backup --to DIR` puts one where you like.",
            )
        self._files.make_folder(self.folder)
        self._files.keep_private(self.folder)
        lock = Lock(self.folder / "lock", self._files)
        if not lock.take():
            raise LogLockedError("Another backup is being made just now.")
        try:
            for name in self._files.names(self.folder):
                if is_part(name):
                    clear_away(self.folder / name, self._files)
            yield
        finally:
            lock.release()

    def _make(self, engine: Engine, kind: str, parent: Path, *, linked: bool) -> Backup:
        now = self._now()
        name = free_name(now, kind, self._files.names(parent))
        part = parent / part_name(name)
        filling = Filling(self._home, self._files)
        self._files.new_folder(part)
        try:
            filling.fill(part, engine, now, linked=linked)
            filling.verify(part, engine)
            self._files.replace(part, parent / name)
            self._files.sync_folder(parent)
        except (OSError, LogError):
            with suppress(OSError):
                clear_away(part, self._files)
            raise
        return self.look(parent / name)

    # Letting go

    def _prune(self, made: Backup) -> None:
        """Let go of backups that are not kept, once a new one is verified."""
        there = [one for one in self.all() if not one.fault and one.name != made.name]
        before = [one for one in there if kind_of(one.name)[1]]
        if kind_of(made.name)[1]:
            # Those after it are left alone and not counted: a clock was wrong.
            before = [one for one in before if _newest_last(one) <= _newest_last(made)]
            doomed = before[BEFORE_KEPT - 1 :]
        elif "T" not in made.name:
            today = day_of(made.name)
            daily = {one.name: day_of(one.name) for one in there if "T" not in one.name}
            let_go = not_kept([*daily.values(), today], today)
            doomed = [one for one in there if daily.get(one.name) in let_go]
        else:
            return
        seen: manifests.Seen = {}
        for one in doomed[-AT_ONCE:]:
            manifest = manifests.read(one.folder, self._files)
            # What does not verify is never deleted: it may be all there is.
            if any(manifests.faults(one.folder, manifest, self._files, seen)):
                continue
            gone = one.folder.with_name(part_name(one.name))
            with suppress(OSError):
                self._files.replace(one.folder, gone)
                self._files.sync_folder(self.folder)
                clear_away(gone, self._files)


def clear_away(path: Path, files: Files) -> None:
    """Take a folder of ours away with all that is in it; links are not followed.

    Raises:
        OSError: If the disk refuses.
    """
    if not files.is_folder(path):
        files.remove(path)
        return
    for name in files.names(path):
        clear_away(path / name, files)
    files.remove_folder(path)


def _newest_last(backup: Backup) -> tuple[float, str]:
    made = backup.made
    return (0.0 if made is None else made.timestamp(), backup.name)


def _refuse_unsound(engine: Engine) -> None:
    for notice in engine.damage():
        raise LogDamagedError(
            f"No backup is made of a log that is not sound. {notice.message}",
            hint="`companion restore` brings an earlier one back; `companion rescue` "
            "puts all that can be read in a folder.",
        )
    if not engine.journal.segments:
        raise LogError("There is nothing in the log yet to be kept.")
