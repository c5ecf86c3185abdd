"""The few ways in which words are drawn, as styles of the theme.

Widgets that draw their own lines ask here. Component classes of textual's would say
the same, but each of them is a node that the stylesheet is matched against whenever
styles change, and the first screen pays for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.color import Color
from textual.style import Style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

DIM: Final = "dim"
ACCENT: Final = "accent"
STRONG: Final = "strong"
HERE: Final = "here"
"""The line, or the word, where one is."""

_AUTO: Final = "auto "
_inks: dict[tuple[str, str], Style] = {}


def ink(app: App[object], name: str) -> Style:
    """Return the style of that name in the theme; no style for an unknown name."""
    key = (app.theme, name)
    if key not in _inks:
        _inks[key] = _mixed(app.theme_variables, name)
    return _inks[key]


def _mixed(variables: Mapping[str, str], name: str) -> Style:
    match name:
        case "dim":
            return Style(foreground=_colour(variables, "text-muted"))
        case "accent":
            return Style(foreground=_colour(variables, "text-accent"))
        case "strong":
            return Style(bold=True)
        case "here":
            return Style(background=_colour(variables, "block-cursor-background"))
        case _:
            return Style()


def _colour(variables: Mapping[str, str], name: str) -> Color:
    said = variables[name]
    if not said.startswith(_AUTO):
        return Color.parse(said)
    # Some themes say "auto 60%": so much of the ink, the rest of the paper.
    share = float(said.removeprefix(_AUTO).rstrip("%")) / 100
    paper = Color.parse(variables["background"])
    return paper.blend(Color.parse(variables["foreground"]), share, alpha=1)
