"""The three themes; the only place where colours are named by number."""

from __future__ import annotations

from typing import Final

from textual.theme import BUILTIN_THEMES, Theme

LIGHT: Final = Theme(
    name="companion-light",
    dark=False,
    primary="#7a4a2b",
    secondary="#6b5d4f",
    accent="#9a4a1f",
    foreground="#2f2a25",
    background="#f7f2e8",
    surface="#f7f2e8",
    panel="#ece4d5",
    boost="#efe8da",
    warning="#7d5a00",
    error="#8f2f22",
    success="#3d6340",
    variables={
        "text-muted": "#665c50",
        "text-disabled": "#83786a",
        "text-accent": "#94451b",
        "text-primary": "#7a4a2b",
        "text-warning": "#75540a",
        "text-error": "#8f2f22",
        "rule": "#d9cdb8",
        "line": "#ece4d5",
        "block-cursor-foreground": "#2f2a25",
        "block-cursor-background": "#e9dcc6",
        "block-cursor-blurred-background": "#e9dcc6",
        "block-cursor-blurred-foreground": "#2f2a25",
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": "#e9dcc6",
        "block-cursor-text-style": "none",
        "input-selection-background": "#e2c9ad",
        "input-cursor-background": "#94451b",
        "input-cursor-foreground": "#f7f2e8",
        "border": "#c9b99e",
        "border-blurred": "#d9cdb8",
        "scrollbar": "#e7dccb",
        "scrollbar-hover": "#c9b99e",
        "scrollbar-active": "#b8a486",
        "scrollbar-background": "#f7f2e8",
        "scrollbar-background-hover": "#f7f2e8",
        "scrollbar-background-active": "#f7f2e8",
        "scrollbar-corner-color": "#f7f2e8",
    },
)
"""Warm paper."""

DARK: Final = Theme(
    name="companion-dark",
    dark=True,
    primary="#d8a878",
    secondary="#a89a88",
    accent="#e0a06a",
    foreground="#ddd6ca",
    background="#1d1b1a",
    surface="#1d1b1a",
    panel="#2a2725",
    boost="#262321",
    warning="#d9b25f",
    error="#e08a78",
    success="#9dbb8f",
    variables={
        "text-muted": "#a39a8d",
        "text-disabled": "#80776b",
        "text-accent": "#e0a06a",
        "text-primary": "#d8a878",
        "text-warning": "#d9b25f",
        "text-error": "#e08a78",
        "rule": "#3b3632",
        "line": "#2a2725",
        "block-cursor-foreground": "#ddd6ca",
        "block-cursor-background": "#332e2a",
        "block-cursor-blurred-background": "#332e2a",
        "block-cursor-blurred-foreground": "#ddd6ca",
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": "#332e2a",
        "block-cursor-text-style": "none",
        "input-selection-background": "#54432f",
        "input-cursor-background": "#e0a06a",
        "input-cursor-foreground": "#1d1b1a",
        "border": "#4d463f",
        "border-blurred": "#3b3632",
        "scrollbar": "#2e2a27",
        "scrollbar-hover": "#4d463f",
        "scrollbar-active": "#625950",
        "scrollbar-background": "#1d1b1a",
        "scrollbar-background-hover": "#1d1b1a",
        "scrollbar-background-active": "#1d1b1a",
        "scrollbar-corner-color": "#1d1b1a",
    },
)
"""Soft ink."""

CONTRAST: Final = Theme(
    name="companion-contrast",
    dark=True,
    primary="#ffffff",
    secondary="#ffffff",
    accent="#ffd75f",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    boost="#1c1c1c",
    warning="#ffd75f",
    error="#ffaf87",
    success="#afffaf",
    variables={
        "text-muted": "#d0d0d0",
        "text-disabled": "#b2b2b2",
        "text-accent": "#ffd75f",
        "text-primary": "#ffffff",
        "text-warning": "#ffd75f",
        "text-error": "#ffaf87",
        "rule": "#9e9e9e",
        "line": "#303030",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#303030",
        "block-cursor-blurred-background": "#303030",
        "block-cursor-blurred-foreground": "#ffffff",
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": "#303030",
        "block-cursor-text-style": "bold",
        "input-selection-background": "#005f87",
        "input-cursor-background": "#ffd75f",
        "input-cursor-foreground": "#000000",
        "border": "#ffffff",
        "border-blurred": "#9e9e9e",
        "scrollbar": "#9e9e9e",
        "scrollbar-hover": "#d0d0d0",
        "scrollbar-active": "#ffffff",
        "scrollbar-background": "#000000",
        "scrollbar-background-hover": "#000000",
        "scrollbar-background-active": "#000000",
        "scrollbar-corner-color": "#000000",
    },
)
"""High contrast: black, white and one yellow."""

THEMES: Final = (LIGHT, DARK, CONTRAST)
DEFAULT: Final = DARK.name


def known(name: str) -> str:
    """Return `name` where there is such a theme, and else the one we begin with."""
    ours = {theme.name for theme in THEMES}
    return name if name in ours or name in BUILTIN_THEMES else DEFAULT
