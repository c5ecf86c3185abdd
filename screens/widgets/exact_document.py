"""The text of an editor, kept exactly: only a line feed ends a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual.document._document import Document, EditResult

if TYPE_CHECKING:
    from textual.document._document import Location

_ENDS = re.compile("\r\n?")


def with_line_feeds(text: str) -> str:
    """Return pasted text with every end of a line as one line feed."""
    return _ENDS.sub("\n", text) if "\r" in text else text


class ExactDocument(Document):
    """A document that gives back byte for byte what it was given.

    Textual's own ends lines at form feeds, next-line and separator characters too,
    and joins them with line feeds.
    """

    def __init__(self, text: str) -> None:
        """Hold `text`."""
        super().__init__("")
        self._newline = "\n"
        self._lines = text.split("\n")

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Put `text` in place of what stands between two locations."""
        (top, left), (bottom, right) = sorted((start, end))
        replaced = self.get_text_range((top, left), (bottom, right))
        lines = self._lines
        before = lines[top][:left] if top < len(lines) else ""
        after = lines[bottom][right:] if bottom < len(lines) else ""
        fresh = text.split("\n")
        fresh[0] = before + fresh[0]
        column = len(fresh[-1])
        fresh[-1] += after
        lines[top : bottom + 1] = fresh
        return EditResult((top + len(fresh) - 1, column), replaced)
