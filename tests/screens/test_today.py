"""Today: welcome, ways to sit down, what was written, what can be taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from companion.ports import Notice
from screens.app import CompanionApp
from screens.messages import BeginSitting
from screens.today_page import clock_time
from screens.widgets.lines import Lines
from tests.screens.pilots import settle, shown, type_words, until

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from companion.facade import Companion
    from tests.conftest import FixedClock
    from tests.doubles import MemoryLogStore

SIZE = (80, 40)


def write(companion: Companion, text: str, **fields: Any) -> None:
    companion.log.write(companion.log.new(text=text, **fields))


def asked(app: CompanionApp) -> list[BeginSitting]:
    """Collect what is asked of the app instead of doing it."""
    seen: list[BeginSitting] = []

    def collect(_door: object, message: Any) -> None:
        if isinstance(message, BeginSitting):
            seen.append(message)

    setattr(app, "open_with", collect)  # noqa: B010
    return seen


async def rest_on(pilot: Pilot[None], words: str) -> None:
    """Move down until the cursor rests on a line that holds `words`."""
    lines = pilot.app.screen.query_one(Lines)
    await pilot.press("home")
    while words not in lines.source.line(lines.cursor, 80).plain:
        before = lines.cursor
        await pilot.press("j")
        assert lines.cursor != before, f"nothing to choose says {words!r}"


@pytest.mark.parametrize(
    ("hour", "phrase"),
    [
        (2, "quiet hours"),
        (6, "morning"),
        (13, "afternoon"),
        (20, "evening"),
        (23, "quiet"),
    ],
)
async def test_it_greets_by_the_time_of_day(
    companion: Companion, clock: FixedClock, hour: int, phrase: str
) -> None:
    clock.now = clock.now.replace(hour=hour)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE):
        assert phrase in shown(app)
        assert "Sunday, 22 November 2026." in shown(app)


async def test_the_very_first_opening_says_what_this_is(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE):
        assert "This is a quiet place" in shown(app)
        assert "not therapy" in shown(app)
        assert "1 One minute" in shown(app)


async def test_after_a_gap_the_welcome_is_the_same(
    companion: Companion, clock: FixedClock
) -> None:
    write(companion, "long ago")
    pages = []
    for days in (1, 400):
        clock.now = clock.now.replace(year=2027, month=6, day=1) + timedelta(days=days)
        app = CompanionApp(companion)
        async with app.run_test(size=SIZE):
            pages.append(shown(app))
    first, second = (
        [line for line in page.splitlines() if "202" not in line][:9] for page in pages
    )
    assert first == second


async def test_what_was_written_today_is_shown_with_its_time(
    companion: Companion,
) -> None:
    write(companion, "slept well\nand long")
    write(companion, "told M. the truth", shared_with=("M.", "Jo"))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE):
        assert "09:30  slept well\n" in shown(app)
        assert "told M. the truth" in shown(app)
        assert "with M., Jo" in shown(app)


async def test_the_time_is_told_as_the_person_likes_it(companion: Companion) -> None:
    companion.preferences.change(hours=12)
    write(companion, "slept well")
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE):
        assert "9:30 am  slept well" in shown(app)


@pytest.mark.parametrize(
    ("hour", "said"),
    [(0, "12:05 am"), (11, "11:05 am"), (12, "12:05 pm"), (23, "11:05 pm")],
)
def test_twelve_hours_are_told_as_people_do(
    clock: FixedClock, hour: int, said: str
) -> None:
    assert clock_time(clock.now.replace(hour=hour, minute=5), 12) == said


async def test_this_day_of_earlier_months_and_years_comes_back(
    companion: Companion,
) -> None:
    write(companion, "a month ago I walked", day=date(2026, 10, 22))
    write(companion, "in spring we met", day=date(2026, 5, 22))
    write(companion, "last year it snowed", day=date(2025, 11, 22))
    write(companion, "then it rained", day=date(2023, 11, 22))
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "On this day" in shown(app))
        page = shown(app)
    for words in (
        "A month ago         a month ago I walked",
        "6 months ago        in spring we met",
        "A year ago          last year it snowed",
        "3 years ago         then it rained",
    ):
        assert words in page


async def test_one_invitation_and_the_question_of_the_month(
    companion: Companion,
) -> None:
    write(companion, "something")
    day = companion.log.today()
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE):
        page = " ".join(shown(app).split())
        assert companion.reflection.invitation(day).text in page
        assert companion.reflection.question(day).text in page
        assert "A question for November" in page


@pytest.mark.parametrize(
    ("key", "sitting"),
    [
        ("1", "one-minute"),
        ("2", "five-minutes"),
        ("3", "fifteen-minutes"),
        ("w", "free"),
    ],
)
async def test_keys_begin_a_sitting(
    companion: Companion, key: str, sitting: str
) -> None:
    app = CompanionApp(companion)
    begun = asked(app)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert [(each.sitting, each.day) for each in begun] == [(sitting, None)]


async def test_a_number_without_a_sitting_does_nothing(companion: Companion) -> None:
    app = CompanionApp(companion)
    begun = asked(app)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("4", "9")
        await pilot.pause()
        assert not begun


async def test_yesterday_has_its_key(companion: Companion) -> None:
    app = CompanionApp(companion)
    begun = asked(app)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("y")
        await pilot.pause()
        assert [(each.sitting, each.day) for each in begun] == [
            ("free", date(2026, 11, 21))
        ]


async def test_any_day_can_be_named(companion: Companion) -> None:
    app = CompanionApp(companion)
    begun = asked(app)
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(2):
            await pilot.press("d")
            await pilot.pause()
            await type_words(pilot, "3 days ago")
            await pilot.pause()
            assert "Thursday 19 November" in shown(app)
            await pilot.press("enter")
            await pilot.pause()
        assert [each.day for each in begun] == [date(2026, 11, 19)] * 2
        await pilot.press("d")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.focused, Lines)


async def test_choosing_a_line_does_what_it_says(companion: Companion) -> None:
    write(companion, "something")
    app = CompanionApp(companion)
    begun = asked(app)
    async with app.run_test(size=SIZE) as pilot:
        for words in ("Five minutes", "Just write"):
            await rest_on(pilot, words)
            await pilot.press("enter")
        invitation = companion.reflection.invitation(companion.log.today())
        await rest_on(pilot, invitation.text)
        await pilot.press("enter")
        await pilot.pause()
        assert [each.sitting for each in begun] == [
            "five-minutes",
            "free",
            "invitation",
        ]


async def test_enter_opens_an_entry(companion: Companion) -> None:
    write(companion, "something to open")
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await rest_on(pilot, "something to open")
        await pilot.press("enter")
        await settle(pilot)
        assert type(app.screen).__name__ == "EntryScreen"


async def test_an_entry_is_taken_out_at_once_and_brought_back(
    companion: Companion,
) -> None:
    write(companion, "something to take out")
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await rest_on(pilot, "something to take out")
        await pilot.press("x")
        await pilot.pause()
        assert "Taken out. u brings it back." in shown(app)
        assert not companion.log.of_day(companion.log.today())
        await pilot.press("u")
        await pilot.pause()
        assert "something to take out" in shown(app)


async def test_nothing_to_undo_is_said_in_words(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("u")
        await pilot.pause()
        assert "There is nothing to undo." in shown(app)


async def test_undo_says_what_it_took_back(companion: Companion) -> None:
    write(companion, "written by mistake")
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("u")
        await pilot.pause()
        assert "the entry is gone again" in shown(app)


async def test_a_draft_is_offered_first_and_goes_on(companion: Companion) -> None:
    run = companion.reflection.begin("free")
    run.text = "half a thou"
    companion.drafts.save(run.id, run.state())
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        assert "You were writing on Sunday at 09:30." in shown(app)
        await rest_on(pilot, "You were writing")
        await pilot.press("enter")
        await settle(pilot)
        assert "half a thou" in shown(app)


async def test_a_draft_can_be_put_away_and_brought_back(companion: Companion) -> None:
    run = companion.reflection.begin("free")
    run.text = "half a thou"
    companion.drafts.save(run.id, run.state())
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await rest_on(pilot, "You were writing")
        await pilot.press("x")
        await pilot.pause()
        assert not companion.drafts.waiting()
        assert "You were writing" not in shown(app)
        await pilot.press("u")
        await pilot.pause()
        assert companion.drafts.waiting()[0].state["id"] == run.id
        assert "You were writing" in shown(app)


async def test_x_on_a_sitting_does_nothing(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("home", "x")
        await pilot.pause()
        assert "u brings" not in shown(app)


async def test_what_happened_to_the_log_is_told_calmly(
    companion: Companion, memory_store: MemoryLogStore
) -> None:
    memory_store.told = [Notice("The last line was torn.", hint="It was set aside.")]
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        assert "The last line was torn." in shown(app)
        assert "It was set aside." in shown(app)
        app.show_changes()
        await pilot.pause()
        assert shown(app).count("The last line was torn.") == 1


async def test_a_second_window_says_what_can_be_done_here(
    companion: Companion, memory_store: MemoryLogStore
) -> None:
    run = companion.reflection.begin("free")
    run.text = "half a thou"
    companion.drafts.save(run.id, run.state())
    memory_store.writable = False
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE):
        assert "Another window is writing" in shown(app)
        # The draft may be what the other window has open.
        assert "You were writing" not in shown(app)


async def test_a_log_that_can_only_be_read_says_why(
    companion: Companion, memory_store: MemoryLogStore
) -> None:
    memory_store.writable = False
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        memory_store.troubled = [Notice("The disk reports a fault.", grave=True)]
        app.show_changes()
        await settle(pilot)
        assert "The disk reports a fault." in shown(app)
        assert "Another window is writing" not in shown(app)
        await pilot.press("home", "enter")
        await settle(pilot)
        assert app.current_mode == "care"


async def test_coming_back_shows_what_was_written_meanwhile(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.screen._facts.memories is not None)  # type: ignore[attr-defined]
        await pilot.press("f4")
        write(companion, "written in another room")
        await pilot.press("f2")
        await pilot.pause()
        assert "written in another room" in shown(app)


async def test_a_new_width_breaks_the_lines_anew(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 40)) as pilot:
        assert "alone and with" in shown(app)
        await pilot.resize_terminal(44, 40)
        await pilot.pause()
        assert max(map(len, shown(app).splitlines())) <= 44
        assert "This is a quiet place to look at how" in shown(app)


async def test_the_cursor_stays_with_what_it_was_on(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await rest_on(pilot, "Just write")
        write(companion, "the first entry moves every line")
        app.show_changes()
        await pilot.pause()
        lines = app.screen.query_one(Lines)
        assert "Just write" in lines.source.line(lines.cursor, 80).plain


async def test_the_cursor_stays_near_what_is_gone(companion: Companion) -> None:
    write(companion, "one")
    write(companion, "other")
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await rest_on(pilot, "09:30  one")
        await pilot.press("x")
        await pilot.pause()
        lines = app.screen.query_one(Lines)
        assert "other" in lines.source.line(lines.cursor, 80).plain


async def test_a_clock_that_was_set_back_is_told_once(
    companion: Companion, clock: FixedClock
) -> None:
    companion.log.write(companion.log.new(text="slept well"))
    clock.now -= timedelta(days=3 * 365)
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "The clock of this machine" in shown(app))
        assert "Sunday, 22 November 2026" in " ".join(shown(app).split())
        app.show_changes()
        await settle(pilot)
        assert shown(app).count("The clock of this machine") == 1


async def test_it_is_told_when_this_window_comes_to_write(
    companion: Companion,
    memory_store: MemoryLogStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    memory_store.writable = False

    def leave() -> bool:
        memory_store.writable = True
        return True

    app = CompanionApp(companion)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        assert "Another window is writing" in shown(app)
        monkeypatch.setattr(memory_store, "refresh", leave)
        app.look_again()
        app.look_again()
        await settle(pilot)
        assert "Another window is writing" not in shown(app)
        said = [note.message for note in app._notifications]
        assert said == [companion.content.say("app.writer")]
