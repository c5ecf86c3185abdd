"""What the services need from outside: the clock, the log and a few small files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from companion.model.entry import Entry
    from companion.model.query import Query

Clock = Callable[[], datetime]
"""Returns the time now, aware, in the zone the person is in."""
Progress = Callable[[float, str], None]
"""Is told how far something is (0 to 1), and what it is."""


class Undone(NamedTuple):
    """What an undo took back: one change of one entry."""

    act: str
    """The act that was taken back: "write", "edit", "delete" or "restore".

    A restore changes many entries at once; `before` and `after` are None for it.
    """
    before: Entry | None
    """The entry as it is again now, or None where it is gone again."""
    after: Entry | None
    """The entry as it was until the undo."""


class Notice(NamedTuple):
    """Something the person should know about their log, in words."""

    message: str
    hint: str = ""
    grave: bool = False
    """Whether the log cannot be written because of it."""


class Timeline(Protocol):
    """Entries that match a query, newest first, found bit by bit.

    It shows the log as it was when it was asked for.
    """

    @property
    def query(self) -> Query:
        """What was looked for."""
        ...

    @property
    def done(self) -> bool:
        """Whether the whole log has been looked through."""
        ...

    def advance(self, *, seconds: float = 0.006, enough: int | None = None) -> bool:
        """Look on for about `seconds`, or until `enough` are found in all.

        Returns:
            Whether the whole log has been looked through.
        """
        ...

    def __len__(self) -> int:
        """Return how many have been found so far."""
        ...

    def entry(self, index: int) -> Entry:
        """Return the entry at `index`; 0 is the newest. Costs one short read."""
        ...

    def day(self, index: int) -> date:
        """Return the day of the entry at `index`, without reading it."""
        ...

    def index_of(self, day: date) -> int:
        """Return the index of the newest entry found that is of `day` or earlier.

        That is `len(self)` where all found are later.
        """
        ...


class LogStore(Protocol):
    """Keeps entries. A change that returns is on the disk."""

    @property
    def writable(self) -> bool:
        """Whether this process may edit, delete and undo.

        Where it is False because another window writes, `add` still works.
        """
        ...

    @property
    def is_guest(self) -> bool:
        """Whether another window writes to the log now."""
        ...

    def troubles(self) -> Sequence[Notice]:
        """Return why the log may only be read; nothing where all is well.

        Another window that writes is no trouble.
        """
        ...

    def add(self, entry: Entry) -> None:
        """Keep a new entry.

        Raises:
            WriteFailedError: If the disk refused; nothing was changed.
            LogReadOnlyError: If the log is damaged or newer.
        """
        ...

    def replace(self, entry: Entry) -> None:
        """Keep a changed entry in place of the one with the same id.

        Raises:
            EntryNotFoundError: If there is none with its id.
            LogLockedError: If another window is writing.
        """
        ...

    def remove(self, entry_id: str) -> None:
        """Take an entry out of the log; `undo` brings it back.

        Raises:
            EntryNotFoundError: If there is none with that id.
            LogLockedError: If another window is writing.
        """
        ...

    def undo(self) -> Undone:
        """Take back the newest change that has not been taken back.

        Raises:
            NothingToUndoError: If there is none.
            LogLockedError: If another window is writing.
        """
        ...

    def get(self, entry_id: str) -> Entry:
        """Return one entry.

        Raises:
            EntryNotFoundError: If there is none with that id.
        """
        ...

    def resolve(self, ending: str) -> str:
        """Return the full id that ends in `ending` (at least four characters).

        Raises:
            EntryNotFoundError: If there is none.
            AmbiguousIdError: If there are several.
        """
        ...

    def find(self, query: Query) -> Timeline:
        """Return the entries that match, newest first, to be found bit by bit."""
        ...

    def days(self, year: int) -> Mapping[date, int]:
        """Return how many entries belong to each day of a year that has any."""
        ...

    def names(self, what: str) -> Sequence[str]:
        """Return known names, most recently used first.

        Args:
            what: "parts", "people" or "tags".
        """
        ...

    def notices(self) -> Sequence[Notice]:
        """Return what the person should be told about the log, once each."""
        ...

    def refresh(self) -> bool:
        """Take in what others wrote (quick capture, another window).

        Returns:
            Whether anything is new.
        """
        ...

    def tidy(self) -> None:
        """Bring derived files up to date; never needed, only makes reading fast."""
        ...

    def reopen(self, progress: Progress | None = None) -> None:
        """Read the log anew, from what lies on the disk now.

        Args:
            progress: Told how far it is, where it takes long.

        Raises:
            LogError: If the folder cannot be used at all; then only `close` may follow.
        """
        ...

    def close(self) -> None:
        """Let go of files and the lock."""
        ...


class Draft(NamedTuple):
    """What was being written and is not in the log yet."""

    id: str
    """The id the entry will have."""
    saved: datetime
    state: Mapping[str, object]
    """Whatever the editor needs to go on; plain JSON values."""


class DraftStore(Protocol):
    """Keeps one small file per open editor."""

    def save(self, draft: Draft) -> None:
        """Keep the draft in place of the former one with its id.

        Raises:
            WriteFailedError: If the disk refused.
        """
        ...

    def all(self) -> Sequence[Draft]:
        """Return the drafts that can be read, newest first.

        A draft that cannot be read is set aside, never deleted.
        """
        ...

    def remove(self, draft_id: str) -> None:
        """Take the draft away; nothing happens where there is none."""
        ...

    def put_outside(self, folder: Path, name: str, words: str) -> Path:
        """Put words in a new text file, for this account alone; return where.

        Raises:
            WriteFailedError: If the disk refused.
        """
        ...


class PoolStore(Protocol):
    """Remembers which prompts came in the current round of each pool.

    It keeps no dates and does not know which were answered and which were skipped.
    """

    def came(self, pool: str) -> tuple[str, ...]:
        """Return the ids of the prompts that came in this round, the latest last."""
        ...

    def note(self, pool: str, came: tuple[str, ...]) -> None:
        """Keep what came in this round in place of what was kept before."""
        ...


class SettingsStore(Protocol):
    """Keeps the settings as plain words."""

    def load(self) -> Mapping[str, object]:
        """Return what is kept; {} where there is nothing."""
        ...

    def save(self, values: Mapping[str, object]) -> None:
        """Keep the values in place of the former."""
        ...


class PageStore(Protocol):
    """Keeps the person's own pages (the help page), one small file each."""

    def read(self, name: str) -> str:
        """Return the page, or "" where there is none."""
        ...

    def write(self, name: str, text: str) -> None:
        """Keep the page in place of the former.

        Raises:
            WriteFailedError: If the disk refused.
        """
        ...
