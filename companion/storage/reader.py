"""The journal read: all segments of all devices, each line verified."""

from __future__ import annotations

import heapq
import os
from copy import deepcopy
from typing import TYPE_CHECKING
from zlib import crc32

from companion.errors import LogChangedError, LogDamagedError
from companion.storage import commits
from companion.storage.commits import Change, Commit, decode_commit
from companion.storage.head import HeadMark
from companion.storage.lines import split
from companion.storage.seal import unseal
from companion.storage.segment import (
    ENDING,
    Fault,
    Segment,
    is_segment_name,
    read_on,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.storage.files import Files
    from companion.storage.rows import Place


class JournalReader:
    """The segments of one log; reading moves each segment's mark on."""

    def __init__(self, home: Path, device: str, files: Files) -> None:
        """Name the folder; nothing is read yet."""
        self._folder = home / "journal"
        self._files = files
        self.device = device
        self.segments: dict[str, Segment] = {}
        self.lamport = 0
        self.log_id = ""
        self.head = HeadMark(home, files)
        self._several: tuple[tuple[str, int, int], Commit] | None = None

    def look(self) -> bool:
        """Open the segments that are there; return whether any is new."""
        fresh = False
        for name in self._files.names(self._folder):
            stem = name.removesuffix(ENDING)
            if is_segment_name(name) and stem not in self.segments:
                path = self._folder / name
                fd = self._files.open_read(path)
                self.segments[stem] = Segment(path, fd)
                fresh = True
        self.segments = dict(sorted(self.segments.items()))
        return fresh

    def stat(self, name: str) -> tuple[int, int, int]:
        """Return size, inode and time of change of a segment."""
        status = os.fstat(self.segments[name].fd)
        return (status.st_size, status.st_ino, status.st_mtime_ns)

    def has_more(self) -> bool:
        """Whether any segment grew beyond what was read of it."""
        return any(
            self._files.size(segment.fd) > segment.mark.size
            and all(fault.torn for fault in segment.faults)
            for segment in self.segments.values()
        )

    def read_on(self) -> Iterator[Commit]:
        """Give all commits after the marks, in the order of all devices."""
        streams: dict[str, list[Segment]] = {}
        for segment in self.segments.values():
            streams.setdefault(segment.device, []).append(segment)
        if len(streams) == 1:
            (segments,) = streams.values()
            yield from self._stream(segments)
            return
        yield from heapq.merge(
            *map(self._stream, streams.values()), key=lambda commit: commit.stamp
        )

    def _stream(self, segments: list[Segment]) -> Iterator[Commit]:
        for segment in segments:
            if any(not fault.torn for fault in segment.faults):
                continue
            # What looked torn may have been a line that another was still writing.
            segment.faults = [fault for fault in segment.faults if not fault.torn]
            for commit in read_on(segment, self._files):
                self.lamport = max(self.lamport, commit.lamport)
                yield commit
            self.lamport = max(self.lamport, segment.mark.lamport)
            if segment.header is not None:
                self.log_id = segment.header.log
            if segment is not segments[-1]:
                # Only the end of the newest is ever written to.
                segment.faults = [one._replace(torn=False) for one in segment.faults]

    @property
    def faults(self) -> list[Fault]:
        """All bytes that did not verify."""
        return [fault for one in self.segments.values() for fault in one.faults]

    def read_change(self, place: Place) -> Change:
        """Return one change, read from the disk and checked.

        Raises:
            LogDamagedError: If the line is not what it was when it was verified.
        """
        key = (place.segment, place.offset, place.crc)
        if self._several is not None and self._several[0] == key:
            return deepcopy(self._several[1].changes[place.change])
        raw = self.raw(place)
        commit = decode_line(self.segments[place.segment], raw, place.offset)
        if len(commit.changes) > 1:
            # The next document that is asked for may be of the same commit.
            self._several = (key, commit)
            return deepcopy(commit.changes[place.change])
        return commit.changes[place.change]

    def raw(self, place: Place) -> bytes:
        """Return a line, read from the disk and checked.

        Raises:
            LogDamagedError: If it is not what it was when it was verified.
        """
        segment = self.segments[place.segment]
        raw = read_part(segment, self._files, place.length, place.offset)
        if crc32(raw) != place.crc:
            raise changed(segment, place.offset, place.length)
        return raw

    def was_replaced(self) -> bool:
        """Whether other files stand where the segments were opened.

        A journal that is being put in place just now is not there at all.
        """
        names = self._files.names(self._folder)
        return bool(names) and not all(
            self._files.is_same(one.fd, one.path) for one in self.segments.values()
        )

    @property
    def is_earlier(self) -> bool:
        """Whether any segment is of an earlier format than today's."""
        return any(one.version < commits.VERSION for one in self.segments.values())

    @property
    def own(self) -> list[Segment]:
        """The segments of this device, oldest first."""
        return [one for one in self.segments.values() if one.device == self.device]

    def missing_before(self) -> list[str]:
        """Return segments that a later one was begun after and that are not so now."""
        missing = []
        for segment in self.segments.values():
            if segment.header is None or segment.header.after is None:
                continue
            name, sequence, digest = segment.header.after
            former = self.segments.get(name)
            if former is None or (
                not former.faults
                and (former.mark.sequence, former.mark.digest.hex())
                != (sequence, digest)
            ):
                missing.append(name)
        return missing

    def close(self) -> None:
        """Close all files."""
        for segment in self.segments.values():
            self._files.close(segment.fd)
        self.segments = {}
        self.head.close()


def read_whole(segment: Segment, files: Files) -> bytes:
    """Read all that verified once of a segment.

    Raises:
        LogDamagedError: If the disk does not give it, or it is not the same.
    """
    data = read_part(segment, files, segment.mark.size, 0)
    if crc32(data) != segment.mark.crc:
        raise changed(segment, 0, segment.mark.size)
    return data


def read_part(segment: Segment, files: Files, length: int, offset: int) -> bytes:
    """Read bytes that verified once.

    Raises:
        LogDamagedError: If the disk does not give them.
    """
    try:
        return files.read_at(segment.fd, length, offset)
    except OSError as error:
        raise LogDamagedError(
            f"{segment.path.name}: {length} bytes from {offset} on cannot be read: "
            f"{error.strerror or error}.",
            hint="Look after the disk, and keep a copy of the folder before you do "
            "anything else.",
        ) from error


def changed(segment: Segment, offset: int, length: int) -> LogChangedError:
    """Return the error for bytes that verified once and are others now."""
    return LogChangedError(
        f"{segment.path.name}: {length} bytes from {offset} on are not what was "
        "written there.",
        hint="Keep a copy of the folder before you do anything else.",
    )


def decode_line(segment: Segment, raw: bytes, offset: int) -> Commit:
    """Read the commit of a whole line, without checking its digest.

    Raises:
        BadLineError: If it is not the line of a commit.
    """
    line = split(raw)
    where = (segment.name, offset)
    return decode_commit(unseal(line.payload), line, raw, where, segment.version)
