"""What writing the journal anew speaks of: compacting, erasing, forgetting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Compactable:
    """What compacting would do, or has done."""

    versions: int = 0
    """How many earlier versions go."""
    size: int = 0
    """How many bytes the journal has."""
    saved: int = 0
    """How many of them go."""
    before: str = ""
    """The backup made before, if it was done and one was needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasable:
    """What erasing entries for good would reach."""

    ids: tuple[str, ...] = ()
    """The entries, by their whole ids."""
    standing: tuple[str, ...] = ()
    """Those of them that are in the log now; the others were deleted before."""
    versions: int = 0
    """How many versions of them the journal holds."""
    backups: tuple[str, ...] = ()
    """The backups that hold any of them."""
    unreached: tuple[str, ...] = ()
    """The backups that cannot be read, and so not be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgettable:
    """What forgetting a name would change."""

    name: str
    instead: str
    """The word that takes its place in texts."""
    listed: tuple[str, ...] = ()
    """Entries that have the name in a list of people."""
    worded: tuple[str, ...] = ()
    """Entries that have it in words: text, answers, tags and so on."""
    others: int = 0
    """Documents of other tables that have it."""
    versions: int = 0
    """All versions that have it, earlier and deleted ones, too."""
    within: tuple[str, ...] = ()
    """Other names the word stands in: they are changed, too."""
    backups: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[str, ...]:
        """All entries that would change, by id."""
        return tuple(sorted({*self.listed, *self.worded}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased or forgotten, and what was not reached."""

    versions: int = 0
    """Versions that went from the journal, or are said otherwise in it now."""
    backups: tuple[str, ...] = ()
    """Backups that were written anew."""
    drafts: int = 0
    captures: int = 0
    """Quick captures that waited."""
    pieces: int = 0
    """Files in quarantine that were cut or taken away."""
    missed: tuple[str, ...] = ()
    """What still holds any of it, each in words."""
