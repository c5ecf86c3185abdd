"""Filling the folder of a backup with what a log is now, and reading it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zlib import crc32

from companion.errors import LogDamagedError
from companion.storage import manifest as manifests
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

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from companion.storage.engine import Engine
    from companion.storage.files import Files
    from companion.storage.segment import Segment

_CHUNK: Final = 1 << 20


class Filling:
    """Puts what a log is into a folder."""

    def __init__(self, home: Path, files: Files) -> None:
        """Name the log."""
        self._home = home
        self._files = files

    def fill(self, part: Path, engine: Engine, now: datetime, *, linked: bool) -> None:
        """Make all the files of a backup, synced.

        Raises:
            OSError: If the disk refuses.
        """
        journal = part / "journal"
        self._files.new_folder(journal)
        newest = {one.device: one.name for one in engine.journal.segments.values()}
        for segment in engine.journal.segments.values():
            target = journal / segment.path.name
            closed = newest[segment.device] != segment.name
            if not (linked and closed and self._link(segment, target)):
                copy_segment(segment, target, self._files)
        self._files.sync_folder(journal)
        manifest = Manifest(
            made=now.isoformat(timespec="seconds"),
            log=engine.journal.log_id,
            entries=len(engine.entries),
            segments=extents(engine),
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

    def verify(self, part: Path, engine: Engine) -> None:
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


def extents(engine: Engine) -> dict[str, Extent]:
    """Return how far each segment of an open log goes."""
    return {name: extent(one.mark) for name, one in engine.journal.segments.items()}


def copy_segment(segment: Segment, target: Path, files: Files) -> None:
    """Copy a segment up to its mark."""
    fd = files.open_new(target)
    try:
        for at in range(0, segment.mark.size, _CHUNK):
            size = min(_CHUNK, segment.mark.size - at)
            files.write(fd, files.read_at(segment.fd, size, at))
        files.sync(fd)
    finally:
        files.close(fd)
