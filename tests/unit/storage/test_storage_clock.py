"""A clock that was set back: entries stay in order, and it is said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
import time_machine

from companion.log import Log
from companion.storage import open_log
from companion.storage.check import check
from tests.logs import segments

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import FixedClock

BACK = timedelta(days=3 * 365)


@pytest.fixture
def written(tmp_path: Path, clock: FixedClock) -> Path:
    """A log with three entries of today, and then the clock set back three years."""
    home = tmp_path / "home"
    with time_machine.travel(clock.now, tick=False):
        log = Log(open_log(home), clock)
        for number in range(3):
            clock.forward(minutes=1)
            log.write(log.new(text=f"today {number}"))
        log.tidy()
        log.close()
    clock.now -= BACK
    return home


@pytest.fixture
def log(written: Path, clock: FixedClock) -> Iterator[Log]:
    with time_machine.travel(clock.now, tick=False):
        log = Log(open_log(written), clock)
        yield log
        log.close()


def texts(log: Log) -> list[str]:
    timeline = log.timeline()
    while not timeline.advance():
        pass
    return [timeline.entry(index).text for index in range(len(timeline))]


def lamports(home: Path) -> list[int]:
    return [
        json.loads(line.split(b" ", 3)[3])["lamport"]
        for path in segments(home)
        for line in path.read_bytes().splitlines()
    ]


def test_the_newest_entry_is_told_where_it_is_later_than_the_clock(
    log: Log, clock: FixedClock
) -> None:
    later = log.later_than_now()
    assert later is not None
    assert later.text == "today 2"
    clock.now += BACK - timedelta(minutes=59)
    assert log.later_than_now() is None


def test_an_empty_log_has_nothing_later(tmp_path: Path, clock: FixedClock) -> None:
    log = Log(open_log(tmp_path / "new"), clock)
    assert log.later_than_now() is None
    log.close()


def test_what_is_written_then_stands_where_the_clock_puts_it(
    log: Log, written: Path
) -> None:
    early = log.write(log.new(text="early"))
    assert texts(log) == ["today 2", "today 1", "today 0", "early"]
    assert [entry.text for entry in log.of_day(log.today())] == ["early"]
    # The order of changes is another matter: it goes by the counter, not the clock.
    counted = lamports(written)
    assert counted == sorted(set(counted))
    assert len(segments(written)) == 1
    log.tidy()
    log.reopen()
    assert texts(log) == ["today 2", "today 1", "today 0", "early"]
    assert log.undo().after == early
    assert texts(log) == ["today 2", "today 1", "today 0"]


def test_older_entries_can_still_be_changed(log: Log) -> None:
    newest = log.later_than_now()
    assert newest is not None

    log.edit(replace(newest, text="changed"))
    assert texts(log)[0] == "changed"
    log.delete(newest.id)
    assert log.undo().before is not None
    assert texts(log)[0] == "changed"


def test_a_new_year_begins_its_segment_when_the_clock_is_right_again(
    log: Log, written: Path, clock: FixedClock
) -> None:
    log.write(log.new(text="early"))
    log.close()
    clock.now = datetime(2027, 1, 2, 9, tzinfo=timezone(timedelta(hours=1)))
    with time_machine.travel(clock.now, tick=False):
        again = Log(open_log(written), clock)
        again.write(again.new(text="late"))
        assert texts(again)[0] == "late"
        assert again.later_than_now() is None
        again.close()
    assert [path.name[:4] for path in segments(written)] == ["2026", "2027"]
    assert check(written).faults == ()


def test_a_check_remarks_on_it(log: Log, written: Path) -> None:
    log.close()
    remarks = check(written).remarks
    assert any("2026-11-22" in remark for remark in remarks)
    assert check(written).faults == ()
    log.reopen()
