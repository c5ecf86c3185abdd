"""The one place that appends: at the end of this device's newest segment."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING
from zlib import crc32

from companion.errors import WriteFailedError
from companion.storage.commits import (
    Commit,
    Header,
    encode_commit,
    encode_header,
)
from companion.storage.lines import START, make
from companion.storage.reader import JournalReader
from companion.storage.seal import seal
from companion.storage.segment import ENDING, Mark, Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from companion.storage.files import Files

Encoded = tuple[str, str | None, str | None]
"""A change with its document as JSON: table, id, document."""


class Journal(JournalReader):
    """The segments of one log, to be read and appended to."""

    def __init__(self, home: Path, device: str, files: Files) -> None:
        """Name the folder; nothing is read yet."""
        super().__init__(home, device, files)
        self.broken: WriteFailedError | None = None
        """Why nothing more may be written in this run."""

    def append(
        self, changes: list[Encoded], *, act: str, undone: int | None = None
    ) -> Commit:
        """Write one commit; when it returns, the commit is on the disk.

        Raises:
            WriteFailedError: If the disk refused; nothing was changed.
        """
        if self.broken is not None:
            raise self.broken
        now = datetime.now().astimezone()
        lamport = self.lamport + 1
        payload = seal(
            encode_commit(
                device=self.device,
                lamport=lamport,
                time=now.isoformat(timespec="seconds"),
                act=act,
                changes=changes,
                undone=undone,
            )
        )
        own = self.own
        if not own or own[-1].year < now.year:
            segment, offset, line = self._begin_segment(own, payload, now)
        else:
            segment = own[-1]
            offset, line = self._extend(segment, payload)
        self.lamport = segment.mark.lamport = lamport
        self.head.put(segment.name, segment.mark)
        return Commit(
            segment=segment.name,
            offset=offset,
            length=len(line),
            crc=crc32(line),
            sequence=segment.mark.sequence,
            device=self.device,
            lamport=lamport,
            time="",
            act=act,
            changes=[],
            undone=undone,
        )

    def _extend(self, segment: Segment, payload: bytes) -> tuple[int, bytes]:
        mark = segment.mark
        line, digest = make(mark.sequence + 1, mark.digest, payload)
        if not self._files.is_still(segment.fd, segment.path, mark.size):
            raise self._gone(segment)
        try:
            self._files.write(segment.fd, line)
            self._files.sync(segment.fd)
        except OSError as error:
            with self._taking_back(error):
                self._files.truncate(segment.fd, mark.size)
                self._files.sync(segment.fd)
            raise _refused(error) from error
        offset = mark.size
        mark.size += len(line)
        mark.sequence += 1
        mark.digest = digest
        mark.crc = crc32(line, mark.crc)
        return offset, line

    def _gone(self, segment: Segment) -> WriteFailedError:
        """Return why a segment is not where or what it was."""
        try:
            segment.path.lstat()
        except FileNotFoundError:
            pass
        except OSError as error:
            return _refused(error)  # nobody moved it: it cannot be looked at just now
        self.broken = WriteFailedError(
            "It was not written: another program moved or changed the journal.",
            hint="Close Companion, look after its folder, then open it again.",
        )
        return self.broken

    @contextmanager
    def _taking_back(self, error: OSError) -> Iterator[None]:
        """Take back what a failed write left; if that fails, write no more."""
        try:
            yield
        except OSError:
            self.broken = _refused(error)
        else:
            # After an input/output error the system may have dropped what it could
            # not write, so nothing it says afterwards can be trusted.
            if error.errno == errno.EIO:
                self.broken = _refused(error)

    def _begin_segment(
        self, own: list[Segment], payload: bytes, now: datetime
    ) -> tuple[Segment, int, bytes]:
        """Write the first line of a new segment and a commit, in one file at once."""
        name = f"{now.year:04}.{self.device}"
        former = own[-1] if own else None
        after = None
        sequence = 1
        if former is not None:
            after = (former.name, former.mark.sequence, former.mark.digest.hex())
            sequence = former.mark.sequence + 1
        if not self.log_id:
            self.log_id = os.urandom(8).hex()
        header = Header(self.log_id, self.device, name, after, self.lamport)
        first, digest = make(
            sequence,
            START,
            seal(encode_header(header, time=now.isoformat(timespec="seconds"))),
        )
        line, digest = make(sequence + 1, digest, payload)
        path = self._folder / f"{name}{ENDING}"
        self._refuse_what_stands_there(path)
        whole = first + line
        try:
            self._files.write_whole(path, whole)
            fd = self._files.open_append(path)
        except OSError as error:
            with self._taking_back(error), suppress(FileNotFoundError):
                self._files.remove(path)
                self._files.sync_folder(self._folder)
            raise _refused(error) from error
        mark = Mark(len(whole), sequence + 1, digest, self.lamport, crc32(whole))
        segment = self.segments[name] = Segment(path, fd, mark, header)
        self.segments = dict(sorted(self.segments.items()))
        return segment, len(first), line

    def _refuse_what_stands_there(self, path: Path) -> None:
        try:
            there = path.name in self._files.names(self._folder)
        except OSError as error:
            raise _refused(error) from error
        if there:
            raise WriteFailedError(
                f"It was not written: another program put {path.name} there.",
                hint="Close Companion, look after its folder, then open it again.",
            )

    def ready_to_write(self) -> None:
        """Open this device's newest segment to be appended to."""
        own = self.own
        if own:
            fd = self._files.open_append(own[-1].path)
            self._files.close(own[-1].fd)
            own[-1].fd = fd

    def set_aside_torn(self, keep: Callable[[str, bytes], Path]) -> list[Path]:
        """Cut what a crash left at the end of a segment, after keeping a copy.

        Args:
            keep: Keeps bytes under a name in a safe place, synced.
        """
        kept = []
        for segment in self.own[-1:]:
            torn = [fault for fault in segment.faults if fault.torn]
            if not torn or len(torn) != len(segment.faults):
                continue
            data = self._files.read_at(segment.fd, torn[0].length, torn[0].offset)
            kept.append(keep(f"{segment.name}-{torn[0].offset}", data))
            fd = self._files.open_append(segment.path)
            try:
                self._files.truncate(fd, torn[0].offset)
                self._files.sync(fd)
            finally:
                self._files.close(fd)
            segment.faults.clear()
        return kept


def _refused(error: OSError) -> WriteFailedError:
    hints = {
        errno.ENOSPC: "The disk is full. Make room, then keep it again.",
        errno.EDQUOT: "Your share of the disk is used up. Make room, then try again.",
        errno.EROFS: "The disk can only be read. Mount it for writing, then try again.",
        errno.EIO: "The disk reports a fault. Close Companion and look after the disk.",
    }
    return WriteFailedError(
        f"It could not be written: {error.strerror or error}.",
        hint=hints.get(error.errno or 0, "Look after the folder, then keep it again."),
    )
