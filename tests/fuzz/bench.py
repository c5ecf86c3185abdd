"""Where the targets work: a folder emptied for each run, and how bytes become files."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from companion.storage.lines import START, make

if TYPE_CHECKING:
    from collections.abc import Iterator

DEVICE = "a1b2"
FORMER = b"~former~"
"""In a payload: the digest that the segment before it ends with."""


class BrokenPromiseError(AssertionError):
    """What a reader of bytes promised was not kept."""


def promise(kept: object, what: str) -> None:
    """Say which promise was broken, where one was."""
    if not kept:
        raise BrokenPromiseError(what)


@contextmanager
def folder() -> Iterator[Path]:
    """Give an empty folder, in memory where the system has such a place."""
    memory = Path("/dev/shm")
    path = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    try:
        yield path
    finally:
        shutil.rmtree(path)


def files_in(root: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def chained(script: bytes) -> dict[str, bytes]:
    """Return the segments that a script spells, with digests that fit.

    A line "@2026.a1b2" begins a segment, a line "!..." goes in as it stands after the
    mark, and any other line is a payload. So bytes can be changed at will and still get
    past the checksum.
    """
    found: dict[str, bytes] = {}
    name, sequence, digest, former = "2026." + DEVICE, 0, START, START
    for raw in script.split(b"\n"):
        if raw[:1] == b"@":
            name, digest, former = raw[1:].decode("latin-1"), START, digest
            found[name] = b""
        elif raw[:1] == b"!":
            found[name] = found.get(name, b"") + raw[1:] + b"\n"
        elif raw:
            sequence += 1
            payload = raw.replace(FORMER, former.hex().encode())
            line, digest = make(sequence, digest, payload)
            found[name] = found.get(name, b"") + line
    return found


def put(root: Path, contents: dict[str, bytes]) -> None:
    """Write files, and the folders they lie in."""
    for name, data in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def summed(body: bytes) -> bytes:
    """Return the body of an index's state with a sum that fits."""
    return b"%d\n" % crc32(body) + body
