"""What a run is made of, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from companion.model.entry import RUNGS
from companion.record import record

if TYPE_CHECKING:
    from datetime import date

    from companion.model.content import Prompt, Step

PAGE: Final = "page"
LENS: Final = "lens"
PART: Final = "part"
PROMPT: Final = "prompt"
KINDS: Final = (PROMPT, LENS, PART, PAGE)
DETAILS: Final = ("tags", "people", "principles", "shared_with")
"""What a person may add to what they wrote."""


class Stage(NamedTuple):
    """Where a run stands: what is asked now."""

    kind: str
    """One of `KINDS`."""
    prompt: Prompt | None = None
    """The prompt that was drawn, where the kind is "prompt"."""
    text: str = ""
    """The words that lead in, where it is not; "" for an empty page."""

    @property
    def question(self) -> str:
        """What is asked, in words."""
        return self.text if self.prompt is None else self.prompt.text


class Written(NamedTuple):
    """One stage that was reached, and what was written there."""

    stage: Stage
    text: str = ""


@record(frozen=True, slots=True, kw_only=True)
class RunState:
    """All of a run, as a value."""

    id: str
    day: date
    sitting: str = ""
    """Id of the sitting, or "" for a page of one's own."""
    index: int = 0
    reached: tuple[Written, ...] = ()
    to_come: tuple[Step, ...] = ()
    placement: int | None = None
    rung: str = RUNGS[0]
    part: str = ""
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    """Named by the person, beside those of the prompts."""
    shared_with: tuple[str, ...] = ()
