"""The journal: years, devices, the order of commits, what is gone."""

from __future__ import annotations

import errno
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine

from companion.errors import LogDamagedError, LogReadOnlyError, WriteFailedError
from companion.storage.commits import Change, Header, encode_commit, encode_header
from companion.storage.history import backwards, mentions
from companion.storage.lines import START, make
from companion.storage.state import ENTRIES
from tests.disks import FaultyFiles, QuickFiles
from tests.logs import (
    content,
    content_of,
    document,
    fill,
    id_of,
    names,
    open_engine,
    segments,
)

if TYPE_CHECKING:
    from pathlib import Path

    from companion.storage.engine import Engine


def put(engine: Engine, number: int, text: str = "") -> None:
    one = document(number, text=text or f"Entry {number}.")
    engine.commit([Change(ENTRIES, id_of(number), one)], act="write")


def write_years(home: Path, *years: int) -> None:
    """Write two entries in each year."""
    for index, year in enumerate(years):
        with time_machine.travel(datetime(year, 6, 1, tzinfo=UTC), tick=False):
            engine = open_engine(home)
            put(engine, 2 * index + 1)
            put(engine, 2 * index + 2)
            engine.close()


def another(
    home: Path,
    device: str,
    commits: list[tuple[int, list[tuple[str, str | None, str | None]]]],
    *,
    year: int = 2026,
) -> Path:
    """Write the segment of another device: lamport counters and changes."""
    name = f"{year}.{device}"
    header = Header("other", device, name, None, 0)
    raw, digest = make(1, START, encode_header(header, time=""))
    lines = [raw]
    for number, (lamport, changes) in enumerate(commits, 2):
        payload = encode_commit(
            device=device, lamport=lamport, time="", act="write", changes=changes
        )
        raw, digest = make(number, digest, payload)
        lines.append(raw)
    path = home / "journal" / f"{name}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(lines))
    return path


def setting(number: int, text: str) -> tuple[str, str, str]:
    return (ENTRIES, id_of(number), json.dumps(document(number, text=text)))


def texts(engine: Engine) -> dict[int, str]:
    return {int(key): one["text"] for key, one in content(engine)[ENTRIES].items()}


# Years


def test_each_year_has_a_segment_and_the_count_goes_on(tmp_path: Path) -> None:
    write_years(tmp_path, 2024, 2025, 2026)
    device = (tmp_path / "device").read_text().strip()
    assert names(tmp_path / "journal") == [
        f"{year}.{device}.log" for year in (2024, 2025, 2026)
    ]
    numbers = [
        int(line.split()[0])
        for path in segments(tmp_path)
        for line in path.read_bytes().splitlines()
    ]
    assert numbers == list(range(1, 10))
    assert len(content_of(tmp_path)[ENTRIES]) == 6


def test_an_open_log_turns_to_the_new_year(tmp_path: Path) -> None:
    eve = datetime(2025, 12, 31, 12, tzinfo=UTC)
    with time_machine.travel(eve, tick=False) as clock:
        engine = open_engine(tmp_path)
        put(engine, 1)
        clock.move_to(datetime(2026, 1, 1, 12, tzinfo=UTC))
        put(engine, 2)
        put(engine, 3)
        assert engine.document(ENTRIES, id_of(2)) == document(2)
        engine.close()
    assert [path.name[:4] for path in segments(tmp_path)] == ["2025", "2026"]
    assert len(content_of(tmp_path)[ENTRIES]) == 3


def test_a_clock_set_back_goes_on_in_the_newest_year(tmp_path: Path) -> None:
    write_years(tmp_path, 2026, 2023)
    assert [path.name[:4] for path in segments(tmp_path)] == ["2026"]
    assert len(content_of(tmp_path)[ENTRIES]) == 4


def test_each_segment_says_what_it_comes_after(tmp_path: Path) -> None:
    write_years(tmp_path, 2024, 2026)
    first, second = segments(tmp_path)
    last = first.read_bytes().splitlines()[-1].split()
    header = json.loads(second.read_bytes().splitlines()[0].split(b" ", 3)[3])
    assert header["after"] == [first.stem, int(last[0]), last[2].decode()]
    assert header["lamport"] == 2


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("gone", [0, 1])
def test_a_segment_that_is_gone_is_said_and_nothing_is_written(
    tmp_path: Path, gone: int, *, index: bool
) -> None:
    write_years(tmp_path, 2024, 2025, 2026)
    if index:
        engine = open_engine(tmp_path)
        engine.tidy()
        engine.close()
    path = segments(tmp_path)[gone]
    path.unlink()
    engine = open_engine(tmp_path)
    assert not engine.writable
    assert any(path.name in notice.message for notice in engine.notices)
    assert engine.count(ENTRIES) == 4
    with pytest.raises(LogReadOnlyError):
        put(engine, 9)
    engine.close()


def test_lines_gone_from_the_end_of_an_older_segment_are_seen(tmp_path: Path) -> None:
    write_years(tmp_path, 2024, 2026)
    path = segments(tmp_path)[0]
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    engine = open_engine(tmp_path)
    assert not engine.writable
    assert path.name in engine.notices[0].message
    engine.close()


def test_a_torn_end_of_an_older_segment_is_damage_and_is_not_cut(
    tmp_path: Path,
) -> None:
    write_years(tmp_path, 2024, 2026)
    path = segments(tmp_path)[0]
    cut = path.read_bytes()[:-5]
    path.write_bytes(cut)
    engine = open_engine(tmp_path)
    assert not engine.writable
    assert path.name in engine.notices[0].message
    engine.close()
    assert path.read_bytes() == cut


def test_the_newest_segment_gone_is_seen_by_the_head_mark(tmp_path: Path) -> None:
    write_years(tmp_path, 2024, 2026)
    segments(tmp_path)[1].unlink()
    engine = open_engine(tmp_path)
    assert ["3 lines" in notice.message for notice in engine.notices] == [True]
    assert engine.count(ENTRIES) == 2
    engine.close()


def test_an_empty_journal_where_there_was_one_is_never_an_empty_log(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 3)
    for path in segments(tmp_path):
        path.unlink()
    engine = open_engine(tmp_path)
    assert not engine.writable
    assert engine.notices[0].grave
    assert "was one here" in engine.notices[0].message
    engine.close()
    assert segments(tmp_path) == []


def test_lines_cut_off_at_the_edge_are_seen_by_the_head_mark(tmp_path: Path) -> None:
    fill(tmp_path, 5)
    (path,) = segments(tmp_path)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    engine = open_engine(tmp_path)
    assert ["2 lines" in notice.message for notice in engine.notices] == [True]
    assert engine.writable
    engine.close()


@pytest.mark.parametrize(
    "head", [b"", b"x", b"1 2 3 4", b"\xff\xfe", b"99 ab 2026.other"]
)
def test_a_head_mark_that_cannot_be_read_is_no_harm(
    tmp_path: Path, head: bytes
) -> None:
    fill(tmp_path, 1)
    (tmp_path / "head").write_bytes(head)
    engine = open_engine(tmp_path)
    assert engine.notices == []
    put(engine, 2)
    engine.close()
    assert (tmp_path / "head").read_bytes().startswith(b"3 ")


# Looking back


def test_backwards_gives_every_commit_newest_first(tmp_path: Path) -> None:
    write_years(tmp_path, 2024, 2025, 2026)
    engine = open_engine(tmp_path)
    put(engine, 50, "long " * 50_000)
    put(engine, 51)
    found = [commit.changes[0].id for commit in backwards(engine.journal, engine.files)]
    assert found == [id_of(n) for n in (51, 50, 6, 5, 4, 3, 2, 1)]
    engine.close()


def test_mentions_gives_every_commit_that_names_an_id(tmp_path: Path) -> None:
    write_years(tmp_path, 2024, 2025, 2026)
    engine = open_engine(tmp_path)
    put(engine, 1, f'says "{id_of(2)}" in its text')
    engine.commit([Change("t", "1", {"of": id_of(2)}), Change("t", "2", {})])

    def numbers(number: int, years: int = 9999) -> list[int]:
        found = mentions(engine.journal, engine.files, id_of(number), years=years)
        return [commit.sequence for commit in found]

    assert numbers(2) == [3, 11]
    assert numbers(1) == [2, 10]
    assert numbers(1, years=2) == [10]
    assert numbers(77) == []
    engine.close()


@pytest.mark.parametrize("at", range(0, 840, 7))
def test_looking_back_over_a_changed_line_is_refused(tmp_path: Path, at: int) -> None:
    fill(tmp_path, 3)
    engine = open_engine(tmp_path)
    (path,) = segments(tmp_path)
    data = bytearray(path.read_bytes())
    data[at] ^= 4
    path.write_bytes(data)
    with pytest.raises(LogDamagedError):
        engine.undo()
    engine.close()


# Several devices


def test_devices_fold_into_one_order(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    put(engine, 1, "ours, 1")
    put(engine, 2, "ours, 2")
    engine.close()
    another(tmp_path, "zz", [(1, [setting(1, "theirs, 1")]), (2, [setting(3, "new")])])
    another(tmp_path, "00", [(2, [setting(2, "earlier, 2")]), (9, [setting(4, "9")])])
    engine = open_engine(tmp_path)
    assert texts(engine) == {1: "theirs, 1", 2: "ours, 2", 3: "new", 4: "9"}
    assert engine.journal.lamport == 9
    put(engine, 4, "ours, 10")
    engine.close()
    assert texts_of(tmp_path)[4] == "ours, 10"


def texts_of(home: Path) -> dict[int, str]:
    engine = open_engine(home)
    try:
        return texts(engine)
    finally:
        engine.close()


def test_a_late_commit_of_another_device_takes_its_place_in_the_order(
    tmp_path: Path,
) -> None:
    engine = open_engine(tmp_path)
    put(engine, 1, "first")
    put(engine, 1, "second")
    engine.tidy()
    engine.close()
    another(tmp_path, "zz", [(1, [setting(1, "between"), setting(2, "theirs")])])
    engine = open_engine(tmp_path)
    assert texts(engine) == {1: "second", 2: "theirs"}
    assert engine.writable
    engine.tidy()
    engine.close()
    assert texts_of(tmp_path) == {1: "second", 2: "theirs"}


def test_a_late_deletion_stays_deleted_through_the_index(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    old = document(1, day=datetime(2020, 1, 1, tzinfo=UTC).date())
    engine.commit([Change(ENTRIES, id_of(1), old)])
    put(engine, 2)
    engine.tidy()
    engine.close()
    another(tmp_path, "zz", [(2, [(ENTRIES, id_of(1), None)])])
    engine = open_engine(tmp_path)
    assert set(texts(engine)) == {2}
    engine.tidy()
    assert set(texts(engine)) == {2}
    engine.close()
    assert set(texts_of(tmp_path)) == {2}


def test_a_guest_takes_a_late_commit_in_at_its_place(tmp_path: Path) -> None:
    writer = open_engine(tmp_path)
    put(writer, 1, "first")
    put(writer, 1, "second")
    guest = open_engine(tmp_path)
    another(tmp_path, "zz", [(1, [setting(1, "between"), setting(2, "theirs")])])
    assert guest.refresh()
    assert texts(guest) == {1: "second", 2: "theirs"}
    guest.close()
    writer.close()


def test_the_line_another_device_has_not_sent_whole_is_left_out_and_said(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 1)
    path = another(tmp_path, "zz", [(5, [setting(2, "a")]), (6, [setting(3, "b")])])
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    engine = open_engine(tmp_path)
    assert set(texts(engine)) == {1, 2}
    assert engine.writable
    (notice,) = engine.notices
    assert path.name in notice.message
    engine.close()
    assert path.read_bytes() == whole[:-10]
    path.write_bytes(whole)
    assert set(texts_of(tmp_path)) == {1, 2, 3}


def test_undo_takes_back_what_this_device_did(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    put(engine, 1, "ours")
    engine.close()
    another(tmp_path, "zz", [(7, [setting(2, "theirs")])])
    engine = open_engine(tmp_path)
    engine.undo()
    assert texts(engine) == {2: "theirs"}
    engine.close()


# A disk that refuses


def test_a_journal_that_was_moved_away_is_not_written_to(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fill(home, 1)
    engine = open_engine(home)
    home.rename(tmp_path / "moved")
    with pytest.raises(WriteFailedError, match="moved or changed"):
        put(engine, 2)
    assert not engine.writable
    engine.close()
    assert set(texts_of(tmp_path / "moved")) == {1}


def test_a_journal_that_another_program_replaced_is_not_written_to(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 1)
    engine = open_engine(tmp_path)
    (path,) = segments(tmp_path)
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)
    with pytest.raises(WriteFailedError, match="moved or changed"):
        put(engine, 2)
    engine.close()
    assert set(texts_of(tmp_path)) == {1}


def test_a_journal_that_another_program_wrote_to_is_not_written_to(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 1)
    engine = open_engine(tmp_path)
    (path,) = segments(tmp_path)
    with path.open("ab") as file:
        file.write(b"x")
    with pytest.raises(WriteFailedError, match="moved or changed"):
        put(engine, 2)
    with pytest.raises(WriteFailedError):
        put(engine, 3)
    engine.close()
    assert set(texts_of(tmp_path)) == {1}


def test_a_segment_is_never_put_in_the_place_of_a_file(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    name = f"{datetime.now(tz=UTC).astimezone().year}.{engine.journal.device}.log"
    (tmp_path / "journal" / name).write_bytes(b"something")
    with pytest.raises(WriteFailedError, match=name):
        put(engine, 1)
    engine.close()
    assert (tmp_path / "journal" / name).read_bytes() == b"something"


def test_a_segment_that_may_not_be_written_is_opened_to_be_read(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 2)

    class Closed(QuickFiles):
        def open_append(self, path: Path) -> int:
            raise PermissionError(errno.EACCES, "Permission denied")

    engine = open_engine(tmp_path, Closed())
    assert not engine.writable
    assert engine.count(ENTRIES) == 2
    assert "Permission denied" in engine.notices[0].message
    engine.close()


@pytest.mark.parametrize("full", [True, False])
def test_a_torn_line_that_cannot_be_set_aside_is_left_and_said(
    tmp_path: Path, *, full: bool
) -> None:
    fill(tmp_path, 2)
    (path,) = segments(tmp_path)
    torn = path.read_bytes()[:-5]
    path.write_bytes(torn)
    files = FaultyFiles()
    if full:
        files.arm(2, errno.ENOSPC, for_ever=True)  # all but taking the lock
    else:
        (tmp_path / "quarantine").write_bytes(b"in the way")
    engine = open_engine(tmp_path, files)
    assert not engine.writable
    assert engine.count(ENTRIES) == 1
    assert engine.notices[0].grave
    engine.close()
    assert path.read_bytes() == torn


def test_all_years_are_of_one_log_and_every_log_is_another(tmp_path: Path) -> None:
    ids = set()
    for name in ("one", "two"):
        write_years(tmp_path / name, 2024, 2025, 2026)
        heads = [
            json.loads(path.read_bytes().split(b"\n")[0].split(b" ", 3)[3])
            for path in segments(tmp_path / name)
        ]
        (log_id,) = {head["log"] for head in heads}
        assert len(bytes.fromhex(log_id)) == 8
        ids.add(log_id)
    assert len(ids) == 2


def test_a_commit_nobody_named_is_a_change(engine: Engine) -> None:
    put(engine, 1)
    engine.commit([Change("people", "1", {"name": "A."})])
    assert [one.act for one in backwards(engine.journal, engine.files)] == [
        "change",
        "write",
    ]
