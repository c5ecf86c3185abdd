"""A journal read whole: no lock, no index, nothing written.

For what reads a journal that is not the open log: a backup, or a log that is damaged.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from companion.errors import LogDamagedError
from companion.storage.journal import Journal
from companion.storage.manifest import extent, unusable
from companion.storage.rows import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from companion.model.keeping import Backup
    from companion.ports import Progress
    from companion.storage.commits import Commit, Document
    from companion.storage.files import Files
    from companion.storage.manifest import Manifest


class Held(NamedTuple):
    """What the newest commit about a document says of it."""

    stamp: tuple[int, str]
    place: Place | None
    """Where the document stands; None where it was taken away."""


class ReadCopy:
    """What verifies of a journal, folded: where each document stands in it."""

    def __init__(
        self,
        folder: Path,
        files: Files,
        *,
        each: Callable[[Commit], None] | None = None,
    ) -> None:
        """Read the journal in a folder from its first line to its last.

        Args:
            folder: What holds the folder `journal`.
            files: The disk.
            each: Is given every commit that verifies.

        Raises:
            OSError: If it cannot be read.
        """
        self.tables: dict[str, dict[str, Held]] = {}
        self.commits = 0
        self._each = each
        self.journal = Journal(folder, device_in(folder, files), files)
        try:
            self.journal.look()
            self.read_on()
        except BaseException:
            self.close()
            raise

    def read_on(self) -> None:
        """Take in what was written since."""
        for commit in self.journal.read_on():
            self.commits += 1
            self._take(commit)
            if self._each is not None:
                self._each(commit)

    def _take(self, commit: Commit) -> None:
        for number, change in enumerate(commit.changes):
            table = self.tables.setdefault(change.table, {})
            if change.id is None:
                for key in table:
                    table[key] = Held(commit.stamp, None)
                continue
            place = Place(
                commit.segment, commit.offset, commit.length, number, commit.crc
            )
            gone = change.document is None
            table[change.id] = Held(commit.stamp, None if gone else place)

    def standing(self, table: str) -> dict[str, Place]:
        """Return where each document of a table stands, by id."""
        held = self.tables.get(table, {})
        return {key: one.place for key, one in held.items() if one.place is not None}

    def document(self, place: Place) -> Document:
        """Return a document.

        Raises:
            LogDamagedError: If it is not what it was when it was verified.
        """
        document = self.journal.read_change(place).document
        assert document is not None
        return document

    def close(self) -> None:
        """Close all files."""
        self.journal.close()


def device_in(folder: Path, files: Files) -> str:
    """Return the name of the device a folder belongs to, "" if nothing says it."""
    path = folder / "device"
    if not files.is_file(path):
        return ""
    try:
        return files.read(path).decode("ascii", "replace").strip()
    except OSError:
        return ""


@contextmanager
def opened(
    folder: Path, files: Files, each: Callable[[Commit], None] | None = None
) -> Iterator[ReadCopy]:
    """Read the journal in a folder, and hold it open meanwhile.

    Raises:
        LogDamagedError: If it cannot be read.
    """
    try:
        copy = ReadCopy(folder, files, each=each)
    except OSError as error:
        raise LogDamagedError(
            f"{folder} cannot be read: {error.strerror or error}."
        ) from error
    try:
        yield copy
    finally:
        copy.close()


@contextmanager
def opened_backup(
    backup: Backup, manifest: Manifest, files: Files, progress: Progress | None
) -> Iterator[ReadCopy]:
    """Read the journal of a backup, line by line.

    Raises:
        LogDamagedError: If it is not what the backup says it is.
    """
    read = 0

    def tell(commit: Commit) -> None:
        nonlocal read
        read += commit.length
        if progress is not None:
            progress(min(1.0, read / manifest.size), f"Reading {backup.name}")

    with opened(backup.folder, files, tell) as copy:
        if not is_whole(copy, manifest):
            raise unusable(backup.folder, "its lines do not follow each other")
        yield copy


def is_whole(copy: ReadCopy, manifest: Manifest) -> bool:
    """Whether a journal is all that a backup says of it, and no more."""
    segments = copy.journal.segments
    extents = {name: extent(one.mark) for name, one in segments.items()}
    return not copy.journal.faults and extents == manifest.segments
