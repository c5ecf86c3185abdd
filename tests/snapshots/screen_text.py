"""Screens kept as plain text: what is seen, readable in a review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

if TYPE_CHECKING:
    from textual.app import App


class ScreenText(SingleFileSnapshotExtension):
    """One text file a screen."""

    _write_mode = WriteMode.TEXT
    write_mode = WriteMode.TEXT
    file_extension = "txt"


def screen_text(app: App[Any]) -> str:
    """Return the screen as plain text, without blanks at the ends of lines."""
    # The only way to what was drawn; kept in this one place.
    rows = app.screen._compositor.render_strips()
    lines = ["".join(part.text for part in row).rstrip() for row in rows]
    return "\n".join(lines) + "\n"
