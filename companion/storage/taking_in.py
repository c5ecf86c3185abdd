"""Taking a file of version 0 into the log: what it would add, and doing it.

What the log has already stays as it is there; only what is missing is added, as one
commit that undo takes back.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from companion.errors import LogDamagedError
from companion.model.keeping import Backup, Preview, Restored
from companion.storage.backup import Backups
from companion.storage.backup_names import BEFORE_RESTORE
from companion.storage.commits import Change
from companion.storage.replacing import ACT
from companion.storage.restore import refuse, why_not
from companion.storage.state import ENTRIES
from companion.storage.version0 import LIMIT, NotPlainError, Plain, read

if TYPE_CHECKING:
    from pathlib import Path

    from companion.storage.engine import Engine


def preview(engine: Engine, path: Path) -> Preview:
    """Return what taking a file in would add; nothing is changed.

    Raises:
        LogDamagedError: If it is no file of plain TinyDB.
    """
    backup, plain = _read(engine, path)
    missing = _missing(engine, plain)
    return Preview(
        backup=backup,
        why_not=why_not(engine, _refuse),
        back=tuple(sorted(missing)),
        refused=tuple(plain.refused),
    )


def take_in(engine: Engine, path: Path) -> Restored:
    """Add what the log does not have yet.

    Raises:
        LogLockedError: If another window is writing.
        LogDamagedError: If it is no file of plain TinyDB.
        WriteFailedError: If the disk refused.
        LogError: If the log may not be written for another reason.
    """
    _refuse(engine)
    backup, plain = _read(engine, path)
    missing = _missing(engine, plain)
    before = ""
    if missing:
        backups = Backups(engine.home, engine.files)
        if engine.journal.segments and not backups.is_current(engine):
            before = backups.make(engine, BEFORE_RESTORE).name
        engine.commit(
            [Change(ENTRIES, key, plain.entries[key]) for key in sorted(missing)],
            act=ACT,
        )
    return Restored(backup=backup, back=len(missing), before=before)


def _refuse(engine: Engine) -> None:
    """Say why nothing can be added here: here damage is a reason, too."""
    refuse(engine)
    if engine.refused is not None:
        raise engine.refused


def _missing(engine: Engine, plain: Plain) -> list[str]:
    return [key for key in plain.entries if not engine.has(ENTRIES, key)]


def _read(engine: Engine, path: Path) -> tuple[Backup, Plain]:
    files = engine.files
    try:
        fd = files.open_read(path.resolve())
        try:
            data = files.read_at(fd, min(files.size(fd), LIMIT + 1), 0)
        finally:
            files.close(fd)
        plain = read(data)
        changed = path.stat().st_mtime
    except OSError as error:
        raise LogDamagedError(f"{path} cannot be read: {error.strerror}.") from error
    except NotPlainError as error:
        raise LogDamagedError(
            f"{path.name} is no log of plain TinyDB: {error}.",
            hint="A backup is a folder: name that, or its name in the list.",
        ) from error
    backup = Backup(
        name=path.name,
        folder=path.parent,
        made=datetime.fromtimestamp(changed).astimezone(),
        size=len(data),
        entries=len(plain.entries),
    )
    return backup, plain
