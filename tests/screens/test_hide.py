"""What stands in front of everything: a dull clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.app import CompanionApp
from screens.hide import HideScreen
from tests.screens.pilots import shown

if TYPE_CHECKING:
    from companion.facade import Companion
    from tests.conftest import FixedClock


async def test_it_shows_the_time_and_nothing_else(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f8")
        await pilot.pause()
        assert shown(app).split() == ["09:30", "2026-11-22"]


async def test_the_clock_goes(companion: Companion, clock: FixedClock) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f8")
        await pilot.pause()
        clock.forward(minutes=1)
        assert isinstance(app.screen, HideScreen)
        app.screen.show_time()
        await pilot.pause()
        assert "09:31" in shown(app)


async def test_it_opens_again_with_the_time_of_then(
    companion: Companion, clock: FixedClock
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f8", "f8")
        clock.forward(hours=2)
        await pilot.press("f8")
        await pilot.pause()
        assert "11:30" in shown(app)
