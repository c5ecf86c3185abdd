"""Backups: whole folders beside the log, each verified after it was made.

A backup is made under a hidden name, synced, read back and checked, and only then
given its name. Closed segments are second names of the same file where the disk can
do that; the segment that is being written to is copied up to its mark.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from zlib import crc32

from companion.errors import LogDamagedError, LogError, LogLockedError, WriteFailedError
from companion.model.keeping import Backup
from companion.storage import manifest as manifests
from companion.storage.lock import Lock
from companion.storage.manifest import (
    NAME,
    PAGES,
    SMALL,
    BadManifestError,
    Extent,
    FileSum,
    Manifest,
    extent,
)
from companion.storage.retention import BEFORE_KEPT, not_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from companion.storage.engine import Engine
    from companion.storage.files import Files
    from companion.storage.segment import Segment

DAILY: Final = "daily"
BY_HAND: Final = "by-hand"
BEFORE_RESTORE: Final = "before-restore"
BEFORE_REMOVAL: Final = "before-removal"

_NAMES: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?P<time>T\d{6}(?P<before>-before-[a-z]+)?)?(-\d+)?",
    re.ASCII,
)
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
        if not fault:
            manifest = manifests.read(folder, self._files)
            found = manifests.faults(folder, manifest, self._files, chained=chained)
            fault = next(found, "")
        if fault:
            raise unusable(folder, fault)
        return backup, manifest

    def is_current(self, engine: Engine) -> bool:
        """Whether the newest sound backup holds all that was committed."""
        newest = next((one for one in self.all() if not one.fault), None)
        if newest is None:
            return False
        known = manifests.read(newest.folder, self._files).segments
        return known == _extents(engine)

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
            with self._alone():
                made = self._make(engine, kind, self.folder, linked=True)
                self._prune(made)
                return made
        except OSError as error:
            raise WriteFailedError(
                f"It could not be written: {error.strerror or error}.",
                hint="Look after the disk and the rights of the folder.",
            ) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
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
                if name.startswith(".") and name.endswith(".part"):
                    clear_away(self.folder / name, self._files)
            yield
        finally:
            lock.release()

    def _make(self, engine: Engine, kind: str, parent: Path, *, linked: bool) -> Backup:
        now = self._now()
        name = self._free_name(parent, now, kind)
        part = parent / f".{name}.part"
        self._files.new_folder(part)
        try:
            self._fill(part, engine, now, linked=linked)
            self._verify(part, engine)
            self._files.replace(part, parent / name)
            self._files.sync_folder(parent)
        except (OSError, LogError):
            with suppress(OSError):
                clear_away(part, self._files)
            raise
        return self.look(parent / name)

    def _free_name(self, parent: Path, now: datetime, kind: str) -> str:
        name = f"{now:%Y-%m-%d}" if kind == DAILY else f"{now:%Y-%m-%dT%H%M%S}"
        if kind not in {DAILY, BY_HAND}:
            name = f"{name}-{kind}"
        taken = set(self._files.names(parent))
        number = 1
        free = name
        while {free, f".{free}.part"} & taken:
            number += 1
            free = f"{name}-{number}"
        return free

    def _fill(self, part: Path, engine: Engine, now: datetime, *, linked: bool) -> None:
        journal = part / "journal"
        self._files.new_folder(journal)
        newest = {one.device: one.name for one in engine.journal.segments.values()}
        for segment in engine.journal.segments.values():
            target = journal / segment.path.name
            closed = newest[segment.device] != segment.name
            if not (linked and closed and self._link(segment, target)):
                self.copy(segment, target)
        self._files.sync_folder(journal)
        manifest = Manifest(
            made=now.isoformat(timespec="seconds"),
            log=engine.journal.log_id,
            entries=len(engine.entries),
            segments=_extents(engine),
            files=dict(self._copy_small(part)),
        )
        self._put(part / NAME, manifests.encode(manifest))
        self._files.sync_folder(part)

    def _link(self, segment: Segment, target: Path) -> bool:
        """Give a closed segment a second name, where the disk can and it is whole."""
        if not self._files.is_still(segment.fd, segment.path, segment.mark.size):
            return False
        try:
            self._files.link(segment.path, target)
        except OSError:
            return False
        return True

    def copy(self, segment: Segment, target: Path) -> None:
        """Copy a segment up to its mark."""
        fd = self._files.open_new(target)
        try:
            for at in range(0, segment.mark.size, _CHUNK):
                size = min(_CHUNK, segment.mark.size - at)
                self._files.write(fd, self._files.read_at(segment.fd, size, at))
            self._files.sync(fd)
        finally:
            self._files.close(fd)

    def _copy_small(self, part: Path) -> Iterator[tuple[str, FileSum]]:
        names = list(SMALL)
        if self._files.is_folder(self._home / PAGES):
            self._files.new_folder(part / PAGES)
            names += [f"{PAGES}/{n}" for n in self._files.names(self._home / PAGES)]
        for name in names:
            path = self._home / name
            if manifests.is_small_name(name) and self._files.is_file(path):
                data = self._files.read(path)
                self._put(part / name, data)
                yield name, FileSum(len(data), crc32(data))
        if self._files.is_folder(part / PAGES):
            self._files.sync_folder(part / PAGES)

    def _put(self, path: Path, data: bytes) -> None:
        fd = self._files.open_new(path)
        try:
            self._files.write(fd, data)
            self._files.sync(fd)
        finally:
            self._files.close(fd)

    def _verify(self, part: Path, engine: Engine) -> None:
        """Read back what was written, as a restore would.

        Raises:
            LogDamagedError: If it is not all there as it should be.
        """
        try:
            manifest = manifests.read(part, self._files)
            fault = next(
                manifests.faults(part, manifest, self._files, chained=False), ""
            )
        except BadManifestError as error:
            fault = str(error)
        newest = {one.device: one.name for one in engine.journal.segments.values()}
        for name in () if fault else newest.values():
            path = part / "journal" / f"{name}.log"
            fault = fault or manifests.chain_fault(
                self._files.read(path), manifest.segments[name]
            )
        if fault:
            raise LogDamagedError(
                f"What was written does not verify: {fault}.",
                hint="`companion check` reads all of the log and says more.",
            )

    # Letting go

    def _prune(self, made: Backup) -> None:
        """Let go of backups that are not kept, once a new one is verified."""
        there = [one for one in self.all() if not one.fault and one.name != made.name]
        before = [one for one in there if kind_of(one.name)[1]]
        if kind_of(made.name)[1]:
            doomed = before[BEFORE_KEPT - 1 :]
        elif "T" not in made.name:
            today = day_of(made.name)
            daily = {one.name: day_of(one.name) for one in there if "T" not in one.name}
            let_go = not_kept([*daily.values(), today], today)
            doomed = [one for one in there if daily.get(one.name) in let_go]
        else:
            return
        seen: manifests.Seen = {}
        for one in doomed:
            manifest = manifests.read(one.folder, self._files)
            # What does not verify is never deleted: it may be all there is.
            if any(manifests.faults(one.folder, manifest, self._files, seen)):
                continue
            gone = one.folder.with_name(f".{one.name}.part")
            with suppress(OSError):
                self._files.replace(one.folder, gone)
                self._files.sync_folder(self.folder)
                clear_away(gone, self._files)


def unusable(folder: Path, fault: str) -> LogDamagedError:
    """Return the error for a backup that does not verify."""
    return LogDamagedError(
        f"The backup {folder.name} cannot be used: {fault}.",
        hint="`companion restore` without a name lists the others.",
    )


def kind_of(name: str) -> tuple[bool, bool]:
    """Return whether a name is one of a backup, and whether of one before something."""
    match = _NAMES.fullmatch(name)
    with suppress(ValueError):
        return match is not None and bool(day_of(name)), bool(match and match["before"])
    return False, False


def day_of(name: str) -> date:
    """Return the day a backup of this name was made.

    Raises:
        ValueError: If it names none.
    """
    return date.fromisoformat(name[:10])


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


def _extents(engine: Engine) -> dict[str, Extent]:
    return {name: extent(one.mark) for name, one in engine.journal.segments.items()}


def _refuse_unsound(engine: Engine) -> None:
    for notice in engine.damage():
        raise LogDamagedError(
            f"No backup is made of a log that is not sound. {notice.message}",
            hint="`companion restore` brings an earlier one back; `companion rescue` "
            "puts all that can be read in a folder.",
        )
    if not engine.journal.segments:
        raise LogError("There is nothing in the log yet to be kept.")
