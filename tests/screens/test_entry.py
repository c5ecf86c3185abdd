"""An entry is read whole, however long, and follows what is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from companion.errors import LogLockedError
from companion.model.entry import Answer, Placement, Setting
from screens.app import CompanionApp
from screens.edit import EditScreen
from screens.entry import EntryScreen
from screens.messages import OpenEntry
from screens.sizes import in_words
from screens.widgets.pager import Pager
from screens.widgets.wrapping import rows
from tests.screens.pilots import settle, shown, words_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from companion.facade import Companion
    from companion.model.entry import Entry
    from tests.doubles import MemoryLogStore

SIZE = (80, 24)
MILLION = 1024 * 1024


async def open_entry(pilot: Pilot[Any], entry: Entry) -> None:
    pilot.app.post_message(OpenEntry(entry.id))
    await settle(pilot)
    assert isinstance(pilot.app.screen, EntryScreen)


def rich_entry(companion: Companion) -> Entry:
    return companion.log.write(
        companion.log.new(
            kind="session",
            text="We met.",
            answers=(Answer("a.b", "What was lighter?", "The stairs.\nOddly."),),
            placement=Placement(-4, "crew"),
            rung="crew",
            setting=Setting("one-to-many", "I held the room"),
            principles=("temporary",),
            people=("A", "Jo"),
            tags=("rest",),
            shared_with=("A",),
            part="the planner",
        )
    )


async def test_everything_that_was_written_is_read(companion: Companion) -> None:
    entry = rich_entry(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 40)) as pilot:
        await open_entry(pilot, entry)
        seen = shown(app)
        for words in (
            "Sunday 22 November 2026   09:30",
            "We met.",
            "What was lighter?",
            "The stairs.",
            "Oddly.",
            "the planner",
            "some way toward domination",
            companion.content.rungs[2].domination,
            "kind: session",
            "rung: Crew",
            "one-to-many, I held the room",
            "Temporary",
            "with A, Jo",
            "#rest",
            "shared with A",
        ):
            assert words in seen


async def test_it_says_when_it_was_written_and_changed(companion: Companion) -> None:
    entry = companion.log.new(text="late")
    entry = companion.log.write(replace(entry, day=entry.day - timedelta(days=3)))
    companion.log.edit(replace(entry, text="later"))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_entry(pilot, entry)
        where = words_of(app, "#where")
        assert where.startswith("Thursday 19 November 2026")
        assert "written Sun 22 Nov 09:30" in where
        assert "changed Sun 22 Nov" in where


async def test_keys_lead_to_changing_taking_out_and_back(companion: Companion) -> None:
    entry = rich_entry(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await open_entry(pilot, entry)
        await pilot.press("escape")
        assert not isinstance(app.screen, EntryScreen)
        await open_entry(pilot, entry)
        await pilot.press("e")
        await settle(pilot)
        assert isinstance(app.screen, EditScreen)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        assert len(app.screen_stack) == 1
        assert "Taken out." in shown(app)
    timeline = companion.log.timeline()
    assert timeline.advance()
    assert len(timeline) == 0


async def test_a_change_is_seen_when_one_comes_back(companion: Companion) -> None:
    entry = companion.log.write(companion.log.new(text="before"))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_entry(pilot, entry)
        await pilot.press("e")
        await settle(pilot)
        await pilot.press(*"now ", "ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, EntryScreen)
        assert "now" in shown(app)


async def test_an_entry_that_is_gone_meanwhile_closes_with_a_word(
    companion: Companion,
) -> None:
    entry = companion.log.write(companion.log.new(text="before"))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await open_entry(pilot, entry)
        companion.log.delete(entry.id)
        await pilot.press("f8", "f8")
        await settle(pilot)
        assert not isinstance(app.screen, EntryScreen)
        assert "no longer in the log" in shown(app)


async def test_an_unknown_entry_is_not_opened(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        app.post_message(OpenEntry("0" * 26))
        await settle(pilot)
        assert not isinstance(app.screen, EntryScreen)
        assert "There is no entry" in shown(app)


async def test_what_cannot_be_taken_out_stays_open(
    companion: Companion, memory_store: MemoryLogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = companion.log.write(companion.log.new(text="before"))

    def locked(_entry_id: str) -> None:
        message = "Another window is writing in this log."
        raise LogLockedError(message)

    monkeypatch.setattr(memory_store, "remove", locked)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await open_entry(pilot, entry)
        await pilot.press("x")
        await settle(pilot)
        assert isinstance(app.screen, EntryScreen)
        assert "Another window is writing" in shown(app)


LONG = {
    "words": "word and more " * (MILLION // 14 - 10),
    "lines": "\n" * 200_000,
    "wide": "\u8a9e" * (MILLION // 3 - 10),
    "marks": "e" + "\u0301" * 100_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
async def test_a_text_of_any_length_is_read_to_its_end(
    companion: Companion, text: str
) -> None:
    entry = companion.log.write(companion.log.new(text=text + "\nthe end"))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_entry(pilot, entry)
        pager = app.screen.query_one(Pager)
        await pilot.press("end")
        await settle(pilot)
        assert "the end" in shown(app)
        await pilot.press("home")
        await settle(pilot)
        assert pager.scroll_offset.y == 0


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
async def test_a_text_of_any_length_begins_to_show_before_it_is_wrapped_whole(
    companion: Companion, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(Pager, "_go_on", lambda _pager, _target, _wrapped: None)
    entry = companion.log.write(companion.log.new(text="begins\n" + text))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_entry(pilot, entry)
        assert "begins" in shown(app)
        assert len(app.screen.query_one(Pager).source) < 100


async def test_a_narrower_screen_wraps_again(companion: Companion) -> None:
    entry = companion.log.write(companion.log.new(text="word " * 40))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_entry(pilot, entry)
        pager = app.screen.query_one(Pager)
        before = len(pager.source)
        await pilot.resize_terminal(44, 24)
        await settle(pilot)
        assert len(pager.source) > before
        assert shown(app).count("word") == 40


async def test_arrows_and_pages_scroll(companion: Companion) -> None:
    text = "\n".join(f"line {number}" for number in range(100))
    entry = companion.log.write(companion.log.new(text=text))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await open_entry(pilot, entry)
        pager = app.screen.query_one(Pager)
        await pilot.press("down", "j")
        assert pager.scroll_offset.y == 2
        await pilot.press("pagedown", "space")
        assert pager.scroll_offset.y > 30
        await pilot.press("up", "k", "pageup", "home")
        assert pager.scroll_offset.y == 0


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=300)
    | st.text("ab 語\u0301\t", max_size=300),
    st.integers(2, 30),
)
def test_rows_hold_every_letter_in_order_and_fit(line: str, width: int) -> None:
    found = list(rows(line, width))
    assert "".join(found) == line
    assert found
    assert all(cell_len(row.rstrip()) <= width for row in found)


def test_a_long_line_is_broken_as_it_is_read() -> None:
    wrapped = rows("word " * 1_000_000, 72)
    assert next(wrapped) == "word " * 14
    assert len(next(wrapped)) == 70


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (200_000, "200 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (1_234_567, "1.2 MB"),
    ],
)
def test_sizes_are_told_in_words(size: int, words: str) -> None:
    assert in_words(size) == words
