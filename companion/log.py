"""What can be done with the log: write, change, take back, look for, look back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from companion.errors import InvalidEntryError
from companion.ids import new_id
from companion.model.entry import Entry
from companion.model.names import clean_names
from companion.model.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from companion.looking_back import Memory
    from companion.ports import Clock, LogStore, Notice, Progress, Timeline, Undone

_AHEAD = timedelta(days=1)
"""How far ahead of today a day may be: a traveller's today may be our tomorrow."""
_LATE = timedelta(hours=1)
"""So much later than the clock an entry may be before the clock is doubted."""
_NAMES = ("tags", "people", "shared_with")


class Log:
    """The log as a person uses it; the store behind it keeps the bytes."""

    def __init__(
        self, store: LogStore, clock: Clock, zone: Callable[[], str] = lambda: ""
    ) -> None:
        """Stand on a store.

        Args:
            store: Keeps the entries.
            clock: Returns the time now, aware.
            zone: Returns the IANA key of the zone the person is in, "" if unknown.
        """
        self._store = store
        self._clock = clock
        self._zone = zone
        self._newest_id = 0

    @property
    def writable(self) -> bool:
        """Whether entries may be edited and deleted here; writing a new one may."""
        return self._store.writable

    @property
    def is_guest(self) -> bool:
        """Whether another window writes to the log now."""
        return self._store.is_guest

    def troubles(self) -> Sequence[Notice]:
        """Return why the log may only be read; nothing where all is well.

        Another window that writes is no trouble.
        """
        return self._store.troubles()

    def today(self) -> date:
        """Return the day it is where the person is."""
        return self._clock().date()

    def fresh_id(self) -> str:
        """Return an id for an entry to come, later than all given before."""
        # Two ids of one millisecond would sort by chance.
        now = int(self._clock().timestamp() * 1000)
        self._newest_id = max(now, self._newest_id + 1)
        return new_id(self._newest_id)

    def new(
        self,
        *,
        day: date | None = None,
        id: str | None = None,  # noqa: A002 - the field's own name
        **fields: Any,
    ) -> Entry:
        """Return an entry of now, not written yet.

        Args:
            day: The day it belongs to; today, if not given.
            id: The id it has already (in a draft); a fresh one, if not given.
            fields: Other fields of an `Entry`; names are cleaned.

        Raises:
            InvalidEntryError: If a rule of the model is broken, or the day lies ahead.
        """
        now = self._clock()
        for what in _NAMES:
            if what in fields:
                fields[what] = clean_names(fields[what])
        entry = Entry(
            id=self.fresh_id() if id is None else id,
            at=now,
            zone=self._zone(),
            day=now.date() if day is None else day,
            **fields,
        )
        self._check_day(entry.day)
        return entry

    def write(self, entry: Entry) -> Entry:
        """Keep a new entry; it is on the disk when this returns.

        Raises:
            InvalidEntryError: If nothing was said in it, or its day lies ahead.
            WriteFailedError: If the disk refused.
            LogReadOnlyError: If the log cannot be written.
        """
        self._check_said(entry)
        self._check_day(entry.day)
        self._store.add(entry)
        return entry

    def edit(self, entry: Entry) -> Entry:
        """Keep a changed entry and when it was changed; nothing, if nothing changed.

        Raises:
            InvalidEntryError: If nothing is left in it, or its new day lies ahead.
            EntryNotFoundError: If it is not in the log.
            LogLockedError: If another window is writing.
        """
        former = self._store.get(entry.id)
        if replace(entry, revised=former.revised) == former:
            return former
        self._check_said(entry)
        if entry.day != former.day:
            self._check_day(entry.day)
        revised = replace(entry, revised=self._clock())
        self._store.replace(revised)
        return revised

    def delete(self, entry_id: str) -> Entry:
        """Take an entry out of the log and return it; `undo` brings it back.

        Raises:
            EntryNotFoundError: If there is none with that id.
            LogLockedError: If another window is writing.
        """
        entry = self._store.get(entry_id)
        self._store.remove(entry_id)
        return entry

    def undo(self) -> Undone:
        """Take back the newest change.

        Raises:
            NothingToUndoError: If there is none.
            LogLockedError: If another window is writing.
        """
        return self._store.undo()

    def get(self, entry_id: str) -> Entry:
        """Return one entry by its full id.

        Raises:
            EntryNotFoundError: If there is none.
        """
        return self._store.get(entry_id)

    def resolve(self, ending: str) -> Entry:
        """Return the one entry whose id ends so.

        Raises:
            EntryNotFoundError: If there is none.
            AmbiguousIdError: If there are several.
        """
        return self._store.get(self._store.resolve(ending.strip().lower()))

    def timeline(self, query: Query | None = None) -> Timeline:
        """Return the entries that match, newest first, to be found bit by bit."""
        return self._store.find(Query() if query is None else query)

    def search(self, words: str) -> Timeline:
        """Return the entries that match what a person typed.

        Raises:
            InvalidQueryError: If the words cannot be read as a search.
        """
        from companion.search import parse  # noqa: PLC0415 - not needed to open

        return self.timeline(parse(words, today=self.today()))

    def of_day(self, day: date) -> tuple[Entry, ...]:
        """Return what belongs to a day, oldest first."""
        timeline = _whole(self.timeline(Query(first=day, last=day)))
        return tuple(timeline.entry(i) for i in reversed(range(len(timeline))))

    def on_this_day(self, day: date, *, each: int = 1) -> tuple[Memory, ...]:
        """Return what was written on the same day of earlier months and years.

        Only entries that are returned are read, however long the log is.

        Args:
            day: The day to look back from.
            each: How many entries of each earlier day, its newest.

        Returns:
            First the eleven months before, then year after year, nearest first.
        """
        from companion.looking_back import memories  # noqa: PLC0415 - not at the start

        return memories(_whole(self.timeline()), day, each=each)

    def year(self, year: int) -> Mapping[date, int]:
        """Return how many entries belong to each day of a year that has any."""
        return self._store.days(year)

    def names(self, what: str) -> Sequence[str]:
        """Return known names ("parts", "people" or "tags"), latest used first."""
        return self._store.names(what)

    def notices(self) -> Sequence[Notice]:
        """Return what the person should be told about the log, once each."""
        return self._store.notices()

    def later_than_now(self) -> Entry | None:
        """Return the newest entry where the clock says it is still to come."""
        timeline = self.timeline()
        timeline.advance(enough=1)
        if not len(timeline):
            return None
        newest = timeline.entry(0)
        return newest if newest.at > self._clock() + _LATE else None

    def refresh(self) -> bool:
        """Take in what others wrote, and return whether anything is new."""
        return self._store.refresh()

    def tidy(self) -> None:
        """Bring derived files up to date, when there is time for it."""
        self._store.tidy()

    def reopen(self, progress: Progress | None = None) -> None:
        """Read the log anew, from what lies on the disk now.

        Raises:
            LogError: If the folder cannot be used at all; then only `close` may follow.
        """
        self._store.reopen(progress)

    def close(self) -> None:
        """Let go of files and the lock."""
        self._store.close()

    def _check_day(self, day: date) -> None:
        if day > self.today() + _AHEAD:
            raise InvalidEntryError(
                f"{day.isoformat()} is still to come.",
                hint="An entry belongs to today or to an earlier day.",
            )

    @staticmethod
    def _check_said(entry: Entry) -> None:
        if entry.is_empty:
            raise InvalidEntryError(
                "Nothing is written in it yet.", hint="One word is enough."
            )


def _whole(timeline: Timeline) -> Timeline:
    while not timeline.advance(seconds=1.0):
        pass
    return timeline
