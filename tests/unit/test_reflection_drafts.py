from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from companion.errors import EntryNotFoundError, InvalidEntryError
from companion.reflection import Reflection
from companion.reflection.stages import DETAILS
from tests.doubles import MemoryLogStore, MemoryPools, WordsDouble
from tests.sittings import as_json

if TYPE_CHECKING:
    from companion.log import Log
    from tests.conftest import FixedClock

TODAY = date(2026, 11, 22)


def test_a_run_can_be_taken_up_from_its_draft(
    log: Log, pools: MemoryPools, reflection: Reflection
) -> None:
    run = reflection.begin("fifteen", day=date(2026, 11, 20))
    run.text = "one"
    run.next()
    run.next()
    run.placement, run.rung, run.part = -2, "crew", "Critic"
    state = as_json(run.state())
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
    again = bare.resume(as_json(run.state()))
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
    state = as_json(run.state())
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
    assert reflection.keep(reflection.resume(as_json(run.state()))) == log.get(run.id)


def full_state(reflection: Reflection) -> dict[str, Any]:
    run = reflection.begin("five")
    run.next()
    return as_json(run.state())


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
