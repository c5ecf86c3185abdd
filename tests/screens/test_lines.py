"""The list that draws only what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from textual.app import App
from textual.content import Content
from textual.events import MouseScrollDown
from textual.scrollbar import ScrollBarRender

from screens.safety import plain
from screens.widgets.drawn import thumb
from screens.widgets.ink import ink
from screens.widgets.lines import ACCENT, DIM, MARK, FixedLines, Lines
from tests.screens.pilots import calls, shown

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Counted:
    """Many lines, every third of which cannot be chosen; notes what it is asked."""

    def __init__(self, size: int = 100_000) -> None:
        self.size = size
        self.asked: list[int] = []

    def __len__(self) -> int:
        return self.size

    def line(self, index: int, _width: int, /) -> Content:
        self.asked.append(index)
        return Content.assemble((f"{index:06} ", DIM), ("words", ACCENT))

    def can_choose(self, index: int, /) -> bool:
        return index % 3 != 0


class LinesApp(App[None]):
    """Nothing but one list."""

    def __init__(self, source: Any) -> None:
        super().__init__()
        self.source = source
        self.seen: list[tuple[str, int]] = []

    def compose(self) -> ComposeResult:
        yield Lines(self.source)

    @property
    def lines(self) -> Lines:
        return self.query_one(Lines)

    def on_lines_chosen(self, message: Lines.Chosen) -> None:
        assert message.control is self.lines
        self.seen.append(("chosen", message.index))

    def on_lines_moved(self, message: Lines.Moved) -> None:
        self.seen.append(("moved", message.index))


async def test_only_what_is_seen_is_asked_for() -> None:
    source = Counted()
    app = LinesApp(source)
    async with app.run_test(size=(40, 10)):
        assert set(source.asked) == set(range(10))


async def test_moving_the_cursor_draws_two_lines() -> None:
    source = Counted()
    app = LinesApp(source)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        source.asked.clear()
        await pilot.press("down")
        await pilot.pause()
        assert sorted(set(source.asked)) == [1, 2]


async def test_a_long_list_is_moved_through_as_quickly_as_a_short_one() -> None:
    source = Counted()
    app = LinesApp(source)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert app.lines.cursor == 99_998
        assert "099998" in shown(app)
        assert len(set(source.asked)) <= 20


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        ("", 1),
        ("down", 2),
        ("j j", 4),
        ("j j k", 2),
        ("up", 1),
        ("pagedown", 10),
        ("pagedown pagedown pageup", 10),
        ("end", 20),
        ("end j", 20),
        ("end home", 1),
        ("end pagedown", 20),
        ("pageup", 1),
    ],
)
async def test_each_key_moves_to_a_line_that_can_be_chosen(
    keys: str, cursor: int
) -> None:
    app = LinesApp(Counted(22))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press(*keys.split())
        await pilot.pause()
        assert app.lines.cursor == cursor


async def test_the_cursor_stays_in_sight() -> None:
    app = LinesApp(Counted(200))
    async with app.run_test(size=(40, 10)) as pilot:
        for key in ["down"] * 30 + ["up"] * 12 + ["pagedown"] * 3:
            await pilot.press(key)
            await pilot.pause()
            assert f"{MARK}{app.lines.cursor:06}" in shown(app)


async def test_words_above_the_first_choice_come_back_into_sight() -> None:
    lines = [Content(str(number)) for number in range(30)]
    app = LinesApp(FixedLines(lines, [3, 20]))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("down", "up")
        await pilot.pause()
        assert app.lines.scroll_offset.y == 0


async def test_where_nothing_can_be_chosen_the_keys_scroll() -> None:
    lines = [Content(f"line {number}") for number in range(30)]
    app = LinesApp(FixedLines(lines))
    async with app.run_test(size=(40, 10)) as pilot:
        tops = []
        for key in ("down", "down", "up", "pagedown", "end", "pageup", "home", "enter"):
            await pilot.press(key)
            await pilot.pause()
            tops.append(app.lines.scroll_offset.y)
        assert tops == [1, 2, 1, 10, 20, 11, 0, 0]
        assert not app.seen


async def test_enter_and_a_click_choose() -> None:
    app = LinesApp(Counted())
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("enter")
        await pilot.click(Lines, offset=(5, 4))
        await pilot.click(Lines, offset=(5, 6))
        await pilot.pause()
        assert [index for what, index in app.seen if what == "chosen"] == [1, 4]
        assert ("moved", 4) in app.seen


async def test_a_click_below_the_last_line_does_nothing() -> None:
    app = LinesApp(Counted(3))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.click(Lines, offset=(5, 8))
        await pilot.pause()
        assert not app.seen


async def test_the_wheel_scrolls() -> None:
    app = LinesApp(Counted())
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot._post_mouse_events([MouseScrollDown], Lines)
        await pilot.pause()
        assert app.lines.scroll_offset.y > 0


async def test_a_source_that_has_grown_is_taken_in() -> None:
    source = Counted(0)
    app = LinesApp(source)
    async with app.run_test(size=(40, 10)) as pilot:
        assert app.lines.cursor == -1
        source.size = 5
        app.lines.recount()
        await pilot.pause()
        assert "000004" in shown(app)
        assert app.lines.cursor == 1
        app.lines.recount()
        source.size = 500
        app.lines.recount()
        await pilot.pause()
        assert app.lines.virtual_size.height == 500


async def test_another_source_keeps_the_cursor_near() -> None:
    app = LinesApp(Counted(100))
    async with app.run_test(size=(40, 10)) as pilot:
        app.lines.rest_on(50)
        app.lines.show(Counted(20))
        await pilot.pause()
        assert app.lines.cursor == 19
        app.lines.show(Counted(20), keep_cursor=False)
        await pilot.pause()
        assert app.lines.cursor == 1
        app.lines.rest_on(3)
        app.lines.rest_on(500)
        assert app.lines.cursor == 1


async def test_the_cursor_is_seen_without_colour() -> None:
    app = LinesApp(Counted(3))
    async with app.run_test(size=(40, 10)):
        assert f"{MARK}000001" in shown(app)


async def test_a_line_too_long_ends_in_an_ellipsis() -> None:
    long = FixedLines(
        [Content("a" * 100), Content("first\nsecond"), Content("漢" * 60)]
    )
    app = LinesApp(long)
    async with app.run_test(size=(40, 10)):
        first, second, third = shown(app).splitlines()[:3]
        assert first.rstrip().endswith("a…")
        assert second.strip() == "first"
        assert third.rstrip().endswith("…")


async def test_words_in_brackets_are_words() -> None:
    app = LinesApp(FixedLines([plain("[@click=app.quit]tap[/] [/b] [red]x")]))
    async with app.run_test(size=(60, 10)) as pilot:
        assert "[@click=app.quit]tap[/] [/b] [red]x" in shown(app)
        await pilot.click(Lines, offset=(8, 0))
        await pilot.pause()
        assert not app._exit


async def test_an_unknown_style_is_no_style() -> None:
    app = LinesApp(FixedLines([Content("x").stylize("@click=app.quit")]))
    async with app.run_test(size=(40, 10)):
        assert not ink(app, "no such ink")
        for row in app.screen._compositor.render_strips():
            assert all(not (part.style and part.style.meta) for part in row)


async def test_a_step_that_scrolls_draws_only_what_is_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = LinesApp(Counted())
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("pagedown", "pagedown")
        await pilot.pause()
        drawn = calls(monkeypatch, Lines, "_inked")
        top = app.lines.scroll_offset.y
        await pilot.press("down")
        await pilot.pause()
        new = app.lines.scroll_offset.y - top
        assert new > 0
        # Beside what is new, the line that was left.
        assert len(drawn) == new + 1


async def test_a_line_that_says_something_else_is_drawn_again() -> None:
    app = LinesApp(FixedLines([Content("before"), Content("as it was")], [0]))
    async with app.run_test(size=(40, 10)) as pilot:
        assert "before" in shown(app)
        app.lines.show(FixedLines([Content("after"), Content("as it was")], [0]))
        await pilot.pause()
        assert "after" in shown(app)
        said = [Content("after").stylize(ACCENT), Content("as it was")]
        app.lines.show(FixedLines(said, [0]))
        await pilot.pause()
        drawn = app.lines.render_line(0)
        accent = ink(app, ACCENT).rich_style.color
        inks = [part.style for part in drawn if part.text == "after"]
        assert [style.color for style in inks if style] == [accent]


@pytest.mark.parametrize(("window", "whole"), [(10, 11), (10, 100), (24, 99_999)])
def test_the_thumb_is_known_where_textual_draws_it(window: int, whole: int) -> None:
    before = None
    for offset in range(0, whole - window + 1, max(1, whole // 2000)):
        bar = ScrollBarRender.render_bar(window, whole, window, offset)
        drawn = [(part.text, part.style) for part in bar.segments]
        place = thumb(offset, window, whole)
        if before is not None and before[0] == place:
            assert drawn == before[1]
        before = place, drawn
    assert thumb(0, window, window) == 0
