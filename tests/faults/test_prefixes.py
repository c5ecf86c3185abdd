"""Every prefix of a log, and lines that were zeroed, dropped, copied or swapped.

What is shown is exact to the last whole record, or nothing is written and a notice says
so; never something that was not in the log.
"""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest
import time_machine

from companion.errors import LogError
from companion.storage.commits import Change
from companion.storage.engine import Engine
from companion.storage.segment import Segment, read_on
from companion.storage.state import ENTRIES
from tests.disks import QuickFiles
from tests.logs import Content, content, document, id_of, open_engine, segments

if TYPE_CHECKING:
    from pathlib import Path

    from tests.regime import Regime

COMMITS = 60
SEED = 20261122


def write(
    home: Path, *, years: tuple[int, ...], commits: int = COMMITS
) -> list[Content]:
    """Write a log with commits of all sorts; return what it held after each."""
    states: list[Content] = [{}]
    chance = Random(SEED)
    for part, year in enumerate(years):
        with time_machine.travel(datetime(year, 3, 1, tzinfo=UTC), tick=False):
            engine = open_engine(home)
            for number in range(commits // len(years)):
                engine.commit(_change(chance, part * 100 + number, engine), act="write")
                states.append(content(engine))
            engine.close()
    return states


def _change(chance: Random, number: int, engine: Engine) -> list[Change]:
    there = list(engine.ids(ENTRIES))
    draw = chance.random()
    if there and draw < 0.15:
        return [Change(ENTRIES, chance.choice(there), None)]
    if there and draw < 0.4:
        key = chance.choice(there)
        return [Change(ENTRIES, key, document(int(key), text=f"edited {number} é\0"))]
    if draw < 0.5:
        return [Change("people", str(number), {"name": "A."}), Change("p2", "1", {})]
    return [Change(ENTRIES, id_of(number + 1), document(number + 1))]


class Look:
    """What opening a log shows."""

    def __init__(self, home: Path) -> None:
        self.content: Content = {}
        self.notices: list[str] = []
        self.writable = False
        try:
            engine = Engine(home, files=QuickFiles())
        except LogError as error:
            self.notices.append(error.message)
            return
        try:
            self.writable = engine.writable
            self.content = content(engine)
        except LogError as error:
            self.notices.append(error.message)
            self.content = {}
        self.notices += [notice.message for notice in engine.notices]
        engine.close()


def forget(home: Path, *, head: bool = True) -> None:
    """Let a log stand alone: no index, no mark, nothing set aside."""
    for name in ("index", "quarantine"):
        for path in (home / name).glob("*"):
            path.unlink()
    if head:
        (home / "head").unlink(missing_ok=True)


def _near_edges(whole: bytes) -> list[int]:
    """Return the cuts at the edges of lines and beside them, and some others."""
    edges = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")]
    near = {edge + beside for edge in edges for beside in (-2, -1, 0, 1)}
    chosen = near | set(Random(SEED).sample(range(len(whole)), 60)) | {0, 1, 50}
    return sorted(cut for cut in chosen if cut < len(whole))


def _check_prefixes(home: Path, years: tuple[int, ...], *, every: bool) -> int:
    """Cut the newest segment at many places, or at all; return at how many."""
    states = write(home, years=years)
    mark = (home / "head").read_bytes()
    path = segments(home)[-1]
    whole = path.read_bytes()
    first = len(states) - whole.count(b"\n")  # the commits of the segment before
    cuts = range(len(whole)) if every else _near_edges(whole)
    for cut in cuts:
        head = bool(cut % 3)
        path.write_bytes(whole[:cut])
        forget(home)
        if head:
            (home / "head").write_bytes(mark)
        look = Look(home)
        lines = whole[:cut].count(b"\n")
        edge = whole[:cut].endswith(b"\n")
        assert look.content == states[first + max(lines - 1, 0)], cut
        if lines:
            assert look.writable
            assert (len(look.notices) > 0) == (head or not edge), cut
            sound = whole[:cut].rfind(b"\n") + 1
            assert path.read_bytes() == whole[:sound]
            aside = [one.read_bytes() for one in (home / "quarantine").glob("*")]
            assert aside == ([] if edge else [whole[sound:cut]]), cut
        else:
            assert not look.writable
            assert look.notices
            assert path.read_bytes() == whole[:cut]
    path.write_bytes(whole)
    assert Look(home).content == states[-1]
    return len(cuts)


YEARS = pytest.mark.parametrize("years", [(2026,), (2025, 2026)])


@YEARS
def test_a_prefix_is_exact_to_its_last_whole_record(
    tmp_path: Path, years: tuple[int, ...], regime: Regime
) -> None:
    cuts = _check_prefixes(tmp_path, years, every=False)
    regime("prefixes", seed=SEED, prefixes=cuts, wrong=0)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@YEARS
def test_every_prefix_of_a_log_is_exact_to_its_last_whole_record(
    tmp_path: Path, years: tuple[int, ...], regime: Regime
) -> None:
    cuts = _check_prefixes(tmp_path, years, every=True)
    regime("prefixes", prefixes=cuts, wrong=0)


@pytest.mark.parametrize(("commits", "step"), [(14, 1), (COMMITS, 7)])
def test_of_every_prefix_every_whole_record_is_read_and_no_other(
    tmp_path: Path, commits: int, step: int
) -> None:
    write(tmp_path, years=(2026,), commits=commits)
    (path,) = segments(tmp_path)
    whole = path.read_bytes()
    files = QuickFiles()
    full = _read(path, files)
    for cut in range(1, len(whole), step):
        path.write_bytes(whole[:cut])
        segment = _read(path, files)
        lines = whole[:cut].count(b"\n")
        sound = whole[:cut].rfind(b"\n") + 1
        assert segment[0] == full[0][: max(0, lines - 1)]
        assert segment[1] == ([] if sound == cut else [(sound, cut - sound)])


def _read(path: Path, files: QuickFiles) -> tuple[list[object], list[tuple[int, int]]]:
    """Return the changes of a segment, and where it did not verify."""
    segment = Segment(path, files.open_read(path))
    try:
        changes: list[object] = [one.changes for one in read_on(segment, files)]
    finally:
        files.close(segment.fd)
    return changes, [(fault.offset, fault.length) for fault in segment.faults]


@pytest.mark.parametrize("cut", range(0, 4000, 211))
def test_a_prefix_of_an_older_segment_is_refused(tmp_path: Path, cut: int) -> None:
    states = write(tmp_path, years=(2025, 2026))
    path = segments(tmp_path)[0]
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    forget(tmp_path)
    look = Look(tmp_path)
    assert not look.writable
    assert look.notices
    assert path.read_bytes() == whole[:cut]
    path.write_bytes(whole)
    assert Look(tmp_path).content == states[-1]


def _records(look: Content) -> set[str]:
    return {repr((name, key, one)) for name in look for key, one in look[name].items()}


def _damages(chance: Random, whole: bytes, how: str) -> bytes:
    lines = whole.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    other = chance.randrange(len(lines))
    if how == "zeroed":
        begin = chance.randrange(len(whole))
        run = min(chance.choice([1, 16, 512]), len(whole) - begin)
        return whole[:begin] + bytes(run) + whole[begin + run :]
    if how == "dropped":
        del lines[at]
    elif how == "copied":
        lines.insert(other, lines[at])
    elif how == "swapped":
        lines[at], lines[other] = lines[other], lines[at]
    elif how == "filled":
        begin = chance.randrange(len(whole))
        return whole[:begin] + chance.randbytes(16) + whole[begin + 16 :]
    return b"".join(lines)


HOW = pytest.mark.parametrize(
    "how", ["zeroed", "dropped", "copied", "swapped", "filled"]
)


@pytest.mark.parametrize("index", [False, True])
@HOW
def test_damage_is_said_and_nothing_else_is_shown(
    tmp_path: Path, how: str, regime: Regime, *, index: bool
) -> None:
    count = _check_damages(tmp_path, how, 60, index=index)
    regime("damage", seed=SEED, damaged=count, silent=0)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("index", [False, True])
@HOW
def test_much_damage_is_said_and_nothing_else_is_shown(
    tmp_path: Path, how: str, regime: Regime, *, index: bool
) -> None:
    count = _check_damages(tmp_path, how, 600, index=index)
    regime("damage", seed=SEED, damaged=count, silent=0)


def _check_damages(tmp_path: Path, how: str, count: int, *, index: bool) -> int:
    states = write(tmp_path, years=(2025, 2026))
    ever = set[str]().union(*map(_records, states))
    chance = Random(f"{SEED} {how}")
    paths = segments(tmp_path)
    whole = [path.read_bytes() for path in paths]
    mark = (tmp_path / "head").read_bytes()
    for number in range(count):
        forget(tmp_path)
        (tmp_path / "head").write_bytes(mark)
        if index:
            engine = open_engine(tmp_path)
            engine.tidy()
            engine.close()
        which = chance.randrange(2)
        damaged = _damages(chance, whole[which], how)
        paths[which].write_bytes(damaged)
        look = Look(tmp_path)
        assert look.notices or look.content == states[-1], (number, how)
        assert look.notices or index or damaged == whole[which], (number, how)
        assert _records(look.content) <= ever
        paths[which].write_bytes(whole[which])
    return count
