"""What a year of the index holds, and how it is written.

A partition is one file: a first line, a column for each thing known of a row, the ids,
the facets and the folded words. It is written whole and never changed.
"""

from __future__ import annotations

import json
import sys
from array import array
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from zlib import crc32

from companion.ids import LENGTH as ID_LENGTH
from companion.storage.folded import RECORD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from companion.storage.files import Files

VERSION: Final = 4
COLUMNS: Final[tuple[tuple[str, Literal["q", "I", "H"]], ...]] = (
    ("day", "I"),
    ("moment", "q"),
    ("segment", "H"),
    ("offset", "I"),
    ("length", "I"),
    ("change", "I"),
    ("crc", "I"),
    ("by_id", "I"),
    ("words_at", "I"),
    ("facets_at", "I"),
)
CODES: Final = dict(COLUMNS)
_HEAD: Final = 4096
"""The first line is seldom longer than this."""
_ENDS: Final = ("words_at", "facets_at")
"""Columns with one value more than there are rows: where each record begins."""

Order = tuple[int, int, str]
Names = dict[str, dict[str, int]]
"""For "tags", "people" and "parts": each name and the moment it was last used."""


class Sums(NamedTuple):
    """What tells a partition from another, or from itself with a byte changed."""

    size: int
    head: int
    """CRC-32 of the first line, which has those of the columns: each is checked when
    it is first read."""
    whole: int
    """CRC-32 of the whole file; checked in idle moments."""


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
) -> Sums:
    """Write a partition of rows sorted by their order.

    Rows refer to the segments by number.
    """
    number = {name: index for index, name in enumerate(segments)}
    columns = {name: array(code) for name, code in COLUMNS}
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
    table = {name: columns[name].tobytes() for name, _ in COLUMNS}
    table["ids"] = "".join(ids).encode("ascii")
    head = {
        "version": VERSION,
        "rows": len(rows),
        "order": sys.byteorder,
        "words": words_at,
        "facets": facets_at,
        "least": min(ids, default="~"),
        "greatest": max(ids, default=""),
        "names": names,
        "sums": {name: crc32(column) for name, column in table.items()},
    }
    facets = b"".join(row.facets + RECORD for row in rows)
    words = b"".join(row.words + RECORD for row in rows)
    line = json.dumps(head).encode() + b"\n"
    data = b"".join((line, *table.values(), facets, words))
    files.write_whole(path, data)
    return Sums(len(data), crc32(line), crc32(data))


def sizes_of(rows: int) -> dict[str, int]:
    """Return how many bytes each column of the table takes, in order."""
    sizes = {
        name: array(code).itemsize * (rows + (name in _ENDS)) for name, code in COLUMNS
    }
    return sizes | {"ids": ID_LENGTH * rows}


def first_line(files: Files, fd: int) -> bytes:
    """Return the first line of a partition; less, where it has no end."""
    size = _HEAD
    while True:
        data = files.read_at(fd, size, 0)
        end = data.find(b"\n") + 1
        if end or len(data) < size:
            break
        size *= 4
    return data[:end]
