"""TinyDB's Table over the log engine.

What TinyDB documents holds here too; what differs is the cost and the promise. A call
touches only the documents it names or matches, a change is one line of the journal,
and what comes back is a copy that nothing else holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar

from tinydb.table import Document as TableDocument
from tinydb.table import Table

from companion.ids import new_id
from companion.storage.commits import Change
from companion.storage.documents import to_document

if TYPE_CHECKING:
    from tinydb.queries import QueryLike

    from companion.model.entry import Entry
    from companion.storage.database import EngineStorage
    from companion.storage.engine import Engine

Fields = Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None]
Staged = dict[str, dict[str, Any] | None]


class LogTable(Table):
    """A table of the log."""

    acts: ClassVar[Mapping[str, str]] = {}
    """What a commit is called by: for "insert", "update" and "remove"."""

    _storage: EngineStorage
    _next_id: int | None  # type: ignore[assignment] # TinyDB's says None alone

    @property
    def _engine(self) -> Engine:
        return self._storage.engine

    def insert(self, document: Mapping[str, Any]) -> Any:
        """Insert a document and return its id."""
        return self.insert_multiple([document])[0]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[Any]:
        """Insert documents, all or none, and return their ids."""
        staged: Staged = {}
        doc_ids = []
        for document in documents:
            if not isinstance(document, Mapping):
                raise ValueError("Document is not a Mapping")  # noqa: TRY004
            if isinstance(document, self.document_class):
                doc_id = document.doc_id
                self._next_id = None
                if str(doc_id) in staged or self._has(doc_id):
                    raise ValueError(f"Document with ID {doc_id!s} already exists")
            else:
                doc_id = self._fresh_id(document, staged)
            doc_ids.append(doc_id)
            staged[str(doc_id)] = dict(document)
        self._stage(staged, "insert")
        return doc_ids

    def _fresh_id(self, _document: Mapping[str, Any], staged: Staged) -> Any:
        doc_id = self._get_next_id()
        while str(doc_id) in staged or self._has(doc_id):
            doc_id = self._get_next_id()
        return doc_id

    def _get_next_id(self) -> Any:
        if self._next_id is None:
            self._next_id = max(map(int, self._engine.ids(self.name)), default=0) + 1
        doc_id = self._next_id
        self._next_id = doc_id + 1
        return doc_id

    def all(self) -> list[TableDocument]:
        """Return all documents."""
        return list(self)

    def __iter__(self) -> Iterator[TableDocument]:
        """Iterate over copies of all documents, one at a time."""
        for key in self._engine.ids(self.name):
            document = self._engine.document(self.name, key)
            if document is not None:
                yield self._wrap(key, document)

    def __len__(self) -> int:
        """Return how many documents there are, without reading them."""
        return self._engine.count(self.name)

    def search(self, cond: QueryLike) -> list[TableDocument]:
        """Return the documents that match."""
        return [document for document in self if cond(document)]

    def get(
        self,
        cond: QueryLike | None = None,
        doc_id: Any = None,
        doc_ids: list[Any] | None = None,
    ) -> Any:
        """Return one document by id or condition, or several by their ids."""
        if doc_id is not None:
            document = self._engine.document(self.name, str(doc_id))
            return None if document is None else self._wrap(str(doc_id), document)
        if doc_ids is not None:
            found = (self.get(doc_id=one) for one in dict.fromkeys(doc_ids))
            return [document for document in found if document is not None]
        if cond is not None:
            return next((document for document in self if cond(document)), None)
        raise RuntimeError("You have to pass either cond or doc_id or doc_ids")

    def contains(self, cond: QueryLike | None = None, doc_id: Any = None) -> bool:
        """Whether a document with an id, or one that matches, is there."""
        if doc_id is not None:
            return self._has(doc_id)
        if cond is not None:
            return self.get(cond) is not None
        raise RuntimeError("You have to pass either cond or doc_id")

    def count(self, cond: QueryLike) -> int:
        """Return how many documents match."""
        return sum(1 for document in self if cond(document))

    def update(
        self,
        fields: Fields,
        cond: QueryLike | None = None,
        doc_ids: Iterable[Any] | None = None,
    ) -> list[Any]:
        """Change the documents named or matched, all or none; return their ids."""
        staged: Staged = {}
        updated = []
        for document in self._named_or_matched(cond, doc_ids):
            _change(document, fields)
            staged[str(document.doc_id)] = dict(document)
            updated.append(document.doc_id)
        self._stage(staged, "update")
        return updated

    def update_multiple(self, updates: Iterable[tuple[Fields, QueryLike]]) -> list[Any]:
        """Make several changes at once, all or none; return the ids changed."""
        pairs = list(updates)
        staged: Staged = {}
        updated = []
        for document in self:
            for fields, cond in pairs:
                if cond(document):
                    _change(document, fields)
                    staged[str(document.doc_id)] = dict(document)
                    updated.append(document.doc_id)
        self._stage(staged, "update")
        return updated

    def remove(
        self,
        cond: QueryLike | None = None,
        doc_ids: Iterable[Any] | None = None,
    ) -> list[Any]:
        """Remove the documents named or matched, all or none; return their ids."""
        if cond is None and doc_ids is None:
            raise RuntimeError("Use truncate() to remove all documents")
        removed = [one.doc_id for one in self._named_or_matched(cond, doc_ids)]
        self._stage({str(doc_id): None for doc_id in removed}, "remove")
        return removed

    def truncate(self) -> None:
        """Remove all documents."""
        self._engine.commit([Change(self.name, None, {})])
        self._next_id = None

    def _named_or_matched(
        self, cond: QueryLike | None, doc_ids: Iterable[Any] | None
    ) -> Iterator[TableDocument]:
        if doc_ids is not None:
            yield from self.get(doc_ids=list(doc_ids))
        else:
            yield from (one for one in self if cond is None or cond(one))

    def _has(self, doc_id: Any) -> bool:
        return self._engine.has(self.name, str(doc_id))

    def _wrap(self, key: str, document: dict[str, Any]) -> TableDocument:
        return self.document_class(document, self.document_id_class(key))

    def _stage(self, staged: Staged, act: str) -> None:
        if staged:
            changes = [Change(self.name, key, new) for key, new in staged.items()]
            self._engine.commit(changes, act=self.acts.get(act, "change"))

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return {str(document.doc_id): document for document in self}

    def _update_table(self, updater: Callable[[dict[Any, Any]], None]) -> None:
        former = {document.doc_id: dict(document) for document in self}
        table = deepcopy(former)
        updater(table)
        changes = [
            Change(self.name, str(key), dict(document))
            for key, document in table.items()
            if former.get(key) != document
        ]
        changes += [
            Change(self.name, str(key), None) for key in former if key not in table
        ]
        if not former and not table:
            changes = [Change(self.name, None, {})]
        if changes:
            self._engine.commit(changes)


class EntriesTable(LogTable):
    """The table of entries: its ids are the entries' own."""

    document_id_class = str  # type: ignore[assignment] # TinyDB allows any class
    acts: ClassVar[Mapping[str, str]] = {
        "insert": "write",
        "update": "edit",
        "remove": "delete",
    }

    def keep(self, entry: Entry) -> None:
        """Insert an entry of the model: what was checked once is not checked again.

        Raises:
            ValueError: If there is one with its id.
        """
        document = to_document(entry)
        self._fresh_id(document, {})
        change = Change(self.name, entry.id, document)
        self._engine.commit([change], act=self.acts["insert"], made=True)

    def _get_next_id(self) -> Any:
        return new_id()

    def _fresh_id(self, _document: Mapping[str, Any], staged: Staged) -> Any:
        doc_id = _document.get("id") or self._get_next_id()
        if str(doc_id) in staged or self._has(doc_id):
            raise ValueError(f"Document with ID {doc_id!s} already exists")
        return doc_id


def _change(document: TableDocument, fields: Fields) -> None:
    if callable(fields):
        fields(document)
    else:
        document.update(fields)
