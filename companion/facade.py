"""The one object a screen or the command line is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from companion.record import record

if TYPE_CHECKING:
    from pathlib import Path

    from companion.care import Care
    from companion.drafts import Drafts
    from companion.erasing import Erasing
    from companion.log import Log
    from companion.model.content import Content
    from companion.ports import Clock
    from companion.preferences import Preferences
    from companion.reflection import Reflection


class Places(NamedTuple):
    """Where things lie on this machine."""

    home: Path
    """The log, drafts and quick captures."""
    config: Path
    """Settings, and the person's own prompts and sittings."""


@record(frozen=True, slots=True, kw_only=True)
class Companion:
    """Everything that can be done, one service a field."""

    clock: Clock
    places: Places
    content: Content
    log: Log
    reflection: Reflection
    drafts: Drafts
    preferences: Preferences
    care: Care
    erasing: Erasing

    def close(self) -> None:
        """Let go of files and the lock."""
        self.log.close()
