"""What lies beside the journal and may hold what is to go: small files and pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.storage.backup_names import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.storage.erasure import Wish
    from companion.storage.files import Files

_DERIVED = frozenset({"journal", "index", "erasing", "lock", "head"})


def clean_small(folder: Path, wish: Wish, files: Files) -> int:
    """Clean the drafts or the captures that wait; return how many were touched.

    Raises:
        OSError: If the disk refuses.
    """
    touched = 0
    for name in files.names(folder):
        path = folder / name
        if not files.is_file(path):
            continue
        data = files.read(path)
        if not (wish.names(data) or wish.names(name.encode())):
            continue
        left = None if name.startswith(".") else wish.small(name, data)
        _put(path, left, files)
        touched += 1
    if touched:
        files.sync_folder(folder)
    return touched


def clean_pieces(folder: Path, wish: Wish, files: Files) -> int:
    """Cut lines that name it out of what was set aside; return how many files had any.

    Raises:
        OSError: If the disk refuses.
    """
    touched = 0
    for name in files.names(folder):
        path = folder / name
        if files.is_folder(path):
            touched += clean_pieces(path, wish, files)
            continue
        if not files.is_file(path):
            continue
        data = files.read(path)
        if wish.names(name.encode()):
            _put(path, None, files)
        elif wish.names(data):
            _put(path, _cut(data, wish), files)
        else:
            continue
        touched += 1
    if touched:
        files.sync_folder(folder)
    return touched


def _cut(data: bytes, wish: Wish) -> bytes | None:
    """Return the lines that do not name it; None if there are none."""
    lines = data.splitlines(keepends=True) if b"\n" in data else []
    return b"".join(line for line in lines if not wish.names(line)) or None


def _put(path: Path, data: bytes | None, files: Files) -> None:
    if data is None:
        files.remove(path)
    else:
        files.write_whole(path, data)


def left(home: Path, wish: Wish, files: Files) -> Iterator[str]:
    """Name the files in the folder of a log that still hold it."""
    for name in files.names(home):
        if name not in _DERIVED:
            yield from _left(home, (name,), wish, files)


def _left(
    home: Path, parts: tuple[str, ...], wish: Wish, files: Files
) -> Iterator[str]:
    path = home.joinpath(*parts)
    if files.is_folder(path):
        if parts[0] == "backups" and parts[2:] == ("journal",) and kind_of(parts[1])[0]:
            return  # backups were read line by line
        for name in files.names(path):
            yield from _left(home, (*parts, name), wish, files)
    elif files.is_file(path) and wish.names(files.read(path)):
        yield "/".join(parts)
