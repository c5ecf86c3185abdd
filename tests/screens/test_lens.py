"""The line: a mark moved by keys or a click, words at both ends and beneath."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App

from companion.content import Shelf
from companion.model.content import Rung
from companion.model.entry import REACH
from screens.passages import lens_words
from screens.widgets.lens import Lens, LensWords
from tests.screens.pilots import shown

if TYPE_CHECKING:
    from textual.app import ComposeResult

WORDS = LensWords("none", ("d1", "d2", "d3"), "middle", ("p1", "p2", "p3"))
RUNGS = (
    Rung(
        id="self",
        name="Self",
        size="",
        about="",
        domination="one part rules, and shame does the driving for all of them",
        partnership="heard",
    ),
    Rung(
        id="dyad", name="Dyad", size="", about="", domination="[b]x[/", partnership="]"
    ),
)


class LensApp(App[None]):
    """One line, and what it said."""

    def __init__(self) -> None:
        super().__init__()
        self.placed: list[tuple[int | None, str]] = []
        self.wrote = ""

    def compose(self) -> ComposeResult:
        yield Lens(RUNGS, WORDS)

    def on_lens_placed(self, event: Lens.Placed) -> None:
        self.placed.append((event.position, event.rung))

    def on_lens_wrote(self, event: Lens.Wrote) -> None:
        self.wrote += event.character

    @property
    def lens(self) -> Lens:
        return self.query_one(Lens)


@pytest.mark.parametrize(
    ("keys", "position"),
    [
        (["right"], 1),
        (["left"], -1),
        (["right", "right", "left"], 1),
        (["home"], -REACH),
        (["home", "left"], -REACH),
        (["end"], REACH),
        (["end", "right"], REACH),
        (["end", "space"], 0),
        (["home", "0"], 0),
        (["end", "backspace"], None),
        (["end", "delete"], None),
        (["backspace"], None),
    ],
)
async def test_keys_move_the_mark(keys: list[str], position: int | None) -> None:
    app = LensApp()
    async with app.run_test(size=(70, 20)) as pilot:
        app.lens.focus()
        await pilot.press(*keys)
        assert app.lens.position == position
        assert app.placed[-1] == (position, "self")
        assert ("\u25cf" in shown(app)) == (position is not None)


async def test_up_and_down_look_through_the_words_of_other_rungs() -> None:
    app = LensApp()
    async with app.run_test(size=(70, 20)) as pilot:
        app.lens.focus()
        await pilot.press("down")
        assert app.lens.rung == 0
        await pilot.press("right", "up", "up", "up")
        assert app.placed[-1] == (1, "dyad")
        assert "[b]x[/" in shown(app)
        assert "\u2022 Dyad" in shown(app)
        await pilot.press("down")
        assert "\u2022 Self" in shown(app)


async def test_a_click_places_the_mark_under_the_pointer() -> None:
    app = LensApp()
    async with app.run_test(size=(61, 20)) as pilot:
        line = next(
            y for y, row in enumerate(shown(app).splitlines()) if "\u2501" in row
        )
        for x, position in ((0, -REACH), (30, 0), (60, REACH), (45, 5)):
            await pilot.click(Lens, offset=(x, line))
            assert app.lens.position == position
        await pilot.click(Lens, offset=(10, 0))
        assert app.lens.position == 5


async def test_letters_go_to_the_words_and_enter_goes_there_too() -> None:
    app = LensApp()
    async with app.run_test(size=(70, 20)) as pilot:
        app.lens.focus()
        await pilot.press("I", "1", "enter", "left")
        assert app.wrote == "I1"
        assert app.lens.position == -1


async def test_putting_a_mark_is_not_said_to_be_a_move() -> None:
    app = LensApp()
    async with app.run_test(size=(70, 20)) as pilot:
        app.lens.put(3, "dyad")
        await pilot.pause()
        assert (app.lens.position, app.lens.rung) == (3, 1)
        app.lens.put(None, "galaxy")
        await pilot.pause()
        assert (app.lens.position, app.lens.rung) == (None, 0)
        assert app.placed == []


@pytest.mark.parametrize("width", [20, 41, 70, 120])
async def test_both_ends_are_read_whole_at_every_width(width: int) -> None:
    app = LensApp()
    async with app.run_test(size=(width, 30)) as pilot:
        app.lens.put(REACH, "self")
        await pilot.pause()
        words = set(shown(app).split())
        assert set(RUNGS[0].domination.split()) <= words
        assert {"heard", "p3"} <= words


async def test_the_keys_are_seen_to_work_here_without_colour() -> None:
    app = LensApp()
    async with app.run_test(size=(70, 20)) as pilot:
        app.lens.focus()
        await pilot.pause()
        assert "\u2501" in shown(app)
        app.set_focus(None)
        await pilot.pause()
        assert "\u2501" not in shown(app)


@given(st.integers(-REACH, REACH))
def test_words_stand_for_every_place_and_never_numbers(position: int) -> None:
    words = WORDS.of(position)
    assert words in {*WORDS.domination, WORDS.middle, *WORDS.partnership}
    assert (words == "d3") == (position == -REACH)
    assert (words == "p3") == (position == REACH)
    assert (words == "middle") == (position == 0)


def test_the_words_that_ship_name_no_number() -> None:
    words = lens_words(Shelf())
    said = {words.of(place) for place in (None, *range(-REACH, REACH + 1))}
    assert all(not any(letter.isdigit() for letter in each) for each in said)
    assert len(words.domination) == len(words.partnership) == 4
