"""The keys that are always at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.binding import Binding

if TYPE_CHECKING:
    from textual.binding import BindingType

AT_HAND: Final[list[BindingType]] = [
    Binding(
        "question_mark",
        "keys",
        "Keys",
        key_display="?",
        id="app.keys",
        tooltip="What each key does here",
    ),
    Binding("f1", "keys", "Keys", show=False, priority=True),
    Binding(
        "f2",
        "room('today')",
        "Today",
        show=False,
        id="app.today",
        tooltip="Arrive, sit down, see what was written",
    ),
    Binding(
        "f3",
        "room('log')",
        "Log",
        show=False,
        id="app.log",
        tooltip="Read and search all that was written",
    ),
    Binding(
        "f4",
        "room('settings')",
        "Settings",
        show=False,
        id="app.settings",
        tooltip="How it looks, and where things lie",
    ),
    Binding(
        "f5",
        "people",
        "My people",
        priority=True,
        id="app.people",
        tooltip="Your own people and numbers, from anywhere",
    ),
    Binding(
        "f8",
        "hide",
        "Hide",
        priority=True,
        id="app.hide",
        tooltip="Hide everything; the same key brings it back",
    ),
    Binding(
        "ctrl+z",
        "pause",
        "Pause",
        show=False,
        id="app.pause",
        tooltip="Go to the shell for a while; its fg brings all of this back",
    ),
    Binding(
        "ctrl+p",
        "command_palette",
        "Find",
        show=False,
        priority=True,
        id="app.find",
        tooltip="Find every action by its name",
    ),
    Binding(
        "ctrl+q",
        "quit",
        "Quit",
        priority=True,
        id="app.quit",
        tooltip="Close; what is half written is kept",
    ),
]
