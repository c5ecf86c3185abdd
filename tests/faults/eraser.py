"""A program that erases, forgets or compacts and is killed by the system at one step.

Run as ``python -m tests.faults.eraser HOME WHAT STEP``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from companion.storage.compaction import compact
from companion.storage.engine import Engine
from companion.storage.erasing import erase
from companion.storage.erasure import Erasure
from companion.storage.forgetting import Forgetting
from tests.erasing import NAME
from tests.faults.restorer import KillingFiles
from tests.logs import id_of

if TYPE_CHECKING:
    from collections.abc import Callable

DOING: dict[str, Callable[[Engine], object]] = {
    "compact": compact,
    "erase": lambda engine: erase(engine, Erasure([id_of(2)])),
    "forget": lambda engine: erase(engine, Forgetting(NAME, "someone")),
}


def main(home: str, what: str, step: str) -> None:
    """Do it."""
    files = KillingFiles()
    engine = Engine(Path(home), files=files)
    files.left = int(step)
    DOING[what](engine)
    engine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
