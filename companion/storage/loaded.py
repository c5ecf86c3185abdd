"""A log as it was opened: what was read, and whether it may be written."""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

from companion.errors import LogChangedError, LogError, LogLockedError, LogReadOnlyError
from companion.ports import Notice
from companion.storage.entries import Entries
from companion.storage.files import Files
from companion.storage.index import Index
from companion.storage.journal import Journal
from companion.storage.judgement import judge, torn
from companion.storage.lock import Lock
from companion.storage.opening import device_of, prepare
from companion.storage.partition import BadPartitionError
from companion.storage.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from companion.storage.commits import Commit, Document
    from companion.storage.rows import Place


_ROUND: Final = 1000
LOOKS: Final = 5
"""Of so many looks at what others wrote, the last also checks a year of the index."""


class LoadedLog(State):
    """The journal of one log and what it folds into, read and judged."""

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
        except LogReadOnlyError as error:
            self._refuse(error.message, error.hint)
            device = device_of(home, self.files, may_write=False)
        except LogError:
            self._lock.release()
            raise
        self.journal = Journal(home, device, self.files)
        self._index = Index(home, self.files)
        self._looks = 0

    def _take_in(self) -> bool:
        """Read the index and what is newer; whether all was read from the journal.

        Raises:
            LogError: If the disk refuses.
        """
        try:
            self.journal.look()
            tables = self._index.load(self.journal, self.entries)
            if tables is None:
                self._take_all(self.journal.read_on())
                return True
            self.tables = tables
            return not self._take_newer()
        except OSError as error:
            self.close()
            raise LogError(
                f"The log in {self.home} cannot be read: {error.strerror}.",
                hint="Look after the rights of the folder.",
            ) from error

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
        """Forget the index, and read the journal from its beginning.

        Raises:
            OSError: If it cannot be read; what was known stays.
        """
        log = self.journal
        known = (log, self._index, self.entries, self.tables)
        self.journal = Journal(self.home, log.device, self.files)
        self._index = Index(self.home, self.files)
        self.entries = Entries()
        self.tables = {}
        try:
            self.journal.look()
            self._take_all(self.journal.read_on())
        except OSError:
            self.journal.close()
            self.journal, self._index, self.entries, self.tables = known
            raise
        log.close()

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
            try:
                self.apply(commit, commit.changes)
            except LogChangedError:  # the index below it is not what it was
                self._start_over()
                return False
        return True

    def _judge(self) -> None:
        """Decide what may be done with the log as it was found."""
        guest = self.is_guest
        aside = []
        if self._lock.held:
            aside = self.journal.set_aside_torn(self._keep_aside)
            self.notices += map(torn, aside)
        missing = self._index.missing
        for notice in judge(self.home, self.journal, missing, aside=len(aside)):
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

    def index_is_sound(self) -> bool:
        """Check a year of the index now and then; False if a byte was changed."""
        self._looks += 1
        if self._looks % LOOKS:
            return True
        years = self.entries.partitions.values()
        unseen = next((year for year in years if not year.checked), None)
        return unseen is None or unseen.is_sound()

    def _index_up_to_date(self, least: int) -> None:
        if self._lock.held and self.writable and self.behind >= least:
            # A full disk is no reason to fail: the index is only a help.
            with suppress(OSError, LogError, BadPartitionError):
                self._index.save(self.journal, self.entries, self.tables)
                self.behind = 0

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

    def close(self) -> None:
        """Let go of files and the lock."""
        self.journal.close()
        self._lock.release()
