"""Ids of our own: 26 letters and digits that sort by time."""

from __future__ import annotations

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LETTERS = frozenset(_ALPHABET)
LENGTH = 26


def new_id(milliseconds: int | None = None) -> str:
    """Return a fresh id: 48 bits of time, 80 bits of chance, in Crockford's base 32.

    Args:
        milliseconds: Time since 1970 in UTC; now, if not given.

    Source:
        The layout is that of ULID, in lower case.
    """
    if milliseconds is None:
        milliseconds = time.time_ns() // 1_000_000
    return spelt((milliseconds << 80) | int.from_bytes(os.urandom(10), "big"))


def spelt(number: int) -> str:
    """Return a number of 128 bits as it is spelt in an id."""
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def is_id(text: str) -> bool:
    """Return whether `text` has the form of an id."""
    return len(text) == LENGTH and _LETTERS.issuperset(text)
