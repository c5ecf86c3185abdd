"""What was being written when the app stopped, kept until it is taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.ports import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from companion.ports import Clock, DraftStore


class Drafts:
    """The drafts that wait."""

    def __init__(self, store: DraftStore, clock: Clock) -> None:
        """Stand on a store; the clock says when a draft was saved."""
        self._store = store
        self._clock = clock

    def save(self, draft_id: str, state: Mapping[str, object]) -> None:
        """Keep what is being written in place of what was kept before.

        Args:
            draft_id: The id the entry will have.
            state: Whatever the editor needs to go on; plain JSON values.

        Raises:
            WriteFailedError: If the disk refused.
        """
        self._store.save(Draft(id=draft_id, saved=self._clock(), state=state))

    def waiting(self) -> tuple[Draft, ...]:
        """Return the drafts that wait, newest first."""
        return tuple(self._store.all())

    def put_outside(self, folder: Path, words: str) -> Path:
        """Put words in a new text file that belongs to no log; return where it lies.

        Args:
            folder: Where the person wants it, on any disk that takes it.
            words: What cannot be kept in the log just now.

        Raises:
            WriteFailedError: If that disk refused, too.
        """
        name = f"companion-{self._clock():%Y-%m-%d-%H%M%S}"
        return self._store.put_outside(folder, name, words)

    def remove(self, draft_id: str) -> None:
        """Let a draft go: it is in the log now, or not wanted."""
        self._store.remove(draft_id)
