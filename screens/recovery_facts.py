"""What the care of the log shows of it: what is wrong, what is safe, what is kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from companion.errors import CompanionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from companion.facade import Companion
    from companion.model.keeping import Backup
    from companion.ports import Notice

_PAUSE = 0.001


class State(NamedTuple):
    """What there is to say of the log; None where it is still looked for."""

    troubles: Sequence[Notice]
    is_guest: bool
    entries: int | None = None
    backups: Sequence[Backup] | None = None

    @property
    def sound(self) -> list[Backup]:
        """The backups that can be used, newest first."""
        return [one for one in self.backups or () if not one.fault and one.made]

    @property
    def bad(self) -> list[Backup]:
        """The backups that cannot be used."""
        return [one for one in self.backups or () if one.fault or not one.made]


def begun(companion: Companion) -> State:
    """Return what is known at once."""
    log = companion.log
    return State(tuple(log.troubles()), log.is_guest)


async def looked_for(companion: Companion) -> State:
    """Return all of it; keys and painting have their turn meanwhile."""
    care = companion.care
    try:
        backups = tuple(await asyncio.to_thread(care.backups))
    except (CompanionError, OSError):
        backups = ()  # a folder that cannot be read; a check says so
    timeline = companion.log.timeline()
    while not timeline.advance():  # noqa: ASYNC110 - it is this that advances
        await asyncio.sleep(_PAUSE)
    state = begun(companion)
    return state._replace(entries=len(timeline), backups=backups)
