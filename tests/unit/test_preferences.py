from __future__ import annotations

from typing import Any

import pytest

from companion.errors import InvalidSettingError, WriteFailedError
from companion.preferences import Preferences, Settings
from tests.doubles import MemoryPages, MemorySettings


def preferences(**kept: object) -> Preferences:
    return Preferences(MemorySettings(**kept), MemoryPages())


def test_everything_has_a_value_that_works_at_first() -> None:
    assert preferences().settings == Settings(
        theme="companion-dark", week_start="monday", hours=24, motion="full"
    )
    assert preferences().problems == ()


def test_what_was_kept_is_used() -> None:
    kept = {"theme": "nord", "week_start": "sunday", "hours": 12, "motion": "reduced"}
    assert preferences(**kept).settings == Settings(
        theme="nord", week_start="sunday", hours=12, motion="reduced"
    )


def test_a_change_is_kept_for_the_next_time() -> None:
    store = MemorySettings()
    changed = Preferences(store, MemoryPages()).change(hours=12, theme="nord")
    assert changed == Settings(hours=12, theme="nord")
    assert Preferences(store, MemoryPages()).settings == changed


def test_the_settings_are_read_once() -> None:
    store = MemorySettings(hours=12)
    mine = Preferences(store, MemoryPages())
    first = mine.settings
    store.values = {"hours": 24}
    assert mine.settings is first


@pytest.mark.parametrize(
    "bad",
    [
        {"hours": 13},
        {"hours": "24"},
        {"hours": 24.0},
        {"hours": True},
        {"hours": None},
        {"week_start": "Monday"},
        {"week_start": ["monday"]},
        {"motion": ""},
        {"theme": ""},
        {"theme": " nord"},
        {"theme": "a\x1bb"},
        {"theme": "a" * 81},
        {"theme": 3},
    ],
)
def test_a_value_it_cannot_have_is_refused_or_passed_over(bad: dict[str, Any]) -> None:
    store = MemorySettings()
    mine = Preferences(store, MemoryPages())
    [name] = bad
    with pytest.raises(InvalidSettingError, match=f"^{name} cannot be "):
        mine.change(**bad)
    assert store.values == {}
    assert mine.settings == Settings()

    found = preferences(**bad, unknown=1)
    assert found.settings == Settings()
    [problem] = found.problems
    assert problem.startswith(f"{name} cannot be ")
    assert problem.endswith(
        f"Until it is changed, {getattr(Settings(), name)} is used."
    )


def test_a_bad_value_does_not_hide_the_good_ones() -> None:
    mine = preferences(hours=13, motion="none", theme="nord")
    assert mine.settings == Settings(theme="nord")
    assert len(mine.problems) == 2


def test_a_change_mends_what_was_bad() -> None:
    store = MemorySettings(hours=13)
    mine = Preferences(store, MemoryPages())
    mine.change(theme="nord")
    assert mine.problems == ()
    assert store.values["hours"] == 24


def test_an_unknown_setting_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidSettingError) as caught:
        preferences().change(colour="red")
    assert caught.value.message == "There is no setting 'colour'."
    assert caught.value.hint == "There are: theme, week_start, hours, motion."


def test_of_several_changes_all_or_none_are_kept() -> None:
    store = MemorySettings()
    with pytest.raises(InvalidSettingError):
        Preferences(store, MemoryPages()).change(hours=12, motion="wild")
    assert store.values == {}


def test_what_a_newer_companion_kept_stays() -> None:
    store = MemorySettings(voice="low")
    Preferences(store, MemoryPages()).change(hours=12)
    assert store.values["voice"] == "low"


def test_a_change_the_disk_refused_does_not_hold() -> None:
    class Full(MemorySettings):
        def save(self, values: object) -> None:
            raise WriteFailedError("The disk is full.")

    mine = Preferences(Full(), MemoryPages())
    with pytest.raises(WriteFailedError):
        mine.change(hours=12)
    assert mine.settings.hours == 24


def test_the_help_page_is_the_persons_own() -> None:
    pages = MemoryPages()
    mine = Preferences(MemorySettings(), pages)
    assert mine.help_page() == ""
    mine.write_help_page("Z. 555\n")
    assert Preferences(MemorySettings(), pages).help_page() == "Z. 555\n"
