"""The page: text kept exactly, undo a few words at a time, a limit that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.app import App
from textual.events import Paste

from screens.widgets.editor import LINE_LIMIT, PAGE_LIMIT, Editor, fits
from screens.widgets.exact_document import ExactDocument, with_line_feeds

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.pilot import Pilot

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
ODD = "a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g\rh\r\ni"


class PageApp(App[None]):
    """One page, and what it asked."""

    CSS = "Editor { height: auto; max-height: 100%; width: 40; }"

    def __init__(self, text: str = "", placeholder: str = "") -> None:
        super().__init__()
        self._text = text
        self._placeholder = placeholder
        self.asked: list[int] = []

    def compose(self) -> ComposeResult:
        yield Editor(self._text, placeholder=self._placeholder)

    def on_editor_asked(self, event: Editor.Asked) -> None:
        self.asked.append(event.size)

    @property
    def page(self) -> Editor:
        return self.query_one(Editor)


def row(editor: Editor, y: int) -> str:
    return editor.render_line(y).text.rstrip()


@given(TEXTS)
def test_a_document_gives_back_what_it_was_given(text: str) -> None:
    assert ExactDocument(text).text == text


@given(TEXTS, TEXTS, st.data())
def test_a_change_of_a_document_is_the_change_of_the_text(
    text: str, fresh: str, data: st.DataObject
) -> None:
    document = ExactDocument(text)
    places = st.integers(0, len(text))
    start, end = sorted((data.draw(places), data.draw(places)))
    result = document.replace_range(
        document.get_location_from_index(start) if start < len(text) else document.end,
        document.get_location_from_index(end) if end < len(text) else document.end,
        fresh,
    )
    assert document.text == text[:start] + fresh + text[end:]
    assert result.replaced_text == text[start:end]
    row_index, column = result.end_location
    before = text[:start] + fresh
    assert (row_index, column) == (before.count("\n"), len(before.split("\n")[-1]))


def test_pasted_lines_end_in_one_way() -> None:
    assert with_line_feeds("a\r\nb\rc\nd") == "a\nb\nc\nd"


async def test_odd_line_ends_in_a_text_stay_as_they_are() -> None:
    app = PageApp(ODD)
    async with app.run_test() as pilot:
        app.page.focus()
        app.page.move_cursor((0, 0))
        await pilot.press("x")
        assert app.page.words == "x" + ODD


async def test_the_page_grows_with_the_text_and_scrolls_when_it_is_full() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 10)) as pilot:
        app.page.focus()
        assert app.page.size.height == 1
        app.page.write("one\ntwo\nthree")
        await pilot.pause()
        assert app.page.size.height == 3
        app.page.write("\n".join(str(number) for number in range(50)))
        await pilot.pause()
        assert app.page.size.height == 10
        assert row(app.page, 9) == "49"


async def test_rows_are_broken_between_words_and_drawn_from_their_own_part() -> None:
    app = PageApp("word " * 20 + "\n\tand a tab\n日本語" * 2)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        drawn = [row(app.page, y) for y in range(app.page.size.height)]
        assert " ".join(drawn[:3]).split() == ["word"] * 20
        assert drawn[3] == "    and a tab"
        assert "日本語" in drawn[4]


async def test_the_cursor_and_what_is_chosen_are_seen() -> None:
    app = PageApp("some words here")
    async with app.run_test(size=(60, 5)) as pilot:
        app.page.focus()
        app.page.move_cursor((0, 5))
        await pilot.press("shift+right", "shift+right")
        parts = [(part.text, part.style) for part in app.page.render_line(0)]
        assert [text for text, _style in parts[:4]] == ["some ", "wo", "r", "ds here "]
        assert len({style for _text, style in parts[:3]}) == 3


async def test_what_is_chosen_over_several_lines_is_seen() -> None:
    app = PageApp("one\n\nthree")
    async with app.run_test(size=(60, 5)) as pilot:
        app.page.focus()
        await pilot.press("alt+a")
        assert app.page.selected_text == "one\n\nthree"
        plain = app.page.rich_style
        for y in range(3):
            first = next(iter(app.page.render_line(y)))
            assert first.style != plain


async def test_a_hint_stands_on_an_empty_page_only() -> None:
    app = PageApp(placeholder="A word is enough.")
    async with app.run_test(size=(60, 5)) as pilot:
        app.page.focus()
        assert "A word is enough." in row(app.page, 0)
        await pilot.press("x")
        assert row(app.page, 0) == "x"


async def test_undo_goes_back_a_few_words_never_everything() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 5)) as pilot:
        app.page.focus()
        await pilot.press(*"one", "space", *"two", "space", *"three")
        await pilot.press("ctrl+z")
        assert app.page.text == "one two "
        await pilot.press("ctrl+z")
        assert app.page.text == "one "
        await pilot.press("ctrl+y")
        assert app.page.text == "one two "


async def paste(pilot: Pilot[None], text: str) -> None:
    pilot.app.query_one(Editor).post_message(Paste(text))
    await pilot.pause()


async def test_a_paste_stands_where_the_cursor_is() -> None:
    app = PageApp("ab")
    async with app.run_test(size=(60, 5)) as pilot:
        app.page.focus()
        app.page.move_cursor((0, 1))
        await paste(pilot, "1\r\n2\r3")
        assert app.page.text == "a1\n2\n3b"
        assert app.page.cursor_location == (2, 1)
        assert app.asked == []


@pytest.mark.parametrize(
    ("key", "kept"), [("enter", PAGE_LIMIT), ("escape", 4), ("x", 5)]
)
async def test_a_paste_beyond_the_limit_asks_first(key: str, kept: int) -> None:
    app = PageApp("mine")
    async with app.run_test(size=(60, 5)) as pilot:
        app.page.focus()
        app.page.move_cursor(app.page.document.end)
        await paste(pilot, "y" * 1_000_000)
        assert app.page.text == "mine"
        assert app.asked == [1_000_000]
        await pilot.press(key)
        await pilot.pause()
        assert len(app.page.text) == kept
        assert app.page.text.startswith("mine")
        assert app.asked == [1_000_000, 0]


async def test_a_paste_of_too_many_lines_asks_too() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 5)) as pilot:
        app.page.focus()
        await paste(pilot, "\n" * 150_000)
        assert app.page.asks
        await pilot.press("enter")
        await pilot.pause()
        assert app.page.document.line_count == LINE_LIMIT
        assert not app.page.asks


async def test_what_fits_never_ends_in_half_a_letter() -> None:
    app = PageApp("x")
    async with app.run_test(size=(60, 5)) as pilot:
        app.page.focus()
        await paste(pilot, "語" * 100_000)
        await pilot.press("enter")
        await pilot.pause()
        assert set(app.page.text) == {"x", "語"}
        assert len(app.page.text.encode()) <= PAGE_LIMIT


async def test_a_full_page_takes_no_more_letters_but_can_be_changed() -> None:
    app = PageApp("y" * PAGE_LIMIT)
    async with app.run_test(size=(60, 5)) as pilot:
        app.page.focus()
        await pilot.press("x")
        assert len(app.page.text) == PAGE_LIMIT
        app.page.move_cursor(app.page.document.end)
        await pilot.press("backspace", "z")
        assert app.page.text.endswith("yz")


async def test_a_text_too_long_for_a_page_is_held_as_it_is() -> None:
    long = "z" * (PAGE_LIMIT + 1)
    app = PageApp(long)
    async with app.run_test(size=(60, 5)) as pilot:
        app.page.focus()
        await pilot.press("x", "backspace")
        await paste(pilot, "more")
        assert app.page.is_outside
        assert app.page.words == long
        app.page.words = "short"
        await pilot.press("x")
        assert app.page.words == "xshort"


async def test_what_was_cut_here_can_be_put_back() -> None:
    app = PageApp("one two")
    async with app.run_test(size=(60, 5)) as pilot:
        app.page.focus()
        await pilot.press("alt+a", "ctrl+x")
        assert app.page.text == ""
        await pilot.press("ctrl+v")
        assert app.page.text == "one two"


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("", True),
        ("x" * PAGE_LIMIT, True),
        ("x" * (PAGE_LIMIT + 1), False),
        ("語" * (PAGE_LIMIT // 3), True),
        ("語" * (PAGE_LIMIT // 3 + 1), False),
        ("\n" * (LINE_LIMIT - 1), True),
        ("\n" * LINE_LIMIT, False),
        ("\ud800", True),
    ],
)
def test_what_a_page_can_take(text: str, *, does: bool) -> None:
    assert fits(text) is does


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(TEXTS, min_size=1, max_size=6))
async def test_writing_anything_anywhere_keeps_the_rows_and_the_text_together(
    texts: list[str],
) -> None:
    app = PageApp()
    async with app.run_test(size=(44, 12)) as pilot:
        app.page.focus()
        expected = ""
        for text in texts:
            app.page.write(text)
            expected += with_line_feeds(text)
        await pilot.pause()
        assert app.page.words == expected
        for y in range(app.page.size.height):
            assert app.page.render_line(y).cell_length == app.page.size.width
