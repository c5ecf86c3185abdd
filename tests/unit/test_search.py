from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from companion.errors import InvalidQueryError
from companion.ids import new_id
from companion.model.entry import Answer, Entry
from companion.model.query import Query
from companion.search import matches, parse, quoted, searchable

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("", {}),
        ("  \t\n", {}),
        ("slept", {"words": ("slept",)}),
        ("Slept WELL", {"words": ("slept", "well")}),
        ('"slept well"', {"words": ("slept well",)}),
        ('"slept  " a', {"words": ("slept  ", "a")}),
        ('"not closed yet', {"words": ("not closed yet",)}),
        ('"not closed\\', {"words": ("not closed",)}),
        (r'"say \"yes\" \\ no"', {"words": ('say "yes" \\ no',)}),
        ('"" "  " a', {"words": ("a",)}),
        ('"a"b', {"words": ("a", "b")}),
        ('it"s', {"words": ('it"s',)}),
        ("-slept", {"without": ("slept",)}),
        ('-"slept well"', {"without": ("slept well",)}),
        ("NOT slept well", {"without": ("slept",), "words": ("well",)}),
        ("not slept", {"words": ("not", "slept")}),
        ('"NOT" slept', {"words": ("not", "slept")}),
        ("-NOT", {"without": ("not",)}),
        ("NOT -slept", {"words": ("slept",)}),
        ("NOT NOT slept", {"words": ("slept",)}),
        ("--slept", {"without": ("-slept",)}),
        ("tag:rest #Walk", {"tags": ("rest", "walk")}),
        ('tag:"two words"', {"tags": ("two words",)}),
        ('#"two words"', {"tags": ("two words",)}),
        ("TAG:rest", {"tags": ("rest",)}),
        ("person:Z @M", {"people": ("z", "m")}),
        ("part:critic -part:child", {"parts": ("critic",), "no_parts": ("child",)}),
        ("-tag:a -#b NOT #c", {"no_tags": ("a", "b", "c")}),
        ("-@Z", {"no_people": ("z",)}),
        ("kind:moment", {"kinds": ("moment",)}),
        ("kind:mo kind:let", {"kinds": ("moment", "letter")}),
        ("kind:RE", {"kinds": ("reflection", "review", "repair")}),
        ("-rung:c", {"no_rungs": ("crew", "congregation")}),
        ("principle:teacher", {"principles": ("teacher-learner",)}),
        ("NOT principle:growing", {"no_principles": ("growing",)}),
        ("on:yesterday", {"first": "2026-11-21", "last": "2026-11-21"}),
        ('on:"3 days ago"', {"first": "2026-11-19", "last": "2026-11-19"}),
        ("in:2024", {"first": "2024-01-01", "last": "2024-12-31"}),
        ("in:2024-02", {"first": "2024-02-01", "last": "2024-02-29"}),
        ("from:2024-02", {"first": "2024-02-01"}),
        ("to:2024-02", {"last": "2024-02-29"}),
        ("before:2024", {"last": "2023-12-31"}),
        ("after:2024", {"first": "2025-01-01"}),
        ("-before:2024", {"first": "2024-01-01"}),
        ("-after:2024", {"last": "2024-12-31"}),
        ("-from:2024", {"last": "2023-12-31"}),
        ("NOT to:2024", {"first": "2025-01-01"}),
        ("from:2024 from:2025", {"first": "2025-01-01"}),
        ("to:2027 to:2026", {"last": "2026-12-31"}),
        ("tag: kind: on: # @ - NOT", {}),
        ("tag: a", {"words": ("a",)}),
        ('tag:"', {}),
        ("NOT tag: a", {"words": ("a",)}),
        ("note:this 10:30", {"words": ("note:this", "10:30")}),
        ("https://x.org", {"words": ("https://x.org",)}),
        ("a#b a@b a-b", {"words": ("a#b", "a@b", "a-b")}),
        ("per\u017fon:z", {"people": ("z",)}),
        ("\u0131n:2026-11-22", {"first": "2026-11-22", "last": "2026-11-22"}),
        ("\u0130N:2026-11-22", {"first": "2026-11-22", "last": "2026-11-22"}),
        ("pr\u0131nc\u0131ple:gr", {"principles": ("growing",)}),
        ("\u212aind:mom", {"kinds": ("moment",)}),
    ],
)
def test_what_is_typed_is_read(words: str, query: dict[str, Any]) -> None:
    for bound in {"first", "last"} & query.keys():
        query = query | {bound: date.fromisoformat(query[bound])}
    assert parse(words, today=TODAY) == Query(**query)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("kind:poem", "There is no kind 'poem'."),
        ("rung:planet", "There is no rung 'planet'."),
        ("-principle:tidy", "There is no principle 'tidy'."),
        ("on:someday", "'someday' is not a day."),
        ("in:2024-13", "'2024-13' is not a day."),
        ('from:"last week"', "'last week' is not a day."),
        ("before:0001", "There is nothing before '0001'."),
        ("after:9999", "There is nothing after '9999'."),
        ("-on:today", "on: cannot be left out."),
        ("NOT in:2024", "in: cannot be left out."),
        ("a \ud83e", "The search holds half of a character."),
    ],
)
def test_what_cannot_mean_anything_is_said(words: str, sentence: str) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        parse(words, today=TODAY)
    assert caught.value.message == sentence
    assert caught.value.hint


def test_a_wrong_choice_comes_with_the_right_ones() -> None:
    with pytest.raises(InvalidQueryError) as caught:
        parse("rung:planet", today=TODAY)
    assert caught.value.hint == "There are: self, dyad, crew, congregation, network."


def test_any_words_can_be_quoted() -> None:
    name = 'a "b" \\c'
    assert parse(f"tag:{quoted(name)}", today=TODAY).tags == (name,)


ENTRY = Entry(
    id=new_id(0),
    at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    day=date(2026, 11, 21),
    kind="moment",
    rung="crew",
    principles=("liberatory", "growing"),
    people=("Zoé",),
    tags=("Two Words", "rest"),
    text="Die Straße war STILL\nand long",
    answers=(Answer("p-1", "What was asked?", "An answer"),),
    part="Der Kritiker",
)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "strasse",
        "STRAẞE",
        "rass still",
        '"war still"',
        "answer",
        "kritiker",
        "zoe\u0301",
        '"@zoé"',
        '"#two words"',
        "wor",
        "-asked",
        "-p-1",
        "tag:rest",
        "tag:REST tag:other",
        '#"two words"',
        "-tag:two",
        "@zoé",
        "-@zo",
        'part:"der kritiker"',
        "-part:kritiker",
        "kind:moment kind:letter",
        "-kind:letter",
        "rung:crew",
        "principle:growing principle:effective",
        "-principle:effective",
        "on:yesterday",
        "from:yesterday to:yesterday",
        "before:today after:2025",
    ],
)
def test_an_entry_is_found(words: str) -> None:
    assert matches(ENTRY, parse(words, today=TODAY))


@pytest.mark.parametrize(
    "words",
    [
        "strasse absent",
        "-strasse",
        "still -answer",
        '"still and"',
        "asked",
        "tag:two",
        "-tag:rest",
        "-tag:rest tag:rest",
        "@zo",
        "-@Zoé",
        "part:kritiker",
        '-part:"der kritiker"',
        "kind:letter",
        "-kind:moment",
        "rung:self",
        "-rung:crew",
        "principle:effective",
        "-principle:growing",
        "on:today",
        "from:today",
        "before:yesterday",
        "rest tag:other",
    ],
)
def test_an_entry_is_not_found(words: str) -> None:
    assert not matches(ENTRY, parse(words, today=TODAY))


def test_an_entry_without_a_rung_is_of_no_rung() -> None:
    bare = Entry(id=new_id(0), at=ENTRY.at, day=ENTRY.day, text="a")
    assert not matches(bare, Query(rungs=("self",)))
    assert matches(bare, Query(no_rungs=("self",)))
    assert not matches(bare, Query(parts=("a",)))


def test_words_are_looked_for_in_what_the_person_wrote() -> None:
    assert searchable(ENTRY).split("\n") == [
        "die strasse war still",
        "and long",
        "an answer",
        "#two words",
        "#rest",
        "@zoé",
        "der kritiker",
    ]
