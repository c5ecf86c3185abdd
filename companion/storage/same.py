"""Whether a journal that was written anew holds what it is to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.storage.comparison import places
from companion.storage.state import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from companion.storage.copies import ReadCopy
    from companion.storage.engine import Engine
    from companion.storage.reader import JournalReader
    from companion.storage.rewriting import Renewing
    from companion.storage.rows import Place


def differences(engine: Engine, copy: ReadCopy, renewing: Renewing) -> Iterator[str]:
    """Say in what a journal differs from what it is to hold."""
    for table in sorted({ENTRIES, *engine.tables, *copy.tables}):
        found = copy.standing(table)
        if table == ENTRIES:
            yield from _entry_differences(engine, copy, found, renewing)
        else:
            yield from _small_differences(engine, copy, table, found, renewing)


def _small_differences(
    engine: Engine,
    copy: ReadCopy,
    table: str,
    found: dict[str, Place],
    renewing: Renewing,
) -> Iterator[str]:
    for key, document in engine.tables.get(table, {}).items():
        place = found.pop(key, None)
        now = None if place is None else copy.document(place)
        if now != renewing.expected(table, key, document):
            yield f"the document {key} of {table} is not what it is to be"
    for key in found:
        yield f"the document {key} of {table} was gone"


def _entry_differences(
    engine: Engine, copy: ReadCopy, found: dict[str, Place], renewing: Renewing
) -> Iterator[str]:
    for key, former in places(engine, ENTRIES):
        if former is None:
            continue  # it waits in the spool and is in no journal
        place = found.pop(key, None)
        if place is not None and (
            place.change == former.change
            and (said := _payload(engine.journal, former))
            == _payload(copy.journal, place)
            and not renewing.concerns(said)
        ):
            continue
        document = engine.read(former)
        now = None if place is None else copy.document(place)
        if now != renewing.expected(ENTRIES, key, document):
            yield f"the entry {key} is not what it is to be"
    for key in found:
        yield f"the entry {key} was gone"


def _payload(journal: JournalReader, place: Place) -> bytes:
    """Return what a line says, read from the disk, without its head."""
    return journal.raw(place).split(b" ", 3)[3]
