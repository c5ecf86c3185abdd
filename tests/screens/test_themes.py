"""The themes can be read, also without colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from screens.app import CompanionApp
from screens.themes import CONTRAST, THEMES
from screens.widgets.ink import ACCENT, DIM, HERE, ink
from tests.screens.pilots import shown

if TYPE_CHECKING:
    from textual.theme import Theme

    from companion.facade import Companion

WORDS = ("foreground", "text-muted", "text-accent", "text-warning", "text-error")
PAPERS = ("background", "panel", "block-cursor-background")


def colours(theme: Theme) -> dict[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


def ratio(one: Color, other: Color) -> float:
    """Return the contrast ratio of WCAG 2."""

    def luminance(colour: Color) -> float:
        parts = [part / 255 for part in colour.rgb]
        red, green, blue = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
            for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("word", WORDS)
def test_words_stand_out_from_their_paper(theme: Theme, word: str, paper: str) -> None:
    found = colours(theme)
    least = 7 if theme is CONTRAST else 4.5
    assert ratio(Color.parse(found[word]), Color.parse(found[paper])) >= least


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_cursor_in_a_text_can_be_seen(theme: Theme) -> None:
    found = colours(theme)
    cursor = Color.parse(found["input-cursor-background"])
    assert ratio(cursor, Color.parse(found["background"])) >= 4.5
    assert ratio(cursor, Color.parse(found["input-cursor-foreground"])) >= 4.5


@pytest.mark.parametrize("name", [*BUILTIN_THEMES, *(theme.name for theme in THEMES)])
async def test_every_theme_can_be_worn(companion: Companion, name: str) -> None:
    companion.preferences.change(theme=name)
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)):
        assert app.theme == name
        assert "Good morning." in shown(app)
        assert ink(app, DIM).foreground is not None
        assert ink(app, ACCENT).foreground is not None
        assert ink(app, HERE).background is not None


async def test_no_color_leaves_only_greys(
    companion: Companion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)):
        paper = app.screen.styles.background
        for strip in app.screen._compositor.render_strips():
            segments = list(strip)
            for line_filter in app.get_line_filters():
                segments = line_filter.apply(segments, paper)
            for segment in segments:
                style = segment.style
                for colour in (style.color, style.bgcolor) if style else ():
                    if colour is not None and colour.triplet is not None:
                        assert len(set(colour.triplet)) == 1


async def test_the_open_room_is_marked_by_more_than_colour(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24)):
        first = app.screen._compositor.render_strips()[0]
        marked = [part.text for part in first if part.style and part.style.underline]
        assert marked == ["Today"]
