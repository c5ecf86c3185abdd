"""What backups are called: the day, the time, and before what they were made."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import datetime

DAILY: Final = "daily"
BY_HAND: Final = "by-hand"
BEFORE_RESTORE: Final = "before-restore"
BEFORE_REMOVAL: Final = "before-removal"
BEFORE_COMPACTION: Final = "before-compaction"
BEFORE_MIGRATION: Final = "before-migration"
_NAMES: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?P<time>T\d{6}(?P<before>-before-[a-z]+)?)?(-\d+)?",
    re.ASCII,
)


def free_name(now: datetime, kind: str, taken: Container[str]) -> str:
    """Return a name for a backup of a kind that is not taken."""
    name = f"{now:%Y-%m-%d}" if kind == DAILY else f"{now:%Y-%m-%dT%H%M%S}"
    if kind not in {DAILY, BY_HAND}:
        name = f"{name}-{kind}"
    number = 1
    free = name
    while free in taken or part_name(free) in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def part_name(name: str) -> str:
    """Return what a backup is called before it is whole."""
    return f".{name}.part"


def is_part(name: str) -> bool:
    """Return whether something was left unfinished, or is about to be deleted."""
    return name.startswith(".") and name.endswith(".part")


def kind_of(name: str) -> tuple[bool, bool]:
    """Return whether a name is one of a backup, and whether of one before something."""
    match = _NAMES.fullmatch(name)
    with suppress(ValueError):
        return match is not None and bool(day_of(name)), bool(match and match["before"])
    return False, False


def day_of(name: str) -> date:
    """Return the day a backup of this name was made.

    Raises:
        ValueError: If it names none.
    """
    return date.fromisoformat(name[:10])
