"""The table of entries: the index below, and what is newer than it above.

The index holds every entry up to some commit, a partition a year. Above it lies what
later commits changed, entry by entry, in memory: few, since the index is made up to
date now and then. So opening costs the same after ten years as after ten days.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, insort
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from companion.ids import is_id
from companion.storage.folded import FACETS, facet, facets_of, order_of, words_of
from companion.storage.partition import BadPartitionError
from companion.storage.rows import Order, Place, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from companion.storage.commits import Document
    from companion.storage.partition import Partition


_HIDDEN: Final = sys.maxsize
"""Ranks a row that is hidden above the entries that stand right before it."""


class Record:
    """An entry that is newer than the index."""

    __slots__ = ("_facets", "_words", "document", "order", "place")

    def __init__(self, order: Order, place: Place | None, document: Document) -> None:
        """Hold a document; it is folded when it is first looked through."""
        self.order = order
        self.place = place
        """Where it stands in the journal; None while it waits in the spool."""
        self.document = document
        """Never given out: whoever reads gets a copy."""
        self._words: bytes | None = None
        self._facets: bytes | None = None

    @property
    def words(self) -> bytes:
        """Its folded words."""
        if self._words is None:
            self._words = words_of(self.document)
        return self._words

    @property
    def facets(self) -> bytes:
        """Its facets."""
        if self._facets is None:
            self._facets = facets_of(self.document)
        return self._facets


def record_of(
    entry_id: str, document: Document, place: Place | None, *, checked: bool = False
) -> Record:
    """Return an entry as it is held, found and laid in the index.

    Args:
        entry_id: The id it is kept under.
        document: What is kept.
        place: Where it stands in the journal, if it stands there.
        checked: Whether it is known to be an entry, so that it can be folded later,
            when somebody looks through it.

    Raises:
        ValueError: If the document is not of that entry.
    """
    if not is_id(entry_id) or document.get("id") != entry_id:
        raise ValueError(f"The document is not of the entry {entry_id!r}.")
    try:
        record = Record(order_of(document), place, document)
        if not checked:
            _ = record.words, record.facets
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"The entry {entry_id} makes no sense.") from error
    return record


class Span(NamedTuple):
    """Rows `first` to before `last` of a partition."""

    partition: Partition
    first: int
    last: int


class Snapshot(NamedTuple):
    """The entries of a stretch of days at one moment, newest first."""

    runs: list[Span | Record]
    starts: list[int]
    """How many entries stand before each run."""
    size: int


class Entries:
    """All entries: found by id, or in the order of time."""

    def __init__(self) -> None:
        """Begin empty."""
        self.partitions: dict[int, Partition] = {}
        self._greatest = ""
        """No id below is greater than this."""
        self._above: dict[str, Record | None] = {}
        self._ordered: list[tuple[Order, str]] = []
        self._hidden: dict[int, set[int]] = {}

    @property
    def above(self) -> Mapping[str, Record | None]:
        """What is newer than the index: by id, None for what is deleted."""
        return self._above

    def lay(self, partitions: dict[int, Partition]) -> None:
        """Put a fresh index below; nothing is above it then."""
        self.partitions = partitions
        self._greatest = max((one.greatest for one in partitions.values()), default="")
        self._above = {}
        self._ordered = []
        self._hidden = {}

    def put(
        self,
        entry_id: str,
        document: Document,
        place: Place | None,
        *,
        checked: bool = False,
    ) -> None:
        """Take in an entry, new or changed; `checked` is that of `record_of`.

        Raises:
            ValueError: If the document is not of that entry.
        """
        record = record_of(entry_id, document, place, checked=checked)
        self._forget(entry_id)
        self._above[entry_id] = record
        one = (record.order, entry_id)
        if self._ordered and one < self._ordered[-1]:
            insort(self._ordered, one)
        else:
            self._ordered.append(one)

    def drop(self, entry_id: str) -> None:
        """Take an entry out."""
        self._forget(entry_id)
        self._above[entry_id] = None

    def _forget(self, entry_id: str) -> None:
        if entry_id in self._above:
            former = self._above[entry_id]
            if former is not None:
                at = bisect_left(self._ordered, (former.order, entry_id))
                del self._ordered[at]
        elif (found := self._row_of(entry_id)) is not None:
            year, row = found
            self._hidden.setdefault(year, set()).add(row)

    def _row_of(self, entry_id: str) -> tuple[int, int] | None:
        if entry_id > self._greatest:
            return None
        for year in sorted(self.partitions, reverse=True):
            row = self.partitions[year].row_of(entry_id)
            if row is not None:
                return year, row
        return None

    def find(self, entry_id: str) -> Record | Place | None:
        """Return an entry that is newer than the index, or the place of another."""
        if entry_id in self._above:
            return self._above[entry_id]
        found = self._row_of(entry_id)
        return None if found is None else self.partitions[found[0]].place(found[1])

    def ids_ending(self, ending: str) -> set[str]:
        """Return the ids that end in `ending`."""
        found = {
            entry_id
            for partition in self.partitions.values()
            for entry_id in partition.ids_ending(ending)
            if entry_id not in self._above
        }
        return found | {
            entry_id
            for entry_id, record in self._above.items()
            if record is not None and entry_id.endswith(ending)
        }

    def __len__(self) -> int:
        """Return how many entries there are."""
        below = sum(partition.rows for partition in self.partitions.values())
        hidden = sum(len(rows) for rows in self._hidden.values())
        return below - hidden + len(self._ordered)

    def snapshot(self, first: int | None = None, last: int | None = None) -> Snapshot:
        """Return the entries of days `first` to `last` (ordinals), newest first."""
        low = 0 if first is None else bisect_left(self._ordered, ((first, 0, ""), ""))
        above = self._ordered[low:]
        if last is not None:
            above = above[: bisect_left(above, ((last + 1, 0, ""), ""))]
        runs: list[Span | Record] = []
        for year in sorted(self.partitions, reverse=True):
            runs.extend(self._runs(year, above, first, last))
        runs.extend(self._record(entry_id) for _, entry_id in reversed(above))
        starts = []
        size = 0
        for run in runs:
            starts.append(size)
            size += run.last - run.first if isinstance(run, Span) else 1
        return Snapshot(runs, starts, size)

    def _runs(
        self,
        year: int,
        above: list[tuple[Order, str]],
        first: int | None,
        last: int | None,
    ) -> Iterator[Span | Record]:
        """Give one year's runs, newest first; takes from `above` what stands in it."""
        partition = self.partitions[year]
        low = 0 if first is None else partition.bisect_day(first)
        high = partition.rows if last is None else partition.bisect_day(last + 1)
        begin = partition.order(0) if partition.rows else (0, 0, "")
        cuts: list[tuple[int, int, str]] = [
            (row, _HIDDEN, "")
            for row in self._hidden.get(year, ())
            if low <= row < high
        ]
        while above and above[-1][0] >= begin:
            order, entry_id = above.pop()
            cuts.append((partition.bisect(order), len(above), entry_id))
        cuts.sort(reverse=True)
        for row, rank, entry_id in cuts:
            after = row + 1 if rank == _HIDDEN else row
            if after < high:
                yield Span(partition, after, high)
            if rank != _HIDDEN:
                yield self._record(entry_id)
            high = min(high, row)
        if low < high:
            yield Span(partition, low, high)

    def _record(self, entry_id: str) -> Record:
        record = self._above[entry_id]
        assert record is not None
        return record

    def names(self, what: str) -> Iterator[tuple[str, int]]:
        """Give the names of the index that an entry still has, with their last use.

        Args:
            what: "tags", "people" or "parts".
        """
        for year, partition in self.partitions.items():
            hidden = self._hidden.get(year, set())
            doubtful = b"".join(partition.facets_of(sorted(hidden)))
            for name, moment in partition.names.get(what, {}).items():
                one = facet(FACETS[what], name)
                if one not in doubtful or not hidden.issuperset(
                    partition.rows_having(one, 0, partition.rows)
                ):
                    yield name, moment

    def behind(self) -> dict[int, tuple[list[Row], list[Record]]]:
        """Return the years whose partitions are behind.

        For each: the rows of a fresh partition, sorted, and the records that are new
        in it. What is not in the journal yet is left out.
        """
        fresh: dict[int, list[Record]] = {year: [] for year in self._hidden}
        for record in self._above.values():
            if record is not None and record.place is not None:
                fresh.setdefault(year_of(record.order), []).append(record)
        return {
            year: (self._rows_of(year, records), records)
            for year, records in fresh.items()
        }

    def _rows_of(self, year: int, fresh: list[Record]) -> list[Row]:
        rows = []
        if (partition := self.partitions.get(year)) is not None:
            if not (partition.checked or partition.is_sound()):
                raise BadPartitionError(f"the index of {year} was changed")
            hidden = self._hidden.get(year, set())
            rows = [partition.row(r) for r in range(partition.rows) if r not in hidden]
        rows += [
            Row(one.order, one.place, one.words, one.facets)
            for one in fresh
            if one.place is not None
        ]
        rows.sort(key=lambda row: row.order)
        return rows


def year_of(order: Order) -> int:
    """Return the year of the day an entry belongs to."""
    return date.fromordinal(order[0]).year
