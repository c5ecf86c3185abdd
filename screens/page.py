"""One of the longer texts of the app, to read in peace."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding

from screens.safety.steady import SteadyScreen
from screens.widgets.bar import RoomsBar
from screens.widgets.hints import Hints
from screens.widgets.lines import STRONG
from screens.widgets.pager import Pager

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from companion.facade import Companion
    from screens.widgets.pager import Passage

_EMPHASIS: Final = re.compile(r"\*{1,2}([^*]+)\*{1,2}")
_LINK: Final = re.compile(r"<(https?://[^>]+)>")


class PageScreen(SteadyScreen[None]):
    """Shows the text; escape goes back."""

    CSS_PATH = "page.tcss"
    AUTO_FOCUS = "Pager"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", id="page.leave", tooltip="Close the page"),
    ]

    def __init__(self, companion: Companion, page: str) -> None:
        """Show the page of that name."""
        super().__init__()
        self._text = companion.content.page(page)

    def compose(self) -> ComposeResult:
        """Lay out the text between the two lines that are always there."""
        yield RoomsBar("")
        yield Pager([("", ""), *passages(self._text)])
        yield Hints()

    def action_leave(self) -> None:
        """Go back to where one was."""
        self.dismiss()


def passages(text: str) -> Iterator[Passage]:
    """Return plain Markdown as passages: headings strong, paragraphs joined."""
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        starts = not line.strip() or line.startswith(("#", "- "))
        if starts and block:
            yield _clean(" ".join(block)), ""
            block = []
        if line.startswith("#"):
            yield _clean(line.lstrip("# ")), STRONG
        elif line.startswith("- "):
            block = [f"\u2022 {line[2:].strip()}"]
        elif line.strip():
            block.append(line.strip())
        else:
            yield "", ""


def _clean(text: str) -> str:
    return _LINK.sub(r"\1", _EMPHASIS.sub(r"\1", text))
