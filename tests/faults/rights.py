"""A program whose folder is taken from under it, as an account that is not root.

Run as ``python -m tests.faults.rights FOLDER WHAT``; prints one line of JSON. Root may
do anything whatever the rights are, so it becomes another account first.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from companion.errors import CompanionError
from companion.ports import Draft
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.commits import Change
from companion.storage.engine import Engine
from companion.storage.small import DraftFiles
from companion.storage.state import ENTRIES
from tests.faults.steps import texts
from tests.logs import document, id_of, segments

if TYPE_CHECKING:
    from collections.abc import Callable

NOBODY: Final = 65534
HELD: Final = "held"


def _rights(home: Path, folders: int, files: int) -> None:
    """Set the rights of all that is in a folder, from below."""
    for folder, _, names in os.walk(home, topdown=False):
        for name in names:
            Path(folder, name).chmod(files)
        Path(folder).chmod(folders)


class Taken:
    """A log with two entries, and the ways to take it from a program."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        engine = Engine(self.home)
        for number in (1, 2):
            self._put(engine, number)
        engine.close()

    def _put(self, engine: Engine, number: int) -> None:
        one = document(number, text=f"{number}")
        engine.commit([Change(ENTRIES, id_of(number), one)], act="write")

    def closed(self) -> None:
        """Take the right to write before it is opened."""
        _rights(self.home, 0o500, 0o400)

    def closing(self) -> None:
        """Take the right to write in what is open."""
        self.closed()

    def hidden(self) -> None:
        """Take the right to look into the folder."""
        self.home.chmod(0)

    def removed(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.home)

    def moved(self) -> None:
        """Move the folder away."""
        self.home.rename(self.home.with_name("elsewhere"))

    def replaced(self) -> None:
        """Put a copy in the place of the journal's file."""
        (path,) = segments(self.home)
        copy = path.with_name("copy")
        shutil.copyfile(path, copy)
        copy.replace(path)

    def back(self) -> Path:
        """Give it back; return where the log lies."""
        if self.home.with_name("elsewhere").exists():
            return self.home.with_name("elsewhere")
        if self.home.exists():
            self.home.chmod(0o700)
            _rights(self.home, 0o700, 0o600)
        return self.home


def _why(does: Callable[[], object]) -> str:
    try:
        does()
    except CompanionError as error:
        return f"{error.message} {error.hint}"
    return HELD


def main(folder: str, what: str) -> None:
    """Take it, try everything, give it back, and look."""
    if os.getuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    if not os.access(folder, os.W_OK | os.X_OK):
        print("{}")  # noqa: T201
        return
    log = Taken(Path(folder))
    take = getattr(log, what)
    if what == "closed":
        take()
    engine = Engine(log.home)
    if what != "closed":
        take()
    home, files = log.home, engine.files
    draft = Draft(id_of(9), datetime.now(tz=UTC), {"text": "half"})
    said: dict[str, Any] = {
        "put": _why(lambda: log._put(engine, 3)),
        "again": _why(lambda: log._put(engine, 4)),
        "backup": _why(lambda: Backups(home, files).make(engine, BY_HAND)),
        "draft": _why(lambda: DraftFiles(home).save(draft)),
    }
    engine.refresh()
    engine.tidy()
    said["seen"] = texts(engine)
    said["notices"] = [one.message for one in engine.notices]
    given = log.back()
    said["after"] = _why(lambda: log._put(engine, 5))
    engine.close()
    engine = Engine(given)
    said["left"] = texts(engine)
    said["writable"] = engine.writable
    said["told"] = [one.message for one in engine.notices]
    engine.close()
    print(json.dumps(said))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
