"""The log: newest first, found as one types, taken out and brought back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from textual.events import Key

from companion.errors import LogLockedError
from screens.app import CompanionApp
from screens.edit import EditScreen
from screens.entry import EntryScreen
from screens.log import LogScreen
from screens.log_list import LogList
from screens.log_year import LogYear
from screens.widgets.search_line import SearchLine
from tests.screens.pilots import go_to, settle, shown, type_words, until, words_of

if TYPE_CHECKING:
    import pytest
    from textual.pilot import Pilot

    from companion.facade import Companion
    from companion.model.entry import Entry
    from companion.ports import Timeline
    from tests.doubles import MemoryLogStore

SIZE = (80, 24)


def write(companion: Companion, text: str, *, back: int = 0, **fields: Any) -> Entry:
    """Write an entry of so many days ago."""
    entry = companion.log.new(text=text, **fields)
    at = entry.at - timedelta(days=back)
    return companion.log.write(replace(entry, at=at, day=at.date()))


def some(companion: Companion) -> None:
    write(companion, "planted garlic", back=400, tags=["garden"])
    write(companion, "asked Jo first", back=2, kind="moment", people=["Jo"])
    write(companion, "a quiet walk", back=1)
    write(companion, "no to the call\nand the sky stayed up", tags=["rest"])
    write(companion, "river, early")


def rows(app: CompanionApp) -> list[str]:
    lines = shown(app).splitlines()
    return [line[3:] for line in lines if line[14:22].strip().count(":") == 1]


async def open_log(pilot: Pilot[Any]) -> LogList:
    await go_to(pilot, "log")
    assert isinstance(pilot.app.screen, LogScreen)
    return pilot.app.screen.query_one(LogList)


async def test_what_is_typed_fast_after_the_slash_changes_no_entry(
    companion: Companion,
) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        log = await open_log(pilot)
        search = app.screen.query_one(SearchLine)
        log.focus()
        await pilot.pause()
        for letter in "/xeguh a":
            # All at once: the search line has no focus before the last of them.
            key = {"/": "slash", " ": "space"}.get(letter, letter)
            log.post_message(Key(key, letter))
        await until(pilot, lambda: search.value == "xeguh a")
        assert isinstance(app.screen, LogScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert len(rows(app)) == 5
        await pilot.press("x")
        await settle(pilot)
        assert len(rows(app)) == 4


async def test_entries_stand_newest_first_and_each_day_once(
    companion: Companion,
) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_log(pilot)
        assert words_of(app, "#count") == "5 entries"
        found = rows(app)
        assert found[0].startswith("Sun 22 Nov   09:30  river, early")
        assert found[1].startswith("             09:30  no to the call and the sky")
        assert found[1].endswith("#rest")
        assert found[2].startswith("Sat 21 Nov   09:30  a quiet walk")
        assert found[3].startswith("Fri 20 Nov   09:30  moment    asked Jo first")
        assert found[3].endswith("@Jo")
        assert found[4].startswith("18 Oct 2025  09:30  planted garlic")


async def test_the_time_is_told_as_the_settings_say(companion: Companion) -> None:
    some(companion)
    companion.preferences.change(hours=12)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_log(pilot)
        assert " 9:30 am  river, early" in shown(app)


async def test_an_empty_log_says_how_to_begin(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_log(pilot)
        assert "Nothing is written yet." in shown(app)
        assert "Take out" not in shown(app)
        await pilot.press("e", "x", "enter", "down", "g", "escape")
        assert isinstance(app.screen, LogScreen)


async def test_a_search_finds_as_one_types_and_counts_in_words(
    companion: Companion,
) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        log = await open_log(pilot)
        await pilot.press("slash")
        await pilot.pause()
        assert "tag: person:" in shown(app)
        await type_words(pilot, "r")
        await settle(pilot)
        assert words_of(app, "#count") == "4 found"
        await type_words(pilot, "iver")
        await settle(pilot)
        assert words_of(app, "#count") == "one found"
        assert len(rows(app)) == 1
        await pilot.press("enter")
        assert app.focused is log
        assert "tag: person:" not in shown(app)
        assert app.screen.query_one(SearchLine).value == "river"
        await pilot.press("escape")
        await settle(pilot)
        assert words_of(app, "#count") == "5 entries"
        assert not app.screen.query_one(SearchLine).is_open


async def test_a_search_knows_tags_people_kinds_days_and_not(
    companion: Companion,
) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_log(pilot)
        line = app.screen.query_one(SearchLine)
        await pilot.press("slash")
        for words, found in (
            ("tag:garden", "one found"),
            ("person:jo", "one found"),
            ("kind:moment", "one found"),
            ("NOT kind:moment", "4 found"),
            ("from:2026-11-21", "3 found"),
            ("to:2026-01-01", "one found"),
            ("tag:", "5 found"),
        ):
            line.value = words
            await settle(pilot)
            assert words_of(app, "#count") == found, words


async def test_a_search_that_finds_nothing_says_so(companion: Companion) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_log(pilot)
        await pilot.press("slash", *"zebra")
        await settle(pilot)
        assert words_of(app, "#count") == "nothing found"
        assert "Nothing in your log says that." in shown(app)
        await pilot.press("escape")
        await settle(pilot)
        assert len(rows(app)) == 5


async def test_a_search_that_cannot_be_read_says_what_to_type(
    companion: Companion,
) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_log(pilot)
        await pilot.press("slash")
        app.screen.query_one(SearchLine).value = "from:never"
        await settle(pilot)
        assert "never" in words_of(app, "#count")
        assert len(rows(app)) == 5


async def test_down_turns_from_the_search_to_the_list(companion: Companion) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        log = await open_log(pilot)
        await pilot.press("slash", "a", "down")
        assert app.focused is log
        await pilot.press("slash", "backspace", "enter")
        assert app.focused is log
        assert not app.screen.query_one(SearchLine).is_open


class SlowTimeline:
    """Finds one entry at a time, and counts how often it was asked."""

    def __init__(self, inner: Timeline, asked: list[str], name: str) -> None:
        self._inner = inner
        self._asked = asked
        self._name = name

    def advance(self, *, seconds: float = 0.006, enough: int | None = None) -> bool:
        self._asked.append(self._name)
        return self._inner.advance(enough=len(self._inner) + 1)

    def __len__(self) -> int:
        return len(self._inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


async def test_a_new_key_ends_the_search_under_way(
    companion: Companion, memory_store: MemoryLogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(400):
        write(companion, f"walk {number}", back=number)
    asked: list[str] = []
    find = memory_store.find
    monkeypatch.setattr(
        memory_store,
        "find",
        lambda query: SlowTimeline(find(query), asked, " ".join(query.words)),
    )
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        log = await open_log(pilot)
        asked.clear()
        log.look("w", keep=False)
        await asyncio.sleep(0.02)
        log.look("wa", keep=False)
        await settle(pilot)
        assert len(log.source) == 400
        assert asked.count("wa") > 400
        assert asked.count("w") < 400
        assert asked[-1] == "wa"


async def test_what_is_found_is_shown_before_everything_is_looked_through(
    companion: Companion, memory_store: MemoryLogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        write(companion, f"walk {number}", back=number)
    find = memory_store.find
    monkeypatch.setattr(
        memory_store, "find", lambda query: SlowTimeline(find(query), [], "")
    )
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        log = await open_log(pilot)
        log.look("", keep=False)
        assert len(log.source) == 1
        await pilot.pause(0)
        assert "looking" in words_of(app, "#count")
        await settle(pilot)
        assert words_of(app, "#count") == "30 entries"


async def test_only_rows_that_are_seen_are_read(
    companion: Companion, memory_store: MemoryLogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        write(companion, f"walk {number}", back=number)
    read: set[int] = set()
    find = memory_store.find

    def watched(query: Any) -> Any:
        timeline = find(query)
        entry = timeline.entry

        def note(index: int) -> Any:
            read.add(index)
            return entry(index)

        timeline.entry = note  # type: ignore[method-assign]
        return timeline

    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        monkeypatch.setattr(memory_store, "find", watched)
        log = await open_log(pilot)
        assert 0 < len(read) < 40
        await pilot.press("end")
        await settle(pilot)
        assert log.cursor == 299
        assert len(read) < 80


async def test_enter_opens_and_e_changes(companion: Companion) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        log = await open_log(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert isinstance(app.screen, EntryScreen)
        assert "and the sky stayed up" in shown(app)
        await pilot.press("escape")
        await settle(pilot)
        assert log.cursor == 1
        await pilot.press("e")
        await settle(pilot)
        assert isinstance(app.screen, EditScreen)


async def test_a_click_opens_a_row(companion: Companion) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_log(pilot)
        await pilot.click("#timeline", offset=(30, 2))
        await settle(pilot)
        assert isinstance(app.screen, EntryScreen)
        assert "a quiet walk" in shown(app)


async def test_x_takes_out_at_once_and_u_brings_back(companion: Companion) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        log = await open_log(pilot)
        await pilot.press("down", "down", "x")
        await settle(pilot)
        assert "Taken out. u brings it back." in shown(app)
        assert words_of(app, "#count") == "4 entries"
        assert log.cursor == 2
        await pilot.press("u")
        await settle(pilot)
        assert "It is back." in shown(app)
        assert "a quiet walk" in shown(app)
        assert words_of(app, "#count") == "5 entries"
        await pilot.press("delete", "u", "u")
        await settle(pilot)
        assert "out of the log" in shown(app)
        assert words_of(app, "#count") == "4 entries"


async def test_undo_of_a_change_says_so(companion: Companion) -> None:
    entry = write(companion, "first words")
    companion.log.edit(replace(entry, text="other words"))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await open_log(pilot)
        await pilot.press("u")
        await settle(pilot)
        assert "reads as it did before" in shown(app)
        assert companion.log.get(entry.id).text == "first words"


async def test_where_nothing_is_left_to_undo_it_is_said(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await open_log(pilot)
        await pilot.press("u")
        await settle(pilot)
        assert "nothing to undo" in shown(app)


async def test_while_another_window_writes_nothing_is_taken_out(
    companion: Companion, memory_store: MemoryLogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(companion)

    def locked(_entry_id: str) -> None:
        message = "Another window is writing in this log."
        raise LogLockedError(message)

    monkeypatch.setattr(memory_store, "remove", locked)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await open_log(pilot)
        await pilot.press("x")
        await settle(pilot)
        assert "Another window is writing" in shown(app)
        assert words_of(app, "#count") == "5 entries"


async def test_the_cursor_stays_on_its_entry_when_others_come(
    companion: Companion,
) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        log = await open_log(pilot)
        await pilot.press("down", "down")
        write(companion, "just now")
        log_screen = app.screen
        assert isinstance(log_screen, LogScreen)
        log_screen.reread()
        await settle(pilot)
        entry = log.chosen()
        assert entry is not None
        assert entry.text == "a quiet walk"
        assert log.cursor == 3


async def test_g_goes_to_a_day_and_to_the_nearest_before_it(
    companion: Companion,
) -> None:
    for back in range(0, 300, 3):
        write(companion, f"{back} days ago", back=back)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        log = await open_log(pilot)
        await pilot.press("g")
        await type_words(pilot, "2026-09-01")
        assert words_of(app, "#day-said") == "Tuesday 1 September 2026"
        await pilot.press("enter")
        await settle(pilot)
        assert log.day() == date(2026, 8, 30)
        assert app.focused is log
        await pilot.press("g", "escape")
        assert app.focused is log


async def test_a_day_before_the_first_entry_goes_to_the_first(
    companion: Companion,
) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        log = await open_log(pilot)
        await pilot.press("g")
        await type_words(pilot, "1990-01-01")
        await pilot.press("enter")
        await settle(pilot)
        assert log.cursor == 4
        assert "Your log begins later" in shown(app)


async def test_h_shows_the_year_and_enter_goes_to_its_day(
    companion: Companion,
) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        log = await open_log(pilot)
        assert "\u2039 2026 \u203a" not in shown(app)
        await pilot.press("h")
        await settle(pilot)
        assert "Sunday 22 November 2026: 2 entries" in shown(app)
        await pilot.press("left")
        await settle(pilot)
        assert "\u2039 2025 \u203a" in shown(app)
        assert "Saturday 18 October 2025: one entry" in shown(app)
        await pilot.press("enter")
        await settle(pilot)
        assert log.cursor == 4
        assert not app.screen.query_one(LogYear).is_open
        assert app.focused is log


async def test_the_year_is_put_away_with_its_own_key_or_escape(
    companion: Companion,
) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        log = await open_log(pilot)
        await pilot.press("h")
        await pilot.press("right", "left", "right")
        await settle(pilot)
        assert "\u2039 2026 \u203a" in shown(app)
        await pilot.press("h")
        assert not app.screen.query_one(LogYear).is_open
        await pilot.press("h", "escape")
        assert not app.screen.query_one(LogYear).is_open
        assert app.focused is log


async def test_the_year_follows_what_changes(companion: Companion) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_log(pilot)
        await pilot.press("h")
        write(companion, "one more")
        app.show_changes()
        await settle(pilot)
        assert "Sunday 22 November 2026: 3 entries" in shown(app)


async def test_escape_goes_back_to_the_room_before(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_log(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert app.current_mode == "today"


async def test_an_entry_without_words_shows_its_part_or_nothing(
    companion: Companion,
) -> None:
    companion.log.write(companion.log.new(part="the planner"))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_log(pilot)
        assert "the planner" in shown(app)


async def test_an_entry_that_is_gone_meanwhile_is_said_to_be(
    companion: Companion, memory_store: MemoryLogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        log = await open_log(pilot)
        source = log.rows
        assert source is not None

        def gone(_index: int) -> Entry:
            return companion.log.get("0" * 26)

        monkeypatch.setattr(source.timeline, "entry", gone)
        source._read.clear()
        source._laid.clear()
        log.refresh()
        await settle(pilot)
        assert companion.content.say("log.unreadable") in shown(app)
        await pilot.press("enter", "e", "x")
        assert isinstance(app.screen, LogScreen)
