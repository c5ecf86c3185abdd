"""What of the environment must not reach textual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import MutableMapping

KEPT: Final = frozenset(
    {
        "TEXTUAL_ANIMATIONS",
        "TEXTUAL_COLOR_SYSTEM",
        "TEXTUAL_DIM_FACTOR",
        "TEXTUAL_DISABLE_KITTY_KEY",
        "TEXTUAL_FPS",
        "TEXTUAL_SMOOTH_SCROLL",
    }
)
"""Names that only change how it looks or how keys are read."""


def clear(environment: MutableMapping[str, str]) -> None:
    """Take away settings that would write keys or screens to a file or a socket.

    Textual can be told by its environment to log each key, to talk to a development
    server, to save pictures of the screen, or to load another driver. None of that
    may happen to a private journal because of a forgotten variable.
    """
    for name in list(environment):
        if name == "TEXTUAL" or (name.startswith("TEXTUAL_") and name not in KEPT):
            del environment[name]
