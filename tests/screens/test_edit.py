"""Changing an entry: each field, what is wrong said beside it, drafts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import Input, Static

from companion.errors import WriteFailedError
from companion.model.entry import Answer, Placement, Setting
from screens.app import CompanionApp
from screens.edit import EditScreen
from screens.edit_fields import FIELDS
from screens.messages import EditEntry, ResumeDraft
from screens.widgets.editor import Editor
from tests.screens.pilots import page, settle, shown, type_words, until, words_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from companion.facade import Companion
    from companion.model.entry import Entry
    from tests.doubles import MemoryLogStore

SIZE = (80, 24)


async def open_edit(pilot: Pilot[Any], entry: Entry) -> None:
    pilot.app.post_message(EditEntry(entry.id))
    await settle(pilot)
    assert isinstance(pilot.app.screen, EditScreen)


def line(app: CompanionApp, name: str) -> Input:
    return app.screen.query_one(f"#field-{name} Input", Input)


def said(app: CompanionApp, name: str) -> str:
    return str(app.screen.query_one(f"#field-{name} .said", Static).visual)


def whole(companion: Companion) -> Entry:
    return companion.log.write(
        companion.log.new(
            kind="session",
            text="We met.",
            answers=(
                Answer("a.b", "What was lighter?", "The stairs."),
                Answer("a.c", "Who spoke least?", "M."),
            ),
            placement=Placement(3, "crew"),
            rung="crew",
            setting=Setting("one-to-many", "I held the room"),
            principles=("temporary", "teacher-learner"),
            people=("A", "Jo"),
            tags=("rest",),
            shared_with=("A",),
            part="the planner",
            sitting="five-minutes",
        )
    )


async def test_nothing_changes_where_nothing_was_changed(companion: Companion) -> None:
    entry = whole(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await open_edit(pilot, entry)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert not isinstance(app.screen, EditScreen)
        assert "Nothing was changed." in shown(app)
    assert companion.log.get(entry.id) == entry


async def test_words_and_answers_are_changed_by_typing(companion: Companion) -> None:
    entry = whole(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await open_edit(pilot, entry)
        assert app.focused is page(app)
        await pilot.press("end", *"!", "tab", "end", *"?", "ctrl+s")
        await settle(pilot)
        assert "Changed." in shown(app)
    changed = companion.log.get(entry.id)
    assert changed.text == "We met.!"
    assert [answer.text for answer in changed.answers] == ["The stairs.?", "M."]
    assert changed.revised is not None
    assert changed.placement == entry.placement
    assert changed.sitting == entry.sitting


@pytest.mark.parametrize(
    ("name", "typed", "field", "value"),
    [
        ("day", "yesterday", "day", date(2026, 11, 21)),
        ("day", "2025-03-02", "day", date(2025, 3, 2)),
        ("tags", "#rest, Garden, rest", "tags", ("rest", "Garden")),
        ("tags", "", "tags", ()),
        ("people", "@B,  Jo", "people", ("B", "Jo")),
        ("rung", "net", "rung", "network"),
        ("rung", "", "rung", ""),
        ("principles", "gro, acc", "principles", ("growing", "accountable")),
        ("principles", "", "principles", ()),
        ("setting", "many", "setting", Setting("many-to-many")),
        (
            "setting",
            "one-to-one, I listened",
            "setting",
            Setting("one-to-one", "I listened"),
        ),
        ("setting", "", "setting", None),
        ("part", " the clown ", "part", "the clown"),
        ("kind", "let", "kind", "letter"),
        ("shared_with", "", "shared_with", ()),
        ("shared_with", "B", "shared_with", ("B",)),
    ],
)
async def test_every_field_is_changed_in_its_line(
    companion: Companion, name: str, typed: str, field: str, value: object
) -> None:
    entry = whole(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        line(app, name).value = typed
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert not isinstance(app.screen, EditScreen)
    assert getattr(companion.log.get(entry.id), field) == value


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("day", "someday", "'someday' is not a day."),
        ("tags", "x" * 81, "80 characters"),
        ("people", "a\x07b", "one line of letters"),
        ("rung", "moon", "Choose from: Self, Dyad"),
        ("principles", "te", "'te' is not one principle"),
        ("setting", "one", "Choose from: one-to-one"),
        ("setting", "many, " + "x" * 81, "80 characters"),
        ("part", "x" * 81, "80 characters"),
        ("kind", "re", "'re' is not one kind"),
        ("shared_with", "y" * 90, "80 characters"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_line_and_nothing_is_changed(
    companion: Companion, name: str, typed: str, says: str
) -> None:
    entry = whole(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        line(app, name).value = typed
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, EditScreen)
        assert says in said(app, name)
        assert app.focused is line(app, name)
        assert "One line cannot be kept" in words_of(app, "#notice")
        await pilot.press("end", "backspace")
        assert says not in said(app, name)
    assert companion.log.get(entry.id) == entry


async def test_an_empty_kind_stays_as_it_was(companion: Companion) -> None:
    entry = whole(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        line(app, "kind").value = ""
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert companion.log.get(entry.id) == entry


async def test_the_day_is_shown_in_words_while_it_is_typed(
    companion: Companion,
) -> None:
    entry = whole(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        assert said(app, "day") == "Sunday 22 November 2026"
        line(app, "day").value = "mon"
        await pilot.pause()
        assert said(app, "day") == "Monday 16 November 2026"
        line(app, "day").value = "2027-12-01"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "still to come" in words_of(app, "#notice")


async def test_an_entry_cannot_be_emptied_but_its_words_are_not_lost(
    companion: Companion,
) -> None:
    entry = companion.log.write(companion.log.new(text="all"))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        await pilot.press("alt+a", "backspace", "ctrl+s")
        await settle(pilot)
        assert "Nothing is written in it yet." in words_of(app, "#notice")
    assert companion.log.get(entry.id) == entry


async def test_leaving_with_changes_keeps_them_as_a_draft(
    companion: Companion,
) -> None:
    entry = whole(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await open_edit(pilot, entry)
        await pilot.press("end", *" Again", "escape")
        await settle(pilot)
        assert "wait as a draft" in shown(app)
        assert companion.log.get(entry.id) == entry
        (draft,) = companion.drafts.waiting()
        assert draft.id == entry.id
        await open_edit(pilot, entry)
        assert page(app).text == "We met. Again"
        assert "not kept yet" in words_of(app, "#notice")
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert companion.log.get(entry.id).text == "We met. Again"
    assert companion.drafts.waiting() == ()


async def test_a_draft_of_a_change_is_taken_up_from_today_too(
    companion: Companion,
) -> None:
    entry = whole(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        line(app, "tags").value = "new"
        await pilot.press("escape")
        await settle(pilot)
        (draft,) = companion.drafts.waiting()
        app.post_message(ResumeDraft(draft))
        await settle(pilot)
        assert isinstance(app.screen, EditScreen)
        assert line(app, "tags").value == "new"


async def test_a_draft_that_makes_no_sense_is_passed_over(
    companion: Companion,
) -> None:
    entry = whole(companion)
    for state in ({"edit": {"pages": 3, "lines": {"tags": 5}}}, {"edit": "x"}):
        companion.drafts.save(entry.id, state)
        app = CompanionApp(companion)
        async with app.run_test(size=SIZE) as pilot:
            await open_edit(pilot, entry)
            assert page(app).text == "We met."
            assert line(app, "tags").value == "rest"


async def test_leaving_without_changes_leaves_nothing(companion: Companion) -> None:
    entry = whole(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        await pilot.press("x", "backspace", "escape")
        await settle(pilot)
        assert not isinstance(app.screen, EditScreen)
    assert companion.drafts.waiting() == ()
    assert companion.log.get(entry.id) == entry


async def test_the_draft_is_there_a_moment_after_a_change(
    companion: Companion,
) -> None:
    entry = whole(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        await pilot.pause(0.4)
        assert companion.drafts.waiting() == ()
        await pilot.press("x")
        await until(pilot, companion.drafts.waiting)


async def test_where_the_disk_refuses_the_changes_stay(
    companion: Companion, memory_store: MemoryLogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = whole(companion)

    def refusing(_entry: Entry) -> None:
        message = "The disk is full; nothing was changed."
        raise WriteFailedError(message)

    monkeypatch.setattr(memory_store, "replace", refusing)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        await pilot.press("x", "ctrl+s")
        await settle(pilot)
        assert "The disk is full" in words_of(app, "#notice")
        assert page(app).text == "xWe met."
        assert len(companion.drafts.waiting()) == 1


async def test_odd_text_that_is_not_touched_stays_byte_for_byte(
    companion: Companion,
) -> None:
    odd = "a\r\nb\x0bc\x85d\u2028e\tf\r"
    entry = companion.log.write(companion.log.new(text=odd, tags=["x"]))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        line(app, "tags").value = "y"
        await pilot.press("ctrl+s")
        await settle(pilot)
    changed = companion.log.get(entry.id)
    assert changed.text == odd
    assert changed.tags == ("y",)


async def test_a_text_too_long_for_a_page_stays_whole(companion: Companion) -> None:
    long = "word " * 60_000
    entry = companion.log.write(companion.log.new(text=long))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        assert "too long for a page" in words_of(app, "#notice")
        await type_words(pilot, "x")
        line(app, "tags").value = "long"
        await pilot.press("ctrl+s")
        await settle(pilot)
    changed = companion.log.get(entry.id)
    assert changed.text == long
    assert changed.tags == ("long",)


async def test_the_answer_one_is_in_is_written_outside(
    companion: Companion, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\nprintf "from outside\\n" > "$1"\n')
    script.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(script))
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    entry = whole(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        await pilot.press("tab", "ctrl+o")
        await pilot.press("ctrl+s")
        await settle(pilot)
    changed = companion.log.get(entry.id)
    assert changed.text == "We met."
    assert changed.answers[0].text == "from outside"


async def test_more_answers_than_are_shown_stay_as_they_are(
    companion: Companion,
) -> None:
    answers = tuple(Answer("a.b", f"Q{n}", f"A{n}") for n in range(30))
    entry = companion.log.write(companion.log.new(answers=answers))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        assert len(app.screen.query(Editor)) == 20
        await pilot.press("end", "x", "ctrl+s")
        await settle(pilot)
    changed = companion.log.get(entry.id)
    assert changed.answers[0].text == "A0x"
    assert changed.answers[1:] == answers[1:]


async def test_tab_leads_through_every_line_and_what_is_focused_is_seen(
    companion: Companion,
) -> None:
    entry = whole(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_edit(pilot, entry)
        reached = []
        for _ in range(len(FIELDS) + 3):
            focused = app.focused
            assert focused is not None
            reached.append(focused)
            await pilot.pause()
            assert focused.region.overlaps(app.screen.query_one("#form").region)
            await pilot.press("tab")
        assert len(set(reached)) == len(FIELDS) + 3
        assert app.focused is reached[0]
        await pilot.press("shift+tab")
        assert app.focused is reached[-1]
