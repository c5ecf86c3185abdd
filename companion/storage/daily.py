"""When backups are made without being asked for: once a day, and before much goes.

What makes them is loaded only then. None is made on the way of a save, but for the one
before a change that takes away much.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from companion.errors import LogError, WriteFailedError
from companion.ports import Notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from companion.storage.commits import Change
    from companion.storage.engine import Engine

MANY: Final = 20
"""More entries than this taken away at once, and more than a tenth, are much."""
_PART: Final = 10


class Daily:
    """Sees to the backups of one open log."""

    def __init__(self) -> None:
        """Nothing was looked at yet."""
        self._seen: tuple[str, int] | None = None
        self._failed = ""

    def see_to(self, engine: Engine) -> Notice | None:
        """Make today's backup if anything changed since the last; never raise.

        Returns:
            What the person should know where it could not be made.
        """
        today = f"{datetime.now().astimezone():%Y-%m-%d}"
        reached = (today, engine.journal.lamport)
        if reached == self._seen or self._failed == today:
            return None
        self._seen = reached
        try:
            if today in engine.files.names(engine.home / "backups"):
                return None
            if not engine.journal.segments:
                return None
            from companion.storage.backup import Backups  # noqa: PLC0415
            from companion.storage.backup_names import DAILY  # noqa: PLC0415

            backups = Backups(engine.home, engine.files)
            if not backups.is_current(engine):
                backups.make(engine, DAILY)
        except (OSError, LogError, ValueError) as error:
            # Once a day is enough to try in vain, and to say so.
            self._failed = today
            reason = error.message if isinstance(error, LogError) else why(error)
            hint = error.hint if isinstance(error, LogError) else ""
            return Notice(f"Today's backup could not be made: {reason}", hint)
        return None


def why(error: Exception) -> str:
    """Return what an error of the system says, without the path it says it of."""
    words = error.strerror if isinstance(error, OSError) else None
    return f"{words or error}."


def guard(engine: Engine, changes: Sequence[Change], table: str) -> None:
    """Make a backup before a commit that takes away much of a table.

    Raises:
        WriteFailedError: If that could not be done; then the commit is not made.
    """
    count = engine.count(table)
    gone = 0
    for change in changes:
        if change.table == table and change.id is None:
            gone = count
        elif change.table == table and change.document is None:
            gone += 1
    if gone <= MANY or gone * _PART <= count:
        return
    from companion.storage.backup import Backups  # noqa: PLC0415
    from companion.storage.backup_names import BEFORE_REMOVAL  # noqa: PLC0415

    backups = Backups(engine.home, engine.files)
    try:
        if not backups.is_current(engine):
            backups.make(engine, BEFORE_REMOVAL)
    except (LogError, OSError, ValueError) as error:
        raise WriteFailedError(
            f"Nothing was taken away: so many entries go only after a backup, and that "
            f"could not be made ({error}).",
            hint="Look after the disk and the rights of the folder, then try again.",
        ) from error
