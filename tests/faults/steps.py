"""A program that does one of everything to a log, and says what it was told of each.

Run as ``python -m tests.faults.steps HOME KIND FD`` with a socket: a line of JSON for
each step that is asked for, and one for how it went. It says so by ``sendto``, as all
calls of ``write`` may be made to fail, and loads everything first, as all of ``openat``
may be.
"""

from __future__ import annotations

import json
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

# All that is loaded when it is first needed.
import companion.storage.restoring
import companion.storage.table  # noqa: F401
from companion.bootstrap import open_spool
from companion.errors import CompanionError, LogError, NothingToUndoError
from companion.ports import Draft
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.commits import Change
from companion.storage.engine import Engine
from companion.storage.files import Files
from companion.storage.restore import restore
from companion.storage.small import DraftFiles
from companion.storage.state import ENTRIES
from tests.logs import content, document, entry, id_of

CAPTURED: Final = 3
DRAFT: Final = id_of(99)
NO_BACKUP: Final = "There is no backup."
_MORE: Final = ("close", "open", "put 7 g", "undo", "close")
STEPS: Final = {
    "log": (
        *("open", "put 1 a", "put 2 b", "put 1 c", "remove 2", "undo", "draft"),
        *("capture", "fold", "tidy", "put 4 d", "back up", "remove 4", "put 5 e"),
        *("restore", *_MORE),
    ),
    "damaged": ("open", "restore", *_MORE),
    "elsewhere": ("open", "put 1 a", "back up to", "put 2 b", "close"),
}


class Steps:
    """A log, and what can be done to it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.files = Files()
        self.engine: Engine | None = None
        self.backup: Path | None = None
        with suppress(OSError):
            self.backup = next((home / "backups").glob("*T*"), None)

    def do(self, step: str) -> None:
        """Do a step.

        Raises:
            CompanionError: If it was refused.
        """
        name, *words = step.split()
        if self.engine is None and name not in {"draft", "capture", "close"}:
            self.engine = Engine(self.home, files=self.files)
        getattr(self, f"_{name}")(*words)

    def _open(self) -> None:
        assert self.engine is not None
        if self.engine.refused is not None and not self.engine.damage():
            raise self.engine.refused

    def _close(self) -> None:
        if self.engine is not None:
            self.engine.close()
            self.engine = None

    def _commit(self, change: Change, act: str) -> None:
        assert self.engine is not None
        self.engine.commit([change], act=act)

    def _put(self, number: str, text: str) -> None:
        one = document(int(number), text=text)
        self._commit(Change(ENTRIES, id_of(int(number)), one), "write")

    def _remove(self, number: str) -> None:
        self._commit(Change(ENTRIES, id_of(int(number)), None), "delete")

    def _undo(self) -> None:
        assert self.engine is not None
        self.engine.undo()

    def _draft(self) -> None:
        now = datetime.now(tz=UTC)
        DraftFiles(self.home, self.files).save(Draft(DRAFT, now, {"text": "half"}))

    def _capture(self) -> None:
        open_spool(self.home).write(entry(CAPTURED, text="captured"))

    def _fold(self) -> None:
        assert self.engine is not None
        self.engine.refresh()

    def _tidy(self) -> None:
        assert self.engine is not None
        self.engine.tidy()

    def _back(self, _up: str, elsewhere: str = "") -> None:
        assert self.engine is not None
        to = self.home.parent / "stick" if elsewhere else None
        made = Backups(self.home, self.files).make(self.engine, BY_HAND, to=to)
        self.backup = made.folder

    def _restore(self) -> None:
        assert self.engine is not None
        if self.backup is None:
            raise LogError(NO_BACKUP)
        restore(self.engine, self.backup)


def texts(engine: Engine) -> dict[str, str]:
    """Return the text of each entry by its number."""
    found = content(engine).get(ENTRIES, {})
    return {str(int(key)): one["text"] for key, one in found.items()}


def run(home: Path, kind: str, said: socket.socket) -> None:
    """Do all the steps of a kind, whatever becomes of each."""
    steps = Steps(home)

    def say(**what: Any) -> None:
        said.send(json.dumps(what).encode() + b"\n")

    for number, step in enumerate(STEPS[kind]):
        say(number=number, step=step)
        why: str | None = None
        try:
            steps.do(step)
        except NothingToUndoError:
            why = "nothing"
        except CompanionError as error:
            why = f"{error.message} {error.hint}"
        engine = steps.engine
        say(
            number=number,
            why=why,
            state=None if engine is None else texts(engine),
            broken=engine is not None and not engine.writable,
            told=[] if engine is None else [one.message for one in engine.notices],
        )


if __name__ == "__main__":
    folder, what, descriptor = sys.argv[1:]
    with socket.socket(fileno=int(descriptor)) as telling:
        run(Path(folder), what, telling)
