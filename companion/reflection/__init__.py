"""Reflecting: sittings, the prompts that come, and the entry they make."""

from __future__ import annotations

from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING, Final

from companion.errors import ContentError, EntryNotFoundError, InvalidEntryError
from companion.model.content import Step
from companion.reflection.run import Run
from companion.reflection.stages import PAGE, PROMPT, RunState, Stage, Written

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from random import Random

    from companion.log import Log
    from companion.model.content import Content, Prompt, Sitting
    from companion.model.entry import Entry
    from companion.ports import PoolStore
    from companion.reflection.rounds import Rounds

__all__ = ["FREE", "INVITATION", "QUESTION", "Reflection", "Run", "Stage"]

FREE: Final = "free"
"""Begins a run of one empty page."""
INVITATION: Final = "invitation"
"""Begins a run of one prompt: the invitation of the day."""
QUESTION: Final = "question"
"""Begins a run of one prompt: the slow question of the month."""

_INVITATIONS: Final = "invitation"
"""The pool that invitations of the day are taken from."""
_GOLDEN: Final = 0.6180339887498949


class Reflection:
    """Begins sittings, takes them up again, and keeps what was said."""

    def __init__(
        self,
        content: Content,
        pools: PoolStore,
        log: Log,
        chance: Random | None = None,
    ) -> None:
        """Stand on the words, the pools and the log.

        Args:
            content: Sittings and prompts.
            pools: Remembers which prompts came.
            log: Where what is said is kept.
            chance: Decides which prompt comes; the system's own, if not given.
        """
        self._content = content
        self._pools = pools
        self._log = log
        self._chance = chance
        self._rounds: Rounds | None = None

    @property
    def sittings(self) -> tuple[Sitting, ...]:
        """The sittings: ours by length, then the person's own."""
        return self._content.sittings

    def begin(self, sitting_id: str, *, day: date | None = None) -> Run:
        """Begin a sitting.

        Args:
            sitting_id: Id of a sitting; or "free" for one empty page, "invitation" or
                "question" for one prompt: that of the day, that of the month.
            day: The day it belongs to; today, if not given.

        Raises:
            InvalidEntryError: If there is no such sitting.
        """
        day = self._log.today() if day is None else day
        fresh = RunState(id=self._log.fresh_id(), day=day)
        if sitting_id == FREE:
            return self._run(replace(fresh, to_come=(Step(kind=PAGE),)), None)
        if sitting_id in {INVITATION, QUESTION}:
            ask = self.invitation if sitting_id == INVITATION else self.question
            asked = Written(Stage(PROMPT, ask(day)))
            return self._run(replace(fresh, reached=(asked,)), None)
        sitting = self._sitting(sitting_id)
        if sitting is None:
            known = ", ".join([*(each.id for each in self.sittings), FREE])
            raise InvalidEntryError(
                f"There is no sitting {sitting_id!r}.", hint=f"There are: {known}."
            )
        return self._run(
            replace(fresh, sitting=sitting.id, to_come=sitting.steps), sitting
        )

    def resume(self, state: Mapping[str, object]) -> Run:
        """Take up a run from its draft, with the prompts it had.

        Raises:
            InvalidEntryError: If it is not the state of a run.
        """
        from companion.reflection.saved import from_json  # noqa: PLC0415 - seldom

        kept = from_json(state)
        return self._run(kept, self._sitting(kept.sitting), resumed=True)

    def keep(self, run: Run) -> Entry | None:
        """Write down what was said, and return it; None where nothing was.

        A run that was kept before (the app was stopped before its draft could be let
        go, or another window took the draft up) changes its entry instead of making a
        second one.

        Raises:
            InvalidEntryError: If a rule of the model is broken, or the day lies ahead.
            WriteFailedError: If the disk refused.
        """
        if not run.has_words:
            return None
        entry = run.entry(self._log)
        former = self._kept_before(run)
        if former is None:
            return self._log.write(entry)
        return self._log.edit(
            replace(
                entry,
                at=former.at,
                zone=former.zone,
                setting=former.setting,
                people=entry.people or former.people,
                tags=entry.tags or former.tags,
                shared_with=entry.shared_with or former.shared_with,
            )
        )

    def invitation(self, day: date) -> Prompt:
        """Return one gentle invitation; the same all day, another tomorrow."""
        prompts = self._content.pools.get(_INVITATIONS, ())
        if not prompts:
            raise ContentError("There is no invitation in the words of the app.")
        return prompts[day.toordinal() * _stride(len(prompts)) % len(prompts)]

    def question(self, day: date) -> Prompt:
        """Return the slow question of the month; it comes again after a year."""
        questions = self._content.questions
        if not questions:
            raise ContentError("There is no question in the words of the app.")
        return questions[(day.year * 12 + day.month - 1) % len(questions)]

    def _sitting(self, sitting_id: str) -> Sitting | None:
        return next((each for each in self.sittings if each.id == sitting_id), None)

    def _kept_before(self, run: Run) -> Entry | None:
        try:
            return self._log.get(run.id)
        except EntryNotFoundError:
            return None

    def _run(
        self, state: RunState, sitting: Sitting | None, *, resumed: bool = False
    ) -> Run:
        return Run(state, sitting, self._draw, resumed=resumed)

    def _draw(self, pools: Sequence[str], here: Collection[str]) -> Prompt | None:
        if self._rounds is None:
            # Chance is worth its import only once somebody sits down.
            from random import SystemRandom  # noqa: PLC0415

            from companion.reflection.rounds import Rounds  # noqa: PLC0415

            chance = SystemRandom() if self._chance is None else self._chance
            self._rounds = Rounds(self._content.pools, self._pools, chance)
        return self._rounds.draw(pools, here)


def _stride(count: int) -> int:
    """Return a step that visits all of `count` places and keeps neighbours apart."""
    stride = max(1, round(count * _GOLDEN))
    while gcd(stride, count) != 1:
        stride += 1
    return stride
