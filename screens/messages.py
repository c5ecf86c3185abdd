"""What screens ask of the app; they never reach for each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from datetime import date

    from companion.ports import Draft


@dataclass
class OpenRoom(Message):
    """Go to a room: "today", "log", "settings", "keys" or "people"."""

    room: str


@dataclass
class BeginSitting(Message):
    """Begin a sitting ("free" is one empty page) for a day; None is today."""

    sitting: str
    day: date | None = None


@dataclass
class ResumeDraft(Message):
    """Go on writing where a draft stopped."""

    draft: Draft


@dataclass
class OpenEntry(Message):
    """Show one entry whole."""

    entry_id: str


@dataclass
class EditEntry(Message):
    """Change one entry."""

    entry_id: str


@dataclass
class LogChanged(Message):
    """Something was written, changed, taken away or brought back."""


@dataclass
class GoBack(Message):
    """Leave this room for the one before it."""


@dataclass
class OpenPage(Message):
    """Show one of the longer texts, such as "credits"."""

    page: str
