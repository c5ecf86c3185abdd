"""Each sheet is one block named after its screen, and no colour is named by number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.css.stylesheet import Stylesheet

from screens.themes import DARK

SCREENS = Path(__file__).parents[2] / "screens"
SHEETS = sorted(SCREENS.rglob("*.tcss"))
SHARED = {"app.tcss": {"Screen"}, "toast.tcss": {"Toast"}}
NUMBERED = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\b|\brgba?\(|\bhsla?\(")


def owners(sheet: Path) -> set[str]:
    """Return the classes a screen of the same name has, or what is shared."""
    if sheet.name in SHARED:
        return SHARED[sheet.name]
    source = sheet.with_suffix(".py").read_text()
    return set(re.findall(r"^class (\w+)\(", source, re.MULTILINE))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_a_sheet_speaks_of_its_own_screen_alone(sheet: Path) -> None:
    variables = {**DARK.to_color_system().generate(), **DARK.variables}
    stylesheet = Stylesheet(variables=variables)
    stylesheet.add_source(sheet.read_text(), read_from=(str(sheet), ""))
    firsts = {
        selectors.selectors[0].name
        for rule in stylesheet.rules
        for selectors in rule.selector_set
    }
    assert firsts
    assert firsts <= owners(sheet)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_a_sheet_is_short(sheet: Path) -> None:
    assert len(sheet.read_text().splitlines()) <= 120


def test_colours_are_named_by_number_in_the_themes_alone() -> None:
    for path in [*SHEETS, *SCREENS.rglob("*.py")]:
        if path.name != "themes.py":
            found = [
                line
                for line in path.read_text().splitlines()
                if (match := NUMBERED.search(line)) and _is_colour(match[0], line)
            ]
            assert not found, f"{path.name}: {found}"


def _is_colour(found: str, line: str) -> bool:
    """Tell a colour from the id of a widget, such as "#add"."""
    return (
        not found.startswith("#")
        or line.count(found + ";") + line.count(f'"{found}"') > 0
    )
