"""A year of the index: where each entry of that year stands, and its folded words.

An index is derived: it is made from the journal, holds nothing of its own, and may be
deleted at any time. Rows are sorted by day, moment and id; nothing is read into memory
but the pages that are looked at.
"""

from __future__ import annotations

import json
import mmap
import sys
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from zlib import crc32

from companion.ids import LENGTH as ID_LENGTH
from companion.storage.folded import RECORD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from companion.storage.files import Files

VERSION: Final = 1
_COLUMNS: Final[tuple[tuple[str, Literal["q", "I", "H", "Q"]], ...]] = (
    ("day", "I"),
    ("moment", "q"),
    ("segment", "H"),
    ("offset", "Q"),
    ("length", "I"),
    ("change", "I"),
    ("crc", "I"),
    ("by_id", "I"),
    ("words_at", "Q"),
    ("facets_at", "Q"),
)
_ENDS: Final = ("words_at", "facets_at")
"""Columns with one value more than there are rows: where each record begins."""

Order = tuple[int, int, str]
Names = dict[str, dict[str, int]]
"""For "tags", "people" and "parts": each name and the moment it was last used."""


class BadPartitionError(Exception):
    """A file of the index cannot be used; the index is made anew."""


class Place(NamedTuple):
    """Where a document stands in the journal."""

    segment: str
    offset: int
    length: int
    change: int
    """Which change of the commit it is."""
    crc: int
    """CRC-32 of the whole line, taken when it was verified."""


class Row(NamedTuple):
    """One entry, as it goes into a partition."""

    order: Order
    place: Place
    words: bytes
    facets: bytes


def write(
    path: Path, rows: Sequence[Row], segments: Sequence[str], names: Names, files: Files
) -> int:
    """Write a partition of rows sorted by their order, and return its size.

    Rows refer to the segments by number.
    """
    number = {name: index for index, name in enumerate(segments)}
    columns = {name: array(code) for name, code in _COLUMNS}
    words_at = facets_at = 0
    for row in rows:
        columns["day"].append(row.order[0])
        columns["moment"].append(row.order[1])
        columns["segment"].append(number[row.place.segment])
        columns["offset"].append(row.place.offset)
        columns["length"].append(row.place.length)
        columns["change"].append(row.place.change)
        columns["crc"].append(row.place.crc)
        columns["words_at"].append(words_at)
        columns["facets_at"].append(facets_at)
        words_at += len(row.words) + 1
        facets_at += len(row.facets) + 1
    columns["words_at"].append(words_at)
    columns["facets_at"].append(facets_at)
    ids = [row.order[2] for row in rows]
    columns["by_id"].extend(sorted(range(len(ids)), key=ids.__getitem__))
    table = b"".join(columns[name].tobytes() for name, _ in _COLUMNS)
    table += "".join(ids).encode("ascii")
    head = {
        "version": VERSION,
        "rows": len(rows),
        "order": sys.byteorder,
        "words": words_at,
        "facets": facets_at,
        "crc": crc32(table),
        "names": names,
    }
    facets = b"".join(row.facets + RECORD for row in rows)
    words = b"".join(row.words + RECORD for row in rows)
    data = json.dumps(head).encode() + b"\n" + table + facets + words
    files.write_whole(path, data)
    return len(data)


class Partition:
    """A year of the index, mapped from its file."""

    def __init__(
        self, path: Path, size: int, segments: Sequence[str], files: Files
    ) -> None:
        """Map the file and check all of it but the words and facets.

        Raises:
            BadPartitionError: If it is not whole, or of another version or machine.
        """
        try:
            fd = files.open_read(path)
            try:
                if files.size(fd) != size:
                    raise BadPartitionError(f"{path.name} has another size")
                self._map = mmap.mmap(fd, size, access=mmap.ACCESS_READ)
            finally:
                files.close(fd)
        except (OSError, ValueError) as error:
            raise BadPartitionError(f"{path.name} cannot be read") from error
        self._segments = segments
        self._columns: dict[str, memoryview] = {}
        try:
            self._read_head()
        except (ValueError, KeyError, TypeError) as error:
            raise BadPartitionError(f"{path.name} is not whole") from error

    def _read_head(self) -> None:
        view = memoryview(self._map)
        end = self._map.find(b"\n") + 1
        head = json.loads(view[:end].tobytes())
        if head["version"] != VERSION or head["order"] != sys.byteorder:
            raise ValueError("made elsewhere")
        rows = self.rows = int(head["rows"])
        self.names: Mapping[str, Mapping[str, int]] = head["names"]
        at = end
        for name, code in _COLUMNS:
            count = rows + (name in _ENDS)
            size = array(code).itemsize * count
            self._columns[name] = view[at : at + size].cast(code)
            at += size
        self._ids = at
        at += ID_LENGTH * rows
        if crc32(view[end:at]) != head["crc"]:
            raise ValueError("changed")
        self._facets = at
        self._words = at + int(head["facets"])
        if self._words + int(head["words"]) != len(view):
            raise ValueError("cut")
        self.day = self._columns["day"]
        self.words_at = self._columns["words_at"]
        self.facets_at = self._columns["facets_at"]
        if rows:
            by_id = self._columns["by_id"]
            self._least, self._greatest = self.id(by_id[0]), self.id(by_id[-1])

    def id(self, row: int) -> str:
        """Return the id of a row's entry."""
        at = self._ids + ID_LENGTH * row
        return self._map[at : at + ID_LENGTH].decode("ascii")

    def order(self, row: int) -> Order:
        """Return where a row stands in time."""
        return (self.day[row], self._columns["moment"][row], self.id(row))

    def place(self, row: int) -> Place:
        """Return where a row's document stands in the journal."""
        columns = self._columns
        return Place(
            self._segments[columns["segment"][row]],
            columns["offset"][row],
            columns["length"][row],
            columns["change"][row],
            columns["crc"][row],
        )

    def row_of(self, entry_id: str) -> int | None:
        """Return the row of an entry, or None."""
        # Ids begin with the time they were made, so most years are ruled out at once.
        if not self.rows or not self._least <= entry_id <= self._greatest:
            return None
        by_id = self._columns["by_id"]
        found = bisect_left(by_id, entry_id, key=self.id)
        if found < self.rows and self.id(by_id[found]) == entry_id:
            return int(by_id[found])
        return None

    def ids_ending(self, ending: str) -> list[str]:
        """Return the ids that end in `ending`."""
        found = []
        sought = ending.encode("ascii", "replace")
        end = self._ids + ID_LENGTH * self.rows
        at = self._map.find(sought, self._ids, end)
        while at >= 0:
            if (at + len(sought) - self._ids) % ID_LENGTH == 0:
                found.append(self.id((at - self._ids) // ID_LENGTH))
            at = self._map.find(sought, at + 1, end)
        return found

    def bisect(self, order: Order) -> int:
        """Return the first row that does not stand before `order`."""
        return bisect_left(range(self.rows), order, key=self.order)

    def bisect_day(self, day: int) -> int:
        """Return the first row whose day (as ordinal) is `day` or later."""
        return bisect_left(self.day, day)

    def words(self, first: int, last: int) -> bytes:
        """Return the records of words from row `first` to before `last`."""
        at = self._words
        return self._map[at + self.words_at[first] : at + self.words_at[last]]

    def facets(self, first: int, last: int) -> bytes:
        """Return the records of facets from row `first` to before `last`."""
        at = self._facets
        return self._map[at + self.facets_at[first] : at + self.facets_at[last]]

    def row(self, row: int) -> Row:
        """Return a whole row, to go into another partition."""
        return Row(
            self.order(row),
            self.place(row),
            self.words(row, row + 1)[:-1],
            self.facets(row, row + 1)[:-1],
        )
