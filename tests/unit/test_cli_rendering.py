from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.cli.rendering import (
    SHORT_LINE,
    as_json,
    as_markdown,
    as_plain,
    as_short,
    place,
)
from companion.ids import new_id
from companion.model.entry import Answer, Entry, Placement
from companion.visible import CONTROLS

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=1)))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def entry(**fields: Any) -> Entry:
    return Entry(**{"id": new_id(), "at": NOW, "day": NOW.date(), **fields})


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (-10, "at the end of domination (crew)"),
        (-9, "well toward domination (crew)"),
        (-4, "some way toward domination (crew)"),
        (-1, "a little toward domination (crew)"),
        (0, "somewhere in the middle (crew)"),
        (3, "a little toward partnership (crew)"),
        (6, "some way toward partnership (crew)"),
        (10, "at the end of partnership (crew)"),
    ],
)
def test_a_place_is_said_in_words(position: int, words: str) -> None:
    assert place(Placement(position, "crew")) == words


@pytest.mark.parametrize(
    ("fields", "beginning"),
    [
        ({"text": "\n one\n two"}, "one two"),
        ({"text": " ", "answers": (Answer("p", "q", "an answer"),)}, "an answer"),
        ({"part": "The Guard"}, "The Guard"),
        ({"placement": Placement(0, "self")}, "somewhere in the middle (self)"),
        ({"text": "x" * 500}, "x" * (SHORT_LINE - 1) + "…"),
        ({"text": "x" * SHORT_LINE}, "x" * SHORT_LINE),
    ],
)
def test_one_line_holds_the_day_the_id_and_the_beginning(
    fields: dict[str, Any], beginning: str
) -> None:
    written = entry(**fields)
    assert as_short(written) == f"2026-11-22  {written.id[-6:]}  {beginning}\n"


@given(TEXTS, TEXTS, TEXTS)
def test_only_one_line_of_an_entry_begins_like_a_head(
    text: str, question: str, answer: str
) -> None:
    written = entry(text=text, answers=(Answer("p", question, answer),))
    plain = as_plain(written).splitlines()
    assert all(line == "" or line.startswith("  ") for line in plain[1:])
    marked = as_markdown(written).splitlines()
    assert [line for line in marked if line.startswith("#")] == marked[:1]
    assert all(line[:1] in {"", "-", ">", "*"} for line in marked[1:])


@given(TEXTS, TEXTS)
def test_json_gives_back_what_was_written_and_no_control(text: str, tag: str) -> None:
    tags = (
        (tag,)
        if tag.strip() == tag and 0 < len(tag) <= 80 and tag.isprintable()
        else ()
    )
    written = entry(text=text, tags=tags)
    for ascii_only in (True, False):
        spelt = as_json(written, ascii_only=ascii_only)
        document = json.loads(spelt)
        assert document["text"] == text
        assert document["tags"] == list(tags)
        assert not CONTROLS.intersection(spelt)
        assert not ascii_only or spelt.isascii()


@pytest.mark.parametrize("write", [as_plain, as_markdown, as_short])
def test_every_form_ends_with_one_line_feed(write: Callable[[Entry], str]) -> None:
    written = write(entry(text="a\n\n", day=date(2020, 2, 29)))
    assert written.endswith("\n")
    assert "2020-02-29" in written
