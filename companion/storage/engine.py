"""The log engine: the journal below, the state it folds into above.

A change is encoded and checked first, then appended and synced as one line, and only
then seen. Reading decodes what is asked for.
"""

from __future__ import annotations

import gc
import json
import os
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

from companion.errors import (
    LogError,
    LogLockedError,
    LogReadOnlyError,
    NothingToUndoError,
    WriteFailedError,
)
from companion.ports import Notice
from companion.storage.commits import (
    Change,
    Commit,
    Document,
    encode_document,
)
from companion.storage.daily import MANY, Daily, guard
from companion.storage.entries import Entries
from companion.storage.files import Files
from companion.storage.history import backwards, before, mentions
from companion.storage.index import Index
from companion.storage.journal import Journal
from companion.storage.judgement import judge, torn
from companion.storage.lock import Lock
from companion.storage.opening import device_of, prepare
from companion.storage.partition import BadPartitionError
from companion.storage.spool import Spool
from companion.storage.state import ENTRIES, State, check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from companion.storage.rows import Place


UNDOABLE: Final = frozenset({"write", "edit", "delete", "restore"})
_ROUND: Final = 1000
_BEHIND: Final = 200
"""With so many entries above the index, tidying is worth its while."""


class Engine(State):
    """One open log."""

    def __init__(
        self,
        home: Path,
        *,
        files: Files | None = None,
        progress: Callable[[float, str], None] | None = None,
    ) -> None:
        """Open the log, as its writer if nobody else is.

        Raises:
            LogError: If the folder cannot be used at all. What can be read in spite of
                damage is opened to be read, with a notice that says so.
        """
        self.home = home
        self.files = files or Files()
        self.notices: list[Notice] = []
        super().__init__(self._read_place, self.notices)
        self._progress = progress
        self._lock = Lock(home / "lock", self.files)
        self.refused: LogError | None = prepare(home, self.files, self._lock)
        """Why the log may only be read, or None."""
        if isinstance(self.refused, LogReadOnlyError):
            self._refuse(self.refused.message, self.refused.hint)
        try:
            device = device_of(home, self.files, may_write=self._lock.held)
        except LogError:
            self._lock.release()
            raise
        self.journal = Journal(home, device, self.files)
        self._index = Index(home, self.files)
        self._spool = Spool(home, self.files)
        self._daily = Daily()
        self._load()

    # Opening

    def _load(self) -> None:
        try:
            self.journal.look()
            tables = self._index.load(self.journal, self.entries)
            whole = tables is None
            if tables is None:
                self._take_all(self.journal.read_on())
            else:
                self.tables = tables
                whole = not self._take_newer()
        except OSError as error:
            self.close()
            raise LogError(
                f"The log in {self.home} cannot be read: {error.strerror}.",
                hint="Look after the rights of the folder.",
            ) from error
        self._begin()
        if whole and self.behind > _BEHIND:
            self._index_up_to_date(1)

    def _begin(self) -> None:
        """Judge what was read, then make ready to write if that may be."""
        with self._refusing():
            self._judge()
            if self.writable:
                self.journal.ready_to_write()
        if self.writable:
            self._fold_spool()
        else:
            self._show_spool()

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Only read from now on, where the disk refuses what writing needs."""
        try:
            yield
        except OSError as error:
            self._refuse(
                f"The log in {self.home} can only be read: {error.strerror}.",
                "Look after the disk and the rights of the folder, then open Companion "
                "again.",
            )
        except LogError as error:
            self._refuse(error.message, error.hint)

    def _start_over(self) -> None:
        """Forget the index, and read the journal from its beginning."""
        device, log = self.journal.device, self.journal
        log.close()
        self.journal = Journal(self.home, device, self.files)
        self._index = Index(self.home, self.files)
        self._spool.look_again()
        self.entries = Entries()
        self.tables = {}
        self.journal.look()
        self._take_all(self.journal.read_on())

    def _take_all(self, commits: Iterable[Commit]) -> None:
        total = sum(self.journal.stat(name)[0] for name in self.journal.segments) or 1
        read = 0
        collecting = gc.isenabled()
        try:
            for number, commit in enumerate(commits):
                read += commit.length
                if number % _ROUND == 0:
                    if number == _ROUND:
                        # So many objects that live on would be gone through in vain.
                        gc.disable()
                    if self._progress is not None:
                        self._progress(read / total, "Reading the log")
                self.apply(commit, commit.changes)
        finally:
            if collecting:
                gc.enable()

    def _take_newer(self) -> bool:
        """Take in what is newer; False if something is older, and all is taken anew."""
        reached = self.journal.lamport
        several = len({one.device for one in self.journal.segments.values()}) > 1
        for commit in self.journal.read_on():
            if several and commit.lamport <= reached:
                self._start_over()
                return False
            self.apply(commit, commit.changes)
        return True

    def _judge(self) -> None:
        """Decide what may be done with the log as it was found."""
        guest = self.is_guest
        if self._lock.held:
            for path in self.journal.set_aside_torn(self._keep_aside):
                self.notices.append(torn(path))
        for notice in judge(self.home, self.journal, self._index.missing):
            if notice.grave:
                self._refuse(notice.message, notice.hint)
            elif not guest:
                self.notices.append(notice)

    def _refuse(self, message: str, hint: str) -> None:
        self.refused = LogReadOnlyError(message, hint=hint)
        self.notices.append(Notice(message, hint, grave=True))

    def _keep_aside(self, name: str, data: bytes) -> Path:
        folder = self.home / "quarantine"
        self.files.make_folder(folder)
        moment = datetime.now().astimezone().strftime("%Y%m%dT%H%M%S")
        path = folder / f"{name}-{moment}-{os.urandom(2).hex()}"
        self.files.write_whole(path, data)
        return path

    # State

    @property
    def writable(self) -> bool:
        """Whether changes can be made in this process."""
        return self.refused is None and self.journal.broken is None

    @property
    def is_guest(self) -> bool:
        """Whether another process writes to the log now."""
        return isinstance(self.refused, LogLockedError)

    @property
    def holds_lock(self) -> bool:
        """Whether nobody else may write to the log now."""
        return self._lock.held

    def damage(self) -> list[Notice]:
        """Return what is wrong with the log itself, whoever writes to it."""
        found = judge(self.home, self.journal, self._index.missing)
        return [notice for notice in found if notice.grave]

    def _read_place(self, place: Place) -> Document:
        document = self.journal.read_change(place).document
        assert document is not None
        return document

    # Changing

    def commit(
        self, changes: list[Change], *, act: str = "change", undone: int | None = None
    ) -> None:
        """Make changes, all or none; when it returns they are on the disk.

        Raises:
            LogError: If the log may not be written, or the disk refused.
            TypeError, ValueError: If a document cannot be kept; see `encode_document`.
        """
        encoded = [
            (
                change.table,
                change.id,
                None if change.document is None else encode_document(change.document),
            )
            for change in changes
        ]
        for change in changes:
            check(change)
        if self.refused is not None:
            raise self.refused
        if len(changes) > MANY or any(change.id is None for change in changes):
            guard(self, changes, ENTRIES)
        commit = self.journal.append(encoded, act=act, undone=undone)
        # What is kept in memory is what the disk will give back, and nobody else's.
        self.apply(
            commit,
            [
                Change(table, key, None if raw is None else json.loads(raw))
                for table, key, raw in encoded
            ],
        )

    def undo(self) -> tuple[str, list[Change], list[Change]]:
        """Take back the newest change of an entry that has not been taken back.

        Returns:
            The act, the changes it had made, and the changes that take them back.

        Raises:
            NothingToUndoError: If there is none.
            LogError: If the log may not be written.
        """
        if self.refused is not None:
            raise self.refused
        undone = set()
        for commit in backwards(self.journal, self.files):
            if commit.undone is not None:
                undone.add(commit.undone)
            elif commit.act in UNDOABLE and commit.sequence not in undone:
                back = before(self.journal, self.files, commit)
                self.commit(back, act="undo", undone=commit.sequence)
                return commit.act, commit.changes, back
            elif any(change[:2] == (ENTRIES, None) for change in commit.changes):
                break  # what was before the entries were emptied at once is past
        raise NothingToUndoError

    # What others wrote

    def add_beside(self, entry_id: str, document: Document) -> None:
        """Leave an entry in the spool, for the window that writes.

        Raises:
            WriteFailedError: If the disk refused.
        """
        self._spool.leave(entry_id, encode_document(document))
        self._show_spool()

    def _fold_spool(self) -> bool:
        """Take in what waits in the spool, each exactly once."""
        folded = False
        for entry_id, document in self._spool.waiting(self._keep_aside, self.notices):
            if not self._was_taken_in(entry_id):
                try:
                    self.commit([Change(ENTRIES, entry_id, document)], act="write")
                except WriteFailedError:
                    # It stays in the spool and is seen; the next look tries again.
                    shown = self._show_spool()
                    self._spool.look_again()
                    return shown or folded
                folded = True
            self._spool.take_away(entry_id)
        return folded

    def _was_taken_in(self, entry_id: str) -> bool:
        """Whether the journal has or had an entry, even one deleted since."""
        if entry_id in self.entries.above:
            record = self.entries.above[entry_id]
            return record is None or record.place is not None
        return self.entries.find(entry_id) is not None or any(
            change[:2] == (ENTRIES, entry_id)
            for commit in mentions(self.journal, self.files, entry_id, years=2)
            for change in commit.changes
        )

    def _show_spool(self) -> bool:
        """Show what waits in the spool without taking it in."""
        shown = False
        for entry_id, document in self._spool.waiting(None, []):
            if entry_id not in self.entries.above and not self._was_taken_in(entry_id):
                self.entries.put(entry_id, document, None)
                shown = True
        return shown

    def refresh(self) -> bool:
        """Take in what others wrote; become the writer if the other window left."""
        if self.is_guest and self._lock.take():
            return self._become_writer()
        if self.writable:
            folded = self._spool.changed() and self._fold_spool()
            return folded or self._look_after_index()
        if not self.is_guest:
            return False
        grown = False
        with suppress(OSError):
            grown = self.journal.look() or self.journal.has_more()
            if grown:
                self._take_newer()
        return (self._spool.changed() and self._show_spool()) or grown

    def _look_after_index(self) -> bool:
        """Check one year of the index; make it anew if a byte of it was changed."""
        years = self.entries.partitions.values()
        unseen = next((year for year in years if not year.checked), None)
        if unseen is None or unseen.is_sound():
            return False
        with self._refusing():
            self._start_over()
            self.journal.ready_to_write()
            self._index_up_to_date(1)
        return True

    def _become_writer(self) -> bool:
        self.refused = None
        with self._refusing():
            # The first window may have given the log its device's name since.
            self.journal.device = device_of(self.home, self.files, may_write=True)
            self.journal.look()
            self._take_newer()
        self._begin()
        return True

    def tidy(self, *, least: int = 1) -> None:
        """Bring the index up to date if at least so many changes are above it.

        Make today's backup, too, if it is due.
        """
        self._index_up_to_date(least)
        if self._lock.held and self.writable:
            notice = self._daily.see_to(self)
            if notice is not None:
                self.notices.append(notice)

    def _index_up_to_date(self, least: int) -> None:
        if self._lock.held and self.writable and self.behind >= least:
            # A full disk is no reason to fail: the index is only a help.
            with suppress(OSError, LogError, BadPartitionError):
                self._index.save(self.journal, self.entries, self.tables)
                self.behind = 0

    def close(self) -> None:
        """Let go of files and the lock."""
        self.journal.close()
        self._lock.release()
