"""Looking back through the journal: newest first, or for one document."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Final

from companion.storage.commits import (
    Change,
    NewerFormatError,
    NotOurFormatError,
    decode_header,
)
from companion.storage.lines import START, BadLineError, check, split
from companion.storage.reader import changed, decode_line, read_part, read_whole
from companion.storage.seal import unseal

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from companion.storage.commits import Commit, Header
    from companion.storage.files import Files
    from companion.storage.journal import Journal
    from companion.storage.segment import Segment

Key = tuple[str, str]
_BLOCK: Final = 1 << 16
_FIRST: Final = 1 << 12
"""No first line of a segment is longer."""
_FEW: Final = 8
"""For so many documents the journal is searched, for more it is read."""


def backwards(journal: Journal, files: Files) -> Iterator[Commit]:
    """Give this device's commits, newest first, until earlier versions are missing.

    Raises:
        LogDamagedError: If a line is not what it was when it was verified.
    """
    for segment in reversed(journal.own):
        if header_of(segment, files).compacted:
            return
        lines = _lines_backwards(segment, files)
        later = next(lines, None)
        digest = segment.mark.digest
        for offset, raw in lines:
            assert later is not None
            try:
                former = split(raw).digest
                commit = _verified(segment, later, former, digest)
            except BadLineError as error:
                raise changed(segment, later[0], len(later[1])) from error
            yield commit
            later, digest = (offset, raw), former


def header_of(segment: Segment, files: Files) -> Header:
    """Return what the first line of a sound segment says.

    Raises:
        LogDamagedError: If it is not what it was when it was verified.
    """
    if segment.header is None:
        first = read_part(segment, files, min(_FIRST, segment.mark.size), 0)
        raw = first[: first.find(b"\n") + 1]
        try:
            segment.header = decode_header(
                unseal(check(raw, split(raw).sequence, START).payload)
            )
        except (BadLineError, NewerFormatError, NotOurFormatError) as error:
            raise changed(segment, 0, len(raw)) from error
    return segment.header


def _verified(
    segment: Segment, where: tuple[int, bytes], former: bytes, digest: bytes
) -> Commit:
    offset, raw = where
    line = check(raw, split(raw).sequence, former)
    if line.digest != digest:
        raise BadLineError("it is not the line that stood there")
    return decode_line(segment, raw, offset)


def _lines_backwards(segment: Segment, files: Files) -> Iterator[tuple[int, bytes]]:
    """Give the lines of a segment and where they begin, last to first."""
    end = segment.mark.size
    rest = b""
    while end > 0:
        begin = max(0, end - _BLOCK)
        block = read_part(segment, files, end - begin, begin) + rest
        while (last := block.rfind(b"\n", 0, -1) + 1) > 0:
            yield begin + last, block[last:]
            block = block[:last]
        rest, end = block, begin
    yield 0, rest


def before(journal: Journal, files: Files, commit: Commit) -> list[Change]:
    """Return the changes that bring back what was there before a commit.

    Raises:
        LogDamagedError: If a segment is not what it was when it was verified.
    """
    wanted = {(one.table, one.id) for one in commit.changes if one.id is not None}
    found: dict[Key, tuple[tuple[int, str], Change]] = {}
    earlier: Iterable[Commit] = _everything(journal, files)
    if len(wanted) <= _FEW and commit.act != "restore":
        tables = {table for table, _ in wanted}
        earlier = chain(
            *(mentions(journal, files, key) for _, key in wanted),
            *(_clearings(journal, files, table) for table in tables),
        )
    for other in earlier:
        if other.stamp >= commit.stamp:
            continue
        for change in other.changes:
            for key in _touched(change, wanted):
                if key not in found or found[key][0] <= other.stamp:
                    gone = Change(*key, None)
                    found[key] = (other.stamp, gone if change.id is None else change)
    return [
        found[key][1] if key in found else Change(*key, None)
        for key in dict.fromkeys(
            (one.table, one.id) for one in commit.changes if one.id is not None
        )
    ]


def _touched(change: Change, wanted: set[Key]) -> Iterable[Key]:
    """Return which of some documents a change is about."""
    if change.id is not None:
        key = (change.table, change.id)
        return (key,) if key in wanted else ()
    return [key for key in wanted if key[0] == change.table]


def _everything(journal: Journal, files: Files) -> Generator[Commit]:
    """Give every commit, by segment, oldest first."""
    for segment in journal.segments.values():
        data = read_whole(segment, files)
        at = data.find(b"\n") + 1
        while at < len(data):
            end = data.find(b"\n", at) + 1
            yield decode_line(segment, data[at:end], at)
            at = end


def mentions(
    journal: Journal, files: Files, entry_id: str, *, years: int = 9999
) -> Iterator[Commit]:
    """Give every commit whose line names an id, by segment, oldest first.

    Only the segments of the newest `years` are looked through.

    Raises:
        LogDamagedError: If a segment is not what it was when it was verified.
    """
    yield from _naming(journal, files, f'"{entry_id}"'.encode(), years)


def _clearings(journal: Journal, files: Files, table: str) -> Iterator[Commit]:
    """Give every commit that empties or drops a table."""
    named = json.dumps(table, ensure_ascii=False)
    return _naming(journal, files, f"[{named},null,".encode())


def _naming(
    journal: Journal, files: Files, sought: bytes, years: int = 9999
) -> Iterator[Commit]:
    newest = max((one.year for one in journal.segments.values()), default=0)
    for segment in journal.segments.values():
        if segment.year <= newest - years:
            continue
        data = read_whole(segment, files)
        at = data.find(sought)
        while at >= 0:
            begin = data.rfind(b"\n", 0, at) + 1
            end = data.find(b"\n", at) + 1
            if begin > 0:
                yield decode_line(segment, data[begin:end], begin)
            at = data.find(sought, end)
