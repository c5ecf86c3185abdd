"""Logs on the disk, for tests: entries by number, and what a log holds."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from companion.model.entry import Entry
from companion.storage.database import LogDatabase
from companion.storage.documents import to_document
from companion.storage.engine import Engine
from companion.storage.state import ENTRIES
from tests.disks import QuickFiles

if TYPE_CHECKING:
    from pathlib import Path

    from companion.storage.commits import Document
    from companion.storage.files import Files

FIRST = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=1)))

Content = dict[str, dict[str, Any]]


def id_of(number: int) -> str:
    """Return an id that tells its number and sorts by it."""
    return f"{number:026}"


def entry(number: int, **fields: Any) -> Entry:
    """Return an entry that tells its number."""
    moment = FIRST + timedelta(minutes=number)
    given: dict[str, Any] = {
        "text": f"Entry {number}.",
        "day": moment.date(),
        "at": moment,
        **fields,
    }
    return Entry(id=id_of(number), **given)


def document(number: int, **fields: Any) -> Document:
    """Return the document of `entry`."""
    return to_document(entry(number, **fields))


def open_engine(home: Path, files: Files | None = None) -> Engine:
    """Open a log without waiting for the disk."""
    return Engine(home, files=QuickFiles() if files is None else files)


def database(engine: Engine) -> LogDatabase:
    """Return TinyDB over an open log."""
    return LogDatabase(engine)


def content(engine: Engine) -> Content:
    """Return all documents there are, read one by one."""
    found = {}
    for name in [ENTRIES, *engine.tables]:
        table = {key: engine.document(name, key) for key in engine.ids(name)}
        if table or name != ENTRIES:
            found[name] = {key: one for key, one in table.items() if one is not None}
    return found


def content_of(home: Path) -> Content:
    """Open a log, return all there is, and close it without tidying."""
    engine = open_engine(home)
    try:
        return content(engine)
    finally:
        engine.close()


def fill(home: Path, count: int, *, first: int = 1) -> None:
    """Write so many entries, numbered from `first`, and a small table."""
    engine = open_engine(home)
    table = database(engine).table(ENTRIES)
    for number in range(first, first + count):
        table.insert(document(number))
    engine.close()


def segments(home: Path) -> list[Path]:
    """Return the files of the journal, oldest first."""
    return sorted((home / "journal").glob("*.log"))


def plant(home: Path, number: int, **fields: Any) -> Path:
    """Leave an entry in the spool as quick capture does."""
    spool = home / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    path = spool / f"{id_of(number)}.json"
    path.write_text(json.dumps(document(number, **fields)) + "\n")
    return path


def day(number: int) -> date:
    """Return the day so many days after the first."""
    return FIRST.date() + timedelta(days=number)


def names(folder: Path) -> list[str]:
    """Return the names in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir())
