"""A clock that is set back or runs ahead: order stays, nothing is lost or let go."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
import time_machine

from companion.ids import is_id, new_id
from companion.storage.backup import Backups
from companion.storage.check import check
from companion.storage.commits import Change
from companion.storage.retention import AT_ONCE
from companion.storage.state import ENTRIES
from tests.logs import (
    content,
    content_of,
    document,
    id_of,
    open_engine,
    segments,
)

if TYPE_CHECKING:
    from companion.storage.engine import Engine
    from tests.regime import Regime

SEED = 20261123
NOW: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
YEAR: Final = timedelta(days=365)
JUMPS: Final = (timedelta(0), -3 * YEAR, 10 * YEAR, timedelta(0), -3 * YEAR)


def put(engine: Engine, number: int, text: str = "") -> None:
    one = document(number, text=text or f"Entry {number}.")
    engine.commit([Change(ENTRIES, id_of(number), one)], act="write")


def order(home: Path) -> list[int]:
    """Return the sequence numbers of all lines, in the order of the files."""
    lines = [line for path in segments(home) for line in path.read_bytes().splitlines()]
    return [int(line.split()[0]) for line in lines]


def test_order_stays_whatever_the_clock_says(tmp_path: Path) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        engine = open_engine(tmp_path)
        for number, jump in enumerate(JUMPS):
            clock.move_to(NOW + jump)
            put(engine, number)
            put(engine, 99, f"version {number}")
            engine.tidy()
            assert content(engine)[ENTRIES][id_of(99)]["text"] == f"version {number}"
        clock.move_to(NOW - 3 * YEAR)
        engine.undo()
        former = content(engine)
        assert former[ENTRIES][id_of(99)]["text"] == f"version {len(JUMPS) - 2}"
        engine.close()
        assert content_of(tmp_path) == former
        shutil.rmtree(tmp_path / "index")
        assert content_of(tmp_path) == former
    assert [path.name[:4] for path in segments(tmp_path)] == ["2026", "2036"]
    assert order(tmp_path) == list(range(1, len(order(tmp_path)) + 1))
    assert check(tmp_path).faults == ()


def test_a_log_written_in_the_future_opens_and_goes_on_today(tmp_path: Path) -> None:
    with time_machine.travel(NOW + 10 * YEAR, tick=False) as clock:
        engine = open_engine(tmp_path)
        put(engine, 1)
        engine.tidy()
        engine.close()
        clock.move_to(NOW)
        engine = open_engine(tmp_path)
        assert (engine.writable, engine.notices) == (True, [])
        put(engine, 2)
        engine.tidy()
        engine.close()
        assert set(content_of(tmp_path)[ENTRIES]) == {id_of(1), id_of(2)}
    assert [path.name[:4] for path in segments(tmp_path)] == ["2036"]


def test_ids_differ_and_sort_by_the_clock_that_gave_them() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ids = []
        for jump in JUMPS:
            clock.move_to(NOW + jump)
            ids += [new_id() for _ in range(200)]
    assert all(map(is_id, ids))
    assert len(set(ids)) == len(ids)
    moments = [id_[:10] for id_ in ids]
    assert max(moments[200:400]) < min(moments[:200]) < min(moments[400:600])


@pytest.mark.parametrize("days", [20, pytest.param(200, marks=pytest.mark.soak)])
def test_a_clock_that_jumps_lets_few_backups_go_at_a_time(
    tmp_path: Path, days: int, regime: Regime
) -> None:
    chance = Random(SEED)
    with time_machine.travel(NOW, tick=False) as clock:
        engine = open_engine(tmp_path)
        backups = Backups(tmp_path, engine.files)
        jump = timedelta(0)
        for day in range(days):
            if chance.random() < 0.2:
                jump = chance.choice(JUMPS)
            clock.move_to(NOW + timedelta(days=day) + jump)
            former = {one.name for one in backups.all()}
            put(engine, day)
            engine.tidy()
            there = {one.name for one in backups.all()}
            today = f"{datetime.now().astimezone():%Y-%m-%d}"
            assert today in there, f"seed {SEED}, day {day}"
            assert len(former - there) <= AT_ONCE
            assert {name for name in former if name > today} <= there
        assert engine.notices == []
        # The newest seven days of the true clock are there, whatever came between.
        clock.move_to(NOW + timedelta(days=days))
        for day in range(8):
            clock.move_to(NOW + timedelta(days=days + day))
            put(engine, 1000 + day)
            engine.tidy()
        names = {one.name for one in backups.all()}
        week = [NOW + timedelta(days=days + day) for day in range(1, 8)]
        assert {f"{one.astimezone():%Y-%m-%d}" for one in week} <= names
        engine.close()
    assert check(tmp_path).faults == ()
    regime("disk", seed=SEED, days_of_a_clock_that_jumps=days)


# The clock of the system itself

LIBRARIES: Final = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib")
WRITER: Final = """
import sys
from pathlib import Path
from datetime import datetime
from companion.storage import open_log
from tests.logs import entry, open_engine
store = open_log(Path(sys.argv[1]))
for line in sys.stdin:
    now = datetime.now().astimezone()
    store.add(entry(int(line), at=now.replace(microsecond=0), day=now.date()))
    store.tidy()
    print(now.year, flush=True)
store.close()
"""


def faketime() -> str:
    """Return where the library is that tells a program another time; "" for nowhere."""
    for folder in map(Path, LIBRARIES):
        for pattern in ("faketime/libfaketime.so.1", "*/faketime/libfaketime.so.1"):
            for found in folder.glob(pattern):
                return str(found)
    return ""


@pytest.mark.skipif(not faketime(), reason="libfaketime is not installed")
def test_the_clock_of_the_system_jumps_while_a_program_writes(tmp_path: Path) -> None:
    setting = tmp_path / "clock"
    setting.write_text("+0")
    home = tmp_path / "home"
    environment = os.environ | {
        "LD_PRELOAD": faketime(),
        "FAKETIME_TIMESTAMP_FILE": str(setting),
        "FAKETIME_NO_CACHE": "1",
    }
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        encoding="ascii",
    )
    assert writer.stdin is not None
    assert writer.stdout is not None
    years = []
    with writer.stdin as asked, writer.stdout as said:
        for number, clock in enumerate(("+0", "-1095d", "+3652d", "+0", "-1095d")):
            setting.write_text(clock)
            asked.write(f"{number}\n")
            asked.flush()
            years.append(int(said.readline()))
        asked.close()
        assert said.read() == ""
    assert writer.wait() == 0
    now = years[0]
    assert [year - now for year in years] == [0, -3, 10, 0, -3] or (
        max(years) > now + 8 and min(years) < now - 1
    )
    captured = subprocess.run(
        [sys.executable, "-m", "companion", "--home", str(home), "reflect", "then"],
        env=environment,
        capture_output=True,
        check=True,
    )
    shown = subprocess.run(
        [sys.executable, "-m", "companion", "--home", str(home), "log", "--json"],
        capture_output=True,
        check=True,
    )
    days = [one["day"] for one in json.loads(shown.stdout)]
    assert days == sorted(days, reverse=True)
    found = set(content_of(home)[ENTRIES])
    assert found == {id_of(n) for n in range(5)} | {captured.stdout.decode().strip()}
    assert order(home) == list(range(1, len(order(home)) + 1))
    assert check(home).faults == ()
