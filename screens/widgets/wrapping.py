"""Words broken into rows bit by bit, so that a long text begins to show at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD: Final = re.compile(r"\S+\s*|\s+")
_PIECE: Final = 4000
"""Most letters of one line that are looked at in one go."""


def rows(line: str, width: int) -> Iterator[str]:
    """Yield one line as rows of at most `width` cells, broken between words.

    Blanks at the end of a row take no room. A word wider than a row is broken.
    """
    width = max(1, width)
    start = 0
    while len(line) - start > _PIECE:
        piece = list(_rows(line[start : start + _PIECE], width))
        # The last row may go on in the next piece.
        whole = piece[:-1] or piece
        yield from whole
        start += sum(map(len, whole))
    yield from _rows(line[start:], width)


def _rows(piece: str, width: int) -> Iterator[str]:
    if piece.isascii() and len(piece) <= width:
        yield piece
        return
    row, taken = "", 0
    for match in _WORD.finditer(piece):
        word = match[0]
        size = cell_len(word.rstrip())
        if row and taken + size > width:
            yield row
            row, taken = "", 0
        if size > width:
            *whole, word = _broken(word, width)
            yield from whole
        row += word
        taken += cell_len(word)
    yield row


def _broken(word: str, width: int) -> list[str]:
    parts, part, taken = [], "", 0
    for letter in word:
        size = cell_len(letter)
        if part and taken + size > width and not letter.isspace():
            parts.append(part)
            part, taken = "", 0
        part += letter
        taken += size
    return [*parts, part]
