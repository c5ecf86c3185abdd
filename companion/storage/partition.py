"""A year of the index: where each entry of that year stands, and its folded words.

An index is derived: it is made from the journal, holds nothing of its own, and may be
deleted at any time. Rows are sorted by day, moment and id.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from mmap import ACCESS_COPY, mmap
from typing import TYPE_CHECKING, Final
from weakref import finalize
from zlib import crc32

from companion.errors import LogChangedError, LogDamagedError
from companion.ids import LENGTH as ID_LENGTH
from companion.storage.rows import CODES, VERSION, Place, Row, first_line, sizes_of
from companion.storage.scan import comb, finder, hop
from companion.storage.strict import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from companion.storage.files import Files
    from companion.storage.rows import Order, Sums

OFTEN: Final = 12
"""With a hit in every so many rows, leaping is slower than going through all."""
_MOST: Final = 0.35
"""With a hit in so great a share of the rows, hopping is slower than combing."""


class BadPartitionError(Exception):
    """A file of the index cannot be used; the index is made anew."""


class Partition:
    """A year of the index; of its file, only what is asked for is read."""

    def __init__(
        self, path: Path, sums: Sums, segments: Sequence[str], files: Files
    ) -> None:
        """Open the file and check its first line.

        A column is checked when it is first read, what is shown when it is read from
        the journal, and the whole file in an idle moment.

        Raises:
            BadPartitionError: If it is not whole, or of another version or machine.
        """
        self._segments = segments
        self._files = files
        self.checked = False
        """Whether the whole file was found to be as it was written."""
        self._columns: dict[str, memoryview] = {}
        self._ids = ""
        self._find: Callable[[bytes, int, int], int] | None = None
        try:
            self._fd = files.open_read(path)
        except OSError as error:
            raise BadPartitionError(f"{path.name} cannot be read") from error
        # A timeline may still look at it when a fresh one has taken its place.
        finalize(self, files.close, self._fd)
        try:
            if files.size(self._fd) != sums.size:
                raise BadPartitionError(f"{path.name} has another size")
            self._sums = sums
            self._lay_out(first_line(files, self._fd), sums)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadPartitionError(f"{path.name} is not whole") from error

    def _lay_out(self, line: bytes, sums: Sums) -> None:
        if crc32(line) != sums.head:
            raise ValueError("changed")
        head, at = loads(line), len(line)
        if head["version"] != VERSION or head["order"] != sys.byteorder:
            raise ValueError("made elsewhere")
        self.rows = int(head["rows"])
        self.names: Mapping[str, Mapping[str, int]] = head["names"]
        sizes = sizes_of(self.rows)
        self._crcs = {name: int(head["sums"][name]) for name in sizes}
        if not 0 < sum(sizes.values()) < sums.size:
            raise ValueError("cut")
        self._places: dict[str, tuple[int, int]] = {}
        for name, width in sizes.items():
            self._places[name] = (at, width)
            at += width
        self._facets = at
        self._words = at + int(head["facets"])
        self._end = self._words + int(head["words"])
        if self._end != sums.size:
            raise ValueError("cut")
        self._least = str(head["least"])
        self.greatest = str(head["greatest"])
        """The greatest of its ids."""

    def _part(self, size: int, at: int) -> bytes:
        try:
            return self._files.read_at(self._fd, size, at)
        except OSError as error:
            raise LogDamagedError(
                f"The index cannot be read: {error.strerror or error}.",
                hint="Look after the disk, then open Companion again. The index is "
                "made anew from the journal where it is gone.",
            ) from error

    def _column(self, name: str) -> memoryview:
        """Return a column; it is read and checked when it is first asked for."""
        if name not in self._columns:
            self._columns[name] = memoryview(self._whole(name)).cast(CODES[name])
        return self._columns[name]

    def _whole(self, name: str) -> bytes:
        at, size = self._places[name]
        data = self._part(size, at)
        if crc32(data) != self._crcs[name]:
            raise LogChangedError(
                "The index is not what was written there.",
                hint="It is made anew from the journal.",
            )
        return data

    @property
    def day(self) -> memoryview:
        """The day of each row, as ordinal."""
        return self._column("day")

    @property
    def words_at(self) -> memoryview:
        """Where the words of each row begin, and where all end."""
        return self._column("words_at")

    def id(self, row: int) -> str:
        """Return the id of a row's entry."""
        at = self._places["ids"][0] + ID_LENGTH * row
        return self._part(ID_LENGTH, at).decode("ascii", "replace")

    def order(self, row: int) -> Order:
        """Return where a row stands in time."""
        return (self.day[row], self._column("moment")[row], self.id(row))

    def place(self, row: int) -> Place:
        """Return where a row's document stands in the journal."""
        return Place(
            self._segments[self._column("segment")[row]],
            self._column("offset")[row],
            self._column("length")[row],
            self._column("change")[row],
            self._column("crc")[row],
        )

    def row_of(self, entry_id: str) -> int | None:
        """Return the row of an entry, or None."""
        # Ids begin with the time they were made, so most years are ruled out at once.
        if not self._least <= entry_id <= self.greatest:
            return None
        by_id, ids = self._column("by_id"), self.ids()

        def id_of(row: int) -> str:
            return ids[ID_LENGTH * row : ID_LENGTH * (row + 1)]

        found = bisect_left(by_id, entry_id, key=id_of)
        if found < self.rows and id_of(by_id[found]) == entry_id:
            return int(by_id[found])
        return None

    def ids(self) -> str:
        """Return the ids of all rows, one after another."""
        if not self._ids:
            self._ids = self._whole("ids").decode("ascii")
        return self._ids

    def ids_ending(self, ending: str) -> list[str]:
        """Return the ids that end in `ending`."""
        ids = self.ids()
        return [
            ids[end - ID_LENGTH : end]
            for end in range(ID_LENGTH, len(ids) + 1, ID_LENGTH)
            if ids.endswith(ending, end - ID_LENGTH, end)
        ]

    def bisect(self, order: Order) -> int:
        """Return the first row that does not stand before `order`."""
        return bisect_left(range(self.rows), order, key=self.order)

    def bisect_day(self, day: int) -> int:
        """Return the first row whose day (as ordinal) is `day` or later."""
        return bisect_left(self.day, day)

    def words_of(self, rows: Sequence[int]) -> list[bytes]:
        """Return the words of some rows, which are sorted."""
        return self._records(rows, self.words_at, self._words)

    def facets_of(self, rows: Sequence[int]) -> list[bytes]:
        """Return the facets of some rows, which are sorted."""
        return self._records(rows, self._column("facets_at"), self._facets)

    def _records(
        self, rows: Sequence[int], starts: memoryview, begin: int
    ) -> list[bytes]:
        if not rows:
            return []
        base, end = starts[rows[0]], starts[rows[-1] + 1]
        data = self._part(end - base, begin + base)
        return [data[starts[row] - base : starts[row + 1] - base - 1] for row in rows]

    def rows_saying(
        self, sought: bytes, first: int, last: int, *, share: float = 0
    ) -> list[int]:
        """Return the rows from `first` to before `last` whose words hold `sought`.

        `share` says in how many of all rows it is likely to stand, from 0 to 1.
        """
        starts = self.words_at
        return self._rows_with(sought, first, last, starts, self._words, share)

    def rows_also_saying(
        self, rows: list[int], words: Sequence[bytes], without: Sequence[bytes]
    ) -> list[int]:
        """Return those of some sorted rows that hold all `words` and none `without`."""
        starts = self.words_at
        base, end = starts[rows[0]], starts[rows[-1] + 1]
        find = self._part(end - base, self._words + base).find
        for number, word in enumerate((*words, *without)):
            wanted = number < len(words)
            rows = [
                row
                for row in rows
                if (find(word, starts[row] - base, starts[row + 1] - base) >= 0)
                is wanted
            ]
        return rows

    def rows_having(self, sought: bytes, first: int, last: int) -> list[int]:
        """Return the rows from `first` to before `last` with a facet."""
        starts = self._column("facets_at")
        return self._rows_with(sought, first, last, starts, self._facets)

    def _rows_with(
        self,
        sought: bytes,
        first: int,
        last: int,
        starts: memoryview,
        base: int,
        share: float = 0,
    ) -> list[int]:
        if share * OFTEN <= 1:
            most = (last - first) // OFTEN
            rows = self._leap(sought, first, last, starts, base, most)
            if len(rows) <= most:
                return rows
            share = 1
        begin, end = starts[first], starts[last]
        data = self._part(end - begin, base + begin)
        search = hop if share <= _MOST else comb
        return search(data, sought, starts[first : last + 1], first)

    def _leap(
        self,
        sought: bytes,
        first: int,
        last: int,
        starts: memoryview,
        base: int,
        most: int,
    ) -> list[int]:
        """Leap from hit to hit, at the most one more than `most`."""
        if self._find is None:
            self._find = finder(mmap(self._fd, self._end, access=ACCESS_COPY))
        rows: list[int] = []
        end = base + starts[last]
        at = self._find(sought, base + starts[first], end)
        while at >= 0 and len(rows) <= most:
            first = bisect_right(starts, at - base, first, last) - 1
            rows.append(first)
            first += 1
            at = self._find(sought, base + starts[first], end)
        return rows

    def is_sound(self) -> bool:
        """Whether the whole file is as it was written; reads all of it."""
        try:
            data = self._files.read_at(self._fd, self._sums.size, 0)
        except OSError:
            return False
        self.checked = crc32(data) == self._sums.whole
        return self.checked

    def row(self, row: int) -> Row:
        """Return a whole row, to go into another partition."""
        return Row(
            self.order(row),
            self.place(row),
            self.words_of([row])[0],
            self.facets_of([row])[0],
        )
