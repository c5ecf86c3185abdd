"""The few ways in which words are drawn, as styles of the theme.

Widgets that draw their own lines ask here. Component classes of textual's would say
the same, but each of them is a node that the stylesheet is matched against whenever
styles change, and the first screen pays for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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

_inks: dict[tuple[str, str], Style] = {}


def ink(app: App[Any], name: str) -> Style:
    """Return the style of that name in the theme; no style for an unknown name."""
    key = (app.theme, name)
    if key not in _inks:
        _inks[key] = _mixed(app.theme_variables, name)
    return _inks[key]


def _mixed(variables: Mapping[str, str], name: str) -> Style:
    match name:
        case "dim":
            return _words(variables, "text-muted")
        case "accent":
            return _words(variables, "text-accent")
        case "strong":
            return Style(bold=True)
        case "here":
            return Style(background=Color.parse(variables["block-cursor-background"]))
        case _:
            return Style()


def _words(variables: Mapping[str, str], name: str) -> Style:
    """Return the style of words in a colour such as "red", "auto 60%" or "red 50%"."""
    colour, _blank, share = variables[name].partition(" ")
    if not share:
        return Style(foreground=Color.parse(colour))
    named = Color.parse(variables["foreground"] if colour == "auto" else colour)
    paper = Color.parse(variables["background"])
    if named.ansi is not None or paper.ansi is not None:
        # The terminal's own colours cannot be mixed; it can draw them faint.
        return Style(foreground=named, dim=True)
    return Style(foreground=paper.blend(named, float(share.rstrip("%")) / 100, alpha=1))
