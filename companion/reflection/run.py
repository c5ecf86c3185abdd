"""One sitting under way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from companion.errors import InvalidEntryError
from companion.model.entry import PRINCIPLES, REACH, RUNGS, Answer, Placement
from companion.model.names import clean_names
from companion.reflection.stages import (
    DETAILS,
    LENS,
    PAGE,
    PROMPT,
    RunState,
    Stage,
    Written,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from companion.log import Log
    from companion.model.content import Prompt, Sitting, Step
    from companion.model.entry import Entry

    Draw = Callable[[Sequence[str], Collection[str]], Prompt | None]
    """Draws from one of these pools a prompt that is not one of those ids."""


class Run:
    """One sitting under way: its stages so far and what was written at each.

    A prompt is drawn when its stage is first reached, and stays when one goes back.
    """

    def __init__(
        self,
        state: RunState,
        sitting: Sitting | None,
        draw: Draw,
        *,
        resumed: bool = False,
    ) -> None:
        """Take up a run where it stands.

        Args:
            state: Where it stands; with no stage reached yet it goes to its first.
            sitting: The sitting, or None for a page of one's own.
            draw: Draws prompts.
            resumed: Whether it is taken up from a draft.
        """
        self._state = state
        self._draw = draw
        self.sitting = sitting
        """The sitting, or None for a page of one's own (or a sitting that is gone)."""
        self.resumed = resumed
        """Whether it was taken up from a draft."""
        if not state.reached and not self._reach():
            self._append(Stage(PAGE))

    @property
    def id(self) -> str:
        """The id the entry will have."""
        return self._state.id

    @property
    def day(self) -> date:
        """The day the entry will belong to."""
        return self._state.day

    @day.setter
    def day(self, day: date) -> None:
        self._change(day=day)

    @property
    def stages(self) -> int:
        """How many stages there are, as far as one can know."""
        return len(self._state.reached) + len(self._state.to_come)

    @property
    def index(self) -> int:
        """Which stage this is; 0 is the first."""
        return self._state.index

    @property
    def stage(self) -> Stage:
        """What is asked now."""
        return self._state.reached[self.index].stage

    @property
    def text(self) -> str:
        """What is written at this stage."""
        return self._state.reached[self.index].text

    @text.setter
    def text(self, text: str) -> None:
        reached = list(self._state.reached)
        reached[self.index] = reached[self.index]._replace(text=text)
        self._change(reached=tuple(reached))

    @property
    def placement(self) -> int | None:
        """Where the moment stands on the line, -REACH to +REACH; None for no place."""
        return self._state.placement

    @placement.setter
    def placement(self, position: int | None) -> None:
        if position is not None and not -REACH <= position <= REACH:
            raise InvalidEntryError("That place is not on the line.")
        self._change(placement=position)

    @property
    def rung(self) -> str:
        """Whose words stand at the ends of the line."""
        return self._state.rung

    @rung.setter
    def rung(self, rung: str) -> None:
        if rung not in RUNGS:
            raise InvalidEntryError(
                f"{rung!r} is not a rung.", hint=f"Choose from: {', '.join(RUNGS)}."
            )
        self._change(rung=rung)

    @property
    def part(self) -> str:
        """An inner part, in the person's own name for it; "" for none."""
        return self._state.part

    @part.setter
    def part(self, part: str) -> None:
        self._change(part=part)

    def named(self, what: str) -> tuple[str, ...]:
        """Return what the person added, one of `DETAILS`."""
        names: tuple[str, ...] = getattr(self._state, _detail(what))
        return names

    def name(self, what: str, words: Iterable[str]) -> None:
        """Add `what`, in place of before; names are checked with the entry."""
        self._change(**{_detail(what): clean_names(words)})

    @property
    def has_words(self) -> bool:
        """Whether anything at all was said."""
        return (
            any(written.text.strip() for written in self._state.reached)
            or self.placement is not None
            or bool(self.part.strip())
        )

    def next(self) -> bool:
        """Go on to the next stage; False where this is the last."""
        if self.index + 1 < len(self._state.reached) or self._reach():
            self._change(index=self.index + 1)
            return True
        return False

    def back(self) -> bool:
        """Go back to the stage before; False where this is the first."""
        if not self.index:
            return False
        self._change(index=self.index - 1)
        return True

    def state(self) -> Mapping[str, object]:
        """Return all of it as plain JSON values, for a draft."""
        from companion.reflection.saved import to_json  # noqa: PLC0415 - on first save

        return to_json(self._state)

    def spelt(self) -> str:
        """Return all that was said as plain text, each below what was asked."""
        said = [self.day.isoformat(), self.part.strip()]
        for written in self._state.reached:
            if written.text.strip():
                said += [written.stage.question, written.text]
        return "\n\n".join(filter(None, said)) + "\n"

    def entry(self, log: Log) -> Entry:
        """Return the entry it makes, not written yet; what was skipped leaves no trace.

        Raises:
            InvalidEntryError: If a rule of the model is broken.
        """
        said = [written for written in self._state.reached if written.text.strip()]
        prompts = [w.stage.prompt for w in said if w.stage.prompt is not None]
        asked = (p.principle for p in prompts if p.principle in PRINCIPLES)
        placement = (
            None if self.placement is None else Placement(self.placement, self.rung)
        )
        return log.new(
            id=self.id,
            day=self.day,
            kind="moment" if self._is_moment(said) else "reflection",
            rung=self._entry_rung(prompts),
            principles=tuple(dict.fromkeys((*asked, *self._state.principles))),
            people=self._state.people,
            tags=self._state.tags,
            shared_with=self._state.shared_with,
            text="".join(w.text for w in said if w.stage.kind == PAGE),
            answers=tuple(_answer(w) for w in said if w.stage.kind != PAGE),
            placement=placement,
            part=self.part.strip(),
            sitting=self._state.sitting,
        )

    def _is_moment(self, said: list[Written]) -> bool:
        return (
            self.placement is not None
            and not self.part.strip()
            and all(written.stage.kind == LENS for written in said)
        )

    def _entry_rung(self, prompts: list[Prompt]) -> str:
        if self.placement is not None:
            return self.rung
        return next((p.rung for p in prompts if p.rung in RUNGS), "")

    def _reach(self) -> bool:
        """Reach the next step that has something to ask; the rest fall away."""
        while self._state.to_come:
            step, *rest = self._state.to_come
            self._change(to_come=tuple(rest))
            stage = self._stage_of(step)
            if stage is not None:
                self._append(stage)
                return True
        return False

    def _stage_of(self, step: Step) -> Stage | None:
        if step.kind != PROMPT:
            return Stage(step.kind, text=step.text)
        here = {
            written.stage.prompt.id
            for written in self._state.reached
            if written.stage.prompt is not None
        }
        prompt = self._draw(step.pools, here)
        return None if prompt is None else Stage(PROMPT, prompt)

    def _append(self, stage: Stage) -> None:
        self._change(reached=(*self._state.reached, Written(stage)))

    def _change(self, **fields: object) -> None:
        self._state = replace(self._state, **fields)  # type: ignore[arg-type]


def _detail(what: str) -> str:
    if what not in DETAILS:
        raise InvalidEntryError(
            f"{what!r} cannot be added.", hint=f"Choose from: {', '.join(DETAILS)}."
        )
    return what


def _answer(written: Written) -> Answer:
    stage = written.stage
    asked = stage.kind if stage.prompt is None else stage.prompt.id
    return Answer(asked, stage.question, written.text)
