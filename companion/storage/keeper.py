"""The care of the log in one folder; fulfils `LogKeeper`."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from companion.errors import BackupNotFoundError, LogError
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.engine import Engine
from companion.storage.files import Files
from companion.storage.manifest import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from companion.model.keeping import Backup, Preview, Report, Rescued, Restored
    from companion.ports import Progress


class HomeKeeper:
    """Takes care of a log, through the engine that is open or one of its own."""

    def __init__(self, home: Path, engine: Engine | None = None) -> None:
        """Name the folder; nothing is read yet."""
        self._home = home
        self._engine = engine
        self._files = Files() if engine is None else engine.files
        self._backups = Backups(home, self._files)

    def backups(self) -> Sequence[Backup]:
        """Return the backups of the log, newest first, by a quick look."""
        return self._backups.all()

    def back_up(self, to: Path | None) -> Backup:
        """Make a verified backup."""
        if not self._home.is_dir():
            raise LogError("There is no log yet, so there is nothing to be kept.")
        with self._opened() as engine:
            return self._backups.make(engine, BY_HAND, to=to)

    def preview(self, which: str, progress: Progress | None) -> Preview:
        """Return what bringing a backup back would change."""
        from companion.storage import restore, taking_in  # noqa: PLC0415

        found = self._find(which)
        with self._opened() as engine:
            if found.is_file():
                return taking_in.preview(engine, found)
            return restore.preview(engine, found, progress)

    def restore(
        self, which: str, progress: Progress | None, *, exactly: bool
    ) -> Restored:
        """Bring a backup back."""
        from companion.storage import restore, taking_in  # noqa: PLC0415

        found = self._find(which)
        with self._opened() as engine:
            if found.is_file():
                return taking_in.take_in(engine, found)
            return restore.restore(engine, found, exactly=exactly, progress=progress)

    def check(self, progress: Progress | None) -> Report:
        """Read every byte and change nothing."""
        from companion.storage.check import check  # noqa: PLC0415

        return check(self._home, self._files, progress=progress)

    def rescue(self, to: Path, progress: Progress | None) -> Rescued:
        """Put all that can be read in a new folder."""
        from companion.storage.rescue import rescue  # noqa: PLC0415

        return rescue(self._home, to, self._files, progress=progress)

    def _find(self, which: str) -> Path:
        own = self._backups.folder / which
        if "/" not in which and which not in {".", ".."} and own.is_dir():
            return own
        folder = Path(which).expanduser()
        if (folder / NAME).is_file() or folder.is_file():
            return folder.absolute()
        raise BackupNotFoundError(which)

    @contextmanager
    def _opened(self) -> Iterator[Engine]:
        if self._engine is not None:
            yield self._engine
            return
        engine = Engine(self._home, files=self._files)
        try:
            yield engine
        finally:
            engine.close()
