"""Taking care of the log as a whole: backups, bringing one back, checking, rescuing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from companion.care_ports import LogKeeper
    from companion.model.keeping import Backup, Preview, Report, Rescued, Restored
    from companion.ports import Progress


class Care:
    """What a person can do for their log; nothing is loaded before it is asked for."""

    def __init__(self, keeper: Callable[[], LogKeeper]) -> None:
        """Take what opens the keeper, whenever it is needed."""
        self._open = keeper

    @property
    def _keeper(self) -> LogKeeper:
        # Not kept: the log it takes care of may have been opened anew meanwhile.
        return self._open()

    def backups(self) -> Sequence[Backup]:
        """Return the backups there are, newest first."""
        return self._keeper.backups()

    def back_up(self, to: Path | None = None) -> Backup:
        """Make a backup now, verified before this returns.

        Args:
            to: The folder it is put in; among the log's own backups, if not given.

        Raises:
            LogError: If there is nothing to be kept, the log is not sound, or the disk
                refused.
        """
        return self._keeper.back_up(to)

    def preview(self, which: str, progress: Progress | None = None) -> Preview:
        """Return what bringing a backup back would change; nothing is changed.

        Args:
            which: Its name, or the folder it lies in.
            progress: Told how far it is.

        Raises:
            LogError: If there is none, or it does not verify.
        """
        return self._keeper.preview(which, progress)

    def restore(
        self,
        which: str,
        progress: Progress | None = None,
        *,
        exactly: bool = False,
    ) -> Restored:
        """Bring a backup back; `undo` takes it back where the log was sound.

        Where the journal was set aside, the log is to be opened anew.

        Args:
            which: Its name, or the folder it lies in.
            progress: Told how far it is.
            exactly: Whether what was written since goes.

        Raises:
            LogLockedError: If another window is writing.
            LogError: If there is none, it does not verify, or the disk refused.
        """
        return self._keeper.restore(which, progress, exactly=exactly)

    def check(self, progress: Progress | None = None) -> Report:
        """Read every byte of the log and its backups; nothing is changed."""
        return self._keeper.check(progress)

    def rescue(self, to: Path, progress: Progress | None = None) -> Rescued:
        """Put all that can be read in a new folder, and the raw rest beside it.

        Raises:
            LogError: If there is no log, or the folder cannot be.
        """
        return self._keeper.rescue(to, progress)
