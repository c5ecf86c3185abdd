"""Bringing a log of an earlier format up to date, after a verified backup of it.

The steps are in `migrations`. Until it is done the log is read as it is; where it
cannot be done it is not written to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from companion.storage.backup import Backups
from companion.storage.backup_names import BEFORE_MIGRATION
from companion.storage.renewal import renew
from companion.storage.restoring import FORMER

if TYPE_CHECKING:
    from companion.ports import Progress
    from companion.storage.commits import Document
    from companion.storage.engine import Engine


class _AsItIs:
    """Alters nothing: what is written anew is of today's format anyway."""

    def lines(self, name: str, data: bytes) -> set[int]:  # noqa: ARG002
        """Return no line of its own."""
        return set()

    def changes(
        self,
        where: tuple[str, int],  # noqa: ARG002
        act: str,  # noqa: ARG002
        made: list[Any],
    ) -> list[Any]:
        """Leave the changes of a commit as they are."""
        return made

    def compacts(self, name: str) -> bool:  # noqa: ARG002
        """Keep every version."""
        return False

    def concerns(self, payload: bytes) -> bool:  # noqa: ARG002
        """Concern no document."""
        return False

    def expected(self, table: str, key: str, document: Document) -> Document:  # noqa: ARG002
        """Expect every document as it is read now."""
        return document


def migrate(engine: Engine, progress: Progress | None = None) -> None:
    """Write the journal of an open log anew in today's format.

    The journal as it was is kept, too, until it is next written anew.

    Raises:
        LogDamagedError: If the log, or what was written, does not verify.
        WriteFailedError: If the disk refused.
    """
    Backups(engine.home, engine.files).make(engine, BEFORE_MIGRATION)
    renew(engine, _AsItIs(), appended=[], act="", aside=FORMER, progress=progress)
