"""A segment written anew: some of its changes left out or altered, the rest as it was.

Every line keeps its number, time, device and act, so that an undo and the order of
devices stay what they were; only the digests are chained anew. A commit that nothing
is left of stays as a line without changes.
"""

from __future__ import annotations

import json
from operator import ne
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol
from zlib import crc32

from companion.storage import commits
from companion.storage.backup_filling import copy_segment
from companion.storage.lines import START, make, split
from companion.storage.manifest import Extent
from companion.storage.seal import seal, unseal
from companion.storage.segment import ENDING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from companion.storage.commits import Document
    from companion.storage.files import Files
    from companion.storage.segment import Segment

After = tuple[str, int, str] | None
"""The segment before: its name, last sequence number and last digest."""
_CHUNK: Final = 1 << 20
_dumps = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False
).encode


class Alteration(Protocol):
    """What is to be left out of a journal, or to be said otherwise in it."""

    def lines(self, name: str, data: bytes) -> set[int]:
        """Return where the lines of a segment begin that may have to change."""
        ...

    def changes(self, where: tuple[str, int], act: str, made: list[Any]) -> list[Any]:
        """Return what is left of the changes of a commit, as they are to be said.

        Args:
            where: The segment, and where its line begins.
            act: What was done.
            made: Lists of table, id and document.
        """
        ...

    def compacts(self, name: str) -> bool:
        """Whether undo is not to look into a segment any more: versions went."""
        ...


class Renewing(Alteration, Protocol):
    """What is altered, and what the log is to hold afterwards."""

    def concerns(self, payload: bytes) -> bool:
        """Whether a payload may hold what is to be altered; quick, and often wrong."""
        ...

    def expected(self, table: str, key: str, document: Document) -> Document | None:
        """Return what a document is to be; None where it is to be gone."""
        ...


class Altered(NamedTuple):
    """The lines of a segment that have to change, and what they are to say."""

    payloads: Mapping[int, bytes]
    dropped: int
    """How many versions of documents are not to be there any more."""
    altered: int
    """How many are to be said otherwise."""


def lines_with(data: bytes, needles: Iterable[bytes]) -> set[int]:
    """Return where the lines begin that have any of some bytes; never the first."""
    found = set()
    for needle in needles:
        at = data.find(needle)
        while at >= 0:
            begin = data.rfind(b"\n", 0, at) + 1
            found.add(begin)
            end = data.find(b"\n", at) + 1
            if not end:
                break
            at = data.find(needle, end)
    found.discard(0)
    return found


def changes_at(data: bytes, begin: int) -> tuple[str, list[Any]]:
    """Return the act and the changes of the commit whose line begins somewhere."""
    commit = _commit_at(data, begin)
    return commit["act"], commit["changes"]


def _commit_at(data: bytes, begin: int) -> dict[str, Any]:
    end = data.find(b"\n", begin) + 1
    commit: dict[str, Any] = json.loads(unseal(split(data[begin:end]).payload))
    return commit


def alter(name: str, data: bytes, alteration: Alteration) -> Altered:
    """Find what has to change in a segment: of an earlier format, every line has to."""
    payloads = {}
    dropped = altered = 0
    version = int(_header_of(data)["version"])
    earlier = version < commits.VERSION
    for begin in _commits(data) if earlier else alteration.lines(name, data):
        commit = commits.lifted(_commit_at(data, begin), version)
        made = commit["changes"]
        left = alteration.changes((name, begin), commit["act"], made)
        if earlier or left != made:
            dropped += _versions(made) - _versions(left)
            altered += len(made) == len(left) and sum(map(ne, made, left))
            commit["changes"] = left
            payloads[begin] = seal(_dumps(commit).encode())
    return Altered(payloads, dropped, altered)


def _commits(data: bytes) -> Iterator[int]:
    """Give where each line begins but the first."""
    begin = data.find(b"\n") + 1
    while 0 < begin < len(data):
        yield begin
        begin = data.find(b"\n", begin) + 1


def _versions(changes: list[Any]) -> int:
    return sum(document is not None for _, _, document in changes)


def rechained(
    data: bytes, altered: Altered, *, after: After, compacted: bool
) -> Iterator[bytes]:
    """Give each line as it is to be."""
    digest, at = START, 0
    while at < len(data):
        end = data.find(b"\n", at) + 1
        sequence, _, _, payload = data[at : end - 1].split(b" ", 3)
        if not at:
            payload = _header(payload, after, compacted=compacted)
        elif at in altered.payloads:
            payload = altered.payloads[at]
        line, digest = make(int(sequence), digest, payload)
        yield line
        at = end


def _header(payload: bytes, after: After, *, compacted: bool) -> bytes:
    header = json.loads(unseal(payload))
    header["after"] = None if after is None else list(after)
    header["version"] = commits.VERSION
    header["generation"] = int(header.get("generation", 0)) + 1
    if compacted:
        header["compacted"] = True
    return seal(_dumps(header).encode())


def after_of(data: bytes) -> After:
    """Return what the first line of a segment says stands before it."""
    after = _header_of(data)["after"]
    return None if after is None else tuple(after)


def _header_of(data: bytes) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(
        unseal(split(data[: data.find(b"\n") + 1]).payload)
    )
    return header


def as_after(name: str, extent: Extent) -> After:
    """Return a segment as the next one names it."""
    return (name, extent.sequence, extent.digest)


def write_anew(
    path: Path,
    data: bytes,
    altered: Altered,
    files: Files,
    *,
    after: After,
    compacted: bool,
) -> Extent:
    """Write a segment into a new file, synced, and return how far it goes.

    Raises:
        OSError: If the disk refuses.
    """
    fd = files.open_new(path)
    try:
        size = crc = waiting = 0
        parts: list[bytes] = []
        line = b"0 0 "
        for line in rechained(data, altered, after=after, compacted=compacted):
            parts.append(line)
            waiting += len(line)
            if waiting >= _CHUNK:
                size, crc = _put(fd, parts, files, size, crc)
                waiting = 0
        size, crc = _put(fd, parts, files, size, crc)
        files.sync(fd)
    finally:
        files.close(fd)
    sequence, _, digest, _ = line.split(b" ", 3)
    return Extent(size, int(sequence), digest.decode(), crc)


def _put(
    fd: int, parts: list[bytes], files: Files, size: int, crc: int
) -> tuple[int, int]:
    data = b"".join(parts)
    parts.clear()
    files.write(fd, data)
    return size + len(data), crc32(data, crc)


def streams(names: Iterable[str]) -> Iterator[list[str]]:
    """Give the segments of each device, oldest first."""
    by_device: dict[str, list[str]] = {}
    for name in sorted(names):
        by_device.setdefault(name.partition(".")[2], []).append(name)
    yield from by_device.values()


def link_or_copy(segment: Segment, target: Path, files: Files) -> None:
    """Give a closed segment a second name, or copy it where the disk cannot.

    Raises:
        OSError: If the disk refuses.
    """
    try:
        files.link(segment.path, target)
    except OSError:
        copy_segment(segment, target, files)


def file_name(name: str) -> str:
    """Return what the file of a segment is called."""
    return f"{name}{ENDING}"
