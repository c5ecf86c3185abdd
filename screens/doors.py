"""Which screen opens for what a room asks; each is imported when it is needed."""

# ruff: noqa: PLC0415 - what is not opened must not cost the start anything.

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from textual.screen import Screen

from screens import messages

if TYPE_CHECKING:
    from textual.message import Message

    from companion.facade import Companion
    from screens.messages import (
        BeginSitting,
        EditEntry,
        OpenEntry,
        OpenPage,
        ResumeDraft,
    )


def open_sitting(companion: Companion, message: BeginSitting) -> Screen[Any]:
    """Return the screen of a sitting that begins."""
    from screens.reflect import ReflectScreen

    run = companion.reflection.begin(message.sitting, day=message.day)
    return ReflectScreen(companion, run)


def open_draft(companion: Companion, message: ResumeDraft) -> Screen[Any]:
    """Return the screen in which a draft goes on: a sitting, or a change."""
    draft = message.draft
    if "edit" in draft.state:
        from screens.edit import EditScreen

        return EditScreen(companion, draft.id)
    from screens.reflect import ReflectScreen

    return ReflectScreen(companion, companion.reflection.resume(draft.state))


def open_entry(companion: Companion, message: OpenEntry) -> Screen[Any]:
    """Return the screen that shows one entry whole."""
    from screens.entry import EntryScreen

    return EntryScreen(companion, message.entry_id)


def open_editor(companion: Companion, message: EditEntry) -> Screen[Any]:
    """Return the screen in which one entry is changed."""
    from screens.edit import EditScreen

    return EditScreen(companion, message.entry_id)


def open_page(companion: Companion, message: OpenPage) -> Screen[Any]:
    """Return the screen that shows one of the longer texts."""
    from screens.page import PageScreen

    return PageScreen(companion, message.page)


Door = Callable[[Any, Any], Screen[Any]]
DOORS: Final[dict[type[Message], Door]] = {
    messages.BeginSitting: open_sitting,
    messages.ResumeDraft: open_draft,
    messages.OpenEntry: open_entry,
    messages.EditEntry: open_editor,
    messages.OpenPage: open_page,
}
"""What opens for each message."""
