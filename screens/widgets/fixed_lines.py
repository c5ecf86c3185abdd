"""What a list draws: lines that are asked for one by one, or known beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content


class LineSource(Protocol):
    """Knows the lines; is asked only for those that are seen."""

    def __len__(self) -> int:
        """Return how many lines there are."""
        ...

    def line(self, index: int, width: int, /) -> Content:
        """Return one line; what is wider than `width` is cut with an ellipsis."""
        ...

    def can_choose(self, index: int, /) -> bool:
        """Return whether the cursor may rest on that line."""
        ...


class FixedLines:
    """A short list of lines that are known beforehand."""

    def __init__(
        self, lines: Sequence[Content] = (), chosen: Sequence[int] | None = None
    ) -> None:
        """Keep the lines; `chosen` are the indices the cursor may rest on."""
        self._lines = lines
        self._chosen = frozenset(chosen or ())

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self._lines)

    def line(self, index: int, _width: int, /) -> Content:
        """Return one line."""
        return self._lines[index]

    def can_choose(self, index: int, /) -> bool:
        """Return whether the cursor may rest on that line."""
        return index in self._chosen
