"""TinyDB itself over the log engine: the database, and the whole state as a storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinydb import TinyDB
from tinydb.storages import Storage

from companion.storage.commits import Change
from companion.storage.state import ENTRIES
from companion.storage.table import EntriesTable, LogTable

if TYPE_CHECKING:
    from tinydb.table import Table

    from companion.storage.engine import Engine


class EngineStorage(Storage):
    """The engine as a TinyDB storage: the whole state, read and written at once.

    Tables do not go this way; it is for code that wants everything.
    """

    def __init__(self, engine: Engine) -> None:
        """Stand in front of an open log."""
        self.engine = engine

    def names(self) -> list[str]:
        """Return the names of the tables there are."""
        entries = [ENTRIES] if self.engine.count(ENTRIES) else []
        return entries + list(self.engine.tables)

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Return a copy of everything, or None where there is no table yet."""
        state = {
            name: {
                key: self.engine.document(name, key) for key in self.engine.ids(name)
            }
            for name in self.names()
        }
        return state or None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Make the log hold `data` and nothing else, as one commit."""
        former = self.read() or {}
        changes = [Change(name, None, None) for name in former if name not in data]
        for name, table in data.items():
            known = former.get(name)
            documents = {str(key): dict(document) for key, document in table.items()}
            if known is None or (known and not documents):
                changes.append(Change(name, None, {}))
            changes += [
                Change(name, key, document)
                for key, document in documents.items()
                if known is None or known.get(key) != document
            ]
            gone = [key for key in known or () if key not in documents]
            changes += [Change(name, key, None) for key in gone if documents]
        if changes:
            self.engine.commit(changes)

    def close(self) -> None:
        """Close the log."""
        self.engine.close()


class LogDatabase(TinyDB):
    """TinyDB over an open log."""

    table_class = LogTable

    def __init__(self, engine: Engine) -> None:
        """Stand in front of an open log."""
        super().__init__(engine, storage=EngineStorage)

    def table(self, name: str, **options: Any) -> Table:
        """Return a table; the one of entries has ids of its own."""
        if name == ENTRIES and name not in self._tables:
            self._tables[name] = EntriesTable(self.storage, name, **options)
        return super().table(name, **options)

    def tables(self) -> set[str]:
        """Return the names of all tables."""
        return set(self._engine_storage.names())

    def drop_table(self, name: str) -> None:
        """Drop a table; undo does not bring it back."""
        self._tables.pop(name, None)
        if name in self.tables():
            self._engine_storage.engine.commit([Change(name, None, None)])

    def drop_tables(self) -> None:
        """Drop all tables at once; undo does not bring them back."""
        changes = [Change(name, None, None) for name in self.tables()]
        if changes:
            self._engine_storage.engine.commit(changes)
        self._tables.clear()

    @property
    def _engine_storage(self) -> EngineStorage:
        storage = self.storage
        assert isinstance(storage, EngineStorage)
        return storage
