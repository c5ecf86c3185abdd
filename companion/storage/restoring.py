"""Putting a journal in the place of another, in steps that any of may be the last.

All that is to be in place is made in the folder `restoring` first, and a file `ready`
is put beside it last. From then on the exchange only goes forward: whoever next opens
the log to write finishes it before anything is read.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from companion.storage.backup import clear_away
from companion.storage.strict import loads

if TYPE_CHECKING:
    from pathlib import Path

    from companion.storage.files import Files

FOLDER: Final = "restoring"
READY: Final = "ready"
_LONGEST: Final = 80
"""No name that we give has more characters."""
FORMER: Final = "former"
"""Keeps the journal as it was before it was last written anew."""
_GONE: Final = "gone"


def begin(home: Path, files: Files) -> Path:
    """Return an empty folder to make the new journal in.

    Raises:
        OSError: If the disk refuses.
    """
    stage = home / FOLDER
    if stage.is_symlink() or stage.exists():
        clear_away(stage, files)
    files.new_folder(stage)
    files.new_folder(stage / "journal")
    files.sync_folder(home)
    return stage


def declare_ready(home: Path, files: Files, *, aside: str, head: bool) -> None:
    """Say that all is made, and how it goes on; from here there is no way back.

    Args:
        home: The folder of the log.
        files: The disk.
        aside: What the present journal is called when it is set aside; `FORMER`, if
            it is kept as the journal before this one; "", if nothing of it is to be
            left, of no former one and of the index neither.
        head: Whether a head mark was made, too.

    Raises:
        OSError: If the disk refuses; then nothing was changed.
    """
    stage = home / FOLDER
    files.sync_folder(stage / "journal")
    files.sync_folder(stage)
    files.sync_folder(home)
    text = json.dumps({"aside": aside, "head": head})
    try:
        files.write_whole(stage / READY, text.encode() + b"\n")
    except OSError:
        # It may have its name already, only not for sure.
        with suppress(OSError):
            files.remove(stage / READY)
        raise


def finish(home: Path, files: Files) -> Path | None:
    """Put what is ready in its place; return where the former journal lies now.

    It may be stopped at any point and done again.

    Raises:
        OSError: If the disk refuses.
    """
    stage = home / FOLDER
    try:
        plan = loads(files.read(stage / READY))
        name = _plain_name(plan["aside"])
    except (ValueError, KeyError, TypeError, AttributeError):
        # Nobody can tell how it was to go on: it is kept, and what is there stays.
        _move(stage, home, FOLDER, files)
        return None
    aside = None
    if files.is_folder(stage / "journal"):
        aside = _set_aside(home, name, files)
        files.replace(stage / "journal", home / "journal")
        files.sync_folder(home)
        files.sync_folder(stage)
    if not name:
        _destroy(home, files)
    with suppress(FileNotFoundError):
        files.remove(home / "index" / "state")
    if not plan.get("head"):
        with suppress(FileNotFoundError):
            files.remove(home / "head")
    elif files.is_file(stage / "head"):
        files.replace(stage / "head", home / "head")
    files.sync_folder(home)
    files.remove(stage / READY)
    files.sync_folder(stage)
    with suppress(OSError):
        clear_away(stage, files)
    return aside


def _plain_name(name: str) -> str:
    """Return the name of a file that lies in the folder it is put in, or "".

    Raises:
        ValueError: If it would lie elsewhere, or could not be its name.
    """
    plain = name.isascii() and name.replace("-", "").isalnum()
    if not (plain or not name) or len(name) > _LONGEST:
        raise ValueError(name)
    return name


def _set_aside(home: Path, name: str, files: Files) -> Path | None:
    live = home / "journal"
    if not files.is_folder(live):
        if live.is_symlink() or live.exists():
            return _move(live, home, name, files)
        return None
    if not files.names(live):
        # Made by opening the log, after its journal was set aside.
        files.remove_folder(live)
        return None
    if name == FORMER:
        return _keep_as_former(live, home, files)
    if not name:
        files.replace(live, home / FOLDER / _GONE)
        files.sync_folder(home)
        return None
    return _move(live, home, name, files)


def _keep_as_former(live: Path, home: Path, files: Files) -> Path:
    former = home / FORMER
    if former.is_symlink() or former.exists():
        clear_away(former, files)
    files.new_folder(former)
    files.replace(live, former / "journal")
    files.sync_folder(former)
    files.sync_folder(home)
    return former / "journal"


def _destroy(home: Path, files: Files) -> None:
    """Take away whatever holds what the new journal does not."""
    for path in (home / FOLDER / _GONE, home / FORMER, home / "index"):
        if path.is_symlink() or path.exists():
            clear_away(path, files)
    files.sync_folder(home)


def _move(live: Path, home: Path, name: str, files: Files) -> Path:
    folder = home / "quarantine"
    files.make_folder(folder)
    target = folder / name
    number = 1
    while target.is_symlink() or target.exists():
        number += 1
        target = folder / f"{name}-{number}"
    files.replace(live, target)
    files.sync_folder(folder)
    files.sync_folder(home)
    return target
