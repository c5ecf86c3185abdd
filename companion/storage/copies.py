"""A journal read whole: no lock, no index, nothing written.

For what reads a journal that is not the open log: a backup, or a log that is damaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from companion.storage.journal import Journal
from companion.storage.partition import Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from companion.storage.commits import Commit, Document
    from companion.storage.files import Files


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
