"""How words that are not ours come to the screen: as plain text, and nothing else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from textual.content import Content
from textual.filter import LineFilter

from companion.visible import CONTROLS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.color import Color

ROW_LIMIT: Final = 200
"""Most characters that a field shows in a row of a list."""

_SPACE: Final = 0x20
_PICTURES: Final = 0x2400
"""Where Unicode has a picture of each control character below the space."""
_UNKNOWN: Final = "\ufffd"
_UNSEEN: Final = (0x200B, *range(0x2060, 0x2066), 0xFEFF, *range(0xE0000, 0xE0080))
_HALVES: Final = range(0xD800, 0xE000)
_BREAKS: Final = {0x09: " ", 0x0A: " "}

# The tables are made when they are first needed: most texts need none of them.


@cache
def _shown() -> dict[int, str]:
    """Return what becomes a mark, and which."""
    table = dict.fromkeys((*map(ord, CONTROLS), *_UNSEEN, *_HALVES), _UNKNOWN)
    pictured = (code for code in map(ord, CONTROLS) if code < _SPACE)
    table |= {code: chr(_PICTURES + code) for code in pictured}
    return table | {0x7F: "\u2421", 0x2028: "\u2424", 0x2029: "\u2424"}


@cache
def _shown_in_a_row() -> dict[int, str]:
    return _shown() | _BREAKS


@cache
def _dropped() -> dict[int, str | None]:
    """Return what the gate takes out, and what it puts in place of half characters.

    A terminal gives the first no cell of their own, and neither does textual: what
    takes no room is taken out, what takes some becomes a mark, so that each line keeps
    its width.
    """
    table: dict[int, str | None] = dict.fromkeys((*map(ord, CONTROLS), *_BREAKS))
    return table | dict.fromkeys(_HALVES, _UNKNOWN)


def plain(text: str, *, limit: int | None = None) -> Content:
    """Return words we did not write as what a widget shows: literal, never markup.

    Control and direction characters become visible marks.

    Args:
        text: Anything at all.
        limit: Most characters, as one line; what is longer ends in an ellipsis.
    """
    # Nothing that becomes a mark is printable, though not all the rest is marked.
    if limit is None:
        if text.isprintable():
            return Content(text)
        return Content(text.expandtabs(4).translate(_shown()))
    # Far more than the limit is never looked at: a row must be cheap.
    head = text[: limit * 4]
    if not head.isprintable():
        head = head.translate(_shown_in_a_row())
    line = " ".join(head.split())
    if len(line) > limit or len(text) > len(head):
        line = line[: max(0, limit - 1)].rstrip() + "\u2026"
    return Content(line)


class ControlFilter(LineFilter):
    """The last gate before the terminal: no control or direction character passes."""

    def __init__(self, before: Sequence[LineFilter] = ()) -> None:
        """Stand behind other filters, as one with them.

        Each painting looks up what each filter made of each line; one is soon found.
        """
        super().__init__()
        self.before = tuple(before)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Take out of a drawn line what could steer the terminal."""
        for one in self.before:
            segments = one.apply(segments, background)
        # Nothing that is harmful is printable, though not all the rest is harmful.
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [
            Segment(segment.text.translate(_dropped()), segment.style)
            for segment in segments
        ]
