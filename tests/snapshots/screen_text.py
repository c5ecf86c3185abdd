"""Screens as plain text, for snapshots that can be read and compared line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

if TYPE_CHECKING:
    from textual.app import App


class ScreenText(SingleFileSnapshotExtension):
    """One text file a screen."""

    _write_mode = write_mode = WriteMode.TEXT
    file_extension = "txt"


def screen_text(app: App[Any]) -> str:
    """Return what is on the screen, line by line, without blanks at their ends."""
    # Textual has no public way to read the screen; this is the one place that looks.
    rows = app.screen._compositor.render_strips()
    lines = ("".join(part.text for part in row).rstrip() for row in rows)
    return "\n".join(lines) + "\n"
