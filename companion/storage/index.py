"""The index: derived files that make opening and searching fast.

`state` says how far the index reaches in each segment and holds the small tables
whole; a partition a year holds the entries. Everything is checked when it is read;
what does not fit is made anew from the journal.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from companion.storage import commits
from companion.storage.folded import FACETS, facet
from companion.storage.partition import BadPartitionError, Partition
from companion.storage.rows import Sums, write
from companion.storage.segment import Mark
from companion.storage.strict import loads

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from companion.storage.commits import Document
    from companion.storage.entries import Entries, Record
    from companion.storage.files import Files
    from companion.storage.journal import Journal
    from companion.storage.rows import Names, Row

VERSION: Final = 4
Tables = dict[str, dict[str, "Document"]]


class Index:
    """The folder of derived files of one log."""

    def __init__(self, home: Path, files: Files) -> None:
        """Name the folder; nothing is read yet."""
        self._folder = home / "index"
        self._files = files
        self._segments: list[str] = []
        self._partitions: dict[int, tuple[str, Sums]] = {}
        self._serial = 0
        self.missing: list[str] = []
        """Segments the index knows and that are gone."""

    def load(self, journal: Journal, entries: Entries) -> Tables | None:
        """Lay the index below the entries and set the segments' marks.

        Returns:
            The small tables as the index knows them, or None where it cannot be used:
            then the journal is to be read from its beginning.
        """
        try:
            state = _read_state(self._folder, self._files)
            self.missing = [
                name for name in state["segments"] if name not in journal.segments
            ]
            if self.missing or not self._fits(state, journal):
                return None
            segments = [str(name) for name in state["order"]]
            if set(segments) != set(state["segments"]):
                return None
            partitions = {
                int(year): (str(name), Sums(*sums))
                for year, (name, sums) in state["partitions"].items()
            }
            laid = {
                year: Partition(self._folder / name, sums, segments, self._files)
                for year, (name, sums) in partitions.items()
            }
            marks = {name: _mark(*known) for name, known in state["segments"].items()}
            tables: Tables = state["tables"]
            if not all(isinstance(table, dict) for table in tables.values()):
                return None
            lamport, serial = int(state["lamport"]), int(state["serial"])
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            IndexError,
            BadPartitionError,
        ):
            return None
        self._segments, self._partitions = segments, partitions
        self._serial = serial
        for name, mark in marks.items():
            journal.segments[name].mark = mark
        journal.log_id = str(state["log"])
        journal.lamport = lamport
        entries.lay(laid)
        return tables

    def _fits(self, state: Mapping[str, Any], journal: Journal) -> bool:
        """Whether each segment is the file it was, or has only grown."""
        for name, known in state["segments"].items():
            size, inode, changed = journal.stat(name)
            if inode != known[4] or size < known[0]:
                return False
            if size == known[0] and changed != known[5]:
                return False
        return True

    def save(self, journal: Journal, entries: Entries, tables: Tables) -> None:
        """Write what is behind and lay the fresh index below the entries.

        Raises:
            OSError: If the disk refuses; the former index stays in place.
        """
        self._files.make_inner_folder(self._folder)
        self._segments += [
            name for name in journal.segments if name not in self._segments
        ]
        self._serial += 1
        fresh = dict(self._partitions)
        laid = dict(entries.partitions)
        for year, (rows, records) in entries.behind().items():
            fresh.pop(year, None)
            laid.pop(year, None)
            if rows:
                name = f"{year:04}-{self._serial}.part"
                path = self._folder / name
                names = _names(entries.partitions.get(year), rows, records)
                sums = write(path, rows, self._segments, names, self._files)
                laid[year] = Partition(path, sums, self._segments, self._files)
                fresh[year] = (name, sums)
        self._write_state(journal, fresh, tables)
        waiting = [
            (entry_id, record.document)
            for entry_id, record in entries.above.items()
            if record is not None and record.place is None
        ]
        entries.lay(laid)
        for entry_id, document in waiting:
            entries.put(entry_id, document, None)
        self._partitions = fresh
        self._sweep()

    def _write_state(
        self, journal: Journal, partitions: dict[int, tuple[str, Sums]], tables: Tables
    ) -> None:
        segments = {}
        for name, segment in journal.segments.items():
            _, inode, changed = journal.stat(name)
            mark = segment.mark
            known = (mark.size, mark.sequence, mark.digest.hex(), mark.lamport)
            segments[name] = [*known, inode, changed, mark.crc]
        body = json.dumps(
            {
                "version": VERSION,
                "format": commits.VERSION,
                "log": journal.log_id,
                "lamport": journal.lamport,
                "serial": self._serial,
                "order": self._segments,
                "segments": segments,
                "partitions": partitions,
                "tables": tables,
            },
        ).encode()
        self._files.write_whole(self._folder / "state", b"%d\n" % crc32(body) + body)

    def _sweep(self) -> None:
        wanted = {name for name, _ in self._partitions.values()} | {"state"}
        for name in self._files.names(self._folder):
            if name not in wanted:
                with suppress(OSError):
                    self._files.remove(self._folder / name)


def _mark(size: int, sequence: int, digest: str, lamport: int, *rest: int) -> Mark:
    numbers = (size, sequence, lamport, *rest)
    if any(type(number) is not int or number < 0 for number in numbers):
        raise TypeError("no mark")
    return Mark(size, sequence, bytes.fromhex(digest), lamport, rest[-1])


def _names(former: Partition | None, rows: list[Row], fresh: list[Record]) -> Names:
    """Return the names used in a year: those known that are still used, and new."""
    names: Names = {"tags": {}, "people": {}, "parts": {}}
    if former is not None:
        facets = b"".join(row.facets for row in rows)
        for what, known in former.names.items():
            one = FACETS[what]
            for name, moment in known.items():
                if facet(one, name) in facets:
                    names[what][name] = moment
    for record in fresh:
        note_names(names, record.document, record.order[1])
    return names


def note_names(names: Names, document: Document, moment: int) -> None:
    """Note the tags, people and part of a document as used at a moment."""
    found = {
        "tags": document.get("tags", ()),
        "people": document.get("people", ()),
        "parts": filter(None, (document.get("part"),)),
    }
    for what, used in found.items():
        known = names.setdefault(what, {})
        for name in used:
            known[name] = max(moment, known.get(name, moment))


def _read_state(folder: Path, files: Files) -> dict[str, Any]:
    check, _, body = files.read(folder / "state").partition(b"\n")
    if int(check) != crc32(body):
        raise ValueError("changed")
    state = loads(body)
    # Made of a journal of an earlier format, it would hide that it is to be lifted.
    if (state["version"], state["format"]) != (VERSION, commits.VERSION):
        raise ValueError("of another version")
    return dict(state)


def described(folder: Path, files: Files) -> tuple[list[str], list[str]]:
    """Return the segments an index knows, and the names of its own files.

    Raises:
        OSError, ValueError, KeyError, TypeError: If it cannot be used.
    """
    state = _read_state(folder, files)
    parts = [str(name) for name, _ in state["partitions"].values()]
    return list(map(str, state["segments"])), parts
