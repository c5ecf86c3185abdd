"""Names of tags, people and parts, as a person types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIGILS = "#@"


def clean_names(words: Iterable[str]) -> tuple[str, ...]:
    """Return the names in `words`: split at commas, without sigils, each once.

    "#rest, Walk" and "@walk" give ("rest", "Walk"): of names that differ only in case
    the first stays.
    """
    names: dict[str, str] = {}
    for word in words:
        for piece in word.split(","):
            name = piece.strip().lstrip(_SIGILS).strip()
            if name:
                names.setdefault(fold(name), name)
    return tuple(names.values())
