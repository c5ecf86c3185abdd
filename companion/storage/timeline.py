"""Entries that match a query, newest first, found bit by bit."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left, bisect_right
from datetime import date
from typing import TYPE_CHECKING, Final

from companion.storage.entries import Record, Snapshot, Span
from companion.storage.folded import RECORD, facet, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from companion.model.entry import Entry
    from companion.model.query import Query
    from companion.storage.partition import Partition, Place

_CHUNK: Final = 1 << 20
"""About how many bytes of words are looked through at once."""
_DENSE: Final = 8
"""With a hit in every so many rows, taking a chunk apart is faster than leaping."""

Item = tuple["Partition", int] | Record
Reader = "Callable[[Place | Record], Entry]"


class Matcher:
    """A query, made ready to be looked for in records of words and facets."""

    def __init__(self, query: Query) -> None:
        """Fold the words; the longest is looked for first."""
        self.words = sorted(filter(None, map(folded, query.words)), key=len)
        self.words.reverse()
        self.without = [word for word in map(folded, query.without) if word]
        groups = (
            ("kind", query.kinds, query.no_kinds),
            ("rung", query.rungs, query.no_rungs),
            ("principle", query.principles, query.no_principles),
            ("tag", query.tags, query.no_tags),
            ("person", query.people, query.no_people),
            ("part", query.parts, query.no_parts),
        )
        self.facets = [
            [facet(name, value) for value in wanted]
            for name, wanted, _ in groups
            if wanted
        ]
        self.no_facets = [
            facet(name, value) for name, _, unwanted in groups for value in unwanted
        ]

    @property
    def matches_all(self) -> bool:
        """Whether every entry matches."""
        return not (self.words or self.without or self.facets or self.no_facets)

    def matches(self, record: Record) -> bool:
        """Return whether one record matches."""
        return (
            all(word in record.words for word in self.words)
            and not any(word in record.words for word in self.without)
            and all(any(f in record.facets for f in group) for group in self.facets)
            and not any(f in record.facets for f in self.no_facets)
        )

    def rows(self, partition: Partition, first: int, last: int) -> Sequence[int]:
        """Return the rows from `first` to before `last` that match, newest first."""
        tests = [(partition.words, partition.words_at, [word]) for word in self.words]
        tests += [(partition.facets, partition.facets_at, one) for one in self.facets]
        found: Sequence[int] = range(first, last)
        for read, starts, sought in tests:
            data = read(first, last)
            rows = _having_any(data, sought, starts, first, last)
            if len(found) < last - first:
                known = set(found)
                rows = [row for row in rows if row in known]
            found = rows
            if not found:
                return ()
        if self.without or self.no_facets:
            unwanted = set(
                _having_any(
                    partition.words(first, last),
                    self.without,
                    partition.words_at,
                    first,
                    last,
                )
            ).union(
                _having_any(
                    partition.facets(first, last),
                    self.no_facets,
                    partition.facets_at,
                    first,
                    last,
                )
            )
            found = [row for row in found if row not in unwanted]
        return found[::-1]


def _having_any(
    data: bytes, sought: list[bytes], starts: memoryview, first: int, last: int
) -> Sequence[int]:
    """Return the rows whose record holds any of `sought`, in order."""
    if len(sought) == 1:
        return _having(data, sought[0], starts, first, last)
    found = (_having(data, one, starts, first, last) for one in sought)
    return sorted(set[int]().union(*found))


def _having(
    data: bytes, sought: bytes, starts: memoryview, first: int, last: int
) -> Sequence[int]:
    """Return the rows whose record holds `sought`, in order.

    `data` holds the records of rows `first` to before `last`, one after another;
    `starts` says where each begins in the whole.
    """
    hits = data.count(sought)
    if not hits:
        return ()
    if hits * _DENSE > last - first:
        records = data.split(RECORD)
        return [row for row, record in enumerate(records, first) if sought in record]
    rows = []
    base = starts[first]
    at = data.find(sought)
    while at >= 0:
        row = bisect_right(starts, base + at, first, last + 1) - 1
        rows.append(row)
        at = data.find(sought, starts[row + 1] - base)
    return rows


class FoundTimeline:
    """Fulfils `companion.ports.Timeline` over a snapshot of the entries."""

    def __init__(
        self,
        query: Query,
        snapshot: Snapshot,
        read: Callable[[Place | Record], Entry],
    ) -> None:
        """Begin; nothing is looked for yet unless everything matches."""
        self._query = query
        self._snapshot = snapshot
        self._read = read
        matcher = Matcher(query)
        self._whole = self._done = matcher.matches_all
        self._partitions: list[Partition] = []
        self._records: list[Record] = []
        self._sources = array("h")
        self._rows = array("I")
        self._steps = self._look(matcher)

    @property
    def query(self) -> Query:
        """What was looked for."""
        return self._query

    @property
    def done(self) -> bool:
        """Whether the whole log has been looked through."""
        return self._done

    def advance(self, *, seconds: float = 0.006, enough: int | None = None) -> bool:
        """Look on for about `seconds`, or until `enough` are found in all."""
        end = time.perf_counter() + seconds
        while not self._done and (enough is None or len(self) < enough):
            if next(self._steps, None) is None:
                self._done = True
            elif time.perf_counter() >= end:
                break
        return self._done

    def _look(self, matcher: Matcher) -> Iterator[bool]:
        """Look through a chunk at a step; the first chunks are small."""
        chunk = _CHUNK // 16
        for run in self._snapshot.runs:
            if isinstance(run, Record):
                if matcher.matches(run):
                    self._sources.append(-1)
                    self._rows.append(len(self._records))
                    self._records.append(run)
                continue
            if not self._partitions or self._partitions[-1] is not run.partition:
                self._partitions.append(run.partition)
            source = len(self._partitions) - 1
            last = run.last
            starts = run.partition.words_at
            while last > run.first:
                first = bisect_left(starts, starts[last] - chunk, run.first, last - 1)
                rows = matcher.rows(run.partition, first, last)
                self._rows.extend(rows)
                self._sources.extend([source] * len(rows))
                last = first
                chunk = min(chunk * 2, _CHUNK)
                yield True

    def __len__(self) -> int:
        """Return how many have been found so far."""
        return self._snapshot.size if self._whole else len(self._rows)

    def _item(self, index: int) -> Item:
        if not 0 <= index < len(self):
            raise IndexError(index)
        if self._whole:
            at = bisect_right(self._snapshot.starts, index) - 1
            run = self._snapshot.runs[at]
            if isinstance(run, Span):
                return run.partition, run.last - 1 - (index - self._snapshot.starts[at])
            return run
        row = self._rows[index]
        source = self._sources[index]
        return self._records[row] if source < 0 else (self._partitions[source], row)

    def entry(self, index: int) -> Entry:
        """Return the entry at `index`; 0 is the newest."""
        item = self._item(index)
        if isinstance(item, Record):
            return self._read(item)
        return self._read(item[0].place(item[1]))

    def day(self, index: int) -> date:
        """Return the day of the entry at `index`, without reading it."""
        return date.fromordinal(self._ordinal(index))

    def _ordinal(self, index: int) -> int:
        item = self._item(index)
        return item.order[0] if isinstance(item, Record) else item[0].day[item[1]]

    def index_of(self, day: date) -> int:
        """Return the index of the newest entry found that is of `day` or earlier."""
        return bisect_left(
            range(len(self)), -day.toordinal(), key=lambda index: -self._ordinal(index)
        )
