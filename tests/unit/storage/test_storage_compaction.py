"""Compaction: earlier versions go from the years that are over, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from companion.errors import (
    LogDamagedError,
    LogLockedError,
    NothingToUndoError,
    WriteFailedError,
)
from companion.model.erasing import Compactable
from companion.storage.check import check
from companion.storage.commits import Change
from companion.storage.compaction import compact, preview
from companion.storage.copies import opened
from companion.storage.history import header_of
from companion.storage.state import ENTRIES
from tests.erasing import in_year, put, verified, years
from tests.logs import (
    content,
    content_of,
    database,
    document,
    fill,
    id_of,
    open_engine,
    plant,
    segments,
)

if TYPE_CHECKING:
    from pathlib import Path

    from companion.storage.engine import Engine


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a log."""
    return tmp_path / "home"


def texts(engine: Engine) -> dict[str, str]:
    return {key: one["text"] for key, one in content(engine)[ENTRIES].items()}


def test_earlier_versions_of_closed_years_go_and_the_log_stays(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    former = content(engine)
    found = preview(engine)
    # Of 2023 and 2024 the four entries and one other document, each superseded by 2025.
    assert found.versions == 10
    assert content(engine) == former
    done = compact(engine)
    assert (done.versions, done.before) == (10, "")
    assert found.size == done.size
    assert abs(found.saved - done.saved) < 200
    assert content(engine) == former
    assert preview(engine) == Compactable(size=done.size - done.saved)
    assert compact(engine) == Compactable(size=done.size - done.saved)
    engine.close()
    assert content_of(home) == former
    assert check(home).faults == ()


def test_a_backup_is_made_before_where_there_is_none_of_now(home: Path) -> None:
    years(home)
    with in_year(2026):
        put(home, 9, "Not in a backup yet.")
    engine = open_engine(home)
    before = compact(engine).before
    assert before.endswith("-before-compaction")
    assert before in verified(home, engine.files)
    engine.close()
    assert b"One of 2023." in b"".join(
        path.read_bytes() for path in (home / "backups" / before).rglob("*.log")
    )


def test_every_line_keeps_its_number_and_its_time(home: Path) -> None:
    years(home)

    def told(folder: Path) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        engine = open_engine(home)
        with opened(
            folder,
            engine.files,
            lambda one: found.append(
                (one.segment, one.sequence, one.lamport, one.time, one.act, one.device)
            ),
        ):
            pass
        engine.close()
        return found

    former = told(home)
    engine = open_engine(home)
    compact(engine)
    engine.close()
    assert told(home) == told(home / "former") == former


def test_the_former_journal_is_kept_until_the_next_time(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    former = {path.name: path.read_bytes() for path in segments(home)}
    compact(engine)
    kept = home / "former" / "journal"
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == former
    with in_year(2027):
        put_open(engine, 1)
        compact(engine)
    assert len({path.name for path in kept.iterdir()}) == 5
    assert not (home / "restoring").exists()
    engine.close()


def put_open(engine: Engine, number: int) -> None:
    engine.commit(
        [Change(ENTRIES, id_of(number), document(number, text="Later."))], act="edit"
    )


def test_undo_goes_back_through_the_open_year_and_no_further(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    compact(engine)
    for _ in range(4):
        engine.undo()
    assert texts(engine) == {
        id_of(1): "One of 2025.",
        id_of(2): "A heron at dusk in 2025.",
        id_of(3): "Met Zoë, and Zoë's dog, in 2025.",
        id_of(4): "Four of 2025.",
    }
    with pytest.raises(NothingToUndoError):
        engine.undo()
    engine.close()
    engine = open_engine(home)
    with pytest.raises(NothingToUndoError):
        engine.undo()
    engine.close()


def test_undo_reaches_the_year_that_was_open_when_it_is_over(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    compact(engine)
    with in_year(2027):
        put_open(engine, 1)
        for _ in range(5):
            engine.undo()
        assert texts(engine)[id_of(1)] == "One of 2025."
        with pytest.raises(NothingToUndoError):
            engine.undo()
    engine.close()


def test_the_header_tells_how_often_and_that_versions_went(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    compact(engine)
    headers = [header_of(one, engine.files) for one in engine.journal.segments.values()]
    assert [(one.generation, one.compacted) for one in headers] == [
        (1, True),
        (1, True),
        (1, True),
        (1, False),
    ]
    engine.close()


def test_a_capture_that_was_taken_in_is_not_taken_in_again(home: Path) -> None:
    with in_year(2024):
        fill(home, 3)
        engine = open_engine(home)
        engine.commit([Change(ENTRIES, id_of(2), None)], act="delete")
        engine.commit([Change(ENTRIES, None, {})])
        engine.commit([Change("people", "1", {"name": "A."})])
        engine.commit([Change("people", None, None)])
        engine.commit([Change("people", "2", {"name": "B."})])
        engine.close()
    with in_year(2025):
        put(home, 9, "Open.")
    engine = open_engine(home)
    former = content(engine)
    assert compact(engine).versions == 4
    assert content(engine) == former
    engine.close()
    for number in (1, 2, 3):
        plant(home, number)
    assert content_of(home) == former


def test_nothing_goes_that_the_open_year_of_another_device_comes_before(
    home: Path,
) -> None:
    with in_year(2023):
        put(home, 1, "First.")
        # Another device that wrote once, in between, and never again.
        (home / "device").write_text("b2\n")
        put(home, 1, "Second, from b2.")
        (home / "device").unlink()
    for year in (2024, 2025):
        with in_year(year):
            (home / "device").write_text("a1\n")
            put(home, 1, f"Of {year}.")
    engine = open_engine(home)
    assert preview(engine).versions == 0
    engine.close()


def test_a_log_that_is_read_by_a_guest_is_taken_up_anew(home: Path) -> None:
    years(home)
    engine, guest = open_engine(home), open_engine(home)
    assert guest.is_guest
    with pytest.raises(LogLockedError):
        compact(guest)
    former = content(guest)
    compact(engine)
    assert content(guest) == former
    assert guest.refresh()
    assert not guest.refresh()
    assert content(guest) == former
    put_open(engine, 1)
    assert guest.refresh()
    assert texts(guest)[id_of(1)] == "Later."
    engine.close()
    assert guest.refresh()
    assert guest.writable
    put_open(guest, 2)
    guest.close()
    assert check(home).faults == ()


def test_a_guest_that_never_looked_writes_to_the_new_journal(home: Path) -> None:
    years(home)
    engine, guest = open_engine(home), open_engine(home)
    compact(engine)
    engine.close()
    assert guest.refresh()
    put_open(guest, 2)
    guest.close()
    assert check(home).faults == ()


def test_a_damaged_log_is_left_as_it_is(home: Path) -> None:
    years(home)
    first = segments(home)[0]
    first.write_bytes(first.read_bytes().replace(b"One of", b"Two of"))
    engine = open_engine(home)
    with pytest.raises(LogDamagedError):
        compact(engine)
    engine.close()
    assert not (home / "former").exists()


@pytest.mark.parametrize("when", [0.0, 0.5])
def test_what_was_written_meanwhile_is_not_lost(home: Path, when: float) -> None:
    years(home)
    engine = open_engine(home)
    told: list[float] = []

    def write(share: float, _what: str) -> None:
        if share >= when and not told:
            told.append(share)
            put_open(engine, 1)

    with pytest.raises(WriteFailedError, match="meanwhile"):
        compact(engine, write)
    assert texts(engine)[id_of(1)] == "Later."
    assert not (home / "restoring").exists()
    put_open(engine, 2)
    engine.close()
    assert check(home).faults == ()


def test_tinydb_sees_no_difference(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    former = [dict(one) for one in database(engine).table(ENTRIES).all()]
    compact(engine)
    assert [dict(one) for one in database(engine).table(ENTRIES).all()] == former
    engine.close()
