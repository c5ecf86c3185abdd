"""A Textual app with one label, which shows the keys that are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App, ComposeResult
from textual.widgets import Label

if TYPE_CHECKING:
    from textual.events import Key


class LabelApp(App[None]):
    """One label."""

    def compose(self) -> ComposeResult:
        yield Label("ready")

    def on_key(self, event: Key) -> None:
        self.query_one(Label).update(f"typed {event.character}")


if __name__ == "__main__":
    LabelApp().run()
