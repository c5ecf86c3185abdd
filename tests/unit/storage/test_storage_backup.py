"""Backups: made whole and verified, kept for so long, never in the way."""

from __future__ import annotations

import errno
import json
import os
import stat
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import (
    LogDamagedError,
    LogError,
    LogLockedError,
    WriteFailedError,
)
from companion.storage import manifest as manifests
from companion.storage.backup import Backups
from companion.storage.backup_names import BEFORE_RESTORE, BY_HAND, DAILY, kind_of
from companion.storage.commits import Change
from companion.storage.copies import ReadCopy
from companion.storage.retention import DAYS, MONTHS, WEEKS, not_kept
from companion.storage.state import ENTRIES
from tests.disks import FaultyFiles, QuickFiles
from tests.logs import (
    content,
    content_of,
    database,
    document,
    fill,
    id_of,
    names,
    open_engine,
    segments,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.storage.engine import Engine

MORNING = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    """An open log over two years: one closed segment, one that is written to."""
    with time_machine.travel(datetime(2025, 6, 1, tzinfo=UTC), tick=False):
        fill(home, 3)
    with time_machine.travel(MORNING, tick=False):
        fill(home, 3, first=10)
        opened = open_engine(home)
        yield opened
        opened.close()


def backups_of(engine: Engine, now: datetime = MORNING) -> Backups:
    return Backups(engine.home, engine.files, now=lambda: now)


def state_of(folder: Path) -> dict[str, set[str]]:
    copy = ReadCopy(folder, QuickFiles())
    try:
        return {table: set(copy.standing(table)) for table in copy.tables}
    finally:
        copy.close()


def flip(path: Path, at: int = 100) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def put(engine: Engine, number: int) -> None:
    engine.commit([Change(ENTRIES, id_of(number), document(number))], act="write")


# Making


def test_a_backup_holds_the_log_and_says_what_it_holds(engine: Engine) -> None:
    (engine.home / "pages").mkdir()
    (engine.home / "pages" / "help.md").write_text("A. 030 1234")
    (engine.home / "pools.json").write_text("{}")
    made = backups_of(engine).make(engine, BY_HAND)
    assert made.name == "2026-11-22T093000"
    assert (made.entries, made.fault) == (6, "")
    assert names(made.folder) == [
        "device",
        "journal",
        "manifest",
        "pages",
        "pools.json",
    ]
    assert (made.folder / "pages" / "help.md").read_text() == "A. 030 1234"
    assert state_of(made.folder)[ENTRIES] == {
        id_of(number) for number in (1, 2, 3, 10, 11, 12)
    }
    said = json.loads((made.folder / "manifest").read_text())
    assert said["format"] == "companion-backup"
    assert said["version"] == 1
    assert said["log"] == engine.journal.log_id
    assert said["entries"] == 6
    newest = engine.journal.own[-1]
    assert said["segments"][newest.name] == {
        "size": newest.mark.size,
        "sequence": newest.mark.sequence,
        "digest": newest.mark.digest.hex(),
        "crc": newest.mark.crc,
    }


def test_closed_segments_are_shared_and_the_newest_is_not(engine: Engine) -> None:
    made = backups_of(engine).make(engine, BY_HAND)
    closed, newest = segments(engine.home)
    assert closed.samefile(made.folder / "journal" / closed.name)
    assert not newest.samefile(made.folder / "journal" / newest.name)


def test_elsewhere_nothing_is_shared(engine: Engine, tmp_path: Path) -> None:
    made = backups_of(engine).make(engine, BY_HAND, to=tmp_path / "stick")
    assert made.folder == tmp_path / "stick" / "2026-11-22T093000"
    for segment in segments(engine.home):
        copy = made.folder / "journal" / segment.name
        assert copy.read_bytes() == segment.read_bytes()
        assert not segment.samefile(copy)


def test_a_disk_without_links_gets_copies(engine: Engine) -> None:
    class NoLinks(QuickFiles):
        def link(self, source: Path, target: Path) -> None:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    engine.files = NoLinks()
    made = backups_of(engine).make(engine, BY_HAND)
    closed, _ = segments(engine.home)
    assert not closed.samefile(made.folder / "journal" / closed.name)
    assert content_of(made.folder) == content(engine)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_what_is_made_is_private(engine: Engine, umask: int, tmp_path: Path) -> None:
    former = os.umask(umask)
    try:
        backups_of(engine).make(engine, BY_HAND)
        backups_of(engine).make(engine, BY_HAND, to=tmp_path / "a" / "b")
    finally:
        os.umask(former)
    for top in (engine.home / "backups", tmp_path / "a"):
        for path in (top, *top.rglob("*")):
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode == (0o700 if path.is_dir() else 0o600), path


def test_links_are_not_followed(engine: Engine, tmp_path: Path) -> None:
    pages = engine.home / "pages"
    pages.mkdir()
    secret = tmp_path / "secret"
    secret.write_text("of another")
    (pages / "link.md").symlink_to(secret)
    os.mkfifo(pages / "pipe.md")
    made = backups_of(engine).make(engine, BY_HAND)
    assert names(made.folder / "pages") == []
    (engine.home / "pools.json").symlink_to(secret)
    assert "pools.json" not in names(backups_of(engine).make(engine, DAILY).folder)


def test_a_link_in_place_of_the_folder_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (engine.home / "backups").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LogError, match="is a link"):
        backups_of(engine).make(engine, BY_HAND)
    assert names(tmp_path / "elsewhere") == []
    assert backups_of(engine).all() == []


def test_names_that_are_taken_are_leftalone(engine: Engine) -> None:
    first = backups_of(engine).make(engine, BY_HAND)
    second = backups_of(engine).make(engine, BY_HAND)
    assert [first.name, second.name] == ["2026-11-22T093000", "2026-11-22T093000-2"]
    daily = [backups_of(engine).make(engine, DAILY).name for _ in range(2)]
    assert daily == ["2026-11-22", "2026-11-22-2"]


def test_only_one_is_made_at_a_time(engine: Engine) -> None:
    backups = backups_of(engine)
    with (
        backups.alone(),
        pytest.raises(LogLockedError, match="Another backup"),
    ):
        backups.make(engine, BY_HAND)
    assert backups.make(engine, BY_HAND)


def test_another_window_may_write_meanwhile(engine: Engine) -> None:
    guest = open_engine(engine.home)
    assert guest.is_guest
    engine.journal._files.write(engine.journal.own[-1].fd, b"9 9 half a li")
    made = backups_of(guest).make(guest, BY_HAND)
    assert content_of(made.folder) == content(guest)
    guest.close()


def test_nothing_is_kept_of_a_log_that_is_not_sound(home: Path, engine: Engine) -> None:
    engine.close()
    flip(segments(home)[0])
    again = open_engine(home)
    with pytest.raises(LogDamagedError, match="not sound"):
        backups_of(again).make(again, BY_HAND)
    assert not (home / "backups").exists()
    again.close()


def test_damage_that_the_index_hides_is_found_when_it_is_verified(
    engine: Engine,
) -> None:
    flip(segments(engine.home)[0])
    with pytest.raises(LogDamagedError, match="does not verify"):
        backups_of(engine).make(engine, BY_HAND)
    assert names(engine.home / "backups") == ["lock"]


def test_an_empty_log_has_nothing_to_be_kept(home: Path) -> None:
    engine = open_engine(home)
    with pytest.raises(LogError, match="nothing in the log"):
        backups_of(engine).make(engine, BY_HAND)
    engine.close()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_refuses_leaves_nothing_behind(home: Path, code: int) -> None:
    fill(home, 3)
    files = FaultyFiles()
    engine = open_engine(home, files)
    backups = backups_of(engine)
    refused = 0
    for at in range(1, 100):
        files.arm(at, code)
        message = ""
        try:
            backups.make(engine, BY_HAND)
        except WriteFailedError as error:
            message = error.message
        failed = list(files.failed)
        files.arm(0, 0)
        for one in backups.all():
            backups.verified(one.folder)
        assert content(engine) == content_of(home)
        if not failed:
            break
        if message:
            refused += 1
            assert os.strerror(code) in message
            made = names(home / "backups") if (home / "backups").exists() else []
            assert not [name for name in made if name.endswith(".part")]
    assert refused > 8
    engine.close()


# Verifying


@pytest.mark.parametrize("what", ["manifest", "device", "pages/help.md", "journal"])
def test_every_changed_file_is_noticed(engine: Engine, what: str) -> None:
    (engine.home / "pages").mkdir()
    (engine.home / "pages" / "help.md").write_text("A. 030 1234")
    backups = backups_of(engine)
    made = backups.make(engine, BY_HAND)
    assert backups.verified(made.folder)[0] == made
    path = made.folder / what
    flip(max(path.iterdir()) if path.is_dir() else path, 3)
    with pytest.raises(LogDamagedError, match=made.name):
        backups.verified(made.folder)


@pytest.mark.parametrize("what", ["manifest", "device", "journal", "journal/*"])
def test_everything_missing_is_noticed_at_a_look(engine: Engine, what: str) -> None:
    backups = backups_of(engine)
    made = backups.make(engine, BY_HAND)
    for path in made.folder.glob(what):
        path.rename(engine.home / "elsewhere")
    (found,) = backups.all()
    assert found.fault


def test_what_does_not_belong_to_it_is_noticed(engine: Engine) -> None:
    backups = backups_of(engine)
    made = backups.make(engine, BY_HAND)
    (made.folder / "journal" / "2024.abc.log").write_text("x")
    assert "does not belong" in backups.all()[0].fault


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"format": "another"}, "no backup"),
        ({"version": 2}, "newer"),
        ({"segments": {"../../x": [1]}}, "makes no sense"),
        ({"files": {"../../etc": {"size": 1, "crc": 1}}}, "makes no sense"),
        ({"files": {"pages/../x": {"size": 1, "crc": 1}}}, "makes no sense"),
        ({"entries": "many"}, "makes no sense"),
        ({"made": "yesterday"}, "makes no sense"),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(
    engine: Engine, change: dict[str, object], word: str
) -> None:
    backups = backups_of(engine)
    made = backups.make(engine, BY_HAND)
    said = json.loads((made.folder / "manifest").read_text()) | change
    del said["check"]
    said["check"] = manifests._sum(said)
    (made.folder / "manifest").write_text(json.dumps(said))
    assert word in backups.all()[0].fault


@given(st.binary(max_size=60))
def test_other_bytes_are_no_manifest(data: bytes) -> None:
    with pytest.raises(manifests.BadManifestError):
        manifests.decode(data)


# Keeping and letting go


def test_so_many_days_weeks_and_months_are_kept() -> None:
    kept: set[date] = set()
    day = date(2025, 1, 1)
    for _ in range(800):
        kept.add(day)
        kept -= not_kept(kept, day)
        day += timedelta(days=1)
    today = day - timedelta(days=1)
    newest = sorted(kept, reverse=True)
    assert newest[:DAYS] == [today - timedelta(days=n) for n in range(DAYS)]
    assert len({one.isocalendar()[:2] for one in newest[: DAYS + WEEKS]}) >= WEEKS
    months = sorted({(one.year, one.month) for one in kept}, reverse=True)
    assert len(months) == MONTHS
    assert len(kept) <= DAYS + WEEKS + MONTHS


@given(
    st.sets(st.dates(date(2024, 1, 1), date(2027, 1, 1)), max_size=60),
    st.dates(date(2024, 1, 1), date(2027, 1, 1)),
)
def test_the_newest_and_the_future_are_never_let_go(
    days: set[date], today: date
) -> None:
    let_go = not_kept(days, today)
    past = sorted((day for day in days if day <= today), reverse=True)
    assert let_go <= set(past[DAYS:])
    assert len(past) - len(let_go) <= DAYS + WEEKS + MONTHS
    weeks = {day.isocalendar()[:2] for day in past}
    still = {day.isocalendar()[:2] for day in past if day not in let_go}
    assert sorted(weeks, reverse=True)[:WEEKS] == sorted(still, reverse=True)[:WEEKS]


def test_old_daily_backups_go_and_others_stay(engine: Engine) -> None:
    by_hand = backups_of(engine, MORNING - timedelta(days=400)).make(engine, BY_HAND)
    for number in range(40, 0, -1):
        backups_of(engine, MORNING - timedelta(days=number)).make(engine, DAILY)
    there = [one.name for one in backups_of(engine).all()]
    assert by_hand.name in there
    assert len(there) == 1 + 7 + 2 + 1  # two weeks and a month beyond seven days
    assert not [name for name in names(engine.home / "backups") if name.startswith(".")]


def test_what_does_not_verify_is_never_deleted_and_never_counted(
    engine: Engine,
) -> None:
    bad = []
    for number in range(30, 20, -1):
        made = backups_of(engine, MORNING - timedelta(days=number)).make(engine, DAILY)
        if number % 2:
            flip(max((made.folder / "journal").iterdir()))
            bad.append(made.name)
    for number in range(20, 0, -1):
        backups_of(engine, MORNING - timedelta(days=number)).make(engine, DAILY)
    assert set(bad) <= set(names(engine.home / "backups"))


def test_five_before_a_great_change_are_kept(engine: Engine) -> None:
    made = [
        backups_of(engine, MORNING + timedelta(hours=hour)).make(engine, BEFORE_RESTORE)
        for hour in range(8)
    ]
    there = [one.name for one in backups_of(engine).all()]
    assert there == [one.name for one in reversed(made[-5:])]


def test_a_clock_set_back_takes_no_backup_away(engine: Engine) -> None:
    later = [
        backups_of(engine, MORNING - timedelta(days=n)).make(engine, DAILY)
        for n in range(3)
    ]
    early = backups_of(engine, MORNING - timedelta(days=1000)).make(engine, DAILY)
    assert {one.name for one in backups_of(engine).all()} == {
        one.name for one in (*later, early)
    }


def test_backups_of_a_clock_that_was_ahead_take_no_other_away(engine: Engine) -> None:
    ahead = [
        backups_of(engine, MORNING + timedelta(days=3650 + day)).make(engine, kind)
        for day in range(6)
        for kind in (DAILY, BEFORE_RESTORE)
    ]
    ahead = [one for one in ahead if one.folder.exists()]
    made = [
        backups_of(engine, MORNING + timedelta(days=day)).make(engine, kind)
        for day in range(8)
        for kind in (DAILY, BEFORE_RESTORE)
    ]
    there = {one.name for one in backups_of(engine).all()}
    assert {one.name for one in ahead} <= there
    daily, before = made[::2], made[1::2]
    assert {one.name for one in daily[1:]} <= there
    assert {one.name for one in before} & there == {one.name for one in before[-5:]}


def test_a_backup_of_a_clock_that_was_ahead_does_not_hide_what_is_kept(
    engine: Engine,
) -> None:
    backups_of(engine, MORNING + timedelta(days=3650)).make(engine, DAILY)
    put(engine, 20)
    backups = backups_of(engine, MORNING)
    assert not backups.is_current(engine)
    backups.make(engine, DAILY)
    assert backups.is_current(engine)


def test_what_was_left_unfinished_is_cleared_away(engine: Engine) -> None:
    part = engine.home / "backups" / ".2026-11-01.part"
    (part / "journal").mkdir(parents=True)
    (part / "journal" / "x.log").write_text("x")
    (part / "link").symlink_to(engine.home)
    backups_of(engine).make(engine, BY_HAND)
    assert names(engine.home / "backups") == ["2026-11-22T093000", "lock"]
    assert (engine.home / "device").exists()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026-11-22", (True, False)),
        ("2026-11-22-2", (True, False)),
        ("2026-11-22T093000", (True, False)),
        ("2026-11-22T093000-before-restore", (True, True)),
        ("2026-11-22T093000-before-removal-3", (True, True)),
        ("2026-13-22", (False, False)),
        ("2026-11-22-before-restore", (False, False)),
        (".2026-11-22.part", (False, False)),
        ("lock", (False, False)),
    ],
)
def test_names(name: str, expected: tuple[bool, bool]) -> None:
    assert kind_of(name) == expected


# By itself


def test_one_is_made_on_each_day_with_a_change(home: Path) -> None:
    folder = home / "backups"
    with time_machine.travel(MORNING, tick=False) as clock:
        engine = open_engine(home)
        engine.tidy()
        assert not folder.exists()
        put(engine, 1)
        engine.tidy()
        assert names(folder) == ["2026-11-22", "lock"]
        put(engine, 2)
        engine.tidy()
        assert names(folder) == ["2026-11-22", "lock"]
        clock.shift(timedelta(days=1))
        engine.tidy()  # for what was written yesterday after its backup
        assert names(folder) == ["2026-11-22", "2026-11-23", "lock"]
        clock.shift(timedelta(days=1))
        engine.tidy()
        engine.tidy()
        assert names(folder) == ["2026-11-22", "2026-11-23", "lock"]
        put(engine, 3)
        engine.close()
        engine = open_engine(home)
        engine.tidy(least=100)
        assert names(folder)[2] == "2026-11-24"
        assert engine.notices == []
        engine.close()


def test_one_that_fails_is_told_once_a_day_and_harms_nothing(home: Path) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        files = FaultyFiles()
        engine = open_engine(home, files)
        put(engine, 1)
        engine._index_up_to_date(1)
        files.arm(1, errno.ENOSPC, for_ever=True)
        for _ in range(3):
            engine.tidy()
        (notice,) = engine.notices
        assert notice.message == (
            "Today's backup could not be made: It could not be written: "
            "No space left on device."
        )
        assert not notice.grave
        files.arm(0, 0)
        put(engine, 2)
        engine.tidy()
        assert len(engine.notices) == 1
        clock.shift(timedelta(days=1))
        engine.tidy()
        assert "2026-11-23" in names(home / "backups")
        assert len(engine.notices) == 1
        engine.close()


def test_a_second_window_makes_none_by_itself(engine: Engine) -> None:
    guest = open_engine(engine.home)
    guest.tidy()
    assert not (engine.home / "backups").exists()
    guest.close()


# Before much goes


@pytest.mark.parametrize("count", [20, 21, 60])
def test_one_is_made_before_much_is_taken_away(home: Path, count: int) -> None:
    fill(home, 100)
    engine = open_engine(home)
    former = content(engine)
    database(engine).table(ENTRIES).remove(
        doc_ids=[*map(id_of, range(1, count + 1))]  # type: ignore[list-item]
    )
    assert engine.count(ENTRIES) == 100 - count
    made = [one for one in Backups(home, engine.files).all() if kind_of(one.name)[1]]
    assert len(made) == (count > 20)
    if made:
        assert made[0].name.endswith("-before-removal")
        assert content_of(made[0].folder) == former
    engine.close()


def test_a_tenth_of_many_is_not_much(home: Path) -> None:
    fill(home, 250)
    engine = open_engine(home)
    table = database(engine).table(ENTRIES)
    table.remove(doc_ids=[*map(id_of, range(1, 26))])  # type: ignore[list-item]
    assert not (home / "backups").exists()
    engine.close()


def test_one_is_made_before_the_log_is_emptied(home: Path) -> None:
    fill(home, 30)
    engine = open_engine(home)
    database(engine).table(ENTRIES).truncate()
    assert kind_of(names(home / "backups")[0]) == (True, True)
    assert engine.count(ENTRIES) == 0
    engine.close()


def test_much_is_not_taken_away_where_no_backup_can_be_made(home: Path) -> None:
    fill(home, 30)
    files = FaultyFiles()
    engine = open_engine(home, files)
    files.arm(1, errno.ENOSPC, for_ever=True)
    with pytest.raises(WriteFailedError, match="Nothing was taken away"):
        database(engine).table(ENTRIES).truncate()
    assert engine.count(ENTRIES) == 30
    files.arm(0, 0)
    database(engine).table(ENTRIES).truncate()
    assert engine.count(ENTRIES) == 0
    engine.close()


def test_no_second_one_is_made_of_the_same_state(home: Path) -> None:
    fill(home, 30)
    engine = open_engine(home)
    Backups(home, engine.files).make(engine, BY_HAND)
    database(engine).table(ENTRIES).truncate()
    assert len(Backups(home, engine.files).all()) == 1
    engine.close()
