"""What a check found and how far it is, for its parts to write into."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from companion.storage.files import Files


class Findings:
    """Faults and remarks in words, and how much was read."""

    def __init__(
        self,
        home: Path,
        files: Files,
        progress: Callable[[float, str], None] | None,
    ) -> None:
        """Begin with nothing found."""
        self.home = home
        self.files = files
        self.faults: list[str] = []
        self.remarks: list[str] = []
        self.read = 0
        self.total = 1
        self.segments = 0
        self.commits = 0
        self.entries = 0
        self._progress = progress

    def tell(self, size: int, what: str) -> None:
        """Count bytes that were read, and say how far it is."""
        self.read += size
        if self._progress is not None:
            self._progress(min(1.0, self.read / self.total), what)

    def name(self, path: Path) -> str:
        """Return what a file is called in a sentence."""
        return str(path) if path == self.home else str(path.relative_to(self.home))


def why(error: OSError) -> str:
    """Return the system's own words for an error."""
    return error.strerror or str(error)
