"""The person's own page: one key from everywhere, saved as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.errors import WriteFailedError
from screens.app import CompanionApp
from tests.screens.pilots import page, shown, sit_down, type_words, until

if TYPE_CHECKING:
    import pytest

    from companion.facade import Companion

SIZE = (80, 24)


async def test_it_begins_as_a_form_and_writes_nothing_until_one_writes(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await pilot.pause()
        assert "People I can call" in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        assert companion.preferences.help_page() == ""


async def test_what_is_written_is_saved_by_itself(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await pilot.pause()
        await type_words(pilot, "Ana ")
        # A slow machine rests between two letters and saves a first part.
        saved = companion.preferences.help_page
        await until(pilot, lambda: saved().startswith("Ana My people"))


async def test_leaving_at_once_saves_as_well(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await pilot.pause()
        await pilot.press("A", "escape")
        await until(pilot, lambda: companion.preferences.help_page().startswith("A"))


async def test_what_was_kept_is_shown(companion: Companion) -> None:
    companion.preferences.write_help_page("Ana 0123 [/b] [@click=app.quit]x[/]")
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await pilot.pause()
        assert "Ana 0123 [/b] [@click=app.quit]x[/]" in shown(app)


async def test_an_emptied_page_stays_empty(companion: Companion) -> None:
    companion.preferences.write_help_page("x")
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await pilot.pause()
        await pilot.press("delete", "escape")
        await until(pilot, lambda: companion.preferences.help_page() == "")


async def test_it_opens_while_one_writes_and_leads_back_there(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "free")
        await pilot.press("s", "o", "f5")
        await pilot.pause()
        assert app.current_mode == "people"
        await pilot.press("f5")
        await pilot.pause()
        assert page(app).words == "so"


async def test_it_opens_over_the_palette(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press("f5")
        await pilot.pause()
        assert app.current_mode == "people"


async def test_a_disk_that_refuses_is_told_and_the_words_stay(
    companion: Companion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object, _text: str) -> None:
        raise WriteFailedError("The disk is full.")

    monkeypatch.setattr(type(companion.preferences), "write_help_page", refuse)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await pilot.pause()
        await pilot.press("A")
        await until(pilot, lambda: "The disk is full." in shown(app))
        assert page(app).words.startswith("A")
        monkeypatch.undo()
        await pilot.press("b")
        await until(pilot, lambda: companion.preferences.help_page().startswith("Ab"))
        assert "The disk is full." not in shown(app)


async def test_a_signal_saves_it(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await pilot.pause()
        await pilot.press("A")
        app.keep_drafts()
        assert companion.preferences.help_page().startswith("A")
