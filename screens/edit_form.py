"""The form in which an entry is changed: its words, then a line for each field."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from textual import on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from companion.dates import read_day
from companion.errors import CompanionError, InvalidDayError
from screens.edit_fields import FIELDS
from screens.safety import plain
from screens.widgets.day_line import day_in_words
from screens.widgets.editor import Editor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.app import ComposeResult

    from companion.facade import Companion
    from companion.model.entry import Entry
    from screens.edit_fields import Field

MOST_ANSWERS: Final = 20
"""How many answers are laid out; no sitting has so many."""


class FieldLine(Horizontal):
    """A name, a line, and beside it what is wrong with it."""

    def __init__(self, field: Field, companion: Companion) -> None:
        """Stand for one field."""
        super().__init__(id=f"field-{field.name}", classes="field")
        self.field = field
        self._companion = companion

    def compose(self) -> ComposeResult:
        """Lay out the three."""
        say, name = self._companion.content.say, self.field.name
        yield Static(Content(say(f"edit.{name}")), classes="name")
        known = list(self.field.known(self._companion))
        yield Input(
            placeholder=say(f"edit.{name}_example"),
            suggester=SuggestFromList(known, case_sensitive=False) if known else None,
            compact=True,
        )
        yield Static(classes="said")

    @property
    def words(self) -> str:
        """What stands in the line."""
        return self.query_one(Input).value

    @words.setter
    def words(self, words: str) -> None:
        self.query_one(Input).value = words

    def tell(self, words: str) -> None:
        """Say something beside the line."""
        said = self.query_one(".said", Static)
        said.update(plain(words, limit=160))
        said.display = bool(words)

    @on(Input.Changed)
    def understand(self, event: Input.Changed) -> None:
        """Take back what was said; of a day, say which it is."""
        said = ""
        if self.field.name == "day":
            try:
                day = read_day(event.value, today=self._companion.log.today())
                said = day_in_words(day)
            except InvalidDayError:
                said = "\u2026" if event.value else ""
        self.tell(said)


class EditForm(VerticalScroll, can_focus=False):
    """Shows an entry as lines that can be changed, and reads them back."""

    def __init__(self, companion: Companion, entry: Entry) -> None:
        """Lay out `entry`."""
        super().__init__(id="form")
        self._companion = companion
        self._entry = entry

    def compose(self) -> ComposeResult:
        """Lay out the words and the fields."""
        entry, say = self._entry, self._companion.content.say
        if entry.text or not entry.answers:
            with Vertical(classes="page"):
                yield Editor(id="text")
        for number, answer in enumerate(entry.answers[:MOST_ANSWERS]):
            yield Static(plain(answer.question, limit=2000), classes="question")
            with Vertical(classes="page"):
                yield Editor(id=f"answer-{number}", classes="answer")
        if (left := len(entry.answers) - MOST_ANSWERS) > 0:
            yield Static(Content(say("edit.more", count=left)), classes="question")
        for field in FIELDS:
            yield FieldLine(field, self._companion)

    def fill(self, entry: Entry) -> None:
        """Show what stands in the entry."""
        for editor in self._editors():
            editor.words = self._words_of(editor, entry)
        for line in self._lines():
            line.words = line.field.show(entry, self._companion)

    def state(self) -> dict[str, Any]:
        """Return everything that is typed, as plain JSON values."""
        return {
            "pages": {editor.id: editor.words for editor in self._editors()},
            "lines": {line.field.name: line.words for line in self._lines()},
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show what was typed before; what does not fit any more is passed over."""
        pages, lines = state.get("pages"), state.get("lines")
        for editor in self._editors():
            words = pages.get(editor.id) if isinstance(pages, dict) else None
            if isinstance(words, str):
                editor.words = words
        for line in self._lines():
            words = lines.get(line.field.name) if isinstance(lines, dict) else None
            if isinstance(words, str):
                line.words = words

    def read(self) -> Entry | None:
        """Return the entry as it is typed; None where a line cannot be kept."""
        entry = self._worded()
        is_sound = True
        for line in self._lines():
            if line.words == line.field.show(self._entry, self._companion):
                continue
            try:
                changed = line.field.read(line.words, self._entry, self._companion)
                entry = replace(entry, **changed)
            except CompanionError as error:
                line.tell(f"{error.message} {error.hint}".strip())
                if is_sound:
                    line.query_one(Input).focus()
                is_sound = False
        return entry if is_sound else None

    def _worded(self) -> Entry:
        text, answers = self._entry.text, list(self._entry.answers)
        for editor in self._editors():
            number = self._number(editor)
            if number is None:
                text = editor.words
            else:
                answers[number] = replace(answers[number], text=editor.words)
        return replace(self._entry, text=text, answers=tuple(answers))

    def _editors(self) -> Sequence[Editor]:
        return list(self.query(Editor))

    def _lines(self) -> Iterator[FieldLine]:
        return iter(self.query(FieldLine))

    @staticmethod
    def _number(editor: Editor) -> int | None:
        """Return which answer it is; None for the words of the entry."""
        _what, _dash, number = (editor.id or "").partition("-")
        return int(number) if number else None

    def _words_of(self, editor: Editor, entry: Entry) -> str:
        number = self._number(editor)
        return entry.text if number is None else entry.answers[number].text
