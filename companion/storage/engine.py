"""The log engine: the journal below, the state it folds into above.

A change is encoded and checked first, then appended and synced as one line, and only
then seen. Reading decodes what is asked for.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from companion.errors import (
    LogChangedError,
    LogDamagedError,
    NothingToUndoError,
    WriteFailedError,
)
from companion.storage.commits import Change, Document, encode_document
from companion.storage.daily import MANY, Daily, guard
from companion.storage.history import backwards, before, mentions
from companion.storage.loaded import LoadedLog
from companion.storage.opening import device_of
from companion.storage.spool import Spool
from companion.storage.state import ENTRIES, ERASE, check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from companion.storage.files import Files


UNDOABLE: Final = frozenset({"write", "edit", "delete", "restore"})
_BEHIND: Final = 200
"""With so many entries above the index, tidying is worth its while."""


class Engine(LoadedLog):
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
        super().__init__(home, files=files, progress=progress)
        self._spool = Spool(home, self.files)
        self._daily = Daily()
        whole = self._take_in()
        self._begin()
        if whole and self.behind > _BEHIND:
            self._index_up_to_date(1)

    def _begin(self) -> None:
        """Judge what was read, then make ready to write if that may be."""
        with self._refusing():
            self._judge()
            if self.writable and self.journal.is_earlier:
                from companion.storage.migrating import migrate  # noqa: PLC0415

                migrate(self, self._progress)
            elif self.writable:
                self.journal.ready_to_write()
        if self.writable:
            self._fold_spool()
            self._go_on_erasing()
        else:
            self._show_spool()

    def _go_on_erasing(self) -> None:
        """Finish an erasing that was interrupted."""
        if (self.home / "erasing").exists():
            from companion.storage.erasing import go_on  # noqa: PLC0415

            self.notices.append(go_on(self))

    def _start_over(self) -> None:
        """Forget the index, and read the journal from its beginning."""
        super()._start_over()
        self._spool.look_again()

    # Changing

    def commit(
        self,
        changes: list[Change],
        *,
        act: str = "change",
        undone: int | None = None,
        made: bool = False,
    ) -> None:
        """Make changes, all or none; when it returns they are on the disk.

        Args:
            changes: In the order they are to be seen in.
            act: What they are called by.
            undone: For an undo, the sequence number of the commit it takes back.
            made: Whether the documents were made of entries just now: then they are
                known to be good, and nobody else holds them.

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
        if not made:
            for change in changes:
                check(change)
        if self.refused is not None:
            raise self.refused
        if len(changes) > MANY or any(change.id is None for change in changes):
            guard(self, changes, ENTRIES)
        commit = self.journal.append(encoded, act=act, undone=undone)
        # What is kept in memory is what the disk will give back, and nobody else's.
        if not made:
            changes = [
                Change(table, key, None if raw is None else json.loads(raw))
                for table, key, raw in encoded
            ]
        try:
            self.apply(commit, changes, checked=True)
        except LogChangedError:
            # It is on the disk; what lies below it in memory is not what it was.
            self.read_again()

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
            elif not commit.changes:
                continue  # what it did was erased from a backup that came back
            elif commit.act in UNDOABLE and commit.sequence not in undone:
                back = before(self.journal, self.files, commit)
                self.commit(back, act="undo", undone=commit.sequence)
                return commit.act, commit.changes, back
            elif commit.act == ERASE or any(
                change[:2] == (ENTRIES, None) for change in commit.changes
            ):
                break  # what was before entries were emptied or erased is past
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
        try:
            return self._take_from_spool()
        except (OSError, LogDamagedError):
            # The index may have hidden that the journal was changed.
            return self.read_again()

    def _take_from_spool(self) -> bool:
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
            known = entry_id in self.entries.above
            # Where the journal cannot tell, it is shown rather than not.
            with suppress(OSError, LogDamagedError):
                known = known or self._was_taken_in(entry_id)
            if not known:
                self.entries.put(entry_id, document, None)
                shown = True
        return shown

    def refresh(self) -> bool:
        """Take in what others wrote; become the writer if the other window left."""
        if self.is_guest and self._may_write_now():
            return self._become_writer()
        if self.writable:
            folded = self._spool.changed() and self._fold_spool()
            return folded or (not self.index_is_sound() and self.read_again())
        if not self.is_guest:
            return False
        grown = False
        with suppress(OSError, LogDamagedError):
            if self.journal.was_replaced():
                self._start_over()
                return self._show_spool() or True
            grown = self.journal.look() or self.journal.has_more()
            if grown:
                self._take_newer()
        return (self._spool.changed() and self._show_spool()) or grown

    def _may_write_now(self) -> bool:
        with suppress(OSError):
            return self._lock.take()
        return False

    def read_again(self) -> bool:
        """Read all of the journal, and judge it anew; the index is made anew, too."""
        with self._refusing():
            self._start_over()
            self._judge()
            if self.writable:
                self.journal.ready_to_write()
                self._index_up_to_date(1)
        self._show_spool()
        return True

    def write_no_more(self) -> None:
        """Only read from now on: a new journal is to take the place of this one."""
        self._refuse(
            "A new journal is about to be put in place.",
            "Close Companion and open it again: it goes on from there.",
        )

    def _become_writer(self) -> bool:
        self.refused = None
        with self._refusing():
            # The first window may have given the log its device's name since.
            self.journal.device = device_of(self.home, self.files, may_write=True)
            if self.journal.was_replaced():
                self._start_over()
            else:
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
