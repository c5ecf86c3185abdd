"""A program that brings a backup back and is killed by the system at one step.

Run as ``python -m tests.faults.restorer HOME BACKUP STEP``.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from companion.storage.engine import Engine
from companion.storage.restore import restore
from tests.disks import WatchedFiles


class KillingFiles(WatchedFiles):
    """Kills this process before the step of a number."""

    left: int | None = None

    def step(self, name: str) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        super().step(name)


def main(home: str, backup: str, step: str) -> None:
    """Bring it back."""
    files = KillingFiles()
    engine = Engine(Path(home), files=files)
    files.left = int(step)
    restore(engine, Path(backup))
    engine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
