"""The store of entries that the services are given; fulfils `LogStore`."""

from __future__ import annotations

from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar, cast

from companion.errors import (
    AmbiguousIdError,
    EntryNotFoundError,
    LogChangedError,
)
from companion.ports import Notice, Undone
from companion.storage.documents import from_document, to_document
from companion.storage.engine import Engine
from companion.storage.entries import Record, Snapshot, Span
from companion.storage.index import note_names
from companion.storage.state import ENTRIES
from companion.storage.timeline import FoundTimeline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping, Sequence
    from pathlib import Path

    from companion.model.entry import Entry
    from companion.model.query import Query
    from companion.ports import Progress
    from companion.storage.commits import Change
    from companion.storage.rows import Names, Place
    from companion.storage.table import EntriesTable

P = ParamSpec("P")
T = TypeVar("T")

_SHORTEST: Final = 4
_AT_EXIT: Final = 100
"""With fewer new entries than this, closing does not stop to tidy."""


def _reading_anew(
    method: Callable[Concatenate[EngineLogStore, P], T],
) -> Callable[Concatenate[EngineLogStore, P], T]:
    """Let a method have the log read anew, once, where bytes are not what they were.

    Where the journal itself changed, the error stands: what is asked for may be gone.
    """

    @wraps(method)
    def mending(store: EngineLogStore, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(store, *args, **kwargs)
        except LogChangedError:
            store.read_again()
            if store.engine.damage():
                raise
            return method(store, *args, **kwargs)

    return cast("Callable[Concatenate[EngineLogStore, P], T]", mending)


class EngineLogStore:
    """Entries, kept by the engine."""

    def __init__(self, engine: Engine) -> None:
        """Stand in front of an open log."""
        self._engine = engine
        self._kept_table: EntriesTable | None = None
        self._told = 0
        self._anew = False

    @property
    def _table(self) -> EntriesTable:
        # TinyDB is imported when something is first changed (or in an idle moment
        # before), so that reading does not wait for it.
        if self._kept_table is None:
            from companion.storage.database import LogDatabase  # noqa: PLC0415

            table = LogDatabase(self._engine).table(ENTRIES)
            self._kept_table = cast("EntriesTable", table)
        return self._kept_table

    @property
    def engine(self) -> Engine:
        """The open log, for what takes care of it as a whole."""
        return self._engine

    @property
    def writable(self) -> bool:
        """Whether this process may edit, delete and undo."""
        return self._engine.writable

    @property
    def is_guest(self) -> bool:
        """Whether another window writes to the log now."""
        return self._engine.is_guest

    def troubles(self) -> Sequence[Notice]:
        """Return why the log may only be read; nothing where all is well."""
        found = [notice for notice in self._engine.notices if notice.grave]
        broken = self._engine.journal.broken
        if broken is not None:
            found.append(Notice(broken.message, broken.hint, grave=True))
        return list(dict.fromkeys(found))

    @_reading_anew
    def add(self, entry: Entry) -> None:
        """Keep a new entry; while another window writes, by way of the spool."""
        if self._engine.is_guest:
            self._engine.add_beside(entry.id, to_document(entry))
        else:
            self._table.keep(entry)

    @_reading_anew
    def replace(self, entry: Entry) -> None:
        """Keep a changed entry in place of the one with the same id."""
        new = to_document(entry)

        def become(document: MutableMapping[str, Any]) -> None:
            document.clear()
            document.update(new)

        if not self._table.update(become, doc_ids=[entry.id]):
            raise EntryNotFoundError(entry.id)

    @_reading_anew
    def remove(self, entry_id: str) -> None:
        """Take an entry out of the log; `undo` brings it back."""
        if not self._table.remove(doc_ids=[entry_id]):
            raise EntryNotFoundError(entry_id)

    @_reading_anew
    def undo(self) -> Undone:
        """Take back the newest change that has not been taken back."""
        act, made, back = self._engine.undo()
        if act == "restore":
            return Undone(act, None, None)
        return Undone(act, _entry(back[0]), _entry(made[0]))

    @_reading_anew
    def get(self, entry_id: str) -> Entry:
        """Return one entry."""
        document = self._engine.document(ENTRIES, entry_id)
        if document is None:
            raise EntryNotFoundError(entry_id)
        return from_document(document)

    @_reading_anew
    def resolve(self, ending: str) -> str:
        """Return the full id that ends in `ending`."""
        wanted = ending.lower()
        if len(wanted) < _SHORTEST:
            raise EntryNotFoundError(ending)
        found = self._engine.entries.ids_ending(wanted)
        if not found:
            raise EntryNotFoundError(ending)
        if len(found) > 1:
            raise AmbiguousIdError(ending, len(found))
        return found.pop()

    @_reading_anew
    def find(self, query: Query) -> FoundTimeline:
        """Return the entries that match, newest first, to be found bit by bit."""

        def look() -> Snapshot:
            return self._engine.entries.snapshot(
                None if query.first is None else query.first.toordinal(),
                None if query.last is None else query.last.toordinal(),
            )

        return FoundTimeline(query, look, self._read, self.read_again)

    def read_again(self) -> None:
        """Read all of the journal, because a byte somewhere is not what it was."""
        self._engine.read_again()
        self._anew = True

    def _read(self, item: Record | Place) -> Entry:
        return from_document(self._engine.read(item))

    @_reading_anew
    def days(self, year: int) -> Mapping[date, int]:
        """Return how many entries belong to each day of a year that has any."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        counts: dict[int, int] = {}
        for run in self._engine.entries.snapshot(first, last).runs:
            days = (
                run.partition.day[run.first : run.last]
                if isinstance(run, Span)
                else (run.order[0],)
            )
            for day in days:
                counts[day] = counts.get(day, 0) + 1
        return {date.fromordinal(day): counts[day] for day in sorted(counts)}

    @_reading_anew
    def names(self, what: str) -> Sequence[str]:
        """Return known names, most recently used first."""
        names: Names = {}
        known = names.setdefault(what, {})
        for name, moment in self._engine.entries.names(what):
            known[name] = max(moment, known.get(name, moment))
        for record in self._engine.entries.above.values():
            if record is not None:
                note_names(names, record.document, record.order[1])
        return sorted(known, key=lambda name: (-known[name], name))

    def notices(self) -> Sequence[Notice]:
        """Return what the person should be told about the log, once each."""
        fresh = self._engine.notices[self._told :]
        self._told = len(self._engine.notices)
        return fresh

    def refresh(self) -> bool:
        """Take in what others wrote (quick capture, another window)."""
        changed, self._anew = self._engine.refresh() or self._anew, False
        _ = self._table  # an idle moment: the first change need not wait for TinyDB
        return changed

    def tidy(self) -> None:
        """Bring derived files up to date."""
        self._engine.tidy()

    def reopen(self, progress: Progress | None = None) -> None:
        """Read the log anew, from what lies on the disk now."""
        former = self._engine
        former.close()
        self._engine = Engine(former.home, files=former.files, progress=progress)
        self._kept_table = None
        self._told = 0

    def close(self) -> None:
        """Let go of files and the lock."""
        self._engine.tidy(least=_AT_EXIT)
        self._engine.close()


def _entry(change: Change) -> Entry | None:
    return None if change.document is None else from_document(change.document)


def open_log(
    home: Path, *, progress: Callable[[float, str], None] | None = None
) -> EngineLogStore:
    """Open the log in a folder, making it if need be.

    Raises:
        LogError: If the folder cannot be used at all.
    """
    begins = not (home / "device").exists()
    store = EngineLogStore(Engine(home, progress=progress))
    if begins:
        from companion.storage.surroundings import remarks  # noqa: PLC0415 - once

        store.engine.notices += remarks(home)
    return store
