"""The journal of an open log written anew, verified, and put in place of the former.

Interrupted anywhere, it is as before, or the next opening goes on to the end.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from companion.errors import (
    LogDamagedError,
    LogError,
    LogLockedError,
    WriteFailedError,
)
from companion.storage import restoring
from companion.storage.backup import clear_away
from companion.storage.backup_filling import copy_segment, extents
from companion.storage.copies import opened
from companion.storage.reader import read_whole
from companion.storage.rewriting import (
    After,
    after_of,
    alter,
    as_after,
    file_name,
    link_or_copy,
    streams,
    write_anew,
)
from companion.storage.same import differences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.ports import Progress
    from companion.storage.copies import ReadCopy
    from companion.storage.engine import Engine
    from companion.storage.journal import Journal
    from companion.storage.manifest import Extent
    from companion.storage.rewriting import Renewing

WHAT: Final = "Writing the journal anew"


Known = dict[tuple[str, "Extent", After], tuple["Extent", "Path"]]
"""Segments that were written anew, by what they were and what they stand after: how
far each goes now, and where it is."""


class Renewed(NamedTuple):
    """What was done to a journal."""

    dropped: int
    altered: int
    known: Known


def refuse(engine: Engine) -> None:
    """Say why the journal cannot be written anew, if that is so.

    Raises:
        LogError: If it is.
    """
    if engine.is_guest or not engine.holds_lock:
        raise engine.refused or LogLockedError("Another window writes to this log.")
    for notice in engine.damage():
        raise LogDamagedError(
            f"This is not done to a log that is not sound. {notice.message}",
            hint="`companion restore` brings a backup back.",
        )
    if engine.refused is not None:
        raise engine.refused
    if engine.journal.broken is not None:
        raise engine.journal.broken


def renew(
    engine: Engine,
    alteration: Renewing,
    *,
    appended: list[tuple[str, str | None, str | None]],
    act: str,
    aside: str,
    progress: Progress | None = None,
) -> Renewed:
    """Write the journal anew and put it in place.

    Args:
        engine: The log, open to be written; afterwards it holds the new journal.
        alteration: What is left out or altered.
        appended: A commit that the new journal has at its end; [] for none.
        act: What that commit does.
        aside: What becomes of the former journal; see `restoring.declare_ready`.
        progress: Told how far it is.

    Raises:
        LogDamagedError: If the journal, or what was written, does not verify.
        WriteFailedError: If the disk refused, or another window is in the way.
    """
    refuse(engine)
    run = _Renewal(engine, alteration, progress or (lambda _share, _what: None))
    with _refused(engine):
        try:
            renewed = run.make()
            run.verify(appended, act)
            run.declare(aside)
        except BaseException:
            run.take_back()
            raise
        restoring.finish(engine.home, engine.files)
    engine.read_again()
    return renewed


@contextmanager
def _refused(engine: Engine) -> Iterator[None]:
    """Let nothing more be written where the exchange has begun and did not end."""
    done = False
    try:
        yield
        done = True
    except OSError as error:
        begun = (engine.home / restoring.FOLDER / restoring.READY).exists()
        raise WriteFailedError(
            "The journal could not be written anew: "
            f"{error.strerror or error}. "
            + ("It is not finished." if begun else "Nothing was changed."),
            hint="Look after the disk, then open Companion again: it goes on."
            if begun
            else "Look after the disk and the rights of the folder, then try again.",
        ) from error
    finally:
        if not done and (engine.home / restoring.FOLDER / restoring.READY).exists():
            engine.write_no_more()


class _Renewal:
    def __init__(
        self, engine: Engine, alteration: Renewing, progress: Progress
    ) -> None:
        self._engine = engine
        self._files = engine.files
        self._alteration = alteration
        self._progress = progress
        self._before = extents(engine)
        self._stage = engine.home / restoring.FOLDER
        self._known: Known = {}
        self._dropped = self._altered = 0
        self._head = False

    # Making

    def make(self) -> Renewed:
        """Make the whole new journal in the stage, but for what is added to it."""
        restoring.begin(self._engine.home, self._files)
        segments = self._engine.journal.segments
        total = sum(one.mark.size for one in segments.values()) or 1
        read = 0
        for names in streams(segments):
            after: After = None
            for name in names:
                self._progress(read / total / 2, WHAT)
                read += segments[name].mark.size
                after = self._make_one(name, after, closed=name != names[-1])
        self._files.sync_folder(self._stage / "journal")
        return Renewed(self._dropped, self._altered, self._known)

    def _make_one(self, name: str, after: After, *, closed: bool) -> After:
        """Make one segment; return what the next is to say it stands after."""
        segment = self._engine.journal.segments[name]
        data = read_whole(segment, self._files)
        target = self._stage / "journal" / file_name(name)
        altered = alter(name, data, self._alteration)
        compacts = self._alteration.compacts(name)
        former = self._before[name]
        if not altered.payloads and after == after_of(data) and not compacts:
            put = link_or_copy if closed else copy_segment
            put(segment, target, self._files)
            return as_after(name, former)
        written = write_anew(
            target, data, altered, self._files, after=after, compacted=compacts
        )
        if closed:
            place = self._engine.home / "journal" / file_name(name)
            self._known[name, former, after] = (written, place)
        self._dropped += altered.dropped
        self._altered += altered.altered
        return as_after(name, written)

    # Verifying

    def verify(
        self, appended: list[tuple[str, str | None, str | None]], act: str
    ) -> None:
        """Read the new journal as any reader would, compare it, and add to its end.

        Raises:
            LogDamagedError: If it is not what it is to be.
        """
        self._progress(0.5, WHAT)
        with opened(self._stage, self._files) as copy:
            journal = copy.journal
            fault = next(iter(journal.faults), None)
            wrong = "" if fault is None else fault.reason
            wrong = wrong or ", ".join(journal.missing_before())
            wrong = wrong or self._line_fault(copy)
            wrong = wrong or next(differences(self._engine, copy, self._alteration), "")
            if wrong:
                self._refuse_changed()
                raise LogDamagedError(
                    f"What was written does not verify: {wrong}.",
                    hint="Nothing was changed. `companion check` reads all of the log.",
                )
            self._add(journal, appended, act)

    def _add(
        self,
        journal: Journal,
        appended: list[tuple[str, str | None, str | None]],
        act: str,
    ) -> None:
        """Write the last commit, if there is one, and the head mark."""
        journal.device = self._engine.journal.device
        journal.lamport = max(journal.lamport, self._engine.journal.lamport)
        if appended:
            journal.ready_to_write()
            journal.append(appended, act=act)
        elif journal.own:
            journal.head.put(journal.own[-1].name, journal.own[-1].mark)
        self._head = bool(journal.own)

    def _line_fault(self, copy: ReadCopy) -> str:
        """Say where lines are missing or too many; "" if there are as many."""
        now = {name: one.mark.sequence for name, one in copy.journal.segments.items()}
        former = {name: one.sequence for name, one in self._before.items()}
        return "" if now == former else f"its lines end with {now} and not {former}"

    def _refuse_changed(self) -> None:
        if extents(self._engine) != self._before or self._engine.journal.has_more():
            raise WriteFailedError(
                "The log was changed meanwhile, so this was not done.",
                hint="Try it again.",
            )

    def declare(self, aside: str) -> None:
        """Say that it may go on; from here there is no way back.

        Raises:
            WriteFailedError: If the log was changed meanwhile.
        """
        self._refuse_changed()
        restoring.declare_ready(
            self._engine.home, self._files, aside=aside, head=self._head
        )

    def take_back(self) -> None:
        """Take away what was made; nothing is put in place then."""
        ready = self._stage / restoring.READY
        with suppress(OSError, LogError):
            if ready.exists():
                self._files.remove(ready)
            # Only when that is sure may the journal beside it go.
            self._files.sync_folder(self._stage)
            clear_away(self._stage, self._files)
