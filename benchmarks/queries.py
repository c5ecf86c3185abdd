"""What a terminal answers when an app asks it something."""

from __future__ import annotations

import re
from typing import Final

_ANSWERS: Final = tuple(
    (re.compile(asked), answer)
    for asked, answer in (
        (rb"\x1b\[\??6n", b"\x1b[1;1R"),
        (rb"\x1b\[0?c", b"\x1b[?62;22c"),
        (rb"\x1b\[>0?c", b"\x1b[>41;354;0c"),
        (rb"\x1b\[5n", b"\x1b[0n"),
        (rb"\x1b\[\?2026\$p", b"\x1b[?2026;2$y"),
        (rb"\x1b\[\?2048\$p", b"\x1b[?2048;0$y"),
        (rb"\x1b\[\?u", b"\x1b[?0u"),
        (rb"\x1b\]11;\?", b"\x1b]11;rgb:0000/0000/0000\x1b\\"),
        (rb"\x1b\]10;\?", b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\"),
    )
)


def answers(output: bytes) -> bytes:
    """Return what xterm would answer to the questions in `output`."""
    return b"".join(answer for asked, answer in _ANSWERS for _ in asked.findall(output))
