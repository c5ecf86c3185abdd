"""The keys, told from the bindings themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screens.app import CompanionApp
from screens.keys import grouped
from screens.widgets.hints import key_name
from screens.widgets.lines import Lines
from tests.screens.pilots import settle, shown, sit_down

if TYPE_CHECKING:
    from companion.facade import Companion

SIZE = (80, 60)


def told(app: CompanionApp) -> str:
    source = app.screen.query_one(Lines).source
    return "\n".join(source.line(index, 76).plain for index in range(len(source)))


async def test_every_key_of_today_is_told(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        bindings = app.screen.active_bindings
        await pilot.press("question_mark")
        await settle(pilot)
        words = told(app)
        for active in bindings.values():
            if active.binding.id and not active.binding.system:
                assert active.binding.description in words
                assert app.get_key_display(active.binding) in words
                assert " ".join(active.binding.tooltip.split()[:3]) in words


async def test_keys_that_do_the_same_stand_together(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f1")
        await settle(pilot)
        assert "?, F1" in told(app) or "F1, ?" in told(app)
        assert "Up, k" in told(app)


async def test_the_keys_of_a_sitting_are_told_from_within_it(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "free")
        await pilot.press("f1")
        await settle(pilot)
        assert "Ctrl+S" in told(app)
        assert "Stop here" in told(app)
        await pilot.press("f1")
        await settle(pilot)
        assert type(app.screen).__name__ == "ReflectScreen"


async def test_escape_leads_back(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f4", "question_mark")
        await settle(pilot)
        assert "Choose" in told(app)
        await pilot.press("escape")
        await settle(pilot)
        assert app.current_mode == "settings"


async def test_a_narrow_terminal_breaks_the_explanations(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(60, 60)) as pilot:
        await pilot.press("question_mark")
        await settle(pilot)
        wide = told(app)
        await pilot.resize_terminal(44, 60)
        await settle(pilot)
        assert told(app) != wide
        assert "…" not in shown(app)


async def test_what_cannot_be_done_is_not_told(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE):
        groups = grouped(app.screen.active_bindings.values())
        assert list(groups) == ["here", "inside", "everywhere"]
        labels = [b.description for items in groups.values() for b, _ in items]
        assert "Focus Next" not in labels
        assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("ctrl+q", "Ctrl+Q"),
        ("f5", "F5"),
        ("w", "w"),
        ("question_mark", "?"),
        ("escape,q", "Esc"),
        ("shift+tab", "Shift+Tab"),
        ("pageup", "PgUp"),
    ],
)
def test_keys_are_written_as_on_a_keyboard(key: str, name: str) -> None:
    assert key_name(key) == name
