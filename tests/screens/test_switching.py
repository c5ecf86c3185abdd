"""Going from one room to another: one painting, and never an old picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from screens.app import CompanionApp
from screens.themes import CONTRAST, DEFAULT
from screens.widgets.bar import RoomsBar
from screens.widgets.lines import Lines
from tests.screens.pilots import calls, settle, shown, until

if TYPE_CHECKING:
    import pytest

    from companion.facade import Companion

SIZE = (80, 24)


async def test_a_room_that_is_unchanged_is_painted_once_and_drawn_not_at_all(
    companion: Companion, monkeypatch: pytest.MonkeyPatch
) -> None:
    companion.log.write(companion.log.new(kind="reflection", text="one"))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        for key in ("f3", "f2", "f3"):
            await pilot.press(key)
            await settle(pilot)
        paints = calls(monkeypatch, app, "_display")
        drawn = calls(monkeypatch, Lines, "_inked")
        await pilot.press("f2")
        await until(pilot, lambda: paints)
        await pilot.pause(0.1)
        assert app.current_mode == "today"
        assert "Good morning." in shown(app)
        assert len([update for _, update in paints if update]) == 1
        assert not drawn


async def test_what_was_written_elsewhere_is_seen_in_a_room_that_was_kept(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        for key in ("f3", "f2"):
            await pilot.press(key)
            await settle(pilot)
        entry = companion.log.write(companion.log.new(kind="reflection", text="first"))
        await pilot.press("f3")
        await until(pilot, lambda: "first" in shown(app))
        await pilot.press("f2")
        await until(pilot, lambda: "first" in shown(app))
        companion.log.edit(replace(entry, text="second"))
        await pilot.press("f3")
        await until(pilot, lambda: "second" in shown(app))
        await pilot.press("f2")
        await until(pilot, lambda: "second" in shown(app))
        companion.log.delete(entry.id)
        await pilot.press("f3")
        await until(pilot, lambda: "second" not in shown(app))


async def test_a_room_wears_the_theme_that_was_chosen_while_it_was_left(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        assert app.theme == DEFAULT
        for key in ("f3", "f2"):
            await pilot.press(key)
            await settle(pilot)
        app.theme = CONTRAST.name
        await pilot.pause()
        paper = app.screen.query_one(RoomsBar).background_colors
        await pilot.press("f3")
        await settle(pilot)
        assert app.screen.query_one(RoomsBar).background_colors == paper


async def test_a_room_fits_a_terminal_that_changed_while_it_was_left(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        for key in ("f3", "f2"):
            await pilot.press(key)
            await settle(pilot)
        await pilot.resize_terminal(60, 16)
        await settle(pilot)
        await pilot.press("f3")
        await settle(pilot)
        assert app.screen.size == (60, 16)
        assert len(shown(app).splitlines()) == 16
