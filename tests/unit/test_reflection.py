from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from companion.errors import ContentError, EntryNotFoundError, InvalidEntryError
from companion.model.content import Sitting, Step
from companion.model.entry import Answer, Placement
from companion.reflection import FREE, INVITATION, QUESTION, Reflection
from companion.reflection.stages import DETAILS
from tests.doubles import MemoryLogStore, MemoryPools, WordsDouble, prompt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from companion.log import Log
    from companion.reflection import Run
    from tests.conftest import FixedClock

TODAY = date(2026, 11, 22)


@pytest.fixture
def pools() -> MemoryPools:
    return MemoryPools()


@pytest.fixture
def reflection(log: Log, pools: MemoryPools) -> Reflection:
    return Reflection(WordsDouble(), pools, log, Random(1))


def own(log: Log, *steps: Step, **words: Any) -> Reflection:
    """Return a Reflection with one sitting, "own", of these steps."""
    sitting = Sitting(id="own", name="Own", about="", minutes=1, steps=steps)
    content = WordsDouble(sittings=(sitting,), **words)
    return Reflection(content, MemoryPools(), log, Random(1))


def walk(run: Run) -> list[str]:
    kinds = [run.stage.kind]
    while run.next():
        kinds.append(run.stage.kind)
    return kinds


def kept(state: Mapping[str, object]) -> dict[str, Any]:
    again: dict[str, Any] = json.loads(json.dumps(state))
    return again


def test_the_sittings_are_those_of_the_words(reflection: Reflection) -> None:
    assert [each.id for each in reflection.sittings] == ["one", "five", "fifteen"]


def test_an_unknown_sitting_is_refused_with_the_known_ones(
    reflection: Reflection,
) -> None:
    with pytest.raises(InvalidEntryError) as caught:
        reflection.begin("sixty")
    assert caught.value.message == "There is no sitting 'sixty'."
    assert caught.value.hint == "There are: one, five, fifteen, free."


def test_a_sitting_begins_at_its_first_stage_for_today(reflection: Reflection) -> None:
    run = reflection.begin("fifteen")
    assert run.sitting is reflection.sittings[2]
    assert (run.index, run.stages, run.day) == (0, 5, TODAY)
    assert (run.text, run.placement, run.rung, run.part) == ("", None, "self", "")
    assert not run.has_words
    assert not run.resumed


def test_a_sitting_can_be_for_another_day(log: Log, reflection: Reflection) -> None:
    run = reflection.begin("one", day=date(2026, 11, 1))
    assert run.day == date(2026, 11, 1)
    run.day = date(2026, 11, 2)
    run.text = "a"
    assert run.entry(log).day == date(2026, 11, 2)


def test_a_sitting_goes_through_its_steps_and_ends(reflection: Reflection) -> None:
    run = reflection.begin("fifteen")
    assert walk(run) == ["prompt", "prompt", "lens", "part", "prompt"]
    assert run.index == 4
    assert not run.next()
    assert run.index == 4


def test_each_stage_says_what_is_asked(reflection: Reflection) -> None:
    run = reflection.begin("five")
    assert run.stage.prompt is not None
    assert run.stage.question == run.stage.prompt.text
    run.next()
    run.next()
    assert run.stage.question == run.stage.text == "Place one moment on the line."


def test_one_can_go_back_and_everything_is_still_there(reflection: Reflection) -> None:
    run = reflection.begin("five")
    assert not run.back()
    first = run.stage
    run.text = "one"
    run.next()
    second = run.stage
    run.text = "two"
    assert run.back()
    assert (run.stage, run.text, run.index) == (first, "one", 0)
    run.text = "one, changed"
    run.next()
    assert (run.stage, run.text) == (second, "two")
    run.back()
    assert run.text == "one, changed"


def test_a_prompt_is_drawn_only_when_it_is_reached(
    reflection: Reflection, pools: MemoryPools
) -> None:
    run = reflection.begin("five")
    assert run.stage.prompt is not None
    assert pools.came("day") == (run.stage.prompt.id,)
    assert pools.came("crew") == ()
    run.next()
    assert len(pools.came("crew")) == 1
    run.back()
    run.next()
    assert len(pools.came("crew")) == 1


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
    run = own(log, step, pools={"day": (odd,)}).begin("own")
    run.text = "a"
    entry = run.entry(log)
    assert (entry.rung, entry.principles) == ("", ())


def test_one_principle_answered_twice_counts_once(log: Log) -> None:
    step = Step(kind="prompt", pools=("crew",))
    run = own(log, step, step).begin("own")
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
    entry = reflection.resume(kept(run.state())).entry(log)
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


def test_just_writing_is_one_page(log: Log, reflection: Reflection) -> None:
    run = reflection.begin(FREE)
    assert run.sitting is None
    assert (run.stages, run.stage.kind, run.stage.question) == (1, "page", "")
    assert not run.next()
    run.text = "  All as it was written.\n"
    entry = run.entry(log)
    assert (entry.text, entry.answers) == ("  All as it was written.\n", ())
    assert (entry.sitting, entry.kind) == ("", "reflection")


def test_the_invitation_and_the_question_can_be_answered(
    log: Log, reflection: Reflection, pools: MemoryPools
) -> None:
    for sitting, asked in (
        (INVITATION, reflection.invitation(TODAY)),
        (QUESTION, reflection.question(TODAY)),
    ):
        run = reflection.begin(sitting)
        assert (run.stage.prompt, run.stages, run.sitting) == (asked, 1, None)
        assert not run.next()
        run.text = "a"
        entry = run.entry(log)
        assert entry.answers == (Answer(asked.id, asked.text, "a"),)
    assert pools.pools == {}


def test_a_step_with_nothing_to_ask_falls_away(log: Log) -> None:
    empty = Step(kind="prompt", pools=("none", "unknown"))
    lens = Step(kind="lens", text="Place a moment.")
    run = own(log, empty, lens, empty).begin("own")
    assert (run.stage.kind, run.index, run.stages) == ("lens", 0, 2)
    assert not run.next()
    assert (run.index, run.stages) == (0, 1)


def test_a_sitting_with_nothing_to_ask_is_an_empty_page(log: Log) -> None:
    run = own(log, Step(kind="prompt", pools=())).begin("own")
    assert walk(run) == ["page"]
    run.text = "a"
    entry = run.entry(log)
    assert (entry.text, entry.sitting) == ("a", "own")


def test_a_prompt_does_not_come_twice_in_one_sitting(log: Log) -> None:
    step = Step(kind="prompt", pools=("crew",))
    run = own(log, *[step] * 5).begin("own")
    seen = [run.stage.prompt]
    while run.next():
        seen.append(run.stage.prompt)
    assert len(seen) == len(set(seen)) == 3


def test_a_step_falls_back_on_its_other_pools(log: Log) -> None:
    step = Step(kind="prompt", pools=("none", "single", "crew"))
    run = own(log, *[step] * 4).begin("own")
    pools = {run.stage.prompt.pool} if run.stage.prompt else set()
    while run.next():
        assert run.stage.prompt is not None
        pools.add(run.stage.prompt.pool)
    assert pools == {"single", "crew"}
    assert run.index == 3


def test_what_was_said_is_kept(
    log: Log, reflection: Reflection, memory_store: MemoryLogStore
) -> None:
    run = reflection.begin("one")
    run.text = "a"
    entry = reflection.keep(run)
    assert entry is not None
    assert memory_store.entries == {run.id: entry}


def test_where_nothing_was_said_nothing_is_kept(
    reflection: Reflection, memory_store: MemoryLogStore
) -> None:
    run = reflection.begin("fifteen")
    while run.next():
        pass
    assert reflection.keep(run) is None
    assert memory_store.entries == {}


def test_a_day_to_come_is_refused_and_the_words_stay(reflection: Reflection) -> None:
    run = reflection.begin("one", day=TODAY + timedelta(days=9))
    run.text = "a"
    with pytest.raises(InvalidEntryError):
        reflection.keep(run)
    run.day = TODAY
    assert reflection.keep(run) is not None


def test_a_run_can_be_taken_up_from_its_draft(
    log: Log, pools: MemoryPools, reflection: Reflection
) -> None:
    run = reflection.begin("fifteen", day=date(2026, 11, 20))
    run.text = "one"
    run.next()
    run.next()
    run.placement, run.rung, run.part = -2, "crew", "Critic"
    state = kept(run.state())
    later = Reflection(WordsDouble(), pools, log, Random(2))
    again = later.resume(state)
    assert again.state() == run.state()
    assert again.resumed
    assert again.sitting == run.sitting
    assert (again.id, again.day) == (run.id, run.day)
    assert (again.index, again.stages, again.stage) == (2, 5, run.stage)
    assert (again.placement, again.rung, again.part) == (-2, "crew", "Critic")
    assert again.entry(log) == run.entry(log)
    assert again.back()
    assert again.back()
    assert again.text == "one"
    while again.next():
        pass
    assert again.index == 4


def test_a_run_outlives_its_sitting(log: Log, reflection: Reflection) -> None:
    run = reflection.begin("five")
    run.text = "a"
    bare = Reflection(WordsDouble(sittings=()), MemoryPools(), log, Random(2))
    again = bare.resume(kept(run.state()))
    assert again.sitting is None
    assert again.stages == 3
    entry = bare.keep(again)
    assert entry is not None
    assert entry.sitting == "five"


def test_a_draft_that_was_kept_already_does_not_become_a_second_entry(
    log: Log,
    clock: FixedClock,
    reflection: Reflection,
    memory_store: MemoryLogStore,
) -> None:
    run = reflection.begin("one")
    run.text = "a"
    state = kept(run.state())
    first = reflection.keep(run)
    assert first is not None
    first = log.edit(replace(first, tags=("rest",)))
    clock.forward(hours=1)
    again = reflection.resume(state)
    again.text = "a, and more"
    second = reflection.keep(again)
    assert second is not None
    assert memory_store.entries == {run.id: second}
    assert second.answers[0].text == "a, and more"
    assert (second.at, second.tags) == (first.at, ("rest",))
    assert second.revised == clock.now


def test_a_draft_whose_entry_is_not_there_is_written(
    log: Log, reflection: Reflection
) -> None:
    run = reflection.begin("one")
    run.text = "a"
    with pytest.raises(EntryNotFoundError):
        log.get(run.id)
    assert reflection.keep(reflection.resume(kept(run.state()))) == log.get(run.id)


def full_state(reflection: Reflection) -> dict[str, Any]:
    run = reflection.begin("five")
    run.next()
    return kept(run.state())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("run", 2),
        ("run", True),
        ("run", None),
        ("id", "x"),
        ("id", 3),
        ("day", "2026-02-30"),
        ("day", "22 nov"),
        ("day", 20261122),
        ("sitting", None),
        ("index", -1),
        ("index", 2),
        ("index", "0"),
        ("index", True),
        ("index", 0.0),
        ("reached", []),
        ("reached", None),
        ("reached", "prompt"),
        ("reached", [1]),
        ("reached", [{}, {}]),
        ("reached", [{"kind": "page", "text": "a"}, {"kind": "page", "lead": ""}]),
        ("reached", [{"kind": "song", "text": "", "lead": ""}]),
        ("reached", [{"kind": "prompt", "text": "", "prompt": "p"}]),
        ("reached", [{"kind": "prompt", "text": "", "prompt": {"own": "no"}}]),
        ("reached", [{"kind": "prompt", "text": "", "prompt": {"own": False}}]),
        ("to_come", {}),
        ("to_come", [{"kind": "prompt", "pools": "day", "text": ""}]),
        ("to_come", [{"kind": "prompt", "pools": [1], "text": ""}]),
        ("to_come", [{"kind": "song", "pools": [], "text": ""}]),
        ("to_come", [{"kind": "lens", "pools": []}]),
        ("placement", 11),
        ("placement", "0"),
        ("placement", 1.5),
        ("tags", "rest"),
        ("people", [1]),
        ("rung", "planet"),
        ("rung", ["self"]),
        ("part", None),
    ],
)
def test_a_draft_that_cannot_be_read_is_refused(
    reflection: Reflection, name: str, value: object
) -> None:
    state = full_state(reflection)
    reflection.resume(state)
    with pytest.raises(InvalidEntryError, match="cannot be taken up again"):
        reflection.resume(state | {name: value})


def test_a_draft_that_lacks_anything_is_refused(reflection: Reflection) -> None:
    state = full_state(reflection)
    for name in state.keys() - {"placement", *DETAILS}:
        rest = {key: value for key, value in state.items() if key != name}
        with pytest.raises(InvalidEntryError):
            reflection.resume(rest)


def test_the_draft_of_another_editor_is_refused(reflection: Reflection) -> None:
    with pytest.raises(InvalidEntryError):
        reflection.resume({"text": "a"})


def test_the_question_is_the_same_all_month_and_goes_round_in_a_year(
    reflection: Reflection,
) -> None:
    months = [date(2026, month, 1) for month in range(1, 13)]
    asked = [reflection.question(month).id for month in months]
    assert len(set(asked)) == 12
    assert reflection.question(date(2026, 1, 31)).id == asked[0]
    assert reflection.question(date(2027, 1, 1)).id == asked[0]


def test_every_invitation_has_its_day_and_neighbours_differ(
    reflection: Reflection,
) -> None:
    days = [TODAY + timedelta(days=number) for number in range(7)]
    assert len({reflection.invitation(day).id for day in days}) == 7
    assert reflection.invitation(TODAY) == reflection.invitation(TODAY)


def test_every_one_of_six_invitations_has_its_day(log: Log) -> None:
    six = tuple(prompt(f"p-{number}", "invitation") for number in range(6))
    words = WordsDouble(pools={"invitation": six})
    invitation = Reflection(words, MemoryPools(), log).invitation
    days = [TODAY + timedelta(days=number) for number in range(6)]
    assert {invitation(day) for day in days} == set(six)


def test_without_words_there_is_neither_invitation_nor_question(log: Log) -> None:
    bare = Reflection(WordsDouble(pools={}, questions=()), MemoryPools(), log)
    with pytest.raises(ContentError):
        bare.invitation(TODAY)
    with pytest.raises(ContentError):
        bare.question(TODAY)


def test_chance_is_the_systems_own_unless_given(log: Log) -> None:
    run = Reflection(WordsDouble(), MemoryPools(), log).begin("one")
    assert run.stage.prompt in WordsDouble().pools["day"]
