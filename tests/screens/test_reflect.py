"""Reflecting: one prompt at a time, everything skippable, nothing ever lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from textual.events import Key, Paste

from companion.errors import WriteFailedError
from companion.model.entry import Placement
from screens.app import CompanionApp
from screens.messages import ResumeDraft
from screens.reflect import ReflectScreen
from screens.widgets.lens import Lens
from screens.widgets.pager import Pager
from screens.widgets.part_name import PartName
from tests.screens.pilots import (
    page,
    settle,
    shown,
    sit_down,
    type_words,
    until,
    words_of,
)

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from companion.facade import Companion
    from companion.model.entry import Entry
    from tests.doubles import MemoryLogStore

SIZE = (80, 24)


def entries(companion: Companion) -> list[Entry]:
    timeline = companion.log.timeline()
    while not timeline.advance():
        pass
    return [timeline.entry(index) for index in range(len(timeline))]


async def test_prompts_come_one_at_a_time_and_say_where_one_is(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        assert isinstance(app.screen, ReflectScreen)
        first = words_of(app, "#question")
        assert "1 of 5" in words_of(app, "#progress")
        assert app.focused is page(app)
        await pilot.press("tab")
        assert words_of(app, "#question") != first
        assert "2 of 5" in words_of(app, "#progress")


async def test_a_prompt_is_skipped_without_a_trace(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await pilot.press("tab")
        question = words_of(app, "#question")
        await type_words(pilot, "the stairs")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert not isinstance(app.screen, ReflectScreen)
    (entry,) = entries(companion)
    assert [(a.question, a.text) for a in entry.answers] == [(question, "the stairs")]
    assert entry.sitting == "five-minutes"
    assert entry.placement is None
    assert companion.drafts.waiting() == ()


async def test_one_goes_back_and_changes_an_answer(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        first = words_of(app, "#question")
        await type_words(pilot, "tea")
        await pilot.press("tab")
        await type_words(pilot, "bread")
        await pilot.press("shift+tab")
        assert words_of(app, "#question") == first
        assert page(app).text == "tea"
        await type_words(pilot, " at six")
        await pilot.press("tab")
        assert page(app).text == "bread"
        await pilot.press("ctrl+s")
    (entry,) = entries(companion)
    assert [answer.text for answer in entry.answers] == ["tea at six", "bread"]


async def test_back_at_the_first_prompt_stays_there(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await type_words(pilot, "here")
        await pilot.press("shift+tab")
        assert page(app).text == "here"
        assert "1 of 5" in words_of(app, "#progress")


async def test_escape_stops_and_keeps_what_is_written(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await sit_down(pilot)
        await type_words(pilot, "enough for today")
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, ReflectScreen)
        assert companion.content.say("reflect.kept") in shown(app)
    assert [e.answers[0].text for e in entries(companion)] == ["enough for today"]
    assert companion.drafts.waiting() == ()


@pytest.mark.parametrize("key", ["escape", "ctrl+s"])
async def test_nothing_is_kept_where_nothing_was_said(
    companion: Companion, key: str
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await pilot.press("tab", "tab")
        await pilot.press(key)
        await pilot.pause()
        assert not isinstance(app.screen, ReflectScreen)
    assert entries(companion) == []
    assert companion.drafts.waiting() == ()


async def test_blanks_alone_are_nothing(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await pilot.press("space", "enter", "escape")
    assert entries(companion) == []


async def test_tab_through_to_the_end_shows_what_was_written(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "one-minute")
        await type_words(pilot, "a slow walk")
        await pilot.press("tab")
        await settle(pilot)
        assert "a slow walk" in shown(app)
        assert app.focused is app.screen.query_one(Pager)
        await pilot.press("shift+tab")
        assert page(app).text == "a slow walk"
        await pilot.press("tab", "enter")
        await pilot.pause()
    assert [e.answers[0].text for e in entries(companion)] == ["a slow walk"]


async def test_the_end_of_an_empty_sitting_says_so_and_keeps_nothing(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "one-minute")
        await pilot.press("tab")
        await settle(pilot)
        assert "Nothing is written" in shown(app)
        await pilot.press("t", "x")
        assert not app.screen.query("DetailLine.-open")
        await pilot.press("enter")
        await pilot.pause()
        assert not isinstance(app.screen, ReflectScreen)
    assert entries(companion) == []


async def test_details_are_added_at_the_end_with_one_key_each(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await sit_down(pilot, "free")
        await type_words(pilot, "hosted again")
        await pilot.press("tab")
        for key, words in (("t", "#rest, garden"), ("p", "A, Jo"), ("w", "A")):
            await pilot.press(key)
            for letter in words:
                await pilot.press(
                    {"#": "number_sign", ",": "comma", " ": "space"}.get(letter, letter)
                )
            await pilot.press("enter")
        await pilot.press("l")
        await type_words(pilot, "temp, gro")
        await pilot.press("enter")
        await settle(pilot)
        assert "#rest #garden" in shown(app)
        await pilot.press("enter")
        await pilot.pause()
    (entry,) = entries(companion)
    assert entry.text == "hosted again"
    assert entry.tags == ("rest", "garden")
    assert entry.people == ("A", "Jo")
    assert entry.shared_with == ("A",)
    assert entry.principles == ("temporary", "growing")


async def test_a_detail_that_cannot_be_kept_is_explained_and_left(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "free")
        await type_words(pilot, "x")
        await pilot.press("tab", "l")
        await type_words(pilot, "heroic")
        await pilot.press("enter")
        await pilot.pause()
        assert "'heroic'" in words_of(app, "#notice")
        await pilot.press("t", *("y" * 81), "enter")
        await pilot.pause()
        assert "80 characters" in words_of(app, "#notice")
        await pilot.press("t", "z", "escape")
        assert isinstance(app.screen, ReflectScreen)
        await pilot.press("enter")
    (entry,) = entries(companion)
    assert entry.principles == ()
    assert entry.tags == ()


async def test_a_draft_is_there_a_moment_after_a_change(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await type_words(pilot, "half a th")
        await until(pilot, companion.drafts.waiting)
        await type_words(pilot, "ought")
        await until(
            pilot,
            lambda: (
                companion.reflection.resume(companion.drafts.waiting()[0].state).text
                == "half a thought"
            ),
        )
        await pilot.press("ctrl+u")
        await until(pilot, lambda: not companion.drafts.waiting())
    assert entries(companion) == []


async def test_a_draft_waits_less_than_a_second_to_be_saved(
    companion: Companion, monkeypatch: pytest.MonkeyPatch
) -> None:
    delays: list[float] = []
    set_timer = ReflectScreen.set_timer

    def watched(screen: ReflectScreen, delay: float, *rest: Any, **more: Any) -> Any:
        if screen.keep_draft in rest:
            delays.append(delay)
        return set_timer(screen, delay, *rest, **more)

    monkeypatch.setattr(ReflectScreen, "set_timer", watched)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await type_words(pilot, "half a thought")
    assert delays
    assert max(delays) < 1


async def test_the_app_can_ask_for_the_draft_at_once(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await type_words(pilot, "now")
        app.keep_drafts()
        (draft,) = companion.drafts.waiting()
        assert companion.reflection.resume(draft.state).text == "now"


async def test_a_draft_is_taken_up_where_it_stopped(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await type_words(pilot, "one")
        await pilot.press("tab")
        question = words_of(app, "#question")
        await type_words(pilot, "two")
        app.keep_drafts()
    (draft,) = companion.drafts.waiting()
    again = CompanionApp(companion)
    async with again.run_test(size=SIZE) as pilot:
        again.post_message(ResumeDraft(draft))
        await pilot.pause()
        assert words_of(again, "#question") == question
        assert page(again).text == "two"
        await type_words(pilot, " and three")
        await pilot.press("shift+tab")
        assert page(again).text == "one"
        await pilot.press("ctrl+s")
        await pilot.pause()
    (entry,) = entries(companion)
    assert entry.id == draft.id
    assert [answer.text for answer in entry.answers] == ["one", "two and three"]
    assert companion.drafts.waiting() == ()


def refusing(*_values: object) -> None:
    message = "The disk is full; nothing was changed."
    raise WriteFailedError(message, hint="Make room.")


async def test_where_the_disk_refuses_the_words_stay_here_and_in_the_draft(
    companion: Companion,
    memory_store: MemoryLogStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory_store, "add", refusing)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await sit_down(pilot)
        await type_words(pilot, "precious")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert page(app).text == "precious"
        assert "The disk is full" in words_of(app, "#notice")
        (draft,) = companion.drafts.waiting()
        assert companion.reflection.resume(draft.state).text == "precious"
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, ReflectScreen)
        assert "It waits as a draft" in shown(app)
    assert len(companion.drafts.waiting()) == 1


async def test_the_draft_stays_until_its_words_are_in_the_log(
    companion: Companion,
    memory_store: MemoryLogStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting: list[int] = []
    add = memory_store.add

    def watched(entry: Entry) -> None:
        waiting.append(len(companion.drafts.waiting()))
        add(entry)
        waiting.append(len(companion.drafts.waiting()))

    monkeypatch.setattr(memory_store, "add", watched)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await type_words(pilot, "precious")
        app.keep_drafts()
        await pilot.press("ctrl+s")
        await pilot.pause()
    assert waiting == [1, 1]
    assert companion.drafts.waiting() == ()


async def test_where_the_disk_recovers_the_same_key_keeps(
    companion: Companion,
    memory_store: MemoryLogStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await type_words(pilot, "precious")
        with monkeypatch.context() as broken:
            broken.setattr(memory_store, "add", refusing)
            await pilot.press("ctrl+s")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert not isinstance(app.screen, ReflectScreen)
    assert len(entries(companion)) == 1
    assert companion.drafts.waiting() == ()


async def test_a_draft_that_cannot_be_taken_away_hinders_nothing(
    companion: Companion, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await type_words(pilot, "kept")
        app.keep_drafts()
        monkeypatch.setattr(companion.drafts._store, "remove", refusing)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert len(app.screen_stack) == 1
    assert len(entries(companion)) == 1


async def test_where_even_the_draft_is_refused_it_is_said(
    companion: Companion, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        monkeypatch.setattr(companion.drafts._store, "save", refusing)
        await type_words(pilot, "precious")
        await until(
            pilot, lambda: "on this page and nowhere else" in words_of(app, "#notice")
        )
        assert page(app).text == "precious"


async def to_lens(pilot: Pilot[Any]) -> Lens:
    await sit_down(pilot)
    await pilot.press("tab", "tab")
    lens = pilot.app.screen.query_one(Lens)
    assert pilot.app.focused is lens
    return lens


async def test_a_moment_is_placed_with_the_keys(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        lens = await to_lens(pilot)
        assert "one part rules" in shown(app)
        await pilot.press("up")
        assert companion.content.rungs[1].domination[:20] in shown(app)
        await pilot.press("right", "right", "right", "left")
        assert lens.position == 2
        await type_words(pilot, "asked first")
        assert page(app).text == "asked first"
        await pilot.press("ctrl+s")
        await pilot.pause()
    (entry,) = entries(companion)
    assert entry.placement == Placement(2, "dyad")
    assert entry.kind == "moment"
    assert [answer.text for answer in entry.answers] == ["asked first"]


async def test_who_types_fast_at_the_line_loses_no_blank(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        lens = await to_lens(pilot)
        for letter in "asked 0 times":
            # All at once, as from a fast hand: the words have no focus yet.
            key = "space" if letter == " " else letter
            lens.post_message(Key(key, letter))
        await until(pilot, lambda: page(app).text == "asked 0 times")
        assert lens.position is None
        await pilot.press("escape")


async def test_what_is_pasted_at_the_line_goes_to_the_words(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        lens = await to_lens(pilot)
        lens.post_message(Paste("asked before I decided"))
        await until(pilot, lambda: page(app).text == "asked before I decided")
        await pilot.press("escape")


async def test_a_place_alone_is_a_whole_entry(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await to_lens(pilot)
        await pilot.press("end", "escape")
        await pilot.pause()
    (entry,) = entries(companion)
    assert entry.placement == Placement(10, "self")


async def test_a_mark_that_is_taken_off_leaves_nothing(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await to_lens(pilot)
        await pilot.press("home", "backspace", "escape")
        await pilot.pause()
    assert entries(companion) == []


async def test_the_mark_is_there_again_when_one_comes_back(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        lens = await to_lens(pilot)
        await pilot.press("left", "up", "tab", "shift+tab")
        assert lens.position == -1
        assert lens.rung == 1
        assert app.focused is lens


async def to_part(pilot: Pilot[Any]) -> PartName:
    await sit_down(pilot, "fifteen-minutes")
    await pilot.press("tab", "tab")
    return pilot.app.screen.query_one(PartName)


async def test_a_part_gets_a_new_name_in_ones_own_words(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await to_part(pilot)
        await type_words(pilot, "the planner")
        await pilot.press("enter")
        assert app.focused is page(app)
        await type_words(pilot, "wants a list")
        await pilot.press("tab", "shift+tab")
        assert app.screen.query_one(PartName).name_typed == "the planner"
        await pilot.press("ctrl+s")
    (entry,) = entries(companion)
    assert entry.part == "the planner"
    assert [answer.text for answer in entry.answers] == ["wants a list"]
    assert list(companion.log.names("parts")) == ["the planner"]


async def test_an_earlier_name_is_taken_with_down_and_enter(
    companion: Companion,
) -> None:
    companion.log.write(companion.log.new(part="the planner"))
    companion.log.write(companion.log.new(part="the clown"))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        part = await to_part(pilot)
        assert "the planner" in shown(app)
        assert "the clown" in shown(app)
        await type_words(pilot, "pla")
        assert "the clown" not in shown(app)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert part.name_typed == "the planner"
        assert app.focused is page(app)
        await pilot.press("escape")
        await pilot.pause()
    assert entries(companion)[0].part == "the planner"


async def test_the_day_is_changed_and_shown_while_it_is_typed(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await type_words(pilot, "late")
        await pilot.press("f7")
        await type_words(pilot, "mon")
        assert words_of(app, "#day-said") == "Monday 16 November 2026"
        await pilot.press("enter")
        await pilot.pause()
        assert "Monday 16 November" in words_of(app, "#where")
        assert app.focused is page(app)
        await pilot.press("ctrl+s")
    (entry,) = entries(companion)
    assert entry.day == date(2026, 11, 16)
    assert entry.at.date() == date(2026, 11, 22)


async def test_words_that_are_no_day_are_helped_with(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await pilot.press("f7")
        await type_words(pilot, "soonish")
        await pilot.press("enter")
        assert "yesterday" in words_of(app, "#day-said")
        await pilot.press("escape")
        assert isinstance(app.screen, ReflectScreen)
        assert app.focused is page(app)
        await pilot.press("f7", "f7")
        assert app.focused is page(app)
        await pilot.press("f7", "enter")
        assert app.focused is page(app)


async def test_a_day_to_come_is_not_taken(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await pilot.press("f7")
        await type_words(pilot, "2027-01-01")
        await pilot.press("enter")
        await pilot.pause()
        assert "still to come" in words_of(app, "#notice")
        assert "Sunday 22 November" in words_of(app, "#where")


async def test_a_sitting_for_yesterday_belongs_to_yesterday(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "free", date(2026, 11, 21))
        await type_words(pilot, "rain")
        await pilot.press("escape")
        await pilot.pause()
    assert entries(companion)[0].day == date(2026, 11, 21)


async def test_people_and_numbers_are_one_key_away_and_nothing_is_lost(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        await type_words(pilot, "hard")
        await pilot.press("f5")
        await pilot.pause()
        assert app.current_mode == "people"
        assert len(companion.drafts.waiting()) == 1
        await pilot.press("f5")
        await pilot.pause()
        assert isinstance(app.screen, ReflectScreen)
        assert page(app).text == "hard"


async def test_a_long_answer_scrolls_inside_what_is_seen(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot)
        page(app).write("\n".join(f"line {number}" for number in range(200)))
        await settle(pilot)
        assert "line 199" in shown(app)
        assert words_of(app, "#question").splitlines()[0][:20] in shown(app)


async def test_a_run_kept_twice_is_one_entry(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "free")
        await type_words(pilot, "once")
        app.keep_drafts()
    (draft,) = companion.drafts.waiting()
    companion.reflection.keep(companion.reflection.resume(draft.state))
    again = CompanionApp(companion)
    async with again.run_test(size=SIZE) as pilot:
        again.post_message(ResumeDraft(draft))
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
    (entry,) = entries(companion)
    assert replace(entry, revised=None).text == "once"


async def test_the_end_of_a_long_sitting_scrolls(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "free")
        page(app).write("\n".join(f"line {number}" for number in range(300)))
        await pilot.press("tab")
        await settle(pilot)
        assert app.focused is app.screen.query_one(Pager)
        await pilot.press("end")
        await settle(pilot)
        assert "only you" in shown(app)
