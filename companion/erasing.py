"""What takes words out of the log for good: compacting, erasing, forgetting a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from companion.errors import CompanionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from companion.model.erasing import (
        Compactable,
        Erasable,
        Erased,
        Forgettable,
    )
    from companion.ports import Progress

INSTEAD: Final = "someone"
"""What takes the place of a name, where no other word is given."""


class LogEraser(Protocol):
    """Writes the journal of a log anew. Every method may raise a `LogError`."""

    def compactable(self) -> Compactable:
        """Return what compacting would drop; nothing is changed."""
        ...

    def compact(self, progress: Progress | None) -> Compactable:
        """Drop earlier versions from the years that are over."""
        ...

    def erasable(self, ids: Sequence[str]) -> Erasable:
        """Return what erasing entries, by id or its end, would reach."""
        ...

    def erase(self, ids: Sequence[str], progress: Progress | None) -> Erased:
        """Erase entries, by id or its end, in every version and backup."""
        ...

    def forgettable(self, name: str, instead: str) -> Forgettable:
        """Return what forgetting a name would change; nothing is changed."""
        ...

    def forget(self, name: str, instead: str, progress: Progress | None) -> Erased:
        """Take a name out of every version and backup."""
        ...


class Erasing:
    """Takes words out of the log for good; nothing is loaded before it is asked for."""

    def __init__(self, eraser: Callable[[], LogEraser]) -> None:
        """Take what opens the eraser, for when it is first needed."""
        self._open = eraser

    def compactable(self) -> Compactable:
        """Return what `compact` would drop; nothing is changed.

        Raises:
            LogError: If the log cannot be read.
        """
        return self._open().compactable()

    def compact(self, progress: Progress | None = None) -> Compactable:
        """Drop earlier versions from the years that are over.

        A verified backup is made before. What is in the log stays as it is, and undo
        goes back as far as the year that is written in.

        Raises:
            LogLockedError: If another window is writing.
            LogError: If the log is not sound, or the disk refused.
        """
        return self._open().compact(progress)

    def erasable(self, ids: Sequence[str]) -> Erasable:
        """Return what `erase` would reach; nothing is changed.

        Args:
            ids: Ids of entries, or their ends; of deleted ones, too.

        Raises:
            EntryNotFoundError: If nothing is known of one of them.
            AmbiguousIdError: If an end fits several.
        """
        return self._open().erasable(ids)

    def erase(self, ids: Sequence[str], progress: Progress | None = None) -> Erased:
        """Erase entries in every version and backup; nothing brings them back.

        Raises:
            EntryNotFoundError: If nothing is known of one of them.
            LogLockedError: If another window is writing.
            LogError: If the log is not sound, or the disk refused. Where it was
                stopped on its way, the next opening goes on.
        """
        return self._open().erase(ids, progress)

    def forgettable(self, name: str, instead: str = INSTEAD) -> Forgettable:
        """Return what `forget` would change; nothing is changed.

        Raises:
            CompanionError: If it is no name, or the word would bring it back.
        """
        return self._open().forgettable(*_words(name, instead))

    def forget(
        self, name: str, instead: str = INSTEAD, progress: Progress | None = None
    ) -> Erased:
        """Take a name out of every version and backup; nothing brings it back.

        Args:
            name: As it is written; it goes where it stands as a whole word.
            instead: What takes its place in words.
            progress: Told how far it is.

        Raises:
            CompanionError: If it is no name, or the word would bring it back.
            LogLockedError: If another window is writing.
            LogError: If the log is not sound, or the disk refused. Where it was
                stopped on its way, the next opening goes on.
        """
        return self._open().forget(*_words(name, instead), progress)


def _words(name: str, instead: str) -> tuple[str, str]:
    name, instead = name.strip(), instead.strip()
    if not name or not any(map(str.isalnum, name)):
        raise CompanionError("A name has at least one letter.")
    if not instead or name in instead:
        raise CompanionError("The word in its place is another, and not empty.")
    return name, instead
