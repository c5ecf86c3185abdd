"""Changing an entry: its words, its day, and whatever else belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from companion.errors import CompanionError
from screens.edit_form import EditForm
from screens.messages import LogChanged
from screens.widgets.editor import Editor
from screens.widgets.hints import Hints
from screens.writing import WritingScreen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from companion.facade import Companion

_FORM = "edit"
"""The key by which a draft is known to be a change of an entry."""


class EditScreen(WritingScreen):
    """Changes one entry; closes when that is kept or left."""

    CSS_PATH = "edit.tcss"
    WAITS = "edit.waits"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Next", id="edit.next",
                tooltip="Go to the next line"),
        Binding("shift+tab", "app.focus_previous", "Before", show=False,
                id="edit.before", tooltip="Go to the line before"),
        Binding("ctrl+s", "keep", "Keep", priority=True, id="edit.keep",
                tooltip="Keep the changes, and close"),
        Binding("escape", "leave", "Leave", id="edit.leave",
                tooltip="Close; changes that are not kept wait as a draft"),
        Binding("ctrl+o", "outside", "Own editor", priority=True, id="edit.outside",
                tooltip="Write in $VISUAL or $EDITOR"),
    ]  # fmt: skip

    def __init__(self, companion: Companion, entry_id: str) -> None:
        """Change the entry with this id.

        Raises:
            EntryNotFoundError: If there is none.
        """
        super().__init__(companion, entry_id)
        self._entry = companion.log.get(entry_id)
        self._first: Mapping[str, Any] = {}

    def compose(self) -> ComposeResult:
        """Lay out the form and the lines around it."""
        yield Static(Content(self._say("edit.title")), id="where")
        yield EditForm(self._companion, self._entry)
        yield Static(id="notice")
        yield Hints(
            "edit.next", "writing.elsewhere", "edit.keep", "edit.leave", "edit.outside"
        )

    def on_mount(self) -> None:
        """Show the entry, with changes that were not kept yet."""
        form = self.query_one(EditForm)
        form.fill(self._entry)
        self._first = form.state()
        kept = self._waiting()
        self.note(self._say("edit.resumed") if kept else "")
        if kept:
            form.restore(kept)
        else:
            self.say_whether_long()
        self.begin()

    def _waiting(self) -> Mapping[str, Any]:
        for draft in self._companion.drafts.waiting():
            if draft.id == self._draft_id and isinstance(draft.state.get(_FORM), dict):
                changes: dict[str, Any] = draft.state[_FORM]  # type: ignore[assignment]
                return changes
        return {}

    def spelt(self) -> str:
        """Return every page of the form, and what stands in its lines."""
        state = self.query_one(EditForm).state()
        lines = (f"{name}: {words}" for name, words in state["lines"].items() if words)
        return "\n\n".join([*filter(None, state["pages"].values()), *lines]) + "\n"

    def draft_state(self) -> Mapping[str, object] | None:
        """Return what is typed, where it is not what it was."""
        state = self.query_one(EditForm).state()
        return None if state == self._first else {_FORM: state}

    @on(Input.Changed)
    def remember(self) -> None:
        """Save soon what was typed in a line."""
        self.touch()

    def action_keep(self) -> None:
        """Keep the changes and close; what cannot be kept stays here."""
        try:
            entry = self.query_one(EditForm).read()
            if entry is None:
                self.note(self._say("edit.fix"))
                return
            kept = self._companion.log.edit(entry)
        except CompanionError as error:
            self.say_unkept(error)
            return
        self.let_draft_go()
        changed = kept != self._entry
        if changed:
            self.app.post_message(LogChanged())
        self.notify(self._say("edit.saved" if changed else "edit.unchanged"))
        self.dismiss()

    def action_leave(self) -> None:
        """Close; what was changed and not kept waits as a draft."""
        if self.draft_state() is None:
            self._unsaved = True
            self.keep_draft()
            self.dismiss()
        else:
            self.leave_with_draft()

    def page(self) -> Editor:
        """Return the editor that is written in, or the first."""
        focused = self.focused
        return focused if isinstance(focused, Editor) else super().page()
