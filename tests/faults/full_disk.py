"""A program on a small disk: it fills it again and again, and says what came of it.

Run as ``python -m tests.faults.full_disk DISK ROUNDS SEED``; prints one line of JSON.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from companion.errors import LogError, WriteFailedError
from companion.ports import Draft
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.check import check
from companion.storage.commits import Change
from companion.storage.engine import Engine
from companion.storage.small import DraftFiles
from companion.storage.state import ENTRIES
from tests.faults.steps import texts
from tests.logs import document, id_of

if TYPE_CHECKING:
    from collections.abc import Callable

FULL: Final = "No space left on device"
BALLAST: Final = 24 << 10
_EACH: Final = 10
"""In one round of so many the command line is asked, too."""


class Disk:
    """A small disk, and a log on it."""

    def __init__(self, disk: Path, seed: int) -> None:
        self.home = disk / "home"
        self.ballast = disk / "ballast"
        self.chance = Random(seed)
        self.kept: dict[str, str] = {}
        self.number = 0
        self.refused = 0
        self.wrong: list[str] = []

    def expect(self, held: bool, what: str) -> None:  # noqa: FBT001
        """Note what did not hold."""
        if not held:
            self.wrong.append(what)

    def put(self, engine: Engine, most: int) -> str:
        """Write, edit or delete an entry; return why it was refused, "" if not."""
        there = sorted(self.kept)
        draw = self.chance.random()
        text = f"{self.number} " + "x" * self.chance.randrange(most)
        if there and draw < 0.1:
            key, one = self.chance.choice(there), None
        else:
            self.number += draw < 0.8
            key = str(self.number) if draw < 0.8 or not there else there[0]
            one = document(int(key), text=text)
        try:
            engine.commit([Change(ENTRIES, id_of(int(key)), one)], act="write")
        except WriteFailedError as error:
            self.refused += 1
            return f"{error.message} {error.hint}"
        if one is None:
            del self.kept[key]
        else:
            self.kept[key] = text
        return ""

    def fill(self, engine: Engine) -> None:
        """Write until the disk is full, with less and less."""
        for most in (6000, 600, 60):
            why = ""
            while not why:
                why = self.put(engine, most)
            self.expect(f"{FULL}. The disk is full. Make room" in why, why)
            self.expect(engine.writable, "it gave up writing")
            self.expect(texts(engine) == self.kept, "it shows something else")
            engine.tidy()

    def try_all(self, engine: Engine) -> None:
        """Try everything else that needs room."""
        draft = Draft(id_of(1), datetime.now(tz=UTC), {"text": "x" * 20_000})
        for name, why in (
            ("backup", self._why(lambda: self._back_up(engine))),
            ("draft", self._why(lambda: DraftFiles(self.home).save(draft))),
        ):
            self.expect(FULL in why, f"{name}: {why}")
        engine.tidy()
        said = [one.message for one in engine.notices if "backup" in one.message]
        self.expect(all(FULL in one for one in said), f"{said}")
        self.expect(DraftFiles(self.home).all() == [], "half a draft")

    def _back_up(self, engine: Engine) -> None:
        Backups(self.home, engine.files).make(engine, BY_HAND)

    def _why(self, does: Callable[[], None]) -> str:
        try:
            does()
        except LogError as error:
            return error.message
        return "there was room"

    def ask(self) -> None:
        """Ask the command line on the full disk."""
        code, said = self._companion("reflect", "y" * 20_000)
        self.expect(code == 3 and FULL in said, f"reflect: {code} {said}")
        code, said = self._companion("log", "--json", "-n", "0")
        found = {str(int(one["id"])): one["text"] for one in json.loads(said)}
        self.expect(code == 0 and found == self.kept, f"log: {code}")
        code, said = self._companion("backup")
        self.expect(code == 3 and FULL in said, f"backup: {code} {said}")
        code, said = self._companion("check")
        self.expect(code == 0, f"check: {code} {said}")

    def _companion(self, *arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "companion", "--home", str(self.home)]
        ended = subprocess.run(
            [*command, *arguments], capture_output=True, encoding="utf-8", check=False
        )
        self.expect("Traceback" not in ended.stderr, ended.stderr)
        return ended.returncode, ended.stdout or ended.stderr

    def round(self, *, ask: bool) -> None:
        """Fill the disk, make room, write on; then look with fresh eyes."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.kept = {}
        self.ballast.write_bytes(bytes(BALLAST))
        engine = Engine(self.home)
        self.fill(engine)
        self.try_all(engine)
        if ask:
            self.ask()
        if self.chance.random() < 0.5:
            engine.close()
            engine = Engine(self.home)
            self.expect(engine.writable, f"opened on a full disk: {engine.notices}")
        self.ballast.unlink()
        why = self.put(engine, 2000)
        self.expect(not why, f"there is room again, and {why}")
        engine.tidy()
        engine.close()
        self.expect(check(self.home).faults == (), f"{check(self.home).faults}")
        engine = Engine(self.home)
        self.expect(texts(engine) == self.kept, "something else is left")
        self.expect(engine.writable, f"{engine.notices}")
        engine.close()


def main(disk: str, rounds: str, seed: str) -> None:
    """Do so many rounds."""
    small = Disk(Path(disk), int(seed))
    saved = 0
    for number in range(int(rounds)):
        small.round(ask=number % _EACH == 0)
        saved += small.number
    found: dict[str, Any] = {"saved": saved, "refused": small.refused}
    print(json.dumps(found | {"wrong": small.wrong}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
