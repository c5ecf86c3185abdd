"""Checking the journal: every line of every segment, and the head mark."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from companion.errors import LogDamagedError
from companion.ids import is_id
from companion.storage.copies import ReadCopy
from companion.storage.documents import from_document
from companion.storage.findings import why
from companion.storage.judgement import known_of
from companion.storage.segment import is_segment_name
from companion.storage.state import ENTRIES

if TYPE_CHECKING:
    from companion.storage.commits import Commit
    from companion.storage.findings import Findings
    from companion.storage.segment import Segment

_LATE: Final = timedelta(hours=1)
_LOOKS: Final = 3
"""So often a journal that is being written to is read on before its end is judged."""


class JournalCheck:
    """Reads the journal of a log and notes what does not verify."""

    def __init__(self, findings: Findings) -> None:
        """Write into these findings."""
        self._findings = findings
        self._lamports: dict[str, int] = {}
        self._newest = ""

    def run(self) -> None:
        """Read every segment from its first line."""
        self._mark_is_whole()
        begun = self._findings.read
        try:
            copy = ReadCopy(self._findings.home, self._findings.files, each=self._take)
        except OSError as error:
            self._findings.faults.append(f"The journal cannot be read: {why(error)}.")
            return
        try:
            self._judge(copy)
            sizes = [copy.journal.stat(name)[0] for name in copy.journal.segments]
            self._findings.read = begun + sum(sizes)
        finally:
            copy.close()

    def _judge(self, copy: ReadCopy) -> None:
        journal = copy.journal
        behind = 0
        for _ in range(_LOOKS):
            behind = journal.head.missing(journal.device, journal.own)
            if not (behind or any(fault.torn for fault in journal.faults)):
                break
            # Another window may be in the middle of a line.
            copy.read_on()
        self._findings.segments = len(journal.segments)
        self._findings.commits = copy.commits
        self._findings.entries = len(copy.standing(ENTRIES))
        for fault in journal.faults:
            self._findings.faults.append(
                f"journal/{fault.segment}.log: {fault.length} bytes from byte "
                f"{fault.offset} on do not verify ({fault.reason})."
                + (" It is what a power cut leaves." if fault.torn else "")
            )
        for name in journal.missing_before():
            self._findings.faults.append(
                f"journal/{name}.log is gone, or lines at its end are."
            )
        if not journal.segments and known_of(self._findings.home):
            self._findings.faults.append(
                "The journal is gone, but there was one here before."
            )
        elif behind and not journal.faults:
            self._findings.faults.append(
                f"The log ends {behind} lines before the last that was written."
            )
        self._remark_on_others()
        self._remark_on_clock()
        self._compare_headers(list(journal.segments.values()))

    def _remark_on_others(self) -> None:
        folder = self._findings.home / "journal"
        for name in self._findings.files.names(folder):
            if not is_segment_name(name) and not name.endswith(".part"):
                self._findings.remarks.append(
                    f"journal/{name} is not of the log; it is neither read nor touched."
                )

    def _remark_on_clock(self) -> None:
        with suppress(ValueError, TypeError):
            written = datetime.fromisoformat(self._newest)
            if written > datetime.now().astimezone() + _LATE:
                self._findings.remarks.append(
                    "The clock of this machine stands earlier than the newest change, "
                    f"of {written:%Y-%m-%d}."
                )

    def _compare_headers(self, segments: list[Segment]) -> None:
        headers = [one.header for one in segments if one.header is not None]
        if len({header.log for header in headers}) > 1:
            self._findings.faults.append(
                "The segments of the journal are not of one log."
            )
        for header in headers:
            if header.segment.partition(".")[2] != header.device:
                self._findings.faults.append(
                    f"journal/{header.segment}.log is of the device {header.device}."
                )

    def _take(self, commit: Commit) -> None:
        if self._lamports.get(commit.device, 0) >= commit.lamport:
            self._findings.faults.append(
                f"journal/{commit.segment}.log: the commit at byte {commit.offset} is "
                "out of order."
            )
        self._lamports[commit.device] = commit.lamport
        self._newest = commit.time
        for change in commit.changes:
            if change.table == ENTRIES and change.document is not None and change.id:
                self._look_at_entry(commit, change.id, change.document)
        self._findings.tell(commit.length, "Reading the journal")

    def _look_at_entry(
        self, commit: Commit, entry_id: str, document: dict[str, object]
    ) -> None:
        try:
            if from_document(document).id == entry_id and is_id(entry_id):
                return
        except LogDamagedError:
            pass
        self._findings.faults.append(
            f"journal/{commit.segment}.log: what stands at byte {commit.offset} for "
            f"the entry {entry_id!r} is no entry."
        )

    def _mark_is_whole(self) -> None:
        path = self._findings.home / "head"
        if self._findings.files.is_file(path):
            try:
                data = self._findings.files.read(path)
            except OSError:
                data = b""
            self._findings.read += len(data)
            if len(data.split()) != 3:  # noqa: PLR2004
                self._findings.remarks.append(
                    "The head mark cannot be read; the next change writes it anew."
                )
