"""A window of several on one log: it writes when it may, and else leaves captures.

Run as ``python -m tests.faults.window HOME NAME``; prints a line when it becomes the
writer and one for each entry that is kept. It ends when its input does.
"""

from __future__ import annotations

import fcntl
import os
import select
import sys
import time
from pathlib import Path

from companion.errors import LogLockedError
from companion.ids import new_id
from companion.storage.commits import Change, Document
from companion.storage.engine import Engine
from companion.storage.files import Files
from companion.storage.state import ENTRIES
from tests.faults.writers import say
from tests.logs import document


class Loose(Files):
    """Syncs nothing, as processes are killed here and power is not cut."""

    def sync(self, fd: int) -> None:
        """Do nothing."""

    def sync_folder(self, path: Path) -> None:
        """Do nothing."""


def _entry(name: str) -> tuple[str, Document]:
    entry_id = new_id()
    return entry_id, document(1, text=name) | {"id": entry_id}


def _alone(descriptor: int) -> bool:
    """Whether no other is the writer, by a lock that the log knows nothing of."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def main(home: str, name: str) -> None:
    """Write until told to end, or killed."""
    # Opened first, so that it is let go first when the process is killed.
    witness = os.open(f"{home}.witness", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    engine = Engine(Path(home), files=Loose())
    writer = False
    while not select.select([sys.stdin], [], [], 0)[0]:
        entry_id, one = _entry(name)
        if engine.writable and not writer:
            writer = True
            say("writer" if _alone(witness) else "TWO WRITERS")
        if writer:
            engine.refresh()
            engine.commit([Change(ENTRIES, entry_id, one)], act="write")
            say(entry_id)
        else:
            try:
                engine.commit([Change(ENTRIES, entry_id, one)], act="write")
                say("A GUEST WROTE")
            except LogLockedError:
                engine.add_beside(entry_id, one)
            say(entry_id)
            engine.refresh()
            time.sleep(0.005)
    # The witness first: whoever writes next may do so as soon as the log is closed.
    os.close(witness)
    engine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
