"""A screen that shows one page of lines at a time, some of which can be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from screens.recovery_pages import Sheet
from screens.safety.steady import SteadyScreen
from screens.widgets.lines import MARGIN, FixedLines, Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    from companion.facade import Companion
    from screens.recovery_pages import Act

    Draw = Callable[[Sheet], None]

COLUMN: Final = 80
"""Most cells the column in the middle takes, its edges included."""
_EDGES: Final = 4


class PagedScreen(SteadyScreen[None]):
    """Draws a page for the width there is; the mark stays with what it stood at."""

    def __init__(self, companion: Companion, draw: Draw) -> None:
        """Begin with the page that `draw` lays out."""
        super().__init__()
        self._companion = companion
        self.draws = draw
        """Lays out the page that is shown."""
        self.acts: dict[int, Act] = {}
        """What choosing a line does, by its number."""
        self._first = True

    def on_resize(self, _event: events.Resize) -> None:
        """Break the lines anew."""
        self.show()

    def show(self, draw: Draw | None = None) -> None:
        """Show a page, or the same one as it is now."""
        if draw is not None:
            self.draws, self._first = draw, True
        if not self.is_attached:
            return
        lines = self.query_one(Lines)
        width = min(COLUMN, self.app.size.width) - _EDGES - MARGIN
        hours = self._companion.preferences.settings.hours
        sheet = Sheet(self._companion.content, width, hours)
        self.draws(sheet)
        # More may stand above now: the mark stays with what it stood at, or first.
        before = self.acts.get(lines.cursor)
        moved = not self._first and lines.cursor != min(self.acts, default=-1)
        self.acts = sheet.acts
        lines.show(FixedLines(sheet.lines, tuple(sheet.acts)), keep_cursor=moved)
        if moved and before is not None:
            lines.rest_on(self.index_of(before))
        self._first = False
        self.refresh_bindings()

    def index_of(self, act: Act) -> int:
        """Return the line that does something, or -1 where there is none."""
        same = (index for index, other in self.acts.items() if other == act)
        return next(same, -1)
