"""What a backup says of itself: how it is spelt, and whether it is so."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zlib import crc32

from companion.errors import LogDamagedError
from companion.storage.lines import START, BadLineError, check, split
from companion.storage.segment import ENDING, is_segment_name
from companion.storage.strict import loads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from companion.storage.files import Files
    from companion.storage.segment import Mark

FORMAT: Final = "companion-backup"
VERSION: Final = 1
NAME: Final = "manifest"
SMALL: Final = ("device", "pools.json")
PAGES: Final = "pages"
_LIMIT: Final = 1 << 20
"""No manifest is larger."""


class BadManifestError(ValueError):
    """A folder whose manifest cannot be read; the message says why."""


class Extent(NamedTuple):
    """How far a segment goes in a backup."""

    size: int
    sequence: int
    digest: str
    crc: int


class FileSum(NamedTuple):
    """Size and CRC-32 of a small file."""

    size: int
    crc: int


Seen = dict[tuple[int, int], tuple[Extent, str]]
"""Files that were read already, by device and inode: what they are to be, and how
they were found. Backups share their closed segments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds."""

    made: str
    log: str
    entries: int
    segments: Mapping[str, Extent]
    files: Mapping[str, FileSum]
    """Small files by their path in the folder."""

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        extents = [one.size for one in self.segments.values()]
        return sum(extents) + sum(one.size for one in self.files.values())


def extent(mark: Mark) -> Extent:
    """Return how far a segment was read."""
    return Extent(mark.size, mark.sequence, mark.digest.hex(), mark.crc)


def encode(manifest: Manifest) -> bytes:
    """Return a manifest as it lies in the backup: JSON that carries its own sum."""
    data = {
        "format": FORMAT,
        "version": VERSION,
        "made": manifest.made,
        "log": manifest.log,
        "entries": manifest.entries,
        "segments": {
            name: one._asdict() for name, one in sorted(manifest.segments.items())
        },
        "files": {name: one._asdict() for name, one in sorted(manifest.files.items())},
    }
    return (json.dumps(data | {"check": _sum(data)}, indent=1) + "\n").encode()


def _sum(data: dict[str, Any]) -> int:
    return crc32(json.dumps(data).encode())


def read(folder: Path, files: Files) -> Manifest:
    """Read the manifest of a backup.

    Raises:
        BadManifestError: If there is none that can be trusted.
    """
    path = folder / NAME
    if not files.is_file(path):
        raise BadManifestError("it has no manifest")
    try:
        data = files.read(path)
    except OSError as error:
        raise BadManifestError(
            f"its manifest cannot be read: {error.strerror}"
        ) from error
    return decode(data)


def decode(data: bytes) -> Manifest:
    """Read the bytes of a manifest.

    Raises:
        BadManifestError: If they cannot be trusted.
    """
    try:
        said = loads(data[:_LIMIT])
        check_sum = said.pop("check", None)
        fault = _stranger(said, check_sum)
        if not fault:
            return _manifest(said)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadManifestError("its manifest makes no sense") from error
    raise BadManifestError(fault)


def _stranger(said: dict[str, Any], check_sum: object) -> str:
    """Say why this is no manifest of ours; "" if it is one."""
    if said["format"] != FORMAT:
        return "it is no backup of Companion"
    if said["version"] > VERSION:
        return "it was made by a newer Companion"
    return "" if check_sum == _sum(said) else "its manifest was changed"


def _manifest(said: dict[str, Any]) -> Manifest:
    manifest = Manifest(
        made=said["made"],
        log=said["log"],
        entries=said["entries"],
        segments={key: Extent(**one) for key, one in said["segments"].items()},
        files={key: FileSum(**one) for key, one in said["files"].items()},
    )
    known = all(is_segment_name(f"{name}{ENDING}") for name in manifest.segments)
    if not (known and all(map(is_small_name, manifest.files))):
        raise ValueError("names")
    _check_kinds(manifest)
    return manifest


def _check_kinds(manifest: Manifest) -> None:
    words = [manifest.made, manifest.log]
    numbers = [manifest.entries]
    for one in manifest.segments.values():
        words.append(one.digest)
        numbers += (one.size, one.sequence, one.crc)
    for small in manifest.files.values():
        numbers += small
    if not all(isinstance(word, str) for word in words):
        raise TypeError("words")
    if any(type(number) is not int or number < 0 for number in numbers):
        raise TypeError("numbers")


def is_small_name(name: str) -> bool:
    """Return whether a backup holds a small file of this name."""
    folder, slash, page = name.rpartition("/")
    if not slash:
        return name in SMALL
    return folder == PAGES and page[:1] not in {"", "."} and _can_be_named(page)


def _can_be_named(page: str) -> bool:
    try:
        return b"\0" not in os.fsencode(page)
    except UnicodeEncodeError:
        return False


def quick_faults(folder: Path, manifest: Manifest, files: Files) -> Iterator[str]:
    """Say what a look at names and sizes shows to be wrong with a backup."""
    if not files.is_folder(folder / "journal"):
        yield "its journal is no folder"
        return
    if (folder / PAGES).exists() and not files.is_folder(folder / PAGES):
        yield "its pages are no folder"
        return
    expected = {
        f"journal/{name}{ENDING}": one.size for name, one in manifest.segments.items()
    }
    small = {name: one.size for name, one in manifest.files.items()}
    try:
        for name, size in (expected | small).items():
            path = folder / name
            if not files.is_file(path):
                yield f"{name} is missing"
            elif path.lstat().st_size != size:
                yield f"{name} has {path.lstat().st_size} bytes and not {size}"
        for name in files.names(folder / "journal"):
            if f"journal/{name}" not in expected:
                yield f"journal/{name} does not belong to it"
    except OSError as error:
        yield f"it cannot be read: {error.strerror or error}"


def faults(
    folder: Path,
    manifest: Manifest,
    files: Files,
    seen: Seen | None = None,
    *,
    chained: bool = True,
) -> Iterator[str]:
    """Read every byte of a backup and say what is wrong with it.

    Args:
        folder: The backup.
        manifest: What it says of itself.
        files: The disk.
        seen: Files read already; they are not read twice.
        chained: Whether each line is checked against the one before, too.
    """
    seen = {} if seen is None else seen
    wrong = list(quick_faults(folder, manifest, files))
    yield from wrong
    if wrong:
        return
    for name, one in manifest.segments.items():
        fault = _segment_fault(
            folder / "journal" / f"{name}{ENDING}", one, files, seen, chained=chained
        )
        if fault:
            yield f"journal/{name}{ENDING}: {fault}"
    for name, known in manifest.files.items():
        try:
            if crc32(files.read(folder / name)) != known.crc:
                yield f"{name} is not what was written there"
        except OSError as error:
            yield f"{name} cannot be read: {error.strerror}"


def _segment_fault(
    path: Path, known: Extent, files: Files, seen: Seen, *, chained: bool
) -> str:
    try:
        status = path.lstat()
        key = (status.st_dev, status.st_ino)
        if key in seen and seen[key][0] == known:
            return seen[key][1]
        data = files.read(path)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    fault = ""
    if crc32(data) != known.crc:
        fault = "it is not what was written there"
    elif chained:
        fault = chain_fault(data, known)
    seen[key] = (known, fault)
    return fault


def chain_fault(data: bytes, known: Extent) -> str:
    """Say where the lines of a segment do not follow each other; "" if they do."""
    sequence, digest, at = 0, START, 0
    try:
        while at < len(data):
            end = data.find(b"\n", at) + 1 or len(data)
            raw = data[at:end]
            line = check(raw, sequence + 1 if at else split(raw).sequence, digest)
            sequence, digest, at = line.sequence, line.digest, end
    except BadLineError as error:
        return f"{len(data) - at} bytes from byte {at} on do not verify ({error})"
    if (sequence, digest.hex()) != (known.sequence, known.digest):
        return "it does not end where it should"
    return ""


def unusable(folder: Path, fault: str) -> LogDamagedError:
    """Return the error for a backup that does not verify."""
    return LogDamagedError(
        f"The backup {folder.name} cannot be used: {fault}.",
        hint="`companion restore` without a name lists the others.",
    )
