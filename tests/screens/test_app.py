"""The app as a whole: rooms, keys that work from anywhere, and what others wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.theme import BUILTIN_THEMES

from companion.errors import CompanionError
from screens.app import CompanionApp
from screens.messages import GoBack, OpenEntry, OpenPage, OpenRoom
from screens.themes import DEFAULT, known
from tests.screens.pilots import settle, shown, sit_down, until

if TYPE_CHECKING:
    from companion.facade import Companion

ROOMS = {"f2": "today", "f3": "log", "f4": "settings", "f5": "people", "f1": "keys"}


async def test_it_opens_on_today(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)):
        assert app.current_mode == "today"
        assert "Good morning." in shown(app)


@pytest.mark.parametrize(("key", "room"), ROOMS.items())
async def test_each_room_has_its_key(companion: Companion, key: str, room: str) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f4" if key == "f2" else "f2", key)
        await settle(pilot)
        assert app.current_mode == room


async def test_a_room_is_built_once_and_kept(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f4")
        first = app.screen
        await pilot.press("f2", "f4")
        assert app.screen is first


async def test_what_is_not_opened_is_not_built(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)):
        assert set(app._screen_stacks) == {"today"}


async def test_a_click_on_a_room_opens_it(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click("RoomsBar", offset=(30, 0))
        await settle(pilot)
        assert app.current_mode == "settings"


async def test_a_click_between_the_rooms_does_nothing(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click("RoomsBar", offset=(1, 0))
        await settle(pilot)
        assert app.current_mode == "today"


async def test_a_click_on_a_hint_presses_its_key(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        line = shown(app).splitlines()[-1]
        await pilot.click("Hints", offset=(line.index("F8"), 0))
        await pilot.pause()
        assert app.current_mode == "hide"


async def test_one_key_hides_everything_and_brings_it_back(
    companion: Companion,
) -> None:
    companion.log.write(companion.log.new(text="a private thing"))
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.notify("a private note")
        await pilot.press("f8")
        assert app.current_mode == "hide"
        app.notify("another private note")
        await pilot.press("f2", "f5", "question_mark", "ctrl+p", "escape", "x")
        await pilot.pause()
        assert app.current_mode == "hide"
        assert len(app.screen_stack) == 1
        assert "private" not in shown(app)
        assert "Companion" not in shown(app)
        await pilot.press("f8")
        assert app.current_mode == "today"
        assert "a private thing" in shown(app)


async def test_hiding_works_from_a_sitting_and_keeps_it(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await sit_down(pilot, "free")
        await pilot.press("s", "o", "f8")
        assert app.current_mode == "hide"
        await pilot.press("f8")
        assert "so" in shown(app)


async def test_a_terminal_too_small_says_so_and_comes_back(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f4")
        await pilot.resize_terminal(39, 9)
        await pilot.pause()
        assert app.current_mode == "small"
        assert "40 columns" in " ".join(shown(app).split())
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert app.current_mode == "settings"


async def test_a_terminal_too_small_from_the_start_says_so(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(30, 8)) as pilot:
        await pilot.pause()
        assert app.current_mode == "small"
        await pilot.press("ctrl+q")
    assert app.return_code == 0


async def test_quitting_works_from_everywhere(companion: Companion) -> None:
    for keys in ((), ("f5",), ("f8",), ("ctrl+p",), ("w",)):
        app = CompanionApp(companion)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press(*keys)
            await pilot.pause()
            await pilot.press("ctrl+q")
            await pilot.pause()
            assert app._exit


async def test_going_back_leads_to_the_room_before(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f4", "f5", "escape")
        await settle(pilot)
        assert app.current_mode == "settings"
        await pilot.press("f5", "f5")
        await settle(pilot)
        assert app.current_mode == "settings"


async def test_going_back_from_the_first_room_stays(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        app.post_message(GoBack())
        await pilot.pause()
        assert app.current_mode == "today"


async def test_a_screen_can_ask_for_the_keys(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        app.post_message(OpenRoom("keys"))
        await settle(pilot)
        assert app.current_mode == "keys"
        assert "Sit down" in shown(app)


async def test_what_another_window_writes_appears_by_itself(
    companion: Companion, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = [True]
    monkeypatch.setattr(
        type(companion.log), "refresh", lambda _log: bool(news and news.pop())
    )
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "from elsewhere" not in shown(app)
        companion.log.write(companion.log.new(text="from elsewhere"))
        await until(pilot, lambda: "from elsewhere" in shown(app))


async def test_a_log_that_cannot_be_read_again_is_told_in_words(
    companion: Companion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_log: object) -> bool:
        raise CompanionError("The folder is gone.")

    monkeypatch.setattr(type(companion.log), "refresh", refuse)
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.look_again()
        await pilot.pause()
        assert "The folder is gone." in shown(app)


async def test_an_entry_that_is_gone_is_told_in_words(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.post_message(OpenEntry("0" * 26))
        await settle(pilot)
        assert "There is no entry" in shown(app)


async def test_the_longer_texts_open_and_close(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        app.post_message(OpenPage("credits"))
        await settle(pilot)
        assert "Credits" in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "Good morning." in shown(app)


async def test_a_theme_chosen_anywhere_is_remembered(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)) as pilot:
        app.theme = "nord"
        await pilot.pause()
        assert companion.preferences.settings.theme == "nord"
    again = CompanionApp(companion)
    async with again.run_test(size=(80, 24)):
        assert again.theme == "nord"


def test_a_theme_that_is_gone_gives_way_to_the_first() -> None:
    assert known("no such theme") == DEFAULT
    assert all(known(name) == name for name in BUILTIN_THEMES)


async def test_reduced_motion_is_kept_from_the_start(companion: Companion) -> None:
    companion.preferences.change(motion="reduced")
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)):
        assert app.animation_level == "none"


async def test_the_key_that_closes_other_programs_says_what_closes_this(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.action_help_quit()
        await pilot.pause()
        assert "Ctrl+Q closes" in shown(app)
