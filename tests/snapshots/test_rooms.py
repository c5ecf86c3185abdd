"""How the rooms look, at the smallest full size and at a common one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from companion.model.entry import Answer, Placement, Setting
from screens.app import CompanionApp
from screens.messages import EditEntry, OpenEntry
from tests.screens.pilots import go_to, settle, sit_down, type_words
from tests.snapshots.screen_text import ScreenText, screen_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from syrupy.assertion import SnapshotAssertion
    from textual.pilot import Pilot

    from companion.facade import Companion

    Scene = Callable[[Pilot[Any], Companion], Awaitable[None]]

SIZES = [(80, 24), (120, 40)]
WORDS = (
    "Walked by the river before anyone was up. The fog made everything quiet.",
    "Said no to the call on Thursday, and the sky stayed up.",
    "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8",
    "I hosted again, and nobody else had the room.\nNext time I will ask.",
)


def fill(companion: Companion) -> None:
    """Write a few weeks."""
    for back, words in enumerate(WORDS * 3):
        entry = companion.log.new(text=words, tags=("rest",) if back % 3 else ())
        at = entry.at - timedelta(days=back * 9, hours=back % 4)
        companion.log.write(replace(entry, at=at, day=at.date()))
    companion.log.write(
        companion.log.new(
            kind="moment",
            answers=(
                Answer("lens", "Where does that moment stand?", "I asked Jo first."),
                Answer("a.b", "What was lighter?", "The stairs, oddly."),
            ),
            placement=Placement(5, "dyad"),
            rung="dyad",
            setting=Setting("one-to-one", "I listened"),
            principles=("temporary", "growing"),
            people=("Jo",),
            tags=("rest", "garden"),
            shared_with=("A",),
            part="the planner",
        )
    )


async def prompt(pilot: Pilot[Any], _companion: Companion) -> None:
    await sit_down(pilot)
    await type_words(pilot, "the kettle, and the light on it.")


async def untouched_prompt(pilot: Pilot[Any], _companion: Companion) -> None:
    await sit_down(pilot)


async def lens(pilot: Pilot[Any], _companion: Companion) -> None:
    await sit_down(pilot)
    await pilot.press("tab", "tab", *["right"] * 4)


async def lens_of_a_congregation(pilot: Pilot[Any], _companion: Companion) -> None:
    await sit_down(pilot)
    await pilot.press("tab", "tab", "up", "up", "up")


async def part(pilot: Pilot[Any], _companion: Companion) -> None:
    await sit_down(pilot, "fifteen-minutes")
    await pilot.press("tab", "tab")


async def free_page(pilot: Pilot[Any], _companion: Companion) -> None:
    await sit_down(pilot, "free")
    await type_words(pilot, "two things today")


async def another_day(pilot: Pilot[Any], _companion: Companion) -> None:
    await sit_down(pilot)
    await pilot.press("f7")
    await type_words(pilot, "mon")


async def end(pilot: Pilot[Any], companion: Companion) -> None:
    await lens(pilot, companion)
    await type_words(pilot, "asked first")
    await pilot.press("tab", "tab", "tab")


async def end_with_tags(pilot: Pilot[Any], companion: Companion) -> None:
    await end(pilot, companion)
    await pilot.press("t")
    await type_words(pilot, "rest")


async def log(pilot: Pilot[Any], _companion: Companion) -> None:
    await go_to(pilot, "log")


async def log_search(pilot: Pilot[Any], _companion: Companion) -> None:
    await go_to(pilot, "log")
    await pilot.press("slash")
    await type_words(pilot, "tag:rest sky")


async def log_year(pilot: Pilot[Any], _companion: Companion) -> None:
    await go_to(pilot, "log")
    await pilot.press("h")


async def log_day(pilot: Pilot[Any], _companion: Companion) -> None:
    await go_to(pilot, "log")
    await pilot.press("g")
    await type_words(pilot, "yesterday")


def _newest(companion: Companion) -> str:
    timeline = companion.log.timeline()
    timeline.advance(enough=1)
    return timeline.entry(0).id


async def entry(pilot: Pilot[Any], companion: Companion) -> None:
    pilot.app.post_message(OpenEntry(_newest(companion)))


async def edit(pilot: Pilot[Any], companion: Companion) -> None:
    pilot.app.post_message(EditEntry(_newest(companion)))


async def edit_refused(pilot: Pilot[Any], companion: Companion) -> None:
    pilot.app.post_message(EditEntry(_newest(companion)))
    await settle(pilot)
    await pilot.press(*["tab"] * 5)
    await type_words(pilot, "moon")
    await pilot.press("ctrl+s")


SCENES = [
    prompt,
    untouched_prompt,
    lens,
    lens_of_a_congregation,
    part,
    free_page,
    another_day,
    end,
    end_with_tags,
    log,
    log_search,
    log_year,
    log_day,
    entry,
    edit,
    edit_refused,
]


async def draw(companion: Companion, scene: Scene, size: tuple[int, int]) -> str:
    app = CompanionApp(companion)
    async with app.run_test(size=size) as pilot:
        await scene(pilot, companion)
        await settle(pilot)
        return screen_text(app)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
async def test_a_room_looks_as_it_did(
    companion: Companion,
    snapshot: SnapshotAssertion,
    scene: Scene,
    size: tuple[int, int],
) -> None:
    fill(companion)
    assert await draw(companion, scene, size) == snapshot(extension_class=ScreenText)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_an_empty_log_looks_as_it_did(
    companion: Companion, snapshot: SnapshotAssertion, size: tuple[int, int]
) -> None:
    assert await draw(companion, log, size) == snapshot(extension_class=ScreenText)
