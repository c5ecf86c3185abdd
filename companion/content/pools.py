"""Prompts by pool, each pool read when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from companion.model.content import Prompt


class Pools(Mapping[str, "tuple[Prompt, ...]"]):
    """Ours, read from their file on first use, joined by the person's own."""

    def __init__(
        self,
        ours: Iterable[str],
        own: Mapping[str, tuple[Prompt, ...]],
        read: Callable[[str], tuple[Prompt, ...]],
    ) -> None:
        """Take the names of ours, the person's prompts, and what reads one of ours."""
        self._read = read
        self._unread = set(ours)
        self._pools: dict[str, tuple[Prompt, ...]] = dict.fromkeys(ours, ())
        self._pools.update(own)

    def __getitem__(self, pool: str) -> tuple[Prompt, ...]:
        """Return the prompts of one pool."""
        if pool in self._unread:
            self._pools[pool] = (*self._read(pool), *self._pools[pool])
            self._unread.remove(pool)
        return self._pools[pool]

    def __contains__(self, pool: object) -> bool:
        """Tell whether there is such a pool, without reading it."""
        return pool in self._pools

    def __iter__(self) -> Iterator[str]:
        """Return the names: ours, then the person's own."""
        return iter(self._pools)

    def __len__(self) -> int:
        """Return how many pools there are."""
        return len(self._pools)
