"""What the care of the log needs from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from companion.model.keeping import Backup, Preview, Report, Rescued, Restored
    from companion.ports import Progress


class LogKeeper(Protocol):
    """Takes care of the log as a whole. Every method may raise a `LogError`."""

    def backups(self) -> Sequence[Backup]:
        """Return the backups of the log, newest first, by a quick look."""
        ...

    def back_up(self, to: Path | None) -> Backup:
        """Make a verified backup: in a folder, or among the log's own."""
        ...

    def preview(self, which: str, progress: Progress | None) -> Preview:
        """Return what bringing back a backup, by name or folder, would change."""
        ...

    def restore(
        self, which: str, progress: Progress | None, *, exactly: bool
    ) -> Restored:
        """Bring a backup back; exactly, if what was written since is to go."""
        ...

    def check(self, progress: Progress | None) -> Report:
        """Read every byte and change nothing."""
        ...

    def rescue(self, to: Path, progress: Progress | None) -> Rescued:
        """Put all that can be read in a new folder."""
        ...
