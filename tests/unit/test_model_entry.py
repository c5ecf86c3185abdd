from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from companion.errors import InvalidEntryError
from companion.ids import new_id
from companion.model.entry import (
    NAME_LIMIT,
    TEXT_LIMIT,
    Answer,
    Entry,
    Placement,
    Setting,
    check_text,
    fixed,
)

DAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def entry(**fields: Any) -> Entry:
    known: dict[str, Any] = {"id": new_id(0), "at": AT, "day": DAY, "text": "a"}
    return Entry(**(known | fields))


def test_one_line_is_a_whole_entry() -> None:
    made = entry(text="slept well")
    assert not made.is_empty
    assert made.is_private
    assert made.kind == "reflection"


def test_an_entry_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        entry().text = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "a"},
        {"text": "", "answers": (Answer("p", "q", "a"),)},
        {"text": "", "placement": Placement(0, "self")},
        {"text": "", "part": "critic"},
    ],
)
def test_anything_said_makes_an_entry(fields: dict[str, Any]) -> None:
    assert not entry(**fields).is_empty


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": " \n\t"},
        {"text": "", "answers": (Answer("p", "q", " "),)},
        {"text": "", "tags": ("a",), "people": ("b",), "rung": "crew"},
    ],
)
def test_names_and_blanks_alone_say_nothing(fields: dict[str, Any]) -> None:
    assert entry(**fields).is_empty


def test_what_was_shared_is_not_private() -> None:
    assert not entry(shared_with=("A",)).is_private


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"id": "short"}, "An entry needs an id of 26 letters and digits."),
        ({"kind": "poem"}, "'poem' is not a kind."),
        ({"rung": "planet"}, "'planet' is not a rung."),
        ({"principles": ("growing", "tidy")}, "'tidy' is not a principle."),
        ({"tags": ("",)}, "A tag needs a name without blanks at its ends."),
        ({"tags": (" a",)}, "A tag needs a name without blanks at its ends."),
        ({"people": ("a" * 81,)}, "A person is at most 80 characters long."),
        ({"shared_with": ("a\nb",)}, "A person is one line of letters and signs."),
        ({"part": "a\x1bb"}, "A part is one line of letters and signs."),
        ({"part": "a\u2028b"}, "A part is one line of letters and signs."),
        ({"part": " "}, "A part needs a name without blanks at its ends."),
    ],
)
def test_a_broken_rule_is_named(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidEntryError) as caught:
        entry(**fields)
    assert caught.value.message == sentence


def test_an_unknown_word_comes_with_the_known_ones() -> None:
    with pytest.raises(InvalidEntryError) as caught:
        entry(rung="planet")
    assert caught.value.hint == (
        "Choose from: self, dyad, crew, congregation, network."
    )


def test_a_name_may_be_as_long_as_the_limit() -> None:
    assert entry(tags=("a" * NAME_LIMIT,)).tags == ("a" * NAME_LIMIT,)


def test_text_is_kept_as_it_is() -> None:
    text = " \r\n\x00 e\u0301 \u202e 🧶\t"
    assert entry(text=text).text == text


@pytest.mark.parametrize("letter", ["a", "é", "🧶"])
def test_a_text_holds_up_to_a_mebibyte_of_utf8(letter: str) -> None:
    most = letter * (TEXT_LIMIT // len(letter.encode()))
    check_text(most)
    with pytest.raises(InvalidEntryError, match="longer than one entry can hold"):
        check_text(most + letter)


def test_half_of_a_character_is_refused_everywhere() -> None:
    half = "a\ud83e"
    with pytest.raises(InvalidEntryError, match="half of a character"):
        entry(text=half)
    with pytest.raises(InvalidEntryError, match="half of a character"):
        Answer("p", half, "a")
    with pytest.raises(InvalidEntryError, match="half of a character"):
        Answer("p", "q", half)
    with pytest.raises(InvalidEntryError, match="half of a character"):
        entry(tags=(half,))


@pytest.mark.parametrize("position", [-11, 11, 1000])
def test_a_place_off_the_line_is_refused(position: int) -> None:
    with pytest.raises(InvalidEntryError, match="not on the line"):
        Placement(position, "self")


def test_the_line_reaches_ten_both_ways_at_each_rung() -> None:
    assert Placement(-10, "dyad").position == -Placement(10, "network").position
    with pytest.raises(InvalidEntryError, match="not a rung"):
        Placement(0, "")


def test_a_setting_has_a_known_scale_and_a_short_side() -> None:
    assert Setting("one-to-many", "the one").side == "the one"
    with pytest.raises(InvalidEntryError, match="not a setting"):
        Setting("two-to-two")
    with pytest.raises(InvalidEntryError, match="A side is at most"):
        Setting("one-to-one", "a" * 81)


def test_times_without_a_zone_are_refused() -> None:
    naive = datetime(2026, 11, 22, 9, 30)  # noqa: DTZ001
    with pytest.raises(InvalidEntryError, match="needs a time zone"):
        entry(at=naive)
    with pytest.raises(InvalidEntryError, match="needs a time zone"):
        entry(revised=naive)


def test_the_hour_that_repeats_is_told_apart() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first, second = (
        fixed(datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold))
        for fold in (0, 1)
    )
    assert second - first == timedelta(hours=1)
    assert first.tzinfo == timezone(timedelta(hours=2))
    assert second.tzinfo == timezone(timedelta(hours=1))


def test_times_are_kept_to_the_second_with_a_fixed_offset() -> None:
    kept = fixed(datetime(2026, 7, 1, 9, 30, 5, 999, tzinfo=ZoneInfo("Asia/Kolkata")))
    assert kept.isoformat() == "2026-07-01T09:30:05+05:30"


def test_the_day_does_not_move_with_the_zone() -> None:
    late = datetime(2026, 11, 21, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    made = entry(at=late, day=date(2026, 11, 21))
    assert made.at.astimezone(ZoneInfo("America/New_York")).date() == date(2026, 11, 20)
    assert made.day == date(2026, 11, 21)


def test_a_change_keeps_the_rules() -> None:
    with pytest.raises(InvalidEntryError):
        replace(entry(), kind="poem")
