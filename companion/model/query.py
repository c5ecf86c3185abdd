"""What a person looks for in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.folding import fold
from companion.record import record

if TYPE_CHECKING:
    from datetime import date


@record(frozen=True, slots=True, kw_only=True)
class Query:
    """Everything must hold at once; an empty query holds for every entry.

    Words and names are kept folded (`companion.folding.fold`), whatever they were
    given as, and empty ones are dropped. Words may stand anywhere in the text, the
    answers, a tag, a person or a part; names are compared whole.
    `companion.search.matches` says it in full.
    """

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    """Words that must not stand in it."""
    kinds: tuple[str, ...] = ()
    """Any of these; likewise the next five."""
    rungs: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    no_kinds: tuple[str, ...] = ()
    """None of these; likewise the next five."""
    no_rungs: tuple[str, ...] = ()
    no_principles: tuple[str, ...] = ()
    no_tags: tuple[str, ...] = ()
    no_people: tuple[str, ...] = ()
    no_parts: tuple[str, ...] = ()
    first: date | None = None
    """The earliest day that counts."""
    last: date | None = None
    """The latest day that counts."""

    def __post_init__(self) -> None:
        """Fold words and names, so that nobody who compares them can forget to."""
        for name in self.__slots__:
            given = getattr(self, name)
            if given and isinstance(given, tuple):
                folded = tuple(filter(None, map(fold, given)))
                object.__setattr__(self, name, folded)

    @property
    def is_empty(self) -> bool:
        """Whether it holds for every entry."""
        return self == Query()
