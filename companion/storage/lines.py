"""One commit, one line: how a line of a journal is made and checked.

A line is ``sequence length digest payload`` and a line feed. The digest is BLAKE2b
(128 bits, in hexadecimal) of the former line's digest and the payload, so a line that
was changed, dropped, swapped or put in is seen. See docs/file-format.md.
"""

from __future__ import annotations

try:
    # The same function: hashlib would load all of OpenSSL beside it.
    from _blake2 import blake2b
except ImportError:  # pragma: no cover - an interpreter that keeps it elsewhere
    from hashlib import blake2b
from typing import Final, NamedTuple

DIGEST_SIZE: Final = 16
START: Final = bytes(DIGEST_SIZE)
"""What stands for the former digest at the first line of a segment."""


class BadLineError(ValueError):
    """A line that does not verify; the message says what is wrong with it."""


class Line(NamedTuple):
    """A line that verified."""

    sequence: int
    digest: bytes
    payload: bytes


def make(sequence: int, former: bytes, payload: bytes) -> tuple[bytes, bytes]:
    """Return a line and its digest.

    Args:
        sequence: Number of the line, at least 1.
        former: Digest of the line before, or `START`.
        payload: Any bytes without a line feed.
    """
    digest = digest_of(former, payload)
    head = b"%d %d %s " % (sequence, len(payload), digest.hex().encode())
    return b"".join((head, payload, b"\n")), digest


def digest_of(former: bytes, payload: bytes) -> bytes:
    """Return the digest that chains `payload` to the line before."""
    state = blake2b(former, digest_size=DIGEST_SIZE)
    state.update(payload)
    return state.digest()


def split(line: bytes) -> Line:
    """Take a line apart without checking its digest.

    Raises:
        BadLineError: If it has not the exact form of a line.
    """
    if not line.endswith(b"\n"):
        raise BadLineError("it has no end")
    parts = line.split(b" ", 3)
    if len(parts) != 4:  # noqa: PLR2004
        raise BadLineError("it has not four parts")
    payload = parts[3][:-1]
    try:
        sequence = int(parts[0])
        digest = bytes.fromhex(parts[2].decode("ascii"))
    except ValueError as error:
        raise BadLineError("its head cannot be read") from error
    exact = b"%d %d %s " % (sequence, len(payload), digest.hex().encode())
    if len(digest) != DIGEST_SIZE or sequence < 1 or not line.startswith(exact):
        raise BadLineError("its head does not fit its length")
    return Line(sequence, digest, payload)


def check(line: bytes, sequence: int, former: bytes) -> Line:
    """Take a line apart and check it against the line before.

    Raises:
        BadLineError: If it is not the line that has to follow.
    """
    found = split(line)
    if found.sequence != sequence:
        raise BadLineError(f"it is number {found.sequence}, not {sequence}")
    if digest_of(former, found.payload) != found.digest:
        raise BadLineError("its digest does not fit")
    return found
