"""Settings: a choice changes at once, and is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.constants import TEXTUAL_ANIMATIONS

from companion.errors import WriteFailedError
from screens.app import CompanionApp
from screens.widgets.lines import Lines
from tests.screens.pilots import settle, shown

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from companion.facade import Companion

SIZE = (80, 50)


async def choose(pilot: Pilot[None], words: str, key: str = "enter") -> None:
    """Choose the line that says `words`."""
    lines = pilot.app.screen.query_one(Lines)
    await pilot.press("home")
    while words not in lines.source.line(lines.cursor, 80).plain:
        before = lines.cursor
        await pilot.press("down")
        assert lines.cursor != before, f"nothing to choose says {words!r}"
    await pilot.press(key)
    await settle(pilot)


@pytest.mark.parametrize(
    ("phrase", "setting", "value"),
    [
        ("Warm paper", "theme", "companion-light"),
        ("High contrast", "theme", "companion-contrast"),
        ("Sunday", "week_start", "sunday"),
        ("12 hours", "hours", 12),
        ("Still", "motion", "reduced"),
    ],
)
async def test_a_choice_is_made_at_once_and_kept(
    companion: Companion, phrase: str, setting: str, value: object
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f4")
        await choose(pilot, phrase)
        assert getattr(companion.preferences.settings, setting) == value
        assert f"● {phrase}" in shown(app)


async def test_a_theme_is_worn_at_once(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f4")
        await choose(pilot, "Warm paper", key="space")
        assert app.theme == "companion-light"
        assert app.screen.styles.background.hex == "#F7F2E8"


async def test_motion_can_be_stilled_and_set_going(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f4")
        await choose(pilot, "Still")
        assert app.animation_level == "none"
        await choose(pilot, "Smooth")
        assert app.animation_level == TEXTUAL_ANIMATIONS


async def test_a_theme_of_textuals_own_is_shown_as_chosen(companion: Companion) -> None:
    companion.preferences.change(theme="nord")
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f4")
        await settle(pilot)
        assert "● nord" in shown(app)


async def test_a_disk_that_refuses_is_told_in_words(
    companion: Companion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object, **_values: object) -> None:
        raise WriteFailedError("The disk is full.")

    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("f4")
        monkeypatch.setattr(type(companion.preferences), "change", refuse)
        await choose(pilot, "12 hours")
        assert "The disk is full." in shown(app)
        assert "● 24 hours" in shown(app)


async def test_it_says_where_things_lie(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.press("f4")
        await settle(pilot)
        assert str(companion.places.home)[:40] in shown(app)
        assert str(companion.places.config)[:40] in shown(app)


async def test_it_names_what_is_wrong_in_the_persons_own_files(
    companion: Companion,
) -> None:
    own = companion.places.config / "prompts"
    own.mkdir()
    (own / "mine.toml").write_text('[[prompt]]\nid = "x"\ntext = [/b]\n')
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f4")
        await settle(pilot)
        assert "mine.toml:" in shown(app)


@pytest.mark.parametrize(
    ("phrase", "title"),
    [
        ("About", "Credits"),
        ("What this is not", "What this is not"),
        ("The first", "Welcome"),
    ],
)
async def test_the_longer_texts_are_a_choice_away(
    companion: Companion, phrase: str, title: str
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f4")
        await choose(pilot, phrase)
        assert type(app.screen).__name__ == "PageScreen"
        assert title in shown(app)
        await pilot.press("q")
        await settle(pilot)
        assert "How it looks" in shown(app)


async def test_escape_leads_back(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f4", "escape")
        await settle(pilot)
        assert app.current_mode == "today"
