"""A line between domination and partnership, and one moment placed on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.content import Content
from textual.geometry import clamp
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from companion.model.entry import REACH
from screens.safety import plain
from screens.widgets.wrapping import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Size

    from companion.model.content import Rung

_GAP: Final = 6
"""Fewest cells between the words of the two ends."""
_HEAVY: Final = ("\u2501", "\u2523", "\u252b", "\u254b")
_LIGHT: Final = ("\u2500", "\u251c", "\u2524", "\u253c")
_DIM: Final = "$text-muted"
_ACCENT: Final = "$text-accent"


@dataclass(frozen=True, slots=True)
class LensWords:
    """What the lens says about where the mark stands; words, never numbers."""

    none: str
    """Said while there is no mark."""
    domination: Sequence[str]
    """From next to the middle to the end."""
    middle: str
    partnership: Sequence[str]

    def of(self, position: int | None) -> str:
        """Return the words for a place on the line."""
        if position is None:
            return self.none
        if position == 0:
            return self.middle
        side = self.partnership if position > 0 else self.domination
        # The last words are for the very end alone.
        last = len(side) - 1
        step = (abs(position) - 1) * last // (REACH - 1)
        return side[step]


_MIDDLE: Final = frozenset({" ", "0"})
"""The characters that are keys of the line until the first letter is typed."""


class Lens(Widget, can_focus=True):
    """Places one moment; the rung gives the words at the ends."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Lens { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Toward domination", show=False, id="lens.left"),
        Binding("right", "step(1)", "Toward partnership", show=False, id="lens.right"),
        Binding("home", "place(-10)", "To the one end", show=False, id="lens.home"),
        Binding("end", "place(10)", "To the other end", show=False, id="lens.end"),
        Binding("space,0", "place(0)", "To the middle", show=False, id="lens.middle"),
        Binding(
            "backspace,delete", "lift", "No place", show=False, id="lens.lift",
            tooltip="Take the mark off the line",
        ),
        Binding("up", "climb(1)", "Wider rung", show=False, id="lens.up"),
        Binding("down", "climb(-1)", "Closer rung", show=False, id="lens.down"),
    ]  # fmt: skip

    position: reactive[int | None] = reactive(None, layout=True)
    """Where the mark stands; None while there is no mark."""
    rung: reactive[int] = reactive(0, layout=True)
    """Index of the rung whose words stand at the ends."""

    @dataclass
    class Placed(Message):
        """The mark was moved or taken away, or another rung was chosen."""

        lens: Lens
        position: int | None
        rung: str

        @property
        def control(self) -> Lens:
            """Return the lens it happened in."""
            return self.lens

    @dataclass
    class Wrote(Message):
        """A letter was typed: the person turns from the line to the words."""

        lens: Lens
        character: str

    def __init__(
        self,
        rungs: Sequence[Rung],
        words: LensWords,
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """Stand on the rungs, smallest first."""
        super().__init__(id=id)
        self._rungs = tuple(rungs)
        self._words = words
        self._writing = False

    def put(self, position: int | None, rung: str) -> None:
        """Show a mark without saying that it was moved."""
        ids = [each.id for each in self._rungs]
        self.rung = ids.index(rung) if rung in ids else 0
        self.position = position

    @property
    def said(self) -> str:
        """Where the mark stands, in words."""
        return self._words.of(self.position)

    def action_step(self, by: int) -> None:
        """Move the mark by one place; the first step begins in the middle."""
        if self.position is None:
            self._move(by)
        else:
            self._move(self.position + by)

    def action_place(self, position: int) -> None:
        """Put the mark somewhere at once."""
        self._move(position)

    def action_lift(self) -> None:
        """Take the mark off the line."""
        self.position = None
        self._tell()

    def action_climb(self, by: int) -> None:
        """Look through the words of a wider or a closer rung."""
        self.rung = clamp(self.rung + by, 0, len(self._rungs) - 1)
        self._tell()

    def _move(self, position: int) -> None:
        self.position = clamp(position, -REACH, REACH)
        self._tell()

    def _tell(self) -> None:
        rung = self._rungs[self.rung].id
        self.post_message(self.Placed(self, self.position, rung))

    def on_key(self, event: events.Key) -> None:
        """Let what is typed go to the words; arrows and the like are keys of ours."""
        if event.key == "enter":
            event.stop()
            self.post_message(self.Wrote(self, ""))
        elif event.is_printable and (self._writing or event.character not in _MIDDLE):
            event.stop()
            # Who types fast has typed a blank before the words have the focus.
            self._writing = True
            self.post_message(self.Wrote(self, event.character or ""))

    def on_paste(self, event: events.Paste) -> None:
        """Let what is pasted go to the words, too."""
        event.stop()
        self.post_message(self.Wrote(self, event.text))

    def on_blur(self) -> None:
        """Be a line again when one comes back."""
        self._writing = False

    def on_click(self, event: events.Click) -> None:
        """Put the mark where the line was clicked."""
        event.stop()
        offset = event.get_content_offset(self)
        if offset is None or offset.y not in range(self._top - 1, self._top + 2):
            return
        span = max(1, self.size.width - 1)
        self._move(round(offset.x * 2 * REACH / span) - REACH)

    @property
    def _top(self) -> int:
        """The row of the line."""
        return len(self._ends(self.size.width)) + 2

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return the rows that the rung, the ends, the line and the words take."""
        return len(self._ends(width)) + 5

    def render(self) -> Content:
        """Draw the rung, the words at the ends, the line and where the mark is."""
        width = max(3, self.size.width)
        said = Content.styled(self.said, _DIM if self.position is None else "")
        lines = [
            self._heading(),
            Content(""),
            *self._ends(width),
            self._line(width),
            Content(""),
            _beneath(said, self._column(width), width),
        ]
        return Content("\n").join(lines)

    def _heading(self) -> Content:
        parts: list[Content] = []
        for index, rung in enumerate(self._rungs):
            chosen = index == self.rung
            name = plain(rung.name, limit=20)
            mark = "\u2022 " if chosen else "  "
            style = f"bold {_ACCENT}" if chosen else _DIM
            parts.append((Content(mark) + name).stylize(style))
        return Content("  ").join([*parts, Content.styled("\u2191\u2193", _DIM)])

    def _ends(self, width: int) -> list[Content]:
        rung = self._rungs[self.rung]
        half = max(8, (width - _GAP) // 2)
        left = [row.rstrip() for row in rows(plain(rung.domination).plain, half)]
        right = [row.rstrip() for row in rows(plain(rung.partnership).plain, half)]
        tall = max(len(left), len(right))
        # Both ends stand on the line: shorter words have blank rows above.
        left = [""] * (tall - len(left)) + left
        right = [""] * (tall - len(right)) + right
        pairs = zip(left, right, strict=True)
        return [
            Content(a).pad_right(width - _cells(a) - _cells(b)) + b for a, b in pairs
        ]

    def _column(self, width: int) -> int:
        position = self.position or 0
        return round((position + REACH) * (width - 1) / (2 * REACH))

    def _line(self, width: int) -> Content:
        middle = round((width - 1) / 2)
        # A heavier line where the keys move the mark: seen without colour too.
        run, left, right, cross = _HEAVY if self.has_focus else _LIGHT
        signs = [run] * width
        signs[0], signs[-1], signs[middle] = left, right, cross
        line = Content("".join(signs)).stylize(_DIM)
        if self.position is None:
            return line
        at = self._column(width)
        mark = Content.styled("\u25cf", f"bold {_ACCENT}")
        return line[:at] + mark + line[at + 1 :]


def _cells(text: str) -> int:
    return Content(text).cell_length


def _beneath(said: Content, column: int, width: int) -> Content:
    """Return words centred under a column, kept inside the width."""
    left = clamp(column - said.cell_length // 2, 0, max(0, width - said.cell_length))
    return said.pad_left(left)
