"""A Textual app with two screens of one label each, switched by F2 and F3."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Label

if TYPE_CHECKING:
    from textual.binding import BindingType


class Room(Screen[None]):
    """One label."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        yield Label(self._words)


class RoomsApp(App[None]):
    """Two kept screens."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("f2", "switch_screen('one')"),
        ("f3", "switch_screen('two')"),
    ]

    def on_mount(self) -> None:
        self.install_screen(Room("first room"), "one")
        self.install_screen(Room("second room"), "two")
        self.push_screen("one")


if __name__ == "__main__":
    RoomsApp().run()
