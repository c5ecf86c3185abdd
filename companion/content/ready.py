"""The words that ship, as values that need no reading of TOML.

Reading TOML takes longer than all else that is done with words when the app opens. So
`make words` keeps what was read in a file beside them, under a sign of the text it was
read from. A text that has changed has another sign and is read as ever: the file can
be out of date or gone, and what is shown stays true.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from companion.content.document import UnreadableError, parse, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE: Final = "ready.json"


class Ready:
    """What was read of the words in one folder."""

    def __init__(self, root: Path) -> None:
        """Name the folder; nothing is read yet."""
        self._root = root

    @cached_property
    def _known(self) -> Mapping[str, dict[str, object]]:
        try:
            known = json.loads(read_text(self._root / FILE))
        except (UnreadableError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def parse(self, text: str) -> dict[str, object]:
        """Return TOML as plain values.

        Raises:
            UnreadableError: If it is not TOML.
        """
        known = self._known.get(sign(text))
        return parse(text) if known is None else dict(known)


def sign(text: str) -> str:
    """Return what tells a text from others."""
    data = text.encode()
    return f"{len(data)}-{crc32(data):08x}"


def made(root: Path) -> str:
    """Return what belongs in the file of a folder.

    Raises:
        UnreadableError: If a text there cannot be read.
    """
    known: dict[str, Any] = {}
    for path in sorted(root.rglob("*.toml")):
        text = read_text(path)
        known[sign(text)] = parse(text)
    lines = (f"{json.dumps(each)}: {json.dumps(known[each])}" for each in known)
    return "{\n" + ",\n".join(lines) + "\n}\n"
