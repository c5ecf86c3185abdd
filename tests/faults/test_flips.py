"""One bit changed anywhere: the same is shown, or a notice says what is wrong."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.faults.test_prefixes import Look, forget, write
from tests.logs import open_engine, segments

if TYPE_CHECKING:
    from pathlib import Path

    from tests.regime import Regime

SEED = 20261122


def flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


class Flipped:
    """A log, one bit of which is changed and put back."""

    def __init__(self, home: Path, *, commits: int, index: bool) -> None:
        self.home = home
        self.state = write(home, years=(2025, 2026), commits=commits)[-1]
        if index:
            engine = open_engine(home)
            engine.tidy()
            engine.close()
        else:
            forget(home, head=False)
        self.index = index
        self.files = {
            path: (path.read_bytes(), path.stat())
            for path in home.rglob("*")
            if path.is_file()
        }
        self.paths = segments(home)
        self.size = sum(len(self.files[path][0]) for path in self.paths)

    def check(self, bit: int) -> None:
        path = self.paths[0]
        at = bit
        for path in self.paths:
            size = len(self.files[path][0]) * 8
            if at < size:
                break
            at -= size
        data, status = self.files[path]
        with path.open("r+b") as file:
            file.write(flip(data, at))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        look = Look(self.home)
        assert look.content == self.state or look.notices, (path.name, at)
        self.put_back()

    def put_back(self) -> None:
        for path in self.home.rglob("*"):
            if path.is_file() and path not in self.files:
                path.unlink()
        for path, (data, status) in self.files.items():
            if not path.exists() or path.read_bytes() != data:
                with path.open("r+b" if path.exists() else "wb") as file:
                    file.truncate()
                    file.write(data)
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("index", [False, True])
def test_a_changed_bit_in_every_byte_is_never_silent(
    tmp_path: Path, regime: Regime, *, index: bool
) -> None:
    log = Flipped(tmp_path, commits=8, index=index)
    chance = Random(SEED)
    for byte in range(log.size):
        log.check(8 * byte + chance.randrange(8))
    regime("flips", seed=SEED, flips=log.size, silent=0)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("index", [False, True])
def test_changed_bits_are_never_silent(
    tmp_path: Path, regime: Regime, *, index: bool
) -> None:
    log = Flipped(tmp_path, commits=60, index=index)
    chance = Random(SEED + index)
    for byte in range(log.size):
        log.check(8 * byte + chance.randrange(8))
    for _ in range(5000):
        log.check(chance.randrange(8 * log.size))
    regime("flips", seed=SEED, flips=log.size + 5000, silent=0)
