"""Programs that write and say what is saved, to be killed in the middle.

Run as ``python -m tests.faults.writers KIND HOME SEED``; prints a line for each change
once it is on the disk: "+ id version" or "- id".
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from random import Random
from typing import Any, Protocol

from tinydb import TinyDB
from tinydb.table import Document

from companion.capture import put_in_spool, spell
from companion.ids import new_id
from companion.storage.commits import Change
from companion.storage.engine import Engine
from companion.storage.files import Files
from companion.storage.state import ENTRIES
from tests.logs import content_of, document, id_of


class Store(Protocol):
    """What a writer writes to."""

    def put(self, number: int, version: int) -> None:
        """Keep a version of an entry."""

    def remove(self, number: int) -> None:
        """Take an entry out."""


def say(line: str) -> None:
    """Tell whoever listens, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def text(version: int) -> str:
    """Return a text that tells its version, of a length that changes with it."""
    return f"version {version} " + "word " * (version * 37 % 150)


class Ours:
    """The log engine."""

    def __init__(self, home: Path, files: Files | None = None) -> None:
        self.engine = Engine(home, files=files)
        self.count = 0

    def put(self, number: int, version: int) -> None:
        one = document(number, text=text(version))
        self.engine.commit([Change(ENTRIES, id_of(number), one)], act="write")
        self._now_and_then()

    def remove(self, number: int) -> None:
        self.engine.commit([Change(ENTRIES, id_of(number), None)], act="delete")
        self._now_and_then()

    def _now_and_then(self) -> None:
        self.count += 1
        if self.count % 10 == 0:
            self.engine.tidy()


class TinyJson:
    """TinyDB's own storage."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.database = TinyDB(home / "db.json")

    def put(self, number: int, version: int) -> None:
        one: dict[str, Any] = {"text": text(version)}
        self.database.upsert(Document(one, doc_id=number + 1))

    def remove(self, number: int) -> None:
        self.database.remove(doc_ids=[number + 1])


class LateFiles(Files):
    """A planted fault: what is written waits in memory until the end."""

    def __init__(self) -> None:
        self._late = b""

    def write(self, fd: int, data: bytes) -> None:
        """Keep it for later."""
        self._late += data

    def write_whole(self, path: Path, data: bytes) -> None:
        """Write whole files at once."""
        path.write_bytes(data)

    def is_still(self, fd: int, path: Path, size: int) -> bool:
        """Say that nothing is amiss."""
        return True


class UnsyncedFiles(Files):
    """A planted fault: what is written is left to the system."""

    def sync(self, fd: int) -> None:
        """Do nothing."""

    def sync_folder(self, path: Path) -> None:
        """Do nothing."""


def store(kind: str, home: Path) -> Store:
    """Open a log, ours or one with a fault."""
    if kind == "ours":
        return Ours(home)
    if kind == "late":
        return Ours(home, LateFiles())
    if kind == "unsynced":
        return Ours(home, UnsyncedFiles())
    return TinyJson(home)


def write_on(kind: str, home: Path, seed: int) -> None:
    """Write until killed."""
    chance = Random(seed)
    kept = store(kind, home)
    there = [n for n in range(20) if isinstance(kept, Ours) and _has(kept, n)]
    say("ready")
    version = seed * 10_000
    while True:
        version += 1
        number = chance.randrange(20)
        if number in there and chance.random() < 0.3:
            say(f"? - {number}")
            kept.remove(number)
            there.remove(number)
            say(f"- {number}")
        else:
            say(f"? + {number} {version}")
            kept.put(number, version)
            if number not in there:
                there.append(number)
            say(f"+ {number} {version}")


def _has(kept: Ours, number: int) -> bool:
    return kept.engine.has(ENTRIES, id_of(number))


def capture_on(home: Path, count: int) -> None:
    """Leave so many quick captures, and say which."""
    for number in range(count):
        entry_id = new_id()
        at = "2026-11-22T09:30:00+01:00"
        fields: dict[str, str | list[str]] = {"id": entry_id, "at": at}
        fields |= {"day": "2026-11-22", "text": f"{os.getpid()} {number}"}
        put_in_spool(str(home), entry_id, spell(fields))
        say(entry_id)


if __name__ == "__main__":
    what, folder, given = sys.argv[1:]
    if what == "capture":
        capture_on(Path(folder), int(given))
    else:
        write_on(what, Path(folder), int(given))


def states(lines: list[str]) -> tuple[dict[int, int], tuple[int, int | None] | None]:
    """Return what was acknowledged, and the one change that may be there besides."""
    kept: dict[int, int] = {}
    asked: tuple[int, int | None] | None = None
    for line in lines:
        words = line.split()
        if words[:1] == ["?"] and len(words) == (4 if words[1] == "+" else 3):
            asked = (int(words[2]), int(words[3]) if words[1] == "+" else None)
        elif words[:1] == ["+"] and len(words) == 3:
            kept[int(words[1])], asked = int(words[2]), None
        elif words[:1] == ["-"] and len(words) == 2:
            kept.pop(int(words[1]), None)
            asked = None
    return kept, asked


def versions(home: Path) -> dict[int, int]:
    """Return what a log of ours holds, in the same words."""
    return {
        int(key): int(one["text"].split()[1])
        for key, one in content_of(home).get(ENTRIES, {}).items()
    }


def json_versions(home: Path) -> dict[int, int]:
    """Return what a file of TinyDB holds.

    Raises:
        ValueError: If it cannot be read.
    """
    data = json.loads((home / "db.json").read_bytes() or b"{}")
    return {
        int(key) - 1: int(one["text"].split()[1])
        for key, one in data.get("_default", {}).items()
    }
