"""What the journal folds into: the small tables, and the entries."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Final

from companion.errors import LogDamagedError
from companion.ports import Notice
from companion.storage.documents import from_document
from companion.storage.entries import Entries, Record
from companion.storage.rows import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from companion.storage.commits import Change, Commit, Document
    from companion.storage.index import Tables

ENTRIES: Final = "entries"
"""The one table that grows with the years; all others are small and held whole."""
ERASE: Final = "erase"
"""The act of the commit that tells other devices, too, that entries are gone."""


def check(change: Change) -> None:
    """Refuse a change that could be written and not be read again.

    Raises:
        ValueError: If it has an empty id, or puts what is no entry among the entries.
    """
    if change.id == "":
        raise ValueError("A document needs an id.")
    if change.table != ENTRIES or change.id is None or change.document is None:
        return
    if change.document.get("id") != change.id:
        raise ValueError(f"The document is not of the entry {change.id!r}.")
    try:
        from_document(change.document)
    except LogDamagedError as error:
        raise ValueError(f"{change.id!r} is no entry that can be kept.") from error


class State:
    """All documents as they are after the last commit that was applied."""

    def __init__(
        self, read: Callable[[Place], Document], notices: list[Notice]
    ) -> None:
        """Begin empty.

        Args:
            read: Reads a document of an entry from the journal.
            notices: Takes what a person should know.
        """
        self.tables: Tables = {}
        self.entries = Entries()
        self.behind = 0
        """How many changes are above the index."""
        self._read = read
        self._notices = notices

    def apply(
        self, commit: Commit, changes: Iterable[Change], *, checked: bool = False
    ) -> None:
        """Take in the changes of a commit; `checked` says that `check` let them by."""
        for number, change in enumerate(changes):
            if change.table != ENTRIES:
                self._apply_small(change)
            elif change.id is None:
                for entry_id in list(self.ids(ENTRIES)):
                    self.entries.drop(entry_id)
            elif change.document is None:
                self.entries.drop(change.id)
            else:
                place = Place(
                    commit.segment, commit.offset, commit.length, number, commit.crc
                )
                try:
                    self.entries.put(change.id, change.document, place, checked=checked)
                except ValueError:
                    self._notices.append(
                        Notice(f"The entry {change.id} makes no sense.")
                    )
                    continue
            self.behind += 1

    def _apply_small(self, change: Change) -> None:
        if change.id is not None:
            table = self.tables.setdefault(change.table, {})
            if change.document is None:
                table.pop(change.id, None)
            else:
                table[change.id] = change.document
        elif change.document is None:
            self.tables.pop(change.table, None)
        else:
            self.tables[change.table] = {}

    def document(self, table: str, key: str) -> Document | None:
        """Return a copy of a document, or None."""
        if table != ENTRIES:
            found = self.tables.get(table, {}).get(key)
            return None if found is None else deepcopy(found)
        item = self.entries.find(key)
        return None if item is None else self.read(item)

    def has(self, table: str, key: str) -> bool:
        """Whether a table has a document, without reading it."""
        if table == ENTRIES:
            return self.entries.find(key) is not None
        return key in self.tables.get(table, {})

    def read(self, item: Record | Place) -> Document:
        """Return a copy of the document of an entry.

        Raises:
            LogDamagedError: If it is not on the disk as it was written.
        """
        if isinstance(item, Record):
            return deepcopy(item.document)
        return self._read(item)

    def ids(self, table: str) -> Iterable[str]:
        """Return the ids of a table, entries oldest first."""
        if table != ENTRIES:
            return tuple(self.tables.get(table, ()))
        runs = reversed(self.entries.snapshot().runs)
        return (
            entry_id
            for run in runs
            for entry_id in (
                (run.order[2],)
                if isinstance(run, Record)
                else map(run.partition.id, range(run.first, run.last))
            )
        )

    def count(self, table: str) -> int:
        """Return how many documents a table has."""
        if table == ENTRIES:
            return len(self.entries)
        return len(self.tables.get(table, ()))
