from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from companion.errors import InvalidEntryError
from companion.model.content import Step
from companion.model.entry import Answer, Placement
from tests.doubles import prompt
from tests.sittings import as_json, reflection_of

if TYPE_CHECKING:
    from companion.log import Log
    from companion.reflection import Reflection

TODAY = date(2026, 11, 22)


def test_what_is_answered_makes_the_entry(log: Log, reflection: Reflection) -> None:
    run = reflection.begin("fifteen")
    run.text = "A good day.\n"
    first = run.stage
    run.next()
    run.text = "I asked before I decided."
    second = run.stage
    run.next()
    run.placement, run.rung, run.text = 4, "dyad", "At the stove."
    run.next()
    run.part, run.text = " Critic ", "It is quiet."
    run.next()
    entry = run.entry(log)
    assert entry.id == run.id
    assert (entry.kind, entry.sitting, entry.text) == ("reflection", "fifteen", "")
    assert first.prompt is not None
    assert second.prompt is not None
    assert entry.answers == (
        Answer(first.prompt.id, first.prompt.text, "A good day.\n"),
        Answer(second.prompt.id, second.prompt.text, "I asked before I decided."),
        Answer("lens", "Place one moment on the line.", "At the stove."),
        Answer("part", "Which part is here?", "It is quiet."),
    )
    assert entry.placement == Placement(4, "dyad")
    assert entry.part == "Critic"
    assert entry.rung == "dyad"
    assert entry.principles == ("liberatory",)


def test_what_is_skipped_leaves_no_trace(log: Log, reflection: Reflection) -> None:
    run = reflection.begin("fifteen")
    run.text = "  \n"
    run.next()
    run.next()
    run.rung = "network"
    while run.next():
        pass
    run.text = "Only this."
    entry = run.entry(log)
    assert [answer.text for answer in entry.answers] == ["Only this."]
    assert (entry.rung, entry.placement, entry.part) == ("", None, "")
    skipped = {"crew", "liberatory", "network"}
    assert not skipped.intersection([entry.rung, *entry.principles])


def test_the_rung_is_that_of_the_first_answered_prompt_that_has_one(
    log: Log, reflection: Reflection
) -> None:
    run = reflection.begin("five")
    run.text = "a"
    run.next()
    run.text = "b"
    assert run.entry(log).rung == "crew"


def test_a_word_of_ones_own_that_is_no_rung_or_principle_harms_nothing(
    log: Log,
) -> None:
    odd = prompt("odd", rung="planet", principle="tidy")
    step = Step(kind="prompt", pools=("day",))
    run = reflection_of(log, step, pools={"day": (odd,)}).begin("own")
    run.text = "a"
    entry = run.entry(log)
    assert (entry.rung, entry.principles) == ("", ())


def test_one_principle_answered_twice_counts_once(log: Log) -> None:
    step = Step(kind="prompt", pools=("crew",))
    run = reflection_of(log, step, step).begin("own")
    run.text = "a"
    run.next()
    run.text = "b"
    assert run.entry(log).principles == ("liberatory",)


def test_a_person_may_add_names_to_what_they_wrote(
    log: Log, reflection: Reflection
) -> None:
    run = reflection.begin("five")
    run.next()
    run.text = "a"
    run.name("tags", ["#rest, walk", "Rest"])
    run.name("people", ["@Z"])
    run.name("shared_with", ["M"])
    run.name("principles", ["growing", "liberatory"])
    assert run.named("tags") == ("rest", "walk")
    entry = reflection.resume(as_json(run.state())).entry(log)
    assert (entry.tags, entry.people) == (("rest", "walk"), ("Z",))
    assert entry.shared_with == ("M",)
    assert entry.principles == ("liberatory", "growing")
    run.name("tags", [])
    assert run.entry(log).tags == ()


def test_names_alone_say_nothing(reflection: Reflection) -> None:
    run = reflection.begin("one")
    run.name("people", ["Z"])
    assert not run.has_words


def test_only_names_can_be_added(reflection: Reflection) -> None:
    run = reflection.begin("one")
    with pytest.raises(InvalidEntryError, match="'text' cannot be added"):
        run.name("text", ["a"])
    with pytest.raises(InvalidEntryError):
        run.named("_state")


@pytest.mark.parametrize("text", ["", "On the stairs."])
def test_a_place_on_the_line_alone_is_a_moment(
    log: Log, reflection: Reflection, text: str
) -> None:
    run = reflection.begin("five")
    run.next()
    run.next()
    run.placement = 0
    run.text = text
    assert run.has_words
    entry = run.entry(log)
    assert (entry.kind, entry.rung) == ("moment", "self")
    assert [answer.text for answer in entry.answers] == [text] * bool(text)


def test_with_anything_else_it_is_a_reflection(
    log: Log, reflection: Reflection
) -> None:
    run = reflection.begin("five")
    run.placement = -3
    assert run.entry(log).kind == "moment"
    run.part = "Critic"
    assert run.entry(log).kind == "reflection"
    run.part = ""
    run.text = "a"
    assert run.entry(log).kind == "reflection"


def test_a_place_can_be_taken_off_the_line_again(
    log: Log, reflection: Reflection
) -> None:
    run = reflection.begin("five")
    run.placement = 3
    run.placement = None
    assert not run.has_words
    assert run.entry(log).placement is None


@pytest.mark.parametrize("position", [-11, 11])
def test_a_place_off_the_line_is_refused(reflection: Reflection, position: int) -> None:
    run = reflection.begin("five")
    with pytest.raises(InvalidEntryError):
        run.placement = position
    assert run.placement is None


def test_a_rung_that_is_none_is_refused(reflection: Reflection) -> None:
    run = reflection.begin("five")
    with pytest.raises(InvalidEntryError):
        run.rung = "planet"
    assert run.rung == "self"


@pytest.mark.parametrize("part", ["Critic", " Critic"])
def test_a_part_alone_is_something_said(reflection: Reflection, part: str) -> None:
    run = reflection.begin("fifteen")
    run.part = part
    assert run.has_words
    entry = reflection.keep(run)
    assert entry is not None
    assert entry.part == "Critic"
