"""What is asked now: the question, a quieter hint, and where the answer is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from screens.passages import lens_words
from screens.safety import plain
from screens.widgets.editor import Editor
from screens.widgets.lens import Lens
from screens.widgets.part_name import PartName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from companion.model.content import Content
    from companion.reflection import Run

_KINDS = ("prompt", "lens", "part", "page")
_PLACEHOLDERS = {"lens": "lens_words", "part": "part_words", "page": "page"}


class StageView(Vertical):
    """Shows one stage of a run; which of its parts are seen depends on the kind."""

    def __init__(self, content: Content) -> None:
        """Stand on the words of the app."""
        super().__init__(id="stage")
        self._content = content
        self._kind = ""

    def compose(self) -> ComposeResult:
        """Lay out all parts; styles show those that belong to the kind."""
        yield Static(id="question")
        yield Static(id="hint")
        yield PartName(placeholder=self._content.say("reflect.part_name"), id="part")
        yield Lens(self._content.rungs, lens_words(self._content), id="lens")
        with Vertical(id="page"):
            yield Editor(id="answer")

    @property
    def editor(self) -> Editor:
        """Where the words are written."""
        return self.query_one(Editor)

    def show(self, run: Run, parts: Sequence[str]) -> None:
        """Show where a run stands, with what is written there."""
        stage = run.stage
        self._kind = stage.kind
        self.remove_class(*(f"-{kind}" for kind in _KINDS))
        self.add_class(f"-{stage.kind}")
        hint = stage.prompt.hint if stage.prompt else ""
        for name, words in (("#question", stage.question), ("#hint", hint)):
            line = self.query_one(name, Static)
            line.update(plain(words))
            line.display = bool(words)
        key = _PLACEHOLDERS.get(stage.kind, "answer")
        self.editor.placeholder = self._content.say(f"reflect.{key}")
        with self.prevent(TextArea.Changed):
            self.editor.words = run.text
        self.editor.move_cursor(self.editor.document.end)
        self.query_one(Lens).put(run.placement, run.rung)
        self.query_one(PartName).ask(run.part, parts)

    def begin(self) -> None:
        """Go where one begins: to the line, the name or the words."""
        if self._kind == "lens" and not self.editor.words:
            self.query_one(Lens).focus()
        elif self._kind == "part" and not self.query_one(PartName).name_typed:
            self.query_one(PartName).begin()
        else:
            self.editor.focus()

    @on(Lens.Wrote)
    def write_what_happened(self, event: Lens.Wrote) -> None:
        """Go from the line to the words with the first letter."""
        event.stop()
        self.editor.focus()
        if not self.editor.read_only:
            self.editor.write(event.character)

    @on(PartName.Settled)
    def go_to_words(self, event: PartName.Settled) -> None:
        """Go from the name to the words."""
        event.stop()
        self.editor.focus()
