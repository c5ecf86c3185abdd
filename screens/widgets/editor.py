"""The page a person writes on: a text area that stays quick and keeps text exactly."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.document._document_navigator import DocumentNavigator
from textual.document._history import EditHistory
from textual.document._wrapped_document import WrappedDocument
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from screens.widgets.exact_document import ExactDocument, with_line_feeds

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType
    from textual.document._document import EditResult
    from textual.document._edit import Edit

PAGE_LIMIT: Final = 200_000
"""Most bytes a page takes from the keyboard or a paste; an entry can hold more."""
LINE_LIMIT: Final = 10_000
"""Most lines a page takes; each line costs as much as a short text."""

_UNDO_STEPS: Final = 1000
_UNDO_SECONDS: Final = 1.0
_UNDO_LETTERS: Final = 24


def fits(text: str) -> bool:
    """Return whether a page can take `text`."""
    size = len(text)
    if size * 4 > PAGE_LIMIT and len(text.encode(errors="replace")) > PAGE_LIMIT:
        return False
    return text.count("\n") < LINE_LIMIT


class Editor(TextArea):
    """Soft-wrapped, without numbers or colours, with an undo of a few words at a time.

    A row is drawn from its own part of a line, so a key costs the same in a long
    paragraph as in a short one.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Editor {
        height: auto; min-height: 1; border: none; padding: 0; background: $background;
        scrollbar-size-vertical: 1; overflow-x: hidden;
        &:focus { border: none; }
        & .text-area--placeholder { color: $text-muted; }
        & .text-area--cursor, &:light .text-area--cursor {
            color: $input-cursor-foreground; background: $input-cursor-background;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f7", "screen.change_day", "Day", show=False),
        Binding("alt+a", "select_all", "Select all", show=False, id="editor.all"),
    ]

    @dataclass
    class Asked(Message):
        """More was pasted than a page takes; enter takes what fits, escape nothing."""

        editor: Editor
        size: int
        """Bytes of what was pasted; 0 when the question has been answered."""

        @property
        def control(self) -> Editor:
            """Return the editor it happened in."""
            return self.editor

    def __init__(
        self,
        text: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        """Begin with `text` on the page."""
        self._held: str | None = None
        self._held_size = 0
        self._outside: str | None = None
        super().__init__(
            placeholder=placeholder,
            id=id,
            classes=classes,
            highlight_cursor_line=False,
        )
        self.history = EditHistory(_UNDO_STEPS, _UNDO_SECONDS, _UNDO_LETTERS)
        self.match_cursor_bracket = False
        self.cursor_blink = False
        self.words = text

    @property
    def words(self) -> str:
        """The whole text, also where it is too long to be shown on a page."""
        return self.text if self._outside is None else self._outside

    @words.setter
    def words(self, text: str) -> None:
        if fits(text):
            self._outside, self.read_only = None, False
            self.load_text(text)
        else:
            self._outside, self.read_only = text, True
            self.load_text("")

    @property
    def is_outside(self) -> bool:
        """Whether the text is too long for a page, and an editor outside is needed."""
        return self._outside is not None

    @property
    def asks(self) -> bool:
        """Whether a paste waits for an answer."""
        return self._held is not None

    def replace_all(self, text: str) -> None:
        """Put `text` in place of everything, as one change that undo takes back."""
        if self.is_outside or not fits(text):
            self.words = text
        elif text != self.text:
            self.history.checkpoint()
            self.replace(text, self.document.start, self.document.end)
            self.history.checkpoint()
        self.move_cursor(self.document.end)

    def write(self, text: str) -> None:
        """Put pasted text at the cursor, or ask when it is more than a page takes."""
        text = with_line_feeds(text)
        if self.asks:
            self._hold(text)
            return
        room = PAGE_LIMIT - len(self.text.encode(errors="replace"))
        if len(text.encode(errors="replace")) <= room and (
            text.count("\n") + self.document.line_count <= LINE_LIMIT
        ):
            if result := self._replace_via_keyboard(text, *self.selection):
                self.move_cursor(result.end_location)
            return
        self._hold(text)

    def _hold(self, text: str) -> None:
        """Keep as much of a paste as a page could ever take, and ask about it.

        A terminal that does not mark pastes gives a long one in many pieces.
        """
        held = self._held or ""
        self._held = held + text[: max(0, PAGE_LIMIT - len(held))]
        self._held_size += len(text.encode(errors="replace"))
        self.post_message(self.Asked(self, self._held_size))

    def _answer(self, *, take: bool) -> None:
        held, self._held, self._held_size = self._held or "", None, 0
        self.post_message(self.Asked(self, 0))
        if not take:
            return
        room = PAGE_LIMIT - len(self.text.encode(errors="replace"))
        lines = max(1, LINE_LIMIT - self.document.line_count + 1)
        part = held.encode(errors="replace")[: max(0, room)].decode(errors="ignore")
        self.write("\n".join(part.split("\n")[:lines]))

    # --- what textual asks for -------------------------------------------------

    def _set_document(self, text: str, _language: str | None) -> None:
        self.document = ExactDocument(text)
        self.wrapped_document = WrappedDocument(
            self.document, tab_width=self.indent_width
        )
        self.navigator = DocumentNavigator(self.wrapped_document)
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def edit(self, edit: Edit) -> EditResult:
        """Make a change; undo then goes back word by word."""
        result = super().edit(edit)
        if edit.text.isspace():
            self.history.checkpoint()
        return result

    async def _on_key(self, event: events.Key) -> None:
        if self.asks:
            self._answer(take=event.key == "enter")
            if event.key in {"enter", "escape"}:
                event.stop()
                event.prevent_default()
                return
        if self._is_full and event.is_printable and self.selection.is_empty:
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)

    @property
    def _is_full(self) -> bool:
        # Counting bytes at each key would make long texts slow: one look at the
        # number of letters is enough to know that it is far from full.
        count = sum(map(len, self.document.lines)) + self.document.line_count
        return count * 4 > PAGE_LIMIT and not fits(self.text + " ")

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if not self.read_only:
            self.write(event.text)
            self.focus()

    def action_paste(self) -> None:
        """Put in what was last cut or copied here."""
        if not self.read_only:
            self.write(self.app.clipboard)

    def render_line(self, y: int) -> Strip:
        """Draw one row from its own part of the line."""
        document, wrapped = self.document, self.wrapped_document
        if self.placeholder and document.line_count == 1 and not document.get_line(0):
            return super().render_line(y)
        theme, width = self._theme, self.size.width
        base = (theme.base_style if theme else None) or self.rich_style
        rows = wrapped._offset_to_line_info  # noqa: SLF001 - no public way to a row
        row = y + self.scroll_offset.y
        if row >= len(rows):
            return Strip.blank(width, base)
        line_index, section = rows[row]
        line = document.get_line(line_index)
        breaks = wrapped.get_offsets(line_index)
        start = breaks[section - 1] if section else 0
        end = breaks[section] if section < len(breaks) else len(line)
        is_last = section == len(breaks)
        pieces = [
            Segment(text, base + style)
            for text, style in self._styled(line_index, start, end, is_last=is_last)
        ]
        if "\t" in line:
            pieces = self._without_tabs(pieces, line_index, line.count("\t", 0, start))
        return Strip(pieces).adjust_cell_length(width, base)

    def _styled(
        self, line_index: int, start: int, end: int, *, is_last: bool
    ) -> list[tuple[str, Style]]:
        # The parts of one row: plain, chosen, and under the cursor.
        line = self.document.get_line(line_index) + " "
        stop = end + 1 if is_last else end
        theme, nothing = self._theme, Style.null()
        first, last = sorted(self.selection)
        cursor_line, cursor = self.selection.end
        chosen = theme.selection_style if theme else None
        marked: list[tuple[int, int, Style]] = []
        if first != last and first[0] <= line_index <= last[0] and chosen:
            left = first[1] if line_index == first[0] else 0
            right = last[1] if line_index == last[0] else len(line)
            marked.append((left, right, chosen))
        under = theme.cursor_style if theme else None
        if cursor_line == line_index and self._draw_cursor and under and self.has_focus:
            marked.append((cursor, cursor + 1, under))
        cuts = {start, stop}
        for left, right, _style in marked:
            cuts.update(min(max(cut, start), stop) for cut in (left, right))
        edges = sorted(cuts)
        parts: list[tuple[str, Style]] = []
        for left, right in pairwise(edges):
            styles = [style for a, b, style in marked if a <= left and right <= b]
            parts.append((line[left:right], styles[-1] if styles else nothing))
        return parts

    def _without_tabs(
        self, pieces: list[Segment], line_index: int, before: int
    ) -> list[Segment]:
        widths = iter(self.wrapped_document.get_tab_widths(line_index)[before:])
        spaced = []
        for text, style, _control in pieces:
            first, *others = text.split("\t")
            for part in others:
                first += " " * next(widths, self.indent_width) + part
            spaced.append(Segment(first, style))
        return spaced
