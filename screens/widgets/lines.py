"""A list that draws only what is seen, so that it can be as long as a life."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.style import Style

from screens.widgets.drawn import Drawn, Look, thumb
from screens.widgets.fixed_lines import FixedLines, LineSource
from screens.widgets.ink import ACCENT, DIM, HERE, STRONG, ink

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType
    from textual.content import Content

MARGIN: Final = 2
"""Cells at the left edge, where the mark of the cursor stands."""
MARK: Final = "\u203a "

__all__ = [
    "ACCENT",
    "DIM",
    "MARGIN",
    "MARK",
    "STRONG",
    "FixedLines",
    "LineSource",
    "Lines",
]


class Lines(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws the lines of a source; where none can be chosen it only scrolls."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Lines {
        max-width: 80; padding: 0 2 0 1; overflow-x: hidden;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, id="lines.up"),
        Binding("down,j", "move(1)", "Down", show=False, id="lines.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="lines.pageup"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="lines.pagedown"),
        Binding("home", "edge(-1)", "Top", show=False, id="lines.top"),
        Binding("end", "edge(1)", "Bottom", show=False, id="lines.bottom"),
        Binding("enter", "choose", "Open", show=False, id="lines.choose"),
    ]

    cursor: reactive[int] = reactive(-1, repaint=False, init=False)
    """The line the cursor rests on; -1 where none can be chosen."""

    class Chosen(Message):
        """A line was chosen with enter or a click."""

        def __init__(self, lines: Lines, index: int) -> None:
            """Say in which list, and which line."""
            super().__init__()
            self.lines = lines
            self.index = index

        @property
        def control(self) -> Lines:
            """Return the list it happened in."""
            return self.lines

    class Moved(Message):
        """The cursor moved to another line."""

        def __init__(self, lines: Lines, index: int) -> None:
            """Say in which list, and which line."""
            super().__init__()
            self.lines = lines
            self.index = index

        @property
        def control(self) -> Lines:
            """Return the list it happened in."""
            return self.lines

    def __init__(
        self,
        source: LineSource | None = None,
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """Draw `source`, or nothing until `show` is called."""
        super().__init__(id=id)
        self._source: LineSource = FixedLines()
        self._drawn = Drawn()
        if source is not None:
            self.show(source, keep_cursor=False)

    @property
    def source(self) -> LineSource:
        """What is drawn."""
        return self._source

    def show(self, source: LineSource, *, keep_cursor: bool = True) -> None:
        """Draw `source` from now on; the cursor stays near where it was if asked to."""
        is_other = not self._looks_like(source)
        self._source = source
        self.virtual_size = Size(0, len(source))
        wanted = self.cursor if keep_cursor and self.cursor >= 0 else 0
        near = self._next(wanted, 1, inclusive=True)
        if near < 0:
            near = self._next(wanted, -1, inclusive=True)
        is_other = is_other or near != self.cursor
        self.set_reactive(Lines.cursor, near)
        if not keep_cursor and self.is_attached:
            self.scroll_to(y=0, animate=False)
        if is_other:
            self.refresh()

    def _looks_like(self, source: LineSource) -> bool:
        """Whether what is seen of the list would be the same with another source."""
        if len(source) != len(self._source):
            return False
        top, room = self.scroll_offset.y, max(0, self.room - MARGIN)
        return all(
            self._source.line(index, room).is_same(source.line(index, room))
            for index in range(top, min(top + self.size.height, len(source)))
        )

    def recount(self) -> None:
        """Take in that the source has grown at its end."""
        before, now = self.virtual_size.height, len(self._source)
        if now == before:
            return
        self.virtual_size = Size(0, now)
        if self.cursor < 0:
            self.cursor = self._next(0, 1, inclusive=True)
        if before < self.scroll_offset.y + self.size.height:
            self.refresh()

    def rest_on(self, index: int) -> None:
        """Put the cursor on a line that can be chosen, and bring it into view."""
        if 0 <= index < len(self._source) and self._source.can_choose(index):
            self.cursor = index
            self._bring_into_view(index)

    def _next(self, index: int, step: int, *, inclusive: bool = False) -> int:
        size = len(self._source)
        index = min(index, size - 1) if step < 0 else index
        if not inclusive:
            index += step
        while 0 <= index < size:
            if self._source.can_choose(index):
                return index
            index += step
        return -1

    def _bring_into_view(self, index: int) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if not height:
            return
        # Above the first line that can be chosen there may be words to read.
        if self._next(index, -1) < 0 and index < height:
            top = 0
        elif index < top:
            top = index
        elif index >= top + height:
            top = index - height + 1
        self.scroll_to(y=top, animate=False, immediate=True)

    def validate_cursor(self, index: int) -> int:
        """Keep the cursor inside the list."""
        return max(-1, min(index, len(self._source) - 1))

    def watch_cursor(self, before: int, now: int) -> None:
        """Repaint the two lines that changed and say where the cursor is."""
        for index in (before, now):
            if index >= 0:
                self.refresh_line(index)
        if now >= 0:
            self.post_message(self.Moved(self, now))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw what comes into sight, and the bar only where it looks different."""
        height, whole = self.size.height, self.virtual_size.height
        if thumb(old_value, height, whole) == thumb(new_value, height, whole):
            self.vertical_scrollbar.set_reactive(ScrollBar.position, new_value)
        super().watch_scroll_y(old_value, new_value)

    def action_move(self, step: int) -> None:
        """Move to the next line that can be chosen, or scroll where there is none."""
        index = self._next(self.cursor, step) if self.cursor >= 0 else -1
        if index >= 0:
            self.rest_on(index)
        else:
            self.scroll_to(y=self.scroll_offset.y + step, animate=False, immediate=True)

    def action_page(self, step: int) -> None:
        """Move by what is seen at once."""
        leap = step * max(1, self.size.height - 1)
        if self.cursor >= 0:
            goal = max(0, min(self.cursor + leap, len(self._source) - 1))
            index = self._next(goal, step, inclusive=True)
            if index < 0:
                index = self._next(goal, -step)
            self.rest_on(index)
        else:
            self.scroll_to(y=self.scroll_offset.y + leap, animate=False, immediate=True)

    def action_edge(self, step: int) -> None:
        """Move to the first or the last line."""
        end = 0 if step < 0 else len(self._source) - 1
        if self.cursor >= 0:
            self.rest_on(self._next(end, -step, inclusive=True))
        else:
            self.scroll_to(y=end, animate=False, immediate=True)

    def action_choose(self) -> None:
        """Say that the line under the cursor was chosen."""
        if self.cursor >= 0:
            self.post_message(self.Chosen(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        """Choose the line that was clicked."""
        event.stop()
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = offset.y + self.scroll_offset.y
        if index < len(self._source) and self._source.can_choose(index):
            self.cursor = index
            self.action_choose()

    def _style_named(self, style: str | Style) -> Style:
        return ink(self.app, style) if isinstance(style, str) else style

    @property
    def room(self) -> int:
        """Cells of a line, the bar at the edge left out."""
        return self.scrollable_content_region.width

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is seen."""
        index, width = y + self.scroll_offset.y, self.room
        if index >= len(self._source):
            return Strip.blank(width, self.visual_style.rich_style)
        here = index == self.cursor
        look = Look(width, self.visual_style, self.app.theme)
        content = self._source.line(index, max(0, width - MARGIN))
        draw = self._draw_here if here else self._draw
        return self._drawn.strip(look, (index, here), content, draw)

    def _draw(self, content: Content, look: Look) -> Strip:
        return self._inked(content, look, " " * MARGIN, Style.null())

    def _draw_here(self, content: Content, look: Look) -> Strip:
        there = look._replace(base=look.base + ink(self.app, HERE))
        return self._inked(content, there, MARK, ink(self.app, ACCENT))

    def _inked(self, content: Content, look: Look, lead: str, mark: Style) -> Strip:
        room = max(0, look.width - MARGIN)
        content = content.first_line.truncate(room, ellipsis=True)
        segments = [Segment(lead, (look.base + mark).rich_style)]
        segments += [
            Segment(text, style.rich_style)
            for text, style in content.render(
                look.base, end="", parse_style=self._style_named
            )
        ]
        missing = room - content.cell_length
        if missing > 0:
            segments.append(Segment(" " * missing, look.base.rich_style))
        return Strip(segments, look.width)
