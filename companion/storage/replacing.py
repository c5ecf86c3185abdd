"""Putting the journal of a backup in place of one that is damaged or gone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from companion.errors import LogDamagedError, WriteFailedError
from companion.model.keeping import Restored
from companion.storage import restoring
from companion.storage.backup_filling import copy_segment
from companion.storage.commits import Change, encode_document
from companion.storage.comparison import compare_damaged, newer
from companion.storage.copies import ReadCopy, is_whole, opened
from companion.storage.manifest import PAGES
from companion.storage.state import ENTRIES

if TYPE_CHECKING:
    from pathlib import Path

    from companion.model.keeping import Backup
    from companion.storage.commits import Document
    from companion.storage.engine import Engine
    from companion.storage.files import Files
    from companion.storage.manifest import Manifest


ACT: Final = "restore"


def put_in_place(
    engine: Engine, backup: Backup, manifest: Manifest, copy: ReadCopy, *, exactly: bool
) -> Restored:
    """Let the journal of a backup take the place of what there is.

    Raises:
        LogDamagedError: If what was written does not verify; nothing was changed.
        WriteFailedError: If all is ready, and only the exchange was refused.
        OSError: If the disk refuses; nothing was changed.
    """
    home, files = engine.home, engine.files
    with opened(home, files) as damaged:
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
            copy_segment(segment, stage / "journal" / segment.path.name, files)
        files.sync_folder(stage / "journal")
        reached = max(copy.journal.lamport, damaged.journal.lamport)
    head = _append(stage, engine, manifest, changes, reached)
    copy_pages(home, backup.folder, missing_pages(home, manifest, files), files)
    moment = datetime.now().astimezone()
    restoring.declare_ready(
        home, files, aside=f"journal-{moment:%Y%m%dT%H%M%S}", head=head
    )
    try:
        aside = restoring.finish(home, files)
    except OSError as error:
        raise WriteFailedError(
            f"It is ready to take its place, and could not be put there: "
            f"{error.strerror or error}.",
            hint="Look after the disk and the rights of the folder. Opening the log "
            "again finishes it; nothing is lost.",
        ) from error
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
    with opened(stage, engine.files) as copy:
        journal = copy.journal
        if not is_whole(copy, manifest):
            raise LogDamagedError("What was written does not verify.")
        journal.device = engine.journal.device
        journal.lamport = reached
        if changes:
            journal.ready_to_write()
            # No act that undo takes back: these would be gone from the log with it.
            journal.append([_encoded(change) for change in changes], act="change")
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


def missing_pages(home: Path, manifest: Manifest, files: Files) -> list[str]:
    """Return the small files of the backup that the log has no more."""
    return [
        name
        for name in manifest.files
        if name != "device" and not files.is_file(home / name)
    ]


def copy_pages(home: Path, folder: Path, names: list[str], files: Files) -> None:
    """Bring small files of a backup back.

    Raises:
        OSError: If the disk refuses.
    """
    for name in names:
        if name.startswith(PAGES):
            files.make_folder(home / PAGES)
        files.write_whole(home / name, files.read(folder / name))
