"""What screens ask of the app; they never reach for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from datetime import date

    from companion.ports import Draft

# Plain classes: making a dataclass costs more than all else that is done to open.


class OpenRoom(Message):
    """Go to a room: "today", "log", "settings", "keys", "people" or "care"."""

    def __init__(self, room: str) -> None:
        """Name the room."""
        super().__init__()
        self.room = room


class BeginSitting(Message):
    """Begin a sitting ("free" is one empty page) for a day; None is today."""

    def __init__(self, sitting: str, day: date | None = None) -> None:
        """Name the sitting and the day."""
        super().__init__()
        self.sitting = sitting
        self.day = day


class ResumeDraft(Message):
    """Go on writing where a draft stopped."""

    def __init__(self, draft: Draft) -> None:
        """Say which draft."""
        super().__init__()
        self.draft = draft


class OpenEntry(Message):
    """Show one entry whole."""

    def __init__(self, entry_id: str) -> None:
        """Say which entry."""
        super().__init__()
        self.entry_id = entry_id


class EditEntry(Message):
    """Change one entry."""

    def __init__(self, entry_id: str) -> None:
        """Say which entry."""
        super().__init__()
        self.entry_id = entry_id


class OpenPage(Message):
    """Show one of the longer texts, such as "credits"."""

    def __init__(self, page: str) -> None:
        """Name the page."""
        super().__init__()
        self.page = page


class LogChanged(Message):
    """Something was written, changed, taken away or brought back."""


class CannotGoOn(Message):
    """The log cannot be used any more; the words say why."""

    def __init__(self, words: str) -> None:
        """Say why."""
        super().__init__()
        self.words = words


class GoBack(Message):
    """Leave this room for the one before it."""
