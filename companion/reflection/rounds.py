"""Which prompt comes next: each once a round, in an order of chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from random import Random

    from companion.model.content import Prompt
    from companion.ports import PoolStore


class Rounds:
    """Draws prompts so that none comes again until its pool is through."""

    def __init__(
        self,
        pools: Mapping[str, tuple[Prompt, ...]],
        store: PoolStore,
        chance: Random,
    ) -> None:
        """Stand on the prompts and on the store that knows which came."""
        self._pools = pools
        self._store = store
        self._chance = chance

    def draw(self, pools: Sequence[str], here: Collection[str]) -> Prompt | None:
        """Return a prompt of one of the pools, and note that it came.

        Args:
            pools: Names of pools, one of which is drawn from.
            here: Ids of prompts that must not come, as they stand in this run already.

        Returns:
            The prompt, or None where none of the pools has one to give.
        """
        for pool in self._chance.sample(pools, k=len(pools)):
            prompt = self._draw_from(pool, here)
            if prompt is not None:
                return prompt
        return None

    def _draw_from(self, pool: str, here: Collection[str]) -> Prompt | None:
        prompts = self._pools.get(pool, ())
        came = self._store.came(pool)
        waiting = [prompt for prompt in prompts if prompt.id not in came]
        if not waiting:
            # A new round, but not with what came last; a pool of one has no choice.
            waiting = [p for p in prompts if p.id not in came[-1:]] or list(prompts)
            came = ()
        waiting = [prompt for prompt in waiting if prompt.id not in here]
        if not waiting:
            return None
        prompt = self._chance.choice(waiting)
        self._store.note(pool, (*came, prompt.id))
        return prompt
