"""Entries that match a query, newest first, found bit by bit."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left, bisect_right
from datetime import date
from typing import TYPE_CHECKING, Final

from companion.errors import LogChangedError
from companion.storage.entries import Record, Snapshot, Span
from companion.storage.folded import facet, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from companion.model.entry import Entry
    from companion.model.query import Query
    from companion.storage.partition import Partition
    from companion.storage.rows import Place

_CHUNK: Final = 1 << 20
"""About how many bytes of words are looked through at once."""

Item = tuple["Partition", int] | Record


class Matcher:
    """A query, made ready to be looked for in records of words and facets."""

    def __init__(self, query: Query) -> None:
        """Fold the words; the longest is looked for first."""
        self.words = sorted(filter(None, map(folded, query.words)), key=len)
        self.words.reverse()
        self._share = 0.0
        """In how many of all rows the longest word stood where one looked last."""
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
        return self._says(record.words) and self._has_facets(record.facets)

    def rows(self, partition: Partition, first: int, last: int) -> list[int]:
        """Return the rows from `first` to before `last` that match, newest first."""
        alone = len(self.facets) == 1 and len(self.facets[0]) == 1
        if self.words:
            share = self._share
            rows = partition.rows_saying(self.words[0], first, last, share=share)
            self._share = len(rows) / (last - first)
        elif alone:
            rows = partition.rows_having(self.facets[0][0], first, last)
        else:
            rows = list(range(first, last))
        if rows and (self.words[1:] or self.without):
            rows = partition.rows_also_saying(rows, self.words[1:], self.without)
        if rows and ((self.facets and (self.words or not alone)) or self.no_facets):
            facets = zip(rows, partition.facets_of(rows), strict=True)
            rows = [row for row, record in facets if self._has_facets(record)]
        rows.reverse()
        return rows

    def _says(self, record: bytes) -> bool:
        return all(word in record for word in self.words) and not any(
            word in record for word in self.without
        )

    def _has_facets(self, record: bytes) -> bool:
        for group in self.facets:
            for one in group:
                if one in record:
                    break
            else:
                return False
        return not any(one in record for one in self.no_facets)


class FoundTimeline:
    """Fulfils `companion.ports.Timeline` over a snapshot of the entries."""

    def __init__(
        self,
        query: Query,
        look: Callable[[], Snapshot],
        read: Callable[[Place | Record], Entry],
        mend: Callable[[], object],
    ) -> None:
        """Begin; nothing is looked for yet unless everything matches.

        Args:
            query: What is looked for.
            look: Returns the entries as they are now.
            read: Reads one of them.
            mend: Reads the log anew, where bytes of it are not what they were.
        """
        self._query = query
        self._take = look
        self._read = read
        self._mend: Callable[[], object] | None = mend
        self._begin()

    def _begin(self) -> None:
        self._snapshot = self._take()
        matcher = Matcher(self._query)
        self._whole = self._done = matcher.matches_all
        self._rows = array("I")
        self._sources: list[Partition | Record] = []
        self._begins: list[int] = []
        """For each source, the index of the first that was found in it."""
        self._steps = self._look(matcher)

    @property
    def query(self) -> Query:
        """What was looked for."""
        return self._query

    @property
    def done(self) -> bool:
        """Whether the whole log has been looked through."""
        return self._done

    def _begin_anew(self, error: LogChangedError) -> None:
        """Have the log read anew, once, and look for as many as were found."""
        if self._mend is None:
            raise error
        found, done = len(self), self._done
        self._mend()
        self._mend = None
        self._begin()
        while not (self._done or (len(self) >= found and not done)):
            self._done = next(self._steps, None) is None

    def advance(self, *, seconds: float = 0.006, enough: int | None = None) -> bool:
        """Look on for about `seconds`, or until `enough` are found in all."""
        try:
            return self._advance(seconds, enough)
        except LogChangedError as error:
            self._begin_anew(error)
            return self._advance(seconds, enough)

    def _advance(self, seconds: float, enough: int | None) -> bool:
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
                    self._found(run, [0])
                continue
            last = run.last
            starts = run.partition.words_at
            while last > run.first:
                first = bisect_left(starts, starts[last] - chunk, run.first, last - 1)
                rows = matcher.rows(run.partition, first, last)
                if rows:
                    self._found(run.partition, rows)
                last = first
                chunk = min(chunk * 2, _CHUNK)
                yield True

    def _found(self, source: Partition | Record, rows: list[int]) -> None:
        if not self._sources or self._sources[-1] is not source:
            self._sources.append(source)
            self._begins.append(len(self._rows))
        self._rows.extend(rows)

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
        source = self._sources[bisect_right(self._begins, index) - 1]
        return source if isinstance(source, Record) else (source, self._rows[index])

    def entry(self, index: int) -> Entry:
        """Return the entry at `index`; 0 is the newest."""
        try:
            return self._entry(index)
        except LogChangedError as error:
            self._begin_anew(error)
            return self._entry(self._near(index, error))

    def _entry(self, index: int) -> Entry:
        item = self._item(index)
        if isinstance(item, Record):
            return self._read(item)
        return self._read(item[0].place(item[1]))

    def _near(self, index: int, error: LogChangedError) -> int:
        """Return an index that is still there: what is damaged is not found again."""
        if not len(self):
            raise error
        return min(index, len(self) - 1)

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
