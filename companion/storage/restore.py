"""Bringing a backup back: what it would change, and doing it.

Into a sound log it comes back as one commit, which undo takes back. Where the log is
damaged or gone, the backup's journal takes its place: with what is sound and newer in
the damaged one added to it, and the damaged one set aside whole.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final
from zlib import crc32

from companion.errors import (
    LogError,
    LogLockedError,
    LogReadOnlyError,
    WriteFailedError,
)
from companion.model.keeping import Preview, Restored
from companion.storage.backup import Backups
from companion.storage.backup_names import BEFORE_RESTORE
from companion.storage.commits import Change
from companion.storage.comparison import compare, compare_damaged
from companion.storage.copies import ReadCopy, opened, opened_backup
from companion.storage.replacing import (
    ACT,
    copy_pages,
    missing_pages,
    put_in_place,
)
from companion.storage.segment import NEWER
from companion.storage.state import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from companion.model.keeping import Backup
    from companion.ports import Progress
    from companion.storage.engine import Engine
    from companion.storage.manifest import Manifest
    from companion.storage.segment import Segment

_CHUNK: Final = 1 << 20


def preview(engine: Engine, folder: Path, progress: Progress | None = None) -> Preview:
    """Return what bringing a backup back would do; nothing is changed.

    Raises:
        LogDamagedError: If the backup does not verify.
    """
    files = engine.files
    backup, manifest = Backups(engine.home, files).verified(folder, chained=False)
    damaged_log = takes_place(engine)
    with opened_backup(backup, manifest, files, progress) as copy:
        if not damaged_log:
            plan = compare(engine, copy)
        else:
            with opened(engine.home, files) as damaged:
                plan = compare_damaged(damaged, copy)
    others: dict[str, int] = {}
    for table, _ in plan.back + plan.earlier:
        if table != ENTRIES:
            others[table] = others.get(table, 0) + 1
    known = engine.journal.log_id
    return Preview(
        backup=backup,
        why_not=why_not(engine),
        back=plan.entries(plan.back),
        earlier=plan.entries(plan.earlier),
        since=plan.entries(plan.since),
        others=others,
        pages=tuple(missing_pages(engine.home, manifest, files)),
        damaged=damaged_log,
        same_log=known in {"", manifest.log},
    )


def restore(
    engine: Engine,
    folder: Path,
    *,
    exactly: bool = False,
    progress: Progress | None = None,
) -> Restored:
    """Bring a backup back.

    Args:
        engine: The log, opened to be written. Where its journal was damaged it is to
            be opened anew afterwards.
        folder: The backup.
        exactly: Whether what was written since goes.
        progress: Told how far it is.

    Raises:
        LogLockedError: If another window is writing.
        LogDamagedError: If the backup does not verify; nothing was changed.
        WriteFailedError: If the disk refused.
        LogError: If the log may not be written for another reason.
    """
    refuse(engine)
    files = engine.files
    backups = Backups(engine.home, files)
    backup, manifest = backups.verified(folder, chained=False)
    try:
        with opened_backup(backup, manifest, files, progress) as copy:
            if takes_place(engine):
                return put_in_place(engine, backup, manifest, copy, exactly=exactly)
            return _put_back(engine, backup, manifest, copy, exactly=exactly)
    except OSError as error:
        raise WriteFailedError(
            f"It could not be brought back: {error.strerror or error}.",
            hint="Look after the disk and the rights of the folder, then try again. "
            "Nothing is lost: the log and the backup are where they were.",
        ) from error


def takes_place(engine: Engine) -> bool:
    """Whether the backup takes the journal's place: it is damaged, or there is none."""
    return (
        bool(engine.damage())
        or not engine.journal.segments
        or not all(
            map(partial(_is_unchanged, engine), engine.journal.segments.values())
        )
    )


def _is_unchanged(engine: Engine, segment: Segment) -> bool:
    """Whether a segment still is what was read of it, perhaps by way of the index."""
    crc = 0
    for at in range(0, segment.mark.size, _CHUNK):
        size = min(_CHUNK, segment.mark.size - at)
        crc = crc32(engine.files.read_at(segment.fd, size, at), crc)
    return crc == segment.mark.crc


def refuse(engine: Engine) -> None:
    """Say why nothing can be brought back here, if that is so.

    Raises:
        LogError: If it is.
    """
    if engine.is_guest or not engine.holds_lock:
        raise engine.refused or LogLockedError("Another window writes to this log.")
    if any(fault.reason == NEWER for fault in engine.journal.faults):
        raise engine.refused or LogReadOnlyError("The log is newer than this program.")
    if engine.journal.broken is not None:
        raise engine.journal.broken
    if engine.refused is not None and not engine.damage():
        raise engine.refused


def why_not(engine: Engine, refuse: Callable[[Engine], None] = refuse) -> str:
    """Return why nothing can be brought back here, in words; "" if it can."""
    try:
        refuse(engine)
    except LogError as error:
        return f"{error.message} {error.hint}".rstrip()
    return ""


# A sound log


def _put_back(
    engine: Engine, backup: Backup, manifest: Manifest, copy: ReadCopy, *, exactly: bool
) -> Restored:
    plan = compare(engine, copy)
    changes = _changes(plan.back + plan.earlier, copy)
    gone = plan.since if exactly else []
    changes += [Change(table, key, None) for table, key in gone]
    before = ""
    pages = missing_pages(engine.home, manifest, engine.files)
    if changes or pages:
        backups = Backups(engine.home, engine.files)
        if not backups.is_current(engine):
            before = backups.make(engine, BEFORE_RESTORE).name
        copy_pages(engine.home, backup.folder, pages, engine.files)
    if changes:
        engine.commit(changes, act=ACT)
    return Restored(
        backup=backup,
        back=len(plan.entries(plan.back)),
        earlier=len(plan.entries(plan.earlier)),
        gone=len(plan.entries(gone)),
        before=before,
    )


def _changes(keys: list[tuple[str, str]], copy: ReadCopy) -> list[Change]:
    standing = {table: copy.standing(table) for table in copy.tables}
    return [
        Change(table, key, copy.document(standing[table][key])) for table, key in keys
    ]
