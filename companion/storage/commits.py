"""What a payload says: commits, and the first line of a segment.

A commit is all or nothing: a list of changes ``[table, id, document or null]``.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zlib import crc32

from companion.storage.lines import BadLineError
from companion.storage.strict import loads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from companion.storage.lines import Line

FORMAT: Final = "companion-log"
VERSION: Final = 1
DEPTH_LIMIT: Final = 32
COUNTER_LIMIT: Final = 1 << 62
"""No log lives to count so far."""

Document = dict[str, Any]
Where = tuple[str, int]

_dumps = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False
).encode


class NewerFormatError(Exception):
    """A segment was written by a newer Companion."""


class NotOurFormatError(Exception):
    """A file that is no segment of a log."""


class Change(NamedTuple):
    """One document put or taken away.

    With an id of None the table is emptied ({}) or dropped (None).
    """

    table: str
    id: str | None
    document: Document | None


class Header(NamedTuple):
    """The first line of a segment."""

    log: str
    device: str
    segment: str
    after: tuple[str, int, str] | None
    """The segment before: its name, last sequence number and last digest."""
    lamport: int
    version: int = VERSION
    """Of the format its segment is written in."""
    generation: int = 0
    """How often the segment was written anew."""
    compacted: bool = False
    """Whether earlier versions were dropped from it, or from one before it."""


class Commit(NamedTuple):
    """One commit, and where it stands."""

    segment: str
    offset: int
    length: int
    crc: int
    """CRC-32 of the whole line."""
    sequence: int
    device: str
    lamport: int
    time: str
    act: str
    changes: list[Change]
    undone: int | None
    """For an undo: the sequence number of the commit it takes back."""

    @property
    def stamp(self) -> tuple[int, str]:
        """Its place in the order of all devices' commits."""
        return (self.lamport, self.device)


def encode_document(document: object) -> str:
    """Return a document as JSON.

    Raises:
        TypeError: If a value or a key is of a kind JSON does not keep.
        ValueError: If it is no object, nested too deeply, not a number, or text with
            half of a character.
    """
    if not isinstance(document, dict):
        raise TypeError("A document is an object.")
    _check(document, DEPTH_LIMIT)
    text = _dumps(document)
    if not text.isascii():
        text.encode()
    return text


def _check(value: object, depth: int) -> None:
    if depth == 0:
        raise ValueError("The document is nested too deeply.")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("The keys of a document are text.")
        _check_all(value.values(), depth)
    elif isinstance(value, (list, tuple)):
        _check_all(value, depth)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("A number in a document is a real number.")
    elif value is not None and not isinstance(value, int):
        raise TypeError(f"A document cannot keep a {type(value).__name__}.")


def _check_all(values: Iterable[object], depth: int) -> None:
    for value in values:
        if not isinstance(value, str):
            _check(value, depth - 1)


def encode_commit(
    *,
    device: str,
    lamport: int,
    time: str,
    act: str,
    changes: list[tuple[str, str | None, str | None]],
    undone: int | None = None,
) -> bytes:
    """Return the payload of a commit.

    Each change is a table, an id, and the document as JSON (None where it goes).
    """
    listed = ",".join(
        f"[{_dumps(table)},{_dumps(key)},{'null' if raw is None else raw}]"
        for table, key, raw in changes
    )
    undo = "" if undone is None else f',"undo":{undone}'
    return (
        f'{{"device":{_dumps(device)},"lamport":{lamport},"time":{_dumps(time)},'
        f'"act":{_dumps(act)}{undo},"changes":[{listed}]}}'
    ).encode()


def decode_commit(
    payload: bytes, line: Line, raw: bytes, where: Where, version: int = VERSION
) -> Commit:
    """Read the payload of a commit.

    The line and its raw bytes tell what the commit is remembered by; `where` is its
    segment and offset, `version` that of the format it was written in.

    Raises:
        BadLineError: If it is not one.
    """
    try:
        data = loads(payload)
        if version < VERSION:
            data = lifted(data, version)
        # A slice, because only a list has one.
        changes = [Change(*change) for change in data["changes"][:]]
        commit = Commit(
            segment=where[0],
            offset=where[1],
            length=len(raw),
            crc=crc32(raw),
            sequence=line.sequence,
            device=data["device"],
            lamport=data["lamport"],
            time=data["time"],
            act=data["act"],
            changes=changes,
            undone=data.get("undo"),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadLineError("its payload is not a commit") from error
    if not (_sensible(commit) and _can_be_kept(payload, commit)):
        raise BadLineError("its payload is not a commit")
    return commit


def _can_be_kept(payload: bytes, commit: Commit) -> bool:
    """Whether all that a payload says could be written again.

    What we wrote always can, so a look that costs next to nothing tells most: half a
    character is only ever spelt as an escape, and depth takes brackets.
    """
    nested = payload.count(b"{") + payload.count(b"[")
    if nested <= DEPTH_LIMIT and b"\\u" not in payload:
        return True
    try:
        for change in commit.changes:
            _check(change.document or {}, DEPTH_LIMIT)
        _dumps([commit.device, commit.time, commit.act, commit.changes]).encode()
    except (ValueError, RecursionError):
        return False
    return True


def lifted(data: dict[str, Any], version: int) -> dict[str, Any]:
    """Return the payload of a commit of an earlier version as today's."""
    from companion.storage.migrations import STEPS  # noqa: PLC0415 - rarely needed

    for number in range(version, VERSION):
        data = STEPS[number](data)
    return data


def _sensible(commit: Commit) -> bool:
    return (
        isinstance(commit.device, str)
        and type(commit.lamport) is int
        and 0 < commit.lamport < COUNTER_LIMIT
        and isinstance(commit.time, str)
        and isinstance(commit.act, str)
        and (commit.undone is None or type(commit.undone) is int)
        and all(
            isinstance(change.table, str)
            and (change.id is None or isinstance(change.id, str))
            and (
                change.document is None
                or (
                    isinstance(change.document, dict)
                    and (change.id or not change.document)
                )
            )
            for change in commit.changes
        )
    )


def encode_header(header: Header, *, time: str) -> bytes:
    """Return the payload of the first line of a segment."""
    return _dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "log": header.log,
            "device": header.device,
            "segment": header.segment,
            "after": None if header.after is None else list(header.after),
            "lamport": header.lamport,
            "time": time,
        }
    ).encode()


def decode_header(payload: bytes) -> Header:
    """Read the payload of the first line of a segment.

    Raises:
        NewerFormatError: If its version is newer than `VERSION`.
        NotOurFormatError: If it is not such a line.
    """
    try:
        data = loads(payload)
        if data["format"] != FORMAT:
            raise NotOurFormatError
        version = data["version"]
        if type(version) is int and version > VERSION:
            raise NewerFormatError
        after = data["after"]
        header = Header(
            log=data["log"],
            device=data["device"],
            segment=data["segment"],
            after=None if after is None else (after[0], after[1], after[2]),
            lamport=data["lamport"],
            version=version,
            generation=data.get("generation", 0),
            compacted=data.get("compacted", False) is True,
        )
        if not _is_header(header):
            raise NotOurFormatError
        _dumps(header).encode()
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise NotOurFormatError from error
    return header


def _is_header(header: Header) -> bool:
    name, sequence, digest = header.after or ("", 1, "")
    words = (header.log, header.device, header.segment, name, digest)
    counts = (header.lamport, header.generation)
    numbers = (header.version, sequence, *(count + 1 for count in counts))
    return all(isinstance(word, str) for word in words) and all(
        type(number) is int and 0 < number < COUNTER_LIMIT for number in numbers
    )
