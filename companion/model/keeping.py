"""What the care of a log speaks of: backups, what one would change, what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup, as a look at it shows it."""

    name: str
    folder: Path
    made: datetime | None = None
    """When it was made; None where that cannot be read."""
    size: int = 0
    """How many bytes it holds."""
    entries: int = 0
    fault: str = ""
    """Why it cannot be used, in words; "" for a sound one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What bringing a backup back would do to the entries, by their ids."""

    backup: Backup
    back: tuple[str, ...] = ()
    """Entries that come back."""
    earlier: tuple[str, ...] = ()
    """Entries that go back to an earlier form."""
    since: tuple[str, ...] = ()
    """Entries that the backup does not know: they stay, unless it is done exactly."""
    others: Mapping[str, int] = field(default_factory=dict)
    """How many documents of each other table change."""
    pages: tuple[str, ...] = ()
    """The person's own pages that come back."""
    damaged: bool = False
    """Whether the log is damaged or gone, and the backup takes its place."""
    why_not: str = ""
    """Why it cannot be brought back from here just now; "" if it can."""
    same_log: bool = True
    """Whether the backup is one of this very log."""
    refused: tuple[str, ...] = ()
    """Documents of a plain file that cannot be taken in, each with the reason."""

    @property
    def changes(self) -> bool:
        """Whether anything would change."""
        return bool(
            self.back or self.earlier or self.others or self.pages or self.damaged
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What bringing a backup back has done."""

    backup: Backup
    back: int = 0
    earlier: int = 0
    gone: int = 0
    """Entries that were taken out, because it was to be exactly as in the backup."""
    kept: int = 0
    """Entries newer than the backup that were saved from a damaged log."""
    before: str = ""
    """The name of the backup made before, if any."""
    in_place: bool = False
    """Whether the backup's journal took the place of one that was damaged or gone."""
    aside: Path | None = None
    """Where the damaged journal lies now, if it was damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a check read, and what it found."""

    faults: tuple[str, ...] = ()
    """Each fault in words."""
    remarks: tuple[str, ...] = ()
    """What is no fault and good to know."""
    segments: int = 0
    commits: int = 0
    entries: int = 0
    size: int = 0
    """How many bytes were read."""
    backups: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescued:
    """What was brought to safety, and where it is."""

    folder: Path
    entries: int = 0
    others: int = 0
    """Documents of other tables."""
    drafts: int = 0
    pages: int = 0
    raw: int = 0
    """Files of bytes that do not verify, kept as they are."""
    backups: tuple[str, ...] = ()
    """Backups that were read too, because the journal is not sound."""
    missed: tuple[str, ...] = ()
    """Files that could not be read at all."""
