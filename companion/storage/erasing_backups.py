"""Backups written anew, one by one, without what is to go.

A new one is filled and verified beside the old one, gets a name that is free, and then
takes the old one's place; so at every moment there is a whole one.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from companion.errors import LogDamagedError
from companion.storage import manifest as manifests
from companion.storage.backup import Backups, clear_away
from companion.storage.backup_names import part_name
from companion.storage.rewriting import (
    alter,
    as_after,
    file_name,
    streams,
    write_anew,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from companion.model.keeping import Backup
    from companion.ports import Progress
    from companion.storage.erasure import Wish
    from companion.storage.files import Files
    from companion.storage.manifest import Extent, Manifest
    from companion.storage.renewal import Known
    from companion.storage.rewriting import After

Moving = tuple[str, str]
"""The name a new backup has, and the one it is to have."""


class Found(NamedTuple):
    """A backup that holds what is to go."""

    backup: Backup
    manifest: Manifest
    segments: frozenset[str]
    """The segments that hold it."""


class BackupErasing:
    """Goes through the backups of a log."""

    def __init__(self, home: Path, files: Files, wish: Wish) -> None:
        """Name the log and what is to go."""
        self._backups = Backups(home, files)
        self._folder = self._backups.folder
        self._files = files
        self._wish = wish
        self._seen: manifests.Seen = {}
        self._touched: dict[tuple[str, Extent], bool] = {}
        self._known: Known = {}
        self.unreached: list[Backup] = []
        """Those that do not verify, with the reason."""

    def find(self) -> list[Found]:
        """Return the backups that hold what is to go.

        Raises:
            OSError: If one cannot be read.
        """
        found = []
        self.unreached = []
        for backup in self._backups.all():
            fault = backup.fault
            if not fault:
                manifest = manifests.read(backup.folder, self._files)
                fault = next(self._faults(backup.folder, manifest), "")
            if fault:
                self.unreached.append(replace(backup, fault=fault))
                continue
            segments = frozenset(
                name
                for name, extent in manifest.segments.items()
                if self._is_touched(backup.folder, name, extent)
            )
            if segments:
                found.append(Found(backup, manifest, segments))
        return found

    def _faults(self, folder: Path, manifest: Manifest) -> Iterator[str]:
        return manifests.faults(folder, manifest, self._files, self._seen)

    def _is_touched(self, folder: Path, name: str, extent: Extent) -> bool:
        key = (name, extent)
        if key not in self._touched:
            data = self._files.read(folder / "journal" / file_name(name))
            self._touched[key] = bool(alter(name, data, self._wish).payloads)
        return self._touched[key]

    def run(
        self, known: Known, note: Callable[[Moving], None], progress: Progress
    ) -> list[str]:
        """Write anew whichever backups hold what is to go; return their names.

        Args:
            known: Segments that were written anew already.
            note: Keeps, before a backup is moved, where it is to go.
            progress: Told how far it is.

        Raises:
            LogDamagedError: If what was written does not verify.
            LogLockedError: If a backup is being made.
            OSError: If the disk refuses.
        """
        if not self._files.is_folder(self._folder):
            return []
        self._known = known
        done = []
        with self._backups.alone():
            found = self.find()
            for number, one in enumerate(found):
                progress(number / len(found), f"Writing {one.backup.name} anew")
                self._renew(one, note)
                done.append(one.backup.name)
        return done

    def _renew(self, found: Found, note: Callable[[Moving], None]) -> None:
        name = found.backup.name
        free = self._free_name(name)
        part = self._folder / part_name(free)
        self._files.new_folder(part)
        try:
            manifest = self._fill(part, found)
            fault = next(self._faults(part, manifest), "")
            _refuse(fault)
        except BaseException:
            with suppress(OSError):
                clear_away(part, self._files)
            raise
        note((free, name))
        self._files.replace(part, self._folder / free)
        self._files.sync_folder(self._folder)
        finish_moving(self._folder, (free, name), self._files)

    def _free_name(self, name: str) -> str:
        taken = self._files.names(self._folder)
        number = 2
        while f"{name}-{number}" in taken:
            number += 1
        return f"{name}-{number}"

    def _fill(self, part: Path, found: Found) -> Manifest:
        source, files = found.backup.folder, self._files
        files.new_folder(part / "journal")
        segments = {}
        for names in streams(found.manifest.segments):
            after: After = None
            moved = False
            for name in names:
                extent = found.manifest.segments[name]
                target = part / "journal" / file_name(name)
                if moved or name in found.segments:
                    final = self._folder / found.backup.name / "journal" / target.name
                    extent = self._write(source, target, name, extent, after, final)
                    moved = True
                else:
                    self._share(source / "journal" / target.name, target)
                segments[name] = extent
                after = as_after(name, extent)
        files.sync_folder(part / "journal")
        if files.is_folder(source / manifests.PAGES):
            files.new_folder(part / manifests.PAGES)
        for path in found.manifest.files:
            self._share(source / path, part / path)
        if files.is_folder(part / manifests.PAGES):
            files.sync_folder(part / manifests.PAGES)
        gone = self._wish.standing(
            files.read(source / "journal" / file_name(name)) for name in segments
        )
        entries = found.manifest.entries - gone
        manifest = replace(found.manifest, segments=segments, entries=entries)
        files.write_whole(part / manifests.NAME, manifests.encode(manifest))
        return manifest

    def _write(
        self,
        source: Path,
        target: Path,
        name: str,
        extent: Extent,
        after: After,
        final: Path,
    ) -> Extent:
        key = (name, extent, after)
        if key in self._known:
            known, path = self._known[key]
            self._share(path, target)
            return known
        data = self._files.read(source / "journal" / target.name)
        altered = alter(name, data, self._wish)
        written = write_anew(
            target, data, altered, self._files, after=after, compacted=False
        )
        self._known[key] = (written, final)
        return written

    def _share(self, source: Path, target: Path) -> None:
        try:
            self._files.link(source, target)
        except OSError:
            fd = self._files.open_new(target)
            try:
                self._files.write(fd, self._files.read(source))
                self._files.sync(fd)
            finally:
                self._files.close(fd)


def _refuse(fault: str) -> None:
    if fault:
        raise LogDamagedError(f"What was written does not verify: {fault}.")


def finish_moving(folder: Path, moving: Moving, files: Files) -> None:
    """Let a new backup take an old one's place, if it has not yet.

    Raises:
        OSError: If the disk refuses.
    """
    free, name = moving
    if not files.is_folder(folder / free):
        return
    if files.is_folder(folder / name):
        gone = folder / part_name(name)
        if gone.exists():
            clear_away(gone, files)
        files.replace(folder / name, gone)
        files.sync_folder(folder)
        clear_away(gone, files)
    files.replace(folder / free, folder / name)
    files.sync_folder(folder)
