from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import InvalidEntryError
from companion.log import Log
from companion.model.content import Prompt, Sitting, Step
from companion.model.entry import REACH, RUNGS
from companion.reflection import Reflection
from companion.reflection.rounds import Rounds
from companion.reflection.stages import DETAILS
from tests.doubles import MemoryLogStore, MemoryPools, WordsDouble, prompt
from tests.strategies import DAYS, TEXTS

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SEEDS = st.integers(0, 2**32)


def pool_of(size: int) -> tuple[Prompt, ...]:
    return tuple(prompt(f"p-{number}", "pool") for number in range(size))


@given(size=st.integers(1, 12), rounds=st.integers(1, 4), seed=SEEDS)
def test_each_prompt_comes_once_a_round(size: int, rounds: int, seed: int) -> None:
    prompts = pool_of(size)
    draw = Rounds({"pool": prompts}, MemoryPools(), Random(seed)).draw
    came = [draw(("pool",), ()) for _ in range(size * rounds)]
    for start in range(0, len(came), size):
        assert set(came[start : start + size]) == set(prompts)


@given(size=st.integers(2, 6), draws=st.integers(2, 40), seed=SEEDS)
def test_no_prompt_comes_twice_in_a_row(size: int, draws: int, seed: int) -> None:
    draw = Rounds({"pool": pool_of(size)}, MemoryPools(), Random(seed)).draw
    came = [draw(("pool",), ()) for _ in range(draws)]
    assert all(one != other for one, other in pairwise(came))


@given(pools=st.lists(st.sets(st.integers(0, 6)), min_size=1, max_size=30), seed=SEEDS)
def test_prompts_may_be_added_and_removed_at_any_time(
    pools: list[set[int]], seed: int
) -> None:
    store, chance = MemoryPools(), Random(seed)
    came: set[str] = set()
    latest = ""
    for numbers in pools:
        prompts = tuple(prompt(f"p-{number}", "pool") for number in sorted(numbers))
        drawn = Rounds({"pool": prompts}, store, chance).draw(("pool",), ())
        if not prompts:
            assert drawn is None
            continue
        assert drawn in prompts
        assert drawn is not None
        waiting = {each.id for each in prompts} - came
        if waiting:
            assert drawn.id in waiting
            came.add(drawn.id)
        else:
            assert drawn.id != latest or len(prompts) == 1
            came = {drawn.id}
        latest = drawn.id


@given(data=st.data(), size=st.integers(0, 5), seed=SEEDS)
def test_what_stands_in_the_run_already_does_not_come(
    data: st.DataObject, size: int, seed: int
) -> None:
    prompts = pool_of(size)
    draw = Rounds({"pool": prompts}, MemoryPools(), Random(seed)).draw
    for _ in range(10):
        here = data.draw(st.sets(st.sampled_from([p.id for p in prompts] or ["-"])))
        drawn = draw(("pool", "pool-of-none"), here)
        assert drawn is None or drawn.id not in here


STEPS = st.builds(
    Step,
    kind=st.sampled_from(["prompt", "lens", "part"]),
    pools=st.lists(st.sampled_from(["day", "crew", "single", "none"]), max_size=2).map(
        tuple
    ),
    text=TEXTS,
)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("text"), TEXTS),
        st.tuples(st.just("part"), TEXTS),
        st.tuples(st.just("placement"), st.none() | st.integers(-REACH, REACH)),
        st.tuples(st.just("rung"), st.sampled_from(RUNGS)),
        st.tuples(st.just("day"), DAYS),
        st.tuples(st.sampled_from(DETAILS), st.lists(TEXTS, max_size=2)),
        st.tuples(st.sampled_from(["next", "back"]), st.none()),
    ),
    max_size=30,
)


def reflection_with(steps: list[Step], seed: int) -> Reflection:
    sitting = Sitting(id="own", name="", about="", minutes=1, steps=tuple(steps))
    log = Log(MemoryLogStore(), lambda: NOW)
    words = WordsDouble(sittings=(sitting,))
    return Reflection(words, MemoryPools(), log, Random(seed))


@given(steps=st.lists(STEPS, max_size=6), acts=ACTS, seed=SEEDS)
def test_a_run_taken_up_again_is_the_same_run(
    steps: list[Step], acts: list[tuple[str, Any]], seed: int
) -> None:
    reflection = reflection_with(steps, seed)
    run = reflection.begin("own")
    for act, value in acts:
        if act in {"next", "back"}:
            getattr(run, act)()
        elif act in DETAILS:
            run.name(act, value)
        else:
            setattr(run, act, value)
        again = reflection.resume(json.loads(json.dumps(run.state())))
        assert again.state() == run.state()
        assert (again.stage, again.index) == (run.stage, run.index)
        assert again.stages == run.stages
        assert again.has_words == run.has_words


@given(steps=st.lists(STEPS, max_size=6), texts=st.lists(TEXTS, max_size=8), seed=SEEDS)
def test_every_word_that_was_written_is_in_the_entry_as_it_was(
    steps: list[Step], texts: list[str], seed: int
) -> None:
    reflection = reflection_with(steps, seed)
    run = reflection.begin("own")
    written = []
    for text in texts:
        run.text = text
        written.append(text)
        if not run.next():
            break
    else:
        run.back()
    entry = reflection.keep(run)
    said = [text for text in written if text.strip()]
    if entry is None:
        assert said == []
    else:
        kept = [answer.text for answer in entry.answers]
        assert [*kept, *filter(None, [entry.text])] == said


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(data=st.data(), seed=SEEDS)
def test_a_state_that_was_tampered_with_is_refused_or_taken_up(
    data: st.DataObject, seed: int
) -> None:
    reflection = reflection_with([Step(kind="prompt", pools=("day",))] * 2, seed)
    state = json.loads(json.dumps(reflection.begin("own").state()))
    spot = state
    for _ in range(data.draw(st.integers(0, 3))):
        inner = [
            each
            for each in (spot.values() if isinstance(spot, dict) else spot)
            if isinstance(each, dict | list) and each
        ]
        if inner:
            spot = data.draw(st.sampled_from(inner))
    key = data.draw(
        st.sampled_from(sorted(spot))
        if isinstance(spot, dict)
        else st.integers(0, len(spot) - 1)
    )
    spot[key] = data.draw(JSON)
    try:
        run = reflection.resume(state)
    except InvalidEntryError:
        return
    assert reflection.resume(run.state()).state() == run.state()


@given(state=st.dictionaries(st.text(max_size=8), JSON, max_size=5))
def test_what_is_no_state_is_refused(state: dict[str, object]) -> None:
    with pytest.raises(InvalidEntryError):
        reflection_with([], 1).resume(state)


@given(size=st.integers(2, 60), day=DAYS)
def test_invitations_differ_from_day_to_day_until_all_were_there(
    size: int, day: date
) -> None:
    words = WordsDouble(pools={"invitation": pool_of(size)})
    log = Log(MemoryLogStore(), lambda: NOW)
    invitation = Reflection(words, MemoryPools(), log).invitation
    first = day.toordinal()
    shown = [invitation(date.fromordinal(first + number)) for number in range(size)]
    assert len(set(shown)) == size
    assert invitation(date.fromordinal(first + size)) == shown[0]
