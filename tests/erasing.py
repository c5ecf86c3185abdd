"""Logs of several years with backups and all that lies beside them, for tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import time_machine

from companion.ports import Draft
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.commits import Change
from companion.storage.small import DraftFiles
from companion.storage.state import ENTRIES
from tests.disks import QuickFiles
from tests.logs import FIRST, document, id_of, open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.storage.files import Files

YEARS = (2023, 2024, 2025, 2026)
SECRET = "heron at dusk"
"""Is in every version of the entry 2, and nowhere else."""
NAME = "Zoë"
"""Is in every version of the entry 3 that is of an odd year."""


def in_year(year: int) -> time_machine.travel:
    """Let it be the summer of a year."""
    return time_machine.travel(datetime(year, 6, 1, tzinfo=UTC), tick=False)


def put(home: Path, number: int, text: str, **fields: object) -> None:
    """Keep a version of an entry."""
    engine = open_engine(home)
    act = "edit" if engine.has(ENTRIES, id_of(number)) else "write"
    change = Change(ENTRIES, id_of(number), document(number, text=text, **fields))
    engine.commit([change], act=act)
    engine.close()


def years(home: Path) -> None:
    """Write the entries 1 to 4 anew in each year; make a backup in each."""
    for year in YEARS:
        with in_year(year):
            put(home, 1, f"One of {year}.")
            put(home, 2, f"A {SECRET} in {year}.")
            named = {"people": (NAME, "B."), "shared_with": (NAME,)}
            met = f"Met {NAME}, and {NAME}'s dog, in {year}."
            put(home, 3, met if year % 2 else "Nobody.", **(named if year % 2 else {}))
            put(home, 4, f"Four of {year}.")
            engine = open_engine(home)
            engine.commit([Change("people", "1", {"name": f"{NAME} {year}"})])
            Backups(home, engine.files).make(engine, BY_HAND)
            engine.close()


def beside(home: Path) -> None:
    """Put what is to go into drafts, the quarantine and what was left unfinished."""
    files = QuickFiles()
    drafts = DraftFiles(home, files)
    for number, text in ((2, f"{SECRET}\n{NAME}"), (3, f"walk\n{NAME} again")):
        state = {"text": text, "people": [NAME], "lines": {"people": f"{NAME}, B."}}
        drafts.save(Draft(id=id_of(number), saved=FIRST, state=state))
    (home / "drafts" / f".{id_of(2)}.draft.part").write_text(f"{SECRET} {NAME}")
    pieces = home / "quarantine"
    files.make_folder(pieces / "journal-1")
    line = json.dumps(["entries", id_of(2), {"text": f"{SECRET}\n{NAME}"}])
    (pieces / "journal-1" / "2023.abc.log").write_text(f"1 first\n2 {line}\n3 last\n")
    (pieces / "2026.abc-77-x").write_text(f"5 300 ab {line[:90]} {NAME}")
    (pieces / f"spool-{id_of(2)}-x").write_text(f"{SECRET} {NAME}")
    for path in (*pieces.rglob("*"), *(home / "drafts").iterdir()):
        path.chmod(0o700 if path.is_dir() else 0o600)


def everything(home: Path) -> Iterator[tuple[str, bytes]]:
    """Give the name and the bytes of every file in the folder of a log."""
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield str(path.relative_to(home)), path.read_bytes()


def holding(home: Path, *words: str) -> list[str]:
    """Return the files that hold any of some words, however they are spelt."""
    forms = {
        form.encode()
        for word in words
        for form in (word, json.dumps(word)[1:-1], word.casefold())
    }
    return [
        name for name, data in everything(home) if any(form in data for form in forms)
    ]


def verified(home: Path, files: Files) -> list[str]:
    """Return the names of the backups, each read from its first byte to its last."""
    backups = Backups(home, files)
    return [backups.verified(one.folder)[0].name for one in backups.all()]
