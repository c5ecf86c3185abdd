"""Version 0 of the log: one file of plain TinyDB, read into documents of today.

Before there was a journal, a log was what TinyDB's own storage writes: one JSON file of
``{table: {number: document}}``. Such a file has no rules, so it is read kindly: what
can be told is put where it belongs, and every other field stays in the words, by name.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from companion.errors import InvalidEntryError, LogDamagedError
from companion.ids import is_id, spelt
from companion.model.entry import KINDS, NAME_LIMIT, PRINCIPLES, RUNGS, Entry
from companion.storage.commits import encode_document
from companion.storage.documents import from_document, to_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from companion.storage.commits import Document

LIMIT: Final = 64 << 20
"""Most bytes of a file that is read."""
_WHEN: Final = (
    "at",
    "created_at",
    "created",
    "datetime",
    "timestamp",
    "date",
    "time",
    "when",
    "day",
)
_WORDS: Final = (
    "title",
    "text",
    "body",
    "content",
    "entry",
    "note",
    "notes",
    "reflection",
    "feedback",
    "message",
    "description",
)
_TAGS: Final = ("tags", "tag")
_PEOPLE: Final = ("people", "person", "partner", "from", "with")
_DATE: Final = "{TinyDate}:"
"""What TinyDB's extension for dates puts before them."""
_MILLISECONDS: Final = 10**11
"""A time that is a larger number counts milliseconds."""


class NotPlainError(ValueError):
    """A file that is not plain TinyDB; the message says why."""


class Plain(NamedTuple):
    """What a file of version 0 says."""

    entries: dict[str, Document]
    """Documents of today by their ids."""
    refused: list[str]
    """What could not be taken, each with the reason in words."""


def read(data: bytes) -> Plain:
    """Read a file of plain TinyDB.

    The same file always gives the same ids.

    Raises:
        NotPlainError: If it is not one.
    """
    found = Plain({}, [])
    for table, key, document in _documents(data):
        where = f"{table}, number {key}"
        try:
            entry = _entry(table, key, document)
        except (ValueError, InvalidEntryError) as error:
            found.refused.append(f"{where}: {error}")
            continue
        if entry["id"] in found.entries:
            found.refused.append(f"{where}: another has the same id")
            continue
        found.entries[entry["id"]] = entry
    return found


def _documents(data: bytes) -> Iterator[tuple[str, str, Document]]:
    if len(data) > LIMIT:
        raise NotPlainError("it is larger than 64 MB")
    try:
        tables = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NotPlainError("it is no JSON that can be read") from error
    if not isinstance(tables, dict) or not all(
        isinstance(table, dict) and all(map(str.isdecimal, table))
        for table in tables.values()
    ):
        raise NotPlainError("it has no numbered documents in tables")
    for name, table in tables.items():
        for key, document in table.items():
            yield name, key, document


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _entry(table: str, key: str, document: Document) -> Document:
    """Return a document of today.

    Raises:
        ValueError, InvalidEntryError: If it cannot be; the message says why.
    """
    if not isinstance(document, dict):
        raise ValueError("it is no document")  # noqa: TRY004 - told, not raised on
    try:
        entry = from_document(document)
    except LogDamagedError:
        entry = _made(table, key, document)
    if entry.is_empty:
        raise ValueError("it has no words")
    kept = to_document(entry)
    encode_document(kept)
    return kept


def _made(table: str, key: str, document: Document) -> Entry:
    """Return an entry of what a document says, whatever it calls it."""
    rest = {name: value for name, value in document.items() if value or value == 0}
    given = rest.get("id")
    moment, wall = _take_moment(rest)
    if isinstance(given, str) and is_id(given):
        entry_id = rest.pop("id")
    else:
        same = json.dumps([table, key, document], sort_keys=True).encode()
        entry_id = _id(wall, same)
    day = _day(rest.get("day"))
    if day is not None:
        rest.pop("day")
    return Entry(
        id=entry_id,
        at=moment,
        day=day or moment.date(),
        kind=_take_one(rest, ("kind", "type"), KINDS) or _kind_of(table),
        rung=_take_one(rest, ("rung",), RUNGS),
        tags=_take_names(rest, _TAGS),
        people=_take_names(rest, _PEOPLE),
        principles=_take_principles(rest),
        text="\n".join(_take_words(rest)),
    )


def _id(wall: datetime, same: bytes) -> str:
    """Return an id that the same document has each time it is read, in any zone."""
    chance = int.from_bytes(blake2b(same, digest_size=10).digest(), "big")
    milliseconds = max(0, round(wall.replace(tzinfo=UTC).timestamp() * 1000))
    return spelt(milliseconds << 80 | chance)


def _take_moment(rest: Document) -> tuple[datetime, datetime]:
    """Take out the first field that tells a time; return it, and as it was written.

    A time without a zone is one of this machine's; a day alone stands at its noon.
    """
    for name in _WHEN:
        if (wall := _moment(rest.get(name))) is not None:
            rest.pop(name)
            return (wall.astimezone() if wall.tzinfo in {None, UTC} else wall), wall
    raise ValueError("no time is given that can be read")


def _moment(value: object) -> datetime | None:
    try:
        if isinstance(value, str):
            value = value.removeprefix(_DATE).strip()
            if (day := _day(value)) is not None:
                return datetime.combine(day, time(12))
            return datetime.fromisoformat(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            seconds = value / 1000 if value > _MILLISECONDS else value
            return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _take_one(rest: Document, names: tuple[str, ...], known: tuple[str, ...]) -> str:
    """Take out the first field that holds one of some known words."""
    for name in names:
        if rest.get(name) in known:
            return str(rest.pop(name))
    return ""


def _kind_of(table: str) -> str:
    name = table.lower().removesuffix("s")
    return name if name in KINDS else "reflection"


def _take_names(rest: Document, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Take out all fields of names that can be kept as such; others stay."""
    found: list[str] = []
    for field in fields:
        names = _strings(rest.get(field))
        if names and all(map(_is_name, names)):
            rest.pop(field)
            found += names
    return tuple(dict.fromkeys(found))


def _take_principles(rest: Document) -> tuple[str, ...]:
    names = _strings(rest.get("principles"))
    if not names or not set(names) <= set(PRINCIPLES):
        return ()
    rest.pop("principles")
    return tuple(dict.fromkeys(names))


def _strings(value: object) -> list[str]:
    """Return the names in a list, or in a text that separates them by commas."""
    values = value.split(",") if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        return []
    return [name for one in values if (name := one.strip().lstrip("#@"))]


def _is_name(name: str) -> bool:
    return len(name) <= NAME_LIMIT and name.isprintable() and name == name.strip()


def _take_words(rest: Document) -> Iterator[str]:
    """Give the words, then every field nothing else could be made of, by its name."""
    for name in _WORDS:
        if isinstance(rest.get(name), str):
            yield rest.pop(name)
    for name, value in rest.items():
        told = (
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        )
        yield f"{name}: {told}"
