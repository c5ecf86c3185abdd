from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from companion.facade import Companion
    from tests.doubles import MemoryLogStore


def test_a_whole_reflection_with_the_words_that_ship(companion: Companion) -> None:
    for sitting in companion.reflection.sittings:
        run = companion.reflection.begin(sitting.id)
        while True:
            assert run.stage.question
            run.text = f"At stage {run.index}."
            companion.drafts.save(run.id, run.state())
            if not run.next():
                break
        assert run.stages == len(sitting.steps)
        [draft] = companion.drafts.waiting()
        again = companion.reflection.resume(draft.state)
        entry = companion.reflection.keep(again)
        assert entry is not None
        assert len(entry.answers) == run.stages
        companion.drafts.remove(run.id)
    assert len(companion.log.of_day(companion.log.today())) == len(
        companion.reflection.sittings
    )


def test_closing_lets_go_of_the_log(
    companion: Companion, memory_store: MemoryLogStore
) -> None:
    companion.close()
    assert memory_store.closed
