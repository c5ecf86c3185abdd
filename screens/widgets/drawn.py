"""Lines as they were drawn last, so that a list that moves draws only what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.content import Content
    from textual.strip import Strip
    from textual.style import Style

_KEPT: Final = 256
"""How many lines are remembered; a few screens full."""


class Look(NamedTuple):
    """What all lines of a list have in common."""

    width: int
    base: Style
    theme: str


class Drawn:
    """Remembers the strips of lines whose words and look are still the same."""

    def __init__(self) -> None:
        """Begin with none."""
        self._look: Look | None = None
        self._strips: dict[tuple[int, bool], tuple[Content, Strip]] = {}

    def strip(
        self,
        look: Look,
        place: tuple[int, bool],
        content: Content,
        draw: Callable[[Content, Look], Strip],
    ) -> Strip:
        """Return a line as it was drawn last, or draw it.

        Args:
            look: How the list looks now.
            place: Which line, and whether the cursor rests on it.
            content: The words of the line now.
            draw: Draws the line.
        """
        if look != self._look or len(self._strips) > _KEPT:
            self._strips.clear()
            self._look = look
        kept = self._strips.get(place)
        if kept is not None and kept[0].is_same(content):
            return kept[1]
        strip = draw(content, look)
        self._strips[place] = content, strip
        return strip


def thumb(offset: float, window: int, whole: int) -> int:
    """Return where the thumb of a scrollbar begins, in eighths of a cell.

    So textual (8.2.8) draws it: a step through a long list seldom moves it.

    Args:
        offset: Lines above what is seen.
        window: Lines that are seen, as many as the bar has cells.
        whole: Lines in all.
    """
    if whole <= window:
        return 0
    length = max(1.0, window * window / whole)
    return int((window - length) * offset / (whole - window) * 8)
