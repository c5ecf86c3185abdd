"""One segment: the journal of one device in one year, read and verified."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

from companion.storage import commits
from companion.storage.commits import (
    Commit,
    Header,
    NewerFormatError,
    NotOurFormatError,
    decode_commit,
    decode_header,
)
from companion.storage.lines import START, BadLineError, Line, check, digest_of, split
from companion.storage.seal import unseal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.storage.files import Files

ENDING: Final = ".log"
NEWER: Final = "it was written by a newer Companion"
FOREIGN: Final = "it is the file of another program"


class Fault(NamedTuple):
    """Bytes of a segment that do not verify."""

    segment: str
    offset: int
    length: int
    reason: str
    torn: bool = False
    """Whether it is what a crash in the middle of a write leaves at the end."""


class Mark:
    """How far a segment was read, and what the next line is chained to."""

    __slots__ = ("crc", "digest", "lamport", "sequence", "size")

    def __init__(
        self,
        size: int = 0,
        sequence: int = 0,
        digest: bytes = START,
        lamport: int = 0,
        crc: int = 0,
    ) -> None:
        """Stand somewhere; at the beginning, if nothing is given.

        `crc` is the CRC-32 of all bytes up to here, to see later whether they are
        still the same.
        """
        self.size = size
        self.sequence = sequence
        self.digest = digest
        self.lamport = lamport
        self.crc = crc


class Segment:
    """One file of the journal."""

    __slots__ = ("device", "faults", "fd", "header", "mark", "name", "path", "year")

    def __init__(
        self,
        path: Path,
        fd: int,
        mark: Mark | None = None,
        header: Header | None = None,
    ) -> None:
        """Stand on an open file; its name tells the year and the device."""
        self.path = path
        self.fd = fd
        self.mark = mark or Mark()
        self.header = header
        self.faults: list[Fault] = []
        self.name = path.name.removesuffix(ENDING)
        year, _, self.device = self.name.partition(".")
        self.year = int(year)

    @property
    def version(self) -> int:
        """Of the format it is written in; only of today's are headers not read."""
        return commits.VERSION if self.header is None else self.header.version


def is_segment_name(name: str) -> bool:
    """Return whether a file of this name is a segment."""
    year, _, device = name.removesuffix(ENDING).partition(".")
    return (
        name.endswith(ENDING)
        and len(year) == 4  # noqa: PLR2004
        and year.isdecimal()
        and year.isascii()
        and device.isalnum()
        and device.isascii()
    )


def read_on(segment: Segment, files: Files) -> Iterator[Commit]:
    """Read what stands after the segment's mark, verify it, and move the mark on.

    What does not verify becomes a fault of the segment; sound commits after it are
    still given, but the mark stays before the first fault.

    """
    base = segment.mark.size
    data = files.read_at(segment.fd, files.size(segment.fd) - base, base)
    if not data and not base:
        segment.faults.append(Fault(segment.name, 0, 0, "it is empty"))
    yield from _read(segment, data, base)


def _read(segment: Segment, data: bytes, base: int) -> Iterator[Commit]:
    mark = segment.mark
    at = 0
    while at < len(data):
        end = data.find(b"\n", at) + 1 or len(data)
        raw = data[at:end]
        try:
            # A segment's first line goes on counting from the segment before.
            number = mark.sequence + 1 if mark.size else split(raw).sequence
            line = check(raw, number, mark.digest)
            commit = _take(segment, line, raw, base + at)
        except BadLineError as error:
            yield from _after_fault(segment, data, base, at, str(error))
            return
        except (NewerFormatError, NotOurFormatError) as error:
            foreign = isinstance(error, NotOurFormatError)
            segment.faults.append(
                Fault(segment.name, 0, len(data), FOREIGN if foreign else NEWER)
            )
            return
        mark.size = base + end
        mark.sequence = line.sequence
        mark.digest = line.digest
        mark.crc = crc32(raw, mark.crc)
        if commit is not None:
            mark.lamport = max(mark.lamport, commit.lamport)
            yield commit
        at = end


def _take(segment: Segment, line: Line, raw: bytes, offset: int) -> Commit | None:
    payload = unseal(line.payload)
    if segment.header is None and offset == 0:
        segment.header = decode_header(payload)
        segment.mark.lamport = segment.header.lamport
        if segment.header.segment != segment.name:
            raise BadLineError(f"it belongs to the segment {segment.header.segment}")
        return None
    return decode_commit(payload, line, raw, (segment.name, offset), segment.version)


def _after_fault(
    segment: Segment, data: bytes, base: int, at: int, reason: str
) -> Iterator[Commit]:
    """Note a fault, then give what is sound after it."""
    rest = data[at:]
    if not any(_well_formed(raw + b"\n") for raw in rest.split(b"\n")[1:]):
        torn = base + at > 0 and (not rest.endswith(b"\n") or b"\0" in rest)
        segment.faults.append(Fault(segment.name, base + at, len(rest), reason, torn))
        return
    formers: tuple[bytes, ...] = (segment.mark.digest,)
    begin = first = at
    while at < len(data):
        end = data.find(b"\n", at) + 1 or len(data)
        raw = data[at:end]
        commit = None if at == first else _salvage(segment, raw, formers, base + at)
        formers = _candidates(raw, *formers)
        if commit is not None:
            if begin < at:
                lost = Fault(segment.name, base + begin, at - begin, reason)
                segment.faults.append(lost)
            begin = end
            segment.mark.lamport = max(segment.mark.lamport, commit.lamport)
            yield commit
        at = end
    if begin < len(data):
        lost = Fault(segment.name, base + begin, len(data) - begin, reason)
        segment.faults.append(lost)


def _well_formed(raw: bytes) -> bool:
    try:
        split(raw)
    except BadLineError:
        return False
    return True


def _candidates(raw: bytes, *formers: bytes) -> tuple[bytes, ...]:
    """Return the digests the line after a doubtful one may be chained to."""
    parts = raw.split(b" ", 3)
    if len(parts) != 4:  # noqa: PLR2004
        return formers
    found = [digest_of(former, parts[3][:-1]) for former in formers]
    with suppress(ValueError):
        found.append(bytes.fromhex(parts[2].decode("ascii")))
    return tuple(dict.fromkeys(found))[-4:]


def _salvage(
    segment: Segment, raw: bytes, formers: tuple[bytes, ...], offset: int
) -> Commit | None:
    """Return the commit of a line after a fault, if it verifies."""
    try:
        line = split(raw)
        if all(digest_of(former, line.payload) != line.digest for former in formers):
            return None
        return _take(segment, line, raw, offset)
    except (BadLineError, NewerFormatError, NotOurFormatError):
        return None
