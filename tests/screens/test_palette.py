"""Every action by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from textual.command import CommandList

from screens.app import CompanionApp
from tests.screens.pilots import settle, shown, type_words, until

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from companion.facade import Companion

SIZE = (80, 40)


async def offered(pilot: Pilot[Any], words: str = "") -> list[str]:
    """Open the palette, type, and return the names it offers."""
    await pilot.press("ctrl+p")
    await settle(pilot)
    await type_words(pilot, words)
    await until(pilot, lambda: pilot.app.screen.query_one(CommandList).option_count)
    await settle(pilot)
    options = pilot.app.screen.query_one(CommandList).options
    return [str(option.prompt).splitlines()[0] for option in options]


async def test_it_offers_every_action_room_sitting_and_page(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        bindings = [
            active.binding
            for active in app.screen.active_bindings.values()
            if active.binding.tooltip and not active.binding.system
        ]
        names = await offered(pilot)
        for binding in bindings:
            assert binding.description in names
        for name in ("Today", "Log", "Settings", "Keys", "One minute", "Five minutes"):
            assert name in names
        assert "What this is not" in names
        assert len(names) == len(set(names))


async def test_it_does_not_offer_to_take_a_picture_of_the_screen(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        assert not [name for name in await offered(pilot) if "creen" in name]


@pytest.mark.parametrize(
    ("phrase", "screen"),
    [
        ("settings", "SettingsScreen"),
        ("one minute", "ReflectScreen"),
        ("thank", "PageScreen"),
    ],
)
async def test_choosing_does_it(companion: Companion, phrase: str, screen: str) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await offered(pilot, phrase)
        await pilot.press("down", "enter")
        await until(pilot, lambda: type(app.screen).__name__ == screen)


async def test_an_action_runs_where_the_palette_was_asked_for(
    companion: Companion,
) -> None:
    companion.log.write(companion.log.new(text="written by mistake"))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await offered(pilot, "undo")
        await pilot.press("enter")
        await until(pilot, lambda: not companion.log.of_day(companion.log.today()))


async def test_a_theme_can_be_picked(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await offered(pilot, "another theme")
        await pilot.press("down", "enter")
        await settle(pilot)
        await type_words(pilot, "nord")
        await until(pilot, lambda: "nord" in shown(app))
        await settle(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.theme == "nord")


async def test_a_sitting_of_ones_own_is_offered_in_its_own_words(
    companion: Companion,
) -> None:
    own = companion.places.config / "sittings.toml"
    own.write_text(
        '[[sitting]]\nid = "mine"\nname = "[/b] [@click=app.quit]x[/]"\nabout = "[/]"\n'
        'minutes = 2\nsteps = [{ kind = "prompt", pools = ["arriving"] }]\n'
    )
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        assert "[/b] [@click=ap\u2026" in shown(app)
        assert "[/b] [@click=app.quit]x[/]" in await offered(pilot, "quit")


async def test_it_opens_once(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        await settle(pilot)
        await pilot.press("ctrl+p")
        await settle(pilot)
        assert len(app.screen_stack) == 2
