"""Bringing a backup back: what it would change, and doing it.

Into a sound log it comes back as one commit, which undo takes back. Where the log is
damaged or gone, the backup's journal takes its place: with what is sound and newer in
the damaged one added to it, and the damaged one set aside whole.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from zlib import crc32

from companion.errors import (
    LogDamagedError,
    LogError,
    LogLockedError,
    LogReadOnlyError,
    WriteFailedError,
)
from companion.model.keeping import Preview, Restored
from companion.storage import restoring
from companion.storage.backup import BEFORE_RESTORE, Backups, unusable
from companion.storage.commits import Change, encode_document
from companion.storage.comparison import compare, compare_damaged, newer
from companion.storage.copies import ReadCopy
from companion.storage.manifest import PAGES, extent
from companion.storage.segment import NEWER
from companion.storage.state import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from companion.model.keeping import Backup
    from companion.ports import Progress
    from companion.storage.commits import Commit, Document
    from companion.storage.engine import Engine
    from companion.storage.files import Files
    from companion.storage.manifest import Manifest
    from companion.storage.segment import Segment

ACT: Final = "restore"
_CHUNK: Final = 1 << 20


def preview(engine: Engine, folder: Path, progress: Progress | None = None) -> Preview:
    """Return what bringing a backup back would do; nothing is changed.

    Raises:
        LogDamagedError: If the backup does not verify.
    """
    files = engine.files
    backup, manifest = Backups(engine.home, files).verified(folder, chained=False)
    damaged_log = takes_place(engine)
    with _opened_backup(backup, manifest, files, progress) as copy:
        if not damaged_log:
            plan = compare(engine, copy)
        else:
            with _opened(engine.home, files) as damaged:
                plan = compare_damaged(damaged, copy)
    others: dict[str, int] = {}
    for table, _ in plan.back + plan.earlier:
        if table != ENTRIES:
            others[table] = others.get(table, 0) + 1
    known = engine.journal.log_id
    why_not = ""
    try:
        refuse(engine)
    except LogError as error:
        why_not = f"{error.message} {error.hint}".rstrip()
    return Preview(
        backup=backup,
        why_not=why_not,
        back=plan.entries(plan.back),
        earlier=plan.entries(plan.earlier),
        since=plan.entries(plan.since),
        others=others,
        pages=tuple(_missing_pages(engine.home, manifest, files)),
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
        with _opened_backup(backup, manifest, files, progress) as copy:
            if takes_place(engine):
                return _put_in_place(engine, backup, manifest, copy, exactly=exactly)
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


@contextmanager
def _opened(
    folder: Path, files: Files, each: Callable[[Commit], None] | None = None
) -> Iterator[ReadCopy]:
    try:
        copy = ReadCopy(folder, files, each=each)
    except OSError as error:
        raise LogDamagedError(
            f"{folder} cannot be read: {error.strerror or error}."
        ) from error
    try:
        yield copy
    finally:
        copy.close()


@contextmanager
def _opened_backup(
    backup: Backup, manifest: Manifest, files: Files, progress: Progress | None
) -> Iterator[ReadCopy]:
    """Read the journal of a backup, line by line, which has to be what it says."""
    read = 0

    def tell(commit: Commit) -> None:
        nonlocal read
        read += commit.length
        if progress is not None:
            progress(min(1.0, read / manifest.size), f"Reading {backup.name}")

    with _opened(backup.folder, files, tell) as copy:
        if not _is_whole(copy, manifest):
            raise unusable(backup.folder, "its lines do not follow each other")
        yield copy


def _is_whole(copy: ReadCopy, manifest: Manifest) -> bool:
    segments = copy.journal.segments
    extents = {name: extent(one.mark) for name, one in segments.items()}
    return not copy.journal.faults and extents == manifest.segments


# A sound log


def _put_back(
    engine: Engine, backup: Backup, manifest: Manifest, copy: ReadCopy, *, exactly: bool
) -> Restored:
    plan = compare(engine, copy)
    changes = _changes(plan.back + plan.earlier, copy)
    gone = plan.since if exactly else []
    changes += [Change(table, key, None) for table, key in gone]
    before = ""
    pages = _missing_pages(engine.home, manifest, engine.files)
    if changes or pages:
        backups = Backups(engine.home, engine.files)
        if not backups.is_current(engine):
            before = backups.make(engine, BEFORE_RESTORE).name
        _copy_pages(engine.home, backup.folder, pages, engine.files)
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


# A damaged log, or none


def _put_in_place(
    engine: Engine, backup: Backup, manifest: Manifest, copy: ReadCopy, *, exactly: bool
) -> Restored:
    home, files = engine.home, engine.files
    with _opened(home, files) as damaged:
        plan = compare_damaged(damaged, copy)
        standing = {
            (table, key) for table in copy.tables for key in copy.standing(table)
        }
        later = [] if exactly else list(newer(damaged, copy))
        changes = [
            Change(table, key, held.place and damaged.document(held.place))
            for table, key, held in later
            if held.place is not None or (table, key) in standing
        ]
        stage = restoring.begin(home, files)
        for segment in copy.journal.segments.values():
            Backups(home, files).copy(segment, stage / "journal" / segment.path.name)
        files.sync_folder(stage / "journal")
        reached = max(copy.journal.lamport, damaged.journal.lamport)
    head = _append(stage, engine, manifest, changes, reached)
    _copy_pages(home, backup.folder, _missing_pages(home, manifest, files), files)
    moment = datetime.now().astimezone()
    restoring.declare_ready(
        home, files, aside=f"journal-{moment:%Y%m%dT%H%M%S}", head=head
    )
    aside = restoring.finish(home, files)
    return Restored(
        backup=backup,
        back=len(plan.entries(plan.back)),
        earlier=len(plan.entries(plan.earlier)),
        kept=sum(change.table == ENTRIES for change in changes if change.document),
        in_place=True,
        aside=aside,
    )


def _append(
    stage: Path,
    engine: Engine,
    manifest: Manifest,
    changes: list[Change],
    reached: int,
) -> bool:
    """Add what was newer to the new journal; return whether it has a head mark.

    Raises:
        LogError: If it does not verify as it was written.
    """
    with _opened(stage, engine.files) as copy:
        journal = copy.journal
        if not _is_whole(copy, manifest):
            raise LogDamagedError("What was written does not verify.")
        journal.device = engine.journal.device
        journal.lamport = reached
        if changes:
            journal.ready_to_write()
            journal.append([_encoded(change) for change in changes], act=ACT)
        elif journal.own:
            journal.head.put(journal.own[-1].name, journal.own[-1].mark)
        return bool(journal.own)


def _encoded(change: Change) -> tuple[str, str | None, str | None]:
    document: Document | None = change.document
    return (
        change.table,
        change.id,
        None if document is None else encode_document(document),
    )


# Pages


def _missing_pages(home: Path, manifest: Manifest, files: Files) -> list[str]:
    """Return the small files of the backup that the log has no more."""
    return [
        name
        for name in manifest.files
        if name != "device" and not files.is_file(home / name)
    ]


def _copy_pages(home: Path, folder: Path, names: list[str], files: Files) -> None:
    for name in names:
        if name.startswith(PAGES):
            files.make_folder(home / PAGES)
        files.write_whole(home / name, files.read(folder / name))
