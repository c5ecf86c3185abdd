"""The power goes: of what was not synced, anything may be left.

What is on the disk after a cut is what was synced, plus some of what was not: bytes
written since may be there, be zeros, or be missing; a name that was given in a folder
that was not synced since may be the former one.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from companion.errors import LogError
from companion.storage.commits import Change
from companion.storage.engine import Engine
from companion.storage.files import Files
from companion.storage.state import ENTRIES
from tests.disks import QuickFiles
from tests.logs import Content, content, document, id_of

if TYPE_CHECKING:
    from tests.regime import Regime

SEED = 20261122


class PoweredFiles(Files):
    """Remembers what is surely on the disk, and what may be."""

    def __init__(self) -> None:
        self.sure: dict[Path, bytes | None] = {}
        """For each path that was changed: what is there after a cut, at the least."""
        self._waiting: dict[Path, bytes] = {}
        """What was synced under a name whose folder was not."""

    def _path(self, fd: int) -> Path:
        return Path(os.readlink(f"/proc/self/fd/{fd}"))  # noqa: PTH115 # of no path

    def watch(self, home: Path) -> None:
        """Begin with what is there."""
        self.sure = {p: p.read_bytes() for p in home.rglob("*") if p.is_file()}

    def write_some(self, fd: int, data: memoryview) -> int:
        """Write; nothing of it is sure yet."""
        path = self._path(fd)
        if path not in self.sure:
            self.sure[path] = None
        return super().write_some(fd, data)

    def sync(self, fd: int) -> None:
        """Make the bytes of a file sure, under the name it has."""
        path = self._path(fd)
        data = path.read_bytes()
        if self.sure.get(path) is None:
            self._waiting[path] = data
        else:
            self.sure[path] = data

    def truncate(self, fd: int, size: int) -> None:
        """Cut; not sure before it is synced."""
        super().truncate(fd, size)

    def replace(self, source: Path, target: Path) -> None:
        """Give another name; not sure before the folder is synced."""
        super().replace(source, target)
        self.sure.setdefault(target, None)
        self.sure.pop(source, None)
        if source in self._waiting:
            self._waiting[target] = self._waiting.pop(source)

    def sync_folder(self, path: Path) -> None:
        """Make the names in a folder sure."""
        for name in [name for name in self._waiting if name.parent == path]:
            self.sure[name] = self._waiting.pop(name)

    def cut(self, chance: Random) -> None:
        """Leave on the disk what a power cut may leave."""
        for path, sure in self.sure.items():
            now = path.read_bytes() if path.exists() else None
            draw = chance.random()
            if now == sure or draw < 0.2:
                continue
            if now is not None and sure is not None and now.startswith(sure):
                kept = chance.randrange(len(sure), len(now) + 1)
                zeros = bytes(chance.choice([0, 0, len(now) - kept]))
                path.write_bytes(now[:kept] + zeros)
            elif sure is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(sure)


def _commits(chance: Random, engine: Engine, first: int) -> list[Content]:
    """Change things; return what the log held before and after the last change."""
    before = after = content(engine)
    for number in range(first, first + chance.randrange(1, 8)):
        before = after
        there = list(engine.ids(ENTRIES))
        if there and chance.random() < 0.3:
            engine.commit([Change(ENTRIES, chance.choice(there), None)], act="delete")
        else:
            one = document(number, text="x" * chance.randrange(3000))
            engine.commit([Change(ENTRIES, id_of(number), one)], act="write")
        if chance.random() < 0.3:
            engine._index_up_to_date(1)
        after = content(engine)
    return [before, after]


def _wrong(tmp_path: Path, kind: type[PoweredFiles], images: int) -> int:
    """Cut the power so often; return how often something was lost or refused."""
    chance = Random(SEED)
    wrong = 0
    for image in range(images):
        home = tmp_path / str(image)
        Engine(home, files=QuickFiles()).close()
        expected: Content = {}
        for part in range(3):
            files = kind()
            files.watch(home)
            engine = Engine(home, files=files)
            expected = _commits(chance, engine, 10 * part)[1]
            engine.close()
            files.cut(chance)
            if not _is_whole(home, expected):
                wrong += 1
                break
    return wrong


def _is_whole(home: Path, expected: Content) -> bool:
    """Whether a log opens to be written and holds what it has to."""
    try:
        engine = Engine(home, files=QuickFiles())
    except LogError:
        return False
    try:
        return content(engine) == expected and engine.writable
    except LogError:
        return False
    finally:
        engine.close()


@pytest.mark.parametrize("images", [40, pytest.param(2000, marks=pytest.mark.soak)])
@pytest.mark.timeout(1200)
def test_what_was_acknowledged_is_there_after_a_power_cut(
    tmp_path: Path, images: int, regime: Regime
) -> None:
    assert _wrong(tmp_path, PoweredFiles, images) == 0
    regime("power", seed=SEED, cuts=3 * images, lost=0, refused=0)


class Unsynced(PoweredFiles):
    """A planted fault: the journal is never synced."""

    def sync(self, fd: int) -> None:
        """Forget to."""
        if self._path(fd).suffix != ".log":
            super().sync(fd)


class UnsyncedFolder(PoweredFiles):
    """A planted fault: folders are never synced."""

    def sync_folder(self, path: Path) -> None:
        """Forget to."""


@pytest.mark.parametrize("fault", [Unsynced, UnsyncedFolder])
def test_an_engine_that_does_not_sync_is_caught(
    tmp_path: Path, fault: type[PoweredFiles]
) -> None:
    assert _wrong(tmp_path, fault, 10) > 0
