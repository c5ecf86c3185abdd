from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from companion.drafts import Drafts
from companion.ids import new_id
from tests.doubles import MemoryDrafts

if TYPE_CHECKING:
    from tests.conftest import FixedClock


@pytest.fixture
def drafts(clock: FixedClock) -> Drafts:
    return Drafts(MemoryDrafts(), clock)


def test_nothing_waits_at_first(drafts: Drafts) -> None:
    assert drafts.waiting() == ()


def test_a_draft_waits_with_what_it_held_and_when(
    drafts: Drafts, clock: FixedClock
) -> None:
    draft_id = new_id()
    drafts.save(draft_id, {"text": "half a sen"})
    [draft] = drafts.waiting()
    assert (draft.id, draft.saved) == (draft_id, clock.now)
    assert draft.state == {"text": "half a sen"}


def test_saving_again_takes_the_place_of_the_former(
    drafts: Drafts, clock: FixedClock
) -> None:
    draft_id = new_id()
    drafts.save(draft_id, {"text": "half"})
    clock.forward(seconds=1)
    drafts.save(draft_id, {"text": "half a sentence"})
    assert [dict(d.state) for d in drafts.waiting()] == [{"text": "half a sentence"}]


def test_the_newest_draft_comes_first(drafts: Drafts, clock: FixedClock) -> None:
    for text in "abc":
        drafts.save(new_id(), {"text": text})
        clock.forward(seconds=1)
    assert [draft.state["text"] for draft in drafts.waiting()] == ["c", "b", "a"]


def test_a_draft_can_be_let_go_even_twice(drafts: Drafts) -> None:
    draft_id = new_id()
    drafts.save(draft_id, {})
    drafts.remove(draft_id)
    drafts.remove(draft_id)
    assert drafts.waiting() == ()
