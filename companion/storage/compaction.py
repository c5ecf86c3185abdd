"""Dropping earlier versions from the years that are over.

A change goes where a later one about the same document stands in a closed segment,
too, and both count before all that the open segments hold. So what is in the log stays
as it is, undo finds former versions as far as the open segments reach, and a journal of
another device folds in as before. The last word about a document stays, a deletion too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from companion.model.erasing import Compactable
from companion.storage.backup import Backups
from companion.storage.backup_names import BEFORE_COMPACTION
from companion.storage.copies import opened
from companion.storage.reader import read_whole
from companion.storage.renewal import refuse, renew
from companion.storage.restoring import FORMER
from companion.storage.rewriting import alter, rechained, streams
from companion.storage.state import ENTRIES

if TYPE_CHECKING:
    from companion.ports import Progress
    from companion.storage.commits import Commit, Document
    from companion.storage.engine import Engine

_Line = tuple[str, int]


class _Last(NamedTuple):
    line: _Line
    number: int
    put: bool


class Superseded:
    """Which changes of a journal a later one in a closed segment makes needless."""

    def __init__(self, closed: set[str]) -> None:
        """Begin; `closed` names the segments that are looked at."""
        self._closed = closed
        self._last: dict[tuple[str, str], _Last] = {}
        self._open = False
        self.dropped: dict[_Line, set[int]] = {}
        """Changes that go, by where their line begins."""
        self.emptied: dict[_Line, set[int]] = {}
        """Changes of entries of which only stays that they were there."""

    def take(self, commit: Commit) -> None:
        """Take the next commit, in the order they count in."""
        self._open = self._open or commit.segment not in self._closed
        if self._open:
            return
        line = (commit.segment, commit.offset)
        for number, change in enumerate(commit.changes):
            if change.id is None:
                self._take_table(change.table)
                continue
            key = (change.table, change.id)
            former = self._last.get(key)
            if former is not None:
                self.dropped.setdefault(former.line, set()).add(former.number)
            self._last[key] = _Last(line, number, change.document is not None)

    def _take_table(self, table: str) -> None:
        """Let go of what stood in a table that is emptied at once."""
        for key in [one for one in self._last if one[0] == table]:
            former = self._last[key]
            if table != ENTRIES:
                self.dropped.setdefault(former.line, set()).add(former.number)
                del self._last[key]
            elif former.put:
                # A capture that was taken in must not be taken in again.
                self.emptied.setdefault(former.line, set()).add(former.number)
                self._last[key] = former._replace(put=False)

    @property
    def versions(self) -> int:
        """How many earlier versions go."""
        return sum(map(len, self.dropped.values())) + sum(
            len(numbers - self.dropped.get(line, set()))
            for line, numbers in self.emptied.items()
        )


class Compaction:
    """The alteration that drops what is superseded."""

    def __init__(self, found: Superseded, newest_closed: set[str]) -> None:
        """Take what was found, and the last segments before the open ones."""
        self._found = found
        self._lines: dict[str, set[int]] = {}
        for name, offset in (*found.dropped, *found.emptied):
            self._lines.setdefault(name, set()).add(offset)
        self._newest_closed = newest_closed

    def lines(self, name: str, data: bytes) -> set[int]:  # noqa: ARG002
        """Return where the lines begin that change."""
        return self._lines.get(name, set())

    def changes(
        self,
        where: _Line,
        act: str,  # noqa: ARG002
        made: list[Any],
    ) -> list[Any]:
        """Return what is left of a commit's changes."""
        dropped = self._found.dropped.get(where, set())
        emptied = self._found.emptied.get(where, set())
        return [
            [*change[:2], None] if number in emptied else change
            for number, change in enumerate(made)
            if number not in dropped
        ]

    def compacts(self, name: str) -> bool:
        """Whether undo is not to look into a segment any more."""
        return name in self._lines or name in self._newest_closed

    def concerns(self, payload: bytes) -> bool:  # noqa: ARG002
        """Whether a document that stands may be altered; none is."""
        return False

    def expected(self, table: str, key: str, document: Document) -> Document:  # noqa: ARG002
        """Return a document as it was."""
        return document


def find(engine: Engine) -> tuple[Superseded, Compaction]:
    """Look through the journal for what may go.

    Raises:
        LogDamagedError: If it cannot be read.
    """
    by_device = list(streams(engine.journal.segments))
    closed = {name for names in by_device for name in names[:-1]}
    found = Superseded(closed)
    if closed:
        with opened(engine.home, engine.files, found.take):
            pass
    newest = {names[-2] for names in by_device if len(names) > 1}
    return found, Compaction(found, newest)


def preview(engine: Engine) -> Compactable:
    """Return what compacting would do; nothing is changed."""
    found, compaction = find(engine)
    segments = engine.journal.segments
    size = sum(one.mark.size for one in segments.values())
    saved = 0
    for name, segment in segments.items() if found.versions else ():
        data = read_whole(segment, engine.files)
        altered = alter(name, data, compaction)
        if altered.payloads:
            lines = rechained(data, altered, after=None, compacted=True)
            saved += len(data) - sum(map(len, lines))
    return Compactable(versions=found.versions, size=size, saved=max(0, saved))


def compact(engine: Engine, progress: Progress | None = None) -> Compactable:
    """Drop earlier versions from the closed years, after a verified backup.

    Raises:
        LogLockedError: If another window is writing.
        LogDamagedError: If the log, or what was written, does not verify.
        WriteFailedError: If the disk refused.
    """
    refuse(engine)
    found, compaction = find(engine)
    size = sum(one.mark.size for one in engine.journal.segments.values())
    if not found.versions:
        return Compactable(size=size)
    before = ""
    backups = Backups(engine.home, engine.files)
    if not backups.is_current(engine):
        before = backups.make(engine, BEFORE_COMPACTION).name
    renew(
        engine,
        compaction,
        appended=[],
        act="",
        aside=FORMER,
        progress=progress,
    )
    now = sum(one.mark.size for one in engine.journal.segments.values())
    return Compactable(
        versions=found.versions, size=size, saved=size - now, before=before
    )
