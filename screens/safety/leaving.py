"""Leaving where words could be written nowhere: said first, then carried out."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from screens.safety.shield import Shield

if TYPE_CHECKING:
    from collections.abc import Iterator


@runtime_checkable
class MayLose(Protocol):
    """A screen whose words may be on it and nowhere else."""

    at_risk: bool

    @property
    def is_held(self) -> bool:
        """Whether leaving would cost words, and that was not said yet."""
        ...

    def stay(self) -> None:
        """Say what leaving now would cost."""
        ...

    def carry_out(self) -> str:
        """Put the words in any folder that takes them; return what to say of it."""
        ...


class Leaving(Shield):
    """Is not left with words that are on the screen and nowhere else."""

    def __init__(self) -> None:
        """Nothing was carried out yet."""
        super().__init__()
        self.carried: list[str] = []
        """What to say on the terminal of words that had to be put elsewhere."""

    def _at_risk(self) -> Iterator[MayLose]:
        for stack in list(self._screen_stacks.values()):
            for screen in stack:
                if isinstance(screen, MayLose) and screen.at_risk:
                    yield screen

    async def action_quit(self) -> None:
        """Leave, unless that would cost words and was not said yet."""
        self.keep_drafts()
        held = [screen for screen in self._at_risk() if screen.is_held]
        for screen in held:
            screen.stay()
        if not held:
            self.leave(0)

    def leave(self, code: int) -> None:
        """Keep what is half written, wherever it can be, and end."""
        super().leave(code)
        self._carry_out()

    def _fatal_error(self) -> None:
        super()._fatal_error()
        self._carry_out()

    def _carry_out(self) -> None:
        for screen in self._at_risk():
            # One screen that fails must not cost what another holds.
            with suppress(Exception):
                self.carried.append(screen.carry_out())
