"""Finding bytes in a mapped file, as fast as the machine can.

Python's own search in a mapping compares byte by byte; the C library's `memmem` does
the same three to four times faster and without copying. Where it is not to be had,
Python's own does.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from companion.storage.folded import RECORD

if TYPE_CHECKING:
    import mmap
    from collections.abc import Callable


@cache
def _memmem() -> Callable[[int, int, bytes, int], int | None] | None:
    try:
        import ctypes  # noqa: PLC0415 # only for who searches

        memmem = ctypes.CDLL(None).memmem
    except (ImportError, OSError, AttributeError):
        return None
    memmem.restype = ctypes.c_void_p
    size = ctypes.c_size_t
    memmem.argtypes = [ctypes.c_void_p, size, ctypes.c_char_p, size]
    found: Callable[[int, int, bytes, int], int | None] = memmem
    return found


def finder(mapped: mmap.mmap) -> Callable[[bytes, int, int], int]:
    """Return a function like `mapped.find` (sought, first, last).

    The mapping must be a private copy (ACCESS_COPY) and stay open as long as the
    function is used; `sought` is not empty.
    """
    memmem = _memmem()
    if memmem is None:
        return mapped.find
    import ctypes  # noqa: PLC0415

    # Held by the function below, so that the mapping cannot go away under it.
    begin = ctypes.c_char.from_buffer(mapped)
    address = ctypes.addressof(begin)

    def find(sought: bytes, first: int, last: int, _held: object = begin) -> int:
        at = memmem(address + first, last - first, sought, len(sought))
        return -1 if at is None else at - address

    return find


def comb(data: bytes, sought: bytes, starts: list[int], first: int) -> list[int]:
    """Return the records that hold `sought`, going through them one by one.

    `data` holds whole records; `starts` says where each begins and where the last one
    ends, counted from anywhere; `first` is the number of the first.
    """
    base = starts[0]
    find = data.find
    ends = set()
    at = find(sought)
    while at >= 0:
        end = find(RECORD, at) + 1
        ends.add(base + end)
        at = find(sought, end)
    return [row for row, end in enumerate(starts[1:], first) if end in ends]
