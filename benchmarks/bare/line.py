"""A Textual app with one line to write in."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Input


class LineApp(App[None]):
    """One input."""

    def compose(self) -> ComposeResult:
        yield Input("ready", select_on_focus=False)


if __name__ == "__main__":
    LineApp().run()
