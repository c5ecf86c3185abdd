"""The app as a whole: rooms, keys that work from anywhere, and what others wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.app import CompanionApp

if TYPE_CHECKING:
    from companion.facade import Companion


async def test_it_opens_on_today(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.current_mode == "today"


async def test_one_key_hides_everything_and_brings_it_back(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f8")
        assert app.current_mode == "hide"
        await pilot.press("f2", "f5", "question_mark", "ctrl+p", "escape", "x")
        assert app.current_mode == "hide"
        assert len(app.screen_stack) == 1
        await pilot.press("f8")
        assert app.current_mode == "today"
