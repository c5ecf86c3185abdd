"""Long work beside the app: how far it is, and stopping it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from companion.ports import Progress

_T = TypeVar("_T")
STOPPABLE: Final = frozenset({"preview", "check", "rescue"})
"""What only reads, or leaves but a new folder unfinished."""


class StoppedError(Exception):
    """The person did not want to wait for it."""


class Work:
    """One piece of work in a thread of its own."""

    def __init__(self, what: str) -> None:
        """Name it."""
        self.what = what
        self.share = 0.0
        """How far it is, from 0 to 1."""
        self.told = ""
        """What is being done just now."""
        self._stop = False

    @property
    def stops(self) -> bool:
        """Whether it can be stopped."""
        return self.what in STOPPABLE

    def stop(self) -> None:
        """Stop it where it next says how far it is."""
        self._stop = self.stops

    def tell(self, share: float, what: str) -> None:
        """Take in how far it is; called in its own thread.

        Raises:
            StoppedError: If it is to stop.
        """
        self.share, self.told = share, what
        if self._stop:
            raise StoppedError

    async def run(self, do: Callable[[Progress], _T]) -> _T:
        """Do it, and return what comes of it."""
        return await asyncio.to_thread(do, self.tell)
