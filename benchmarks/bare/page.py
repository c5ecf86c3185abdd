"""A Textual app with one page to write in, holding the text of the file it is given."""

from __future__ import annotations

import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import TextArea


class PageApp(App[None]):
    """One text area."""

    def compose(self) -> ComposeResult:
        yield TextArea(Path(sys.argv[1]).read_text(encoding="utf-8"))

    def on_mount(self) -> None:
        page = self.query_one(TextArea)
        page.move_cursor(page.document.end)


if __name__ == "__main__":
    PageApp().run()
