"""The errors a person may meet, each one sentence and one hint.

::

    CompanionError
    ├── InvalidEntryError        an entry that breaks a rule of the model
    ├── EntryNotFoundError       no entry with that id
    ├── AmbiguousIdError         an ending of an id that fits several entries
    ├── NothingToUndoError       no change is left to take back
    ├── InvalidDayError          words that name no day
    ├── InvalidQueryError        a search that cannot be read
    ├── InvalidSettingError      a setting with a value it cannot have
    ├── ContentError             a file of words that cannot be read
    └── LogError                 the log on disk
        ├── LogLockedError       another Companion is writing to it
        ├── LogReadOnlyError     it may be read, not written (why is in the message)
        ├── LogDamagedError      bytes that do not verify
        │   └── LogChangedError  bytes that verified when they were first read
        ├── BackupNotFoundError  no backup of that name, or in that folder
        └── WriteFailedError     the disk refused a write; nothing was changed
"""

from __future__ import annotations


class CompanionError(Exception):
    """Base of the errors of the domain: one sentence, one hint to act on."""

    exit_code = 2
    """What the command line ends with when this error reaches it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Keep the sentence and the hint; both are fit to be shown."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class InvalidEntryError(CompanionError):
    """An entry breaks a rule of the model."""


class EntryNotFoundError(CompanionError):
    """There is no entry with that id."""

    exit_code = 1

    def __init__(self, entry_id: str) -> None:
        """Name the id that was asked for."""
        super().__init__(
            f"There is no entry {entry_id!r}.",
            hint="`companion log` lists the entries and the ends of their ids.",
        )
        self.entry_id = entry_id


class AmbiguousIdError(CompanionError):
    """The ending of an id fits more than one entry."""

    def __init__(self, ending: str, count: int) -> None:
        """Name the ending and how many entries it fits."""
        super().__init__(
            f"{count} entries end in {ending!r}.", hint="Give more of the id."
        )
        self.ending = ending
        self.count = count


class NothingToUndoError(CompanionError):
    """No change is left to take back."""

    exit_code = 1

    def __init__(self) -> None:
        """Say so."""
        super().__init__("There is nothing to undo.")


class InvalidDayError(CompanionError):
    """The words name no day."""

    def __init__(self, words: str) -> None:
        """Name the words that were not understood."""
        super().__init__(
            f"{words!r} is not a day.",
            hint="Try 2026-11-22, today, yesterday, monday, or 3 days ago.",
        )
        self.words = words


class InvalidQueryError(CompanionError):
    """A search cannot be read."""


class InvalidSettingError(CompanionError):
    """A setting was given a value it cannot have."""


class ContentError(CompanionError):
    """A file of words cannot be read; the message names the file and the line."""

    exit_code = 3


class LogError(CompanionError):
    """Something about the log on disk."""

    exit_code = 3


class LogLockedError(LogError):
    """Another Companion is writing to this log."""


class LogReadOnlyError(LogError):
    """The log may be read but not written; the message says why."""


class LogDamagedError(LogError):
    """Bytes of the log do not verify; the message says which."""


class LogChangedError(LogDamagedError):
    """Bytes of an open log are not what they were; it is to be read anew."""


class WriteFailedError(LogError):
    """The disk refused a write, and nothing was changed."""


class BackupNotFoundError(LogError):
    """There is no backup of that name, or in that folder."""

    exit_code = 1

    def __init__(self, which: str) -> None:
        """Name what was asked for."""
        super().__init__(
            f"There is no backup {which!r}.",
            hint="`companion restore` lists those of this log; a folder is named by "
            "its path.",
        )
        self.which = which
