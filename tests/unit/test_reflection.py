from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from companion.errors import ContentError, InvalidEntryError
from companion.model.content import Step
from companion.model.entry import Answer
from companion.reflection import FREE, INVITATION, QUESTION, Reflection
from tests.doubles import MemoryLogStore, MemoryPools, WordsDouble, prompt
from tests.sittings import reflection_of

if TYPE_CHECKING:
    from companion.log import Log
    from companion.reflection import Run

TODAY = date(2026, 11, 22)


def walk(run: Run) -> list[str]:
    kinds = [run.stage.kind]
    while run.next():
        kinds.append(run.stage.kind)
    return kinds


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
    run = reflection_of(log, empty, lens, empty).begin("own")
    assert (run.stage.kind, run.index, run.stages) == ("lens", 0, 2)
    assert not run.next()
    assert (run.index, run.stages) == (0, 1)


def test_a_sitting_with_nothing_to_ask_is_an_empty_page(log: Log) -> None:
    run = reflection_of(log, Step(kind="prompt", pools=())).begin("own")
    assert walk(run) == ["page"]
    run.text = "a"
    entry = run.entry(log)
    assert (entry.text, entry.sitting) == ("a", "own")


def test_a_prompt_does_not_come_twice_in_one_sitting(log: Log) -> None:
    step = Step(kind="prompt", pools=("crew",))
    run = reflection_of(log, *[step] * 5).begin("own")
    seen = [run.stage.prompt]
    while run.next():
        seen.append(run.stage.prompt)
    assert len(seen) == len(set(seen)) == 3


def test_a_step_falls_back_on_its_other_pools(log: Log) -> None:
    step = Step(kind="prompt", pools=("none", "single", "crew"))
    run = reflection_of(log, *[step] * 4).begin("own")
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


def test_what_another_window_kept_meanwhile_is_changed_not_doubled(
    reflection: Reflection, log: Log
) -> None:
    run = reflection.begin("free")
    run.text = "half"
    other = reflection.resume(run.state())
    other.text = "half, kept there"
    reflection.keep(other)
    run.text = "half, and more here"
    kept = reflection.keep(run)
    assert kept is not None
    assert log.get(run.id).text == "half, and more here"
    assert len(log.of_day(log.today())) == 1


def test_what_was_said_is_spelt_out_below_what_was_asked(
    reflection: Reflection,
) -> None:
    run = reflection.begin(reflection.sittings[0].id)
    question = run.stage.question
    run.text = "the kettle"
    run.part = "the planner"
    spelt = run.spelt()
    assert (
        spelt == f"{run.day.isoformat()}\n\nthe planner\n\n{question}\n\nthe kettle\n"
    )
