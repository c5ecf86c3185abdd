"""Text that cannot command a terminal."""

from __future__ import annotations

from typing import Final

_RANGES: Final = (
    (0x00, 0x08),  # C0, but tab and newline
    (0x0B, 0x1F),
    (0x7F, 0x9F),  # DEL and C1
    (0x061C, 0x061C),  # marks and overrides that turn the direction of writing
    (0x200E, 0x200F),
    (0x2028, 0x2029),  # line and paragraph separators
    (0x202A, 0x202E),
    (0x2066, 0x206F),
)
CONTROLS: Final = frozenset(
    chr(code) for first, last in _RANGES for code in range(first, last + 1)
)
"""Characters that move a cursor, start an escape sequence or turn the writing round.

Each takes no cell of a terminal. Tab and newline are not among them.
"""

_BLANKED: Final = dict.fromkeys(map(ord, CONTROLS))


def blank_controls(text: str) -> str:
    """Return `text` without `CONTROLS`, which leaves its width in cells the same."""
    # Looking is ten times as fast as translating, and there is seldom one.
    return text if CONTROLS.isdisjoint(text) else text.translate(_BLANKED)
