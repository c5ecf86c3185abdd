"""The log as a command opens it: nothing is made by looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.bootstrap import home_of, open_log
from companion.errors import EntryNotFoundError, LogLockedError, LogReadOnlyError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from companion.cli.output import Output
    from companion.log import Log
    from companion.model.entry import Entry


class Opened:
    """An open log, for as long as the `with` lasts."""

    def __init__(self, home: Path | None, output: Output) -> None:
        """Open the log that is there, and say what there is to be said about it."""
        self.log: Log | None = None
        """The log, or None where there is none yet."""
        self.grave = False
        """Whether something is wrong with it that was told on stderr."""
        if not home_of(home).exists():
            return
        self.log = open_log(home)
        for notice in self.log.notices():
            output.note(f"{notice.message} {notice.hint}".rstrip())
            self.grave = self.grave or notice.grave

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the log."""
        if self.log is not None:
            self.log.close()

    def entry(self, ending: str) -> tuple[Log, Entry]:
        """Return the log and the entry whose id ends so.

        Raises:
            EntryNotFoundError: If there is none.
            AmbiguousIdError: If there are several.
        """
        if self.log is None:
            raise EntryNotFoundError(ending)
        return self.log, self.log.resolve(ending)

    def refuse_reader(self) -> None:
        """Say now that nothing can be changed here, not after long work.

        Raises:
            LogError: If nothing can.
        """
        if self.log is None or self.log.writable:
            return
        if self.grave:
            raise LogReadOnlyError("So the log can be read, and not changed.")
        raise LogLockedError(
            "Companion is open in another window, which writes to this log.",
            hint="Do it there, or close that window first.",
        )
