"""What was being written when the app stopped, kept until it is taken up again."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from companion.errors import WriteFailedError
from companion.ports import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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

    def carry_out(self, words: str) -> Path:
        """Put words in the first folder that takes them; return where they lie.

        Raises:
            WriteFailedError: If none does.
        """
        refused = WriteFailedError("There is no folder to put it in.")
        for folder in other_folders():
            try:
                return self.put_outside(folder, words)
            except WriteFailedError as error:
                refused = error
        raise refused

    def remove(self, draft_id: str) -> None:
        """Let a draft go: it is in the log now, or not wanted."""
        self._store.remove(draft_id)


def other_folders() -> Iterator[Path]:
    """Yield folders outside of the log to put words in: the person's own first."""
    from tempfile import gettempdir  # noqa: PLC0415 - seldom needed

    with suppress(RuntimeError):
        yield Path.home()
    with suppress(OSError):
        yield Path(gettempdir())
