"""What a person adds to a run: tags, people, principles, whom it is shared with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from companion.errors import InvalidEntryError

if TYPE_CHECKING:
    from companion.facade import Companion
    from companion.reflection import Run


@pytest.fixture
def run(companion: Companion) -> Run:
    run = companion.reflection.begin("free")
    run.text = "hosted again"
    run.name("tags", ["#rest, garden"])
    run.name("people", ["@A", "a"])
    run.name("principles", ["growing"])
    run.name("shared_with", ["Jo"])
    return run


def test_what_was_added_stands_in_the_entry(companion: Companion, run: Run) -> None:
    entry = companion.reflection.keep(run)
    assert entry is not None
    assert entry.tags == ("rest", "garden")
    assert entry.people == ("A",)
    assert entry.principles == ("growing",)
    assert entry.shared_with == ("Jo",)


def test_what_was_added_is_in_the_draft(companion: Companion, run: Run) -> None:
    again = companion.reflection.resume(json.loads(json.dumps(run.state())))
    assert again.named("tags") == ("rest", "garden")
    assert again.entry(companion.log) == run.entry(companion.log)


def test_a_draft_of_before_has_nothing_added(companion: Companion, run: Run) -> None:
    state = {key: value for key, value in run.state().items() if key != "tags"}
    assert companion.reflection.resume(state).named("tags") == ()


@pytest.mark.parametrize("names", ["rest", [1], {"a": 1}, None])
def test_a_draft_with_names_that_are_none_is_refused(
    companion: Companion, run: Run, names: object
) -> None:
    with pytest.raises(InvalidEntryError, match="'tags' cannot be read"):
        companion.reflection.resume({**run.state(), "tags": names})


def test_only_what_an_entry_holds_can_be_added(run: Run) -> None:
    with pytest.raises(InvalidEntryError, match="'mood' cannot be added"):
        run.name("mood", ["good"])
    with pytest.raises(InvalidEntryError, match="'mood' cannot be added"):
        run.named("mood")


def test_a_later_addition_stands_in_place_of_the_former(run: Run) -> None:
    run.name("tags", ["walk"])
    assert run.named("tags") == ("walk",)
    run.name("tags", [""])
    assert run.named("tags") == ()
