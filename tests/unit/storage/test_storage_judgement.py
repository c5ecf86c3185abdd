"""What is said of a log as it was found: each thing once, and in plain words."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from companion.errors import LogReadOnlyError, WriteFailedError
from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.check import check
from companion.storage.lines import START, make
from companion.storage.store import EngineLogStore
from tests.erasing import years
from tests.logs import entry, fill, names, open_engine, segments

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.ports import Notice


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    fill(home, 3)
    return home


@pytest.fixture
def opened(home: Path) -> Iterator[list[EngineLogStore]]:
    """Hold what `look` opens, to be closed in the end."""
    stores: list[EngineLogStore] = []
    yield stores
    for store in stores:
        store.close()


def look(home: Path, opened: list[EngineLogStore]) -> list[Notice]:
    """Open a log and return all that is said of it."""
    opened.append(EngineLogStore(open_engine(home)))
    return list(opened[-1].notices())


def test_a_torn_line_is_told_once(home: Path, opened: list[EngineLogStore]) -> None:
    (segment,) = segments(home)
    segment.write_bytes(segment.read_bytes()[:-9])
    shutil.rmtree(home / "index", ignore_errors=True)
    (notice,) = look(home, opened)
    assert "cut off in the middle" in notice.message
    assert not notice.grave
    assert opened[0].troubles() == []
    assert opened[0].writable


@pytest.mark.parametrize(("lines", "said"), [(1, "1 line"), (2, "2 lines")])
def test_a_cut_at_the_edge_of_a_line_is_counted(
    home: Path, opened: list[EngineLogStore], lines: int, said: str
) -> None:
    (segment,) = segments(home)
    kept = segment.read_bytes().splitlines(keepends=True)[:-lines]
    segment.write_bytes(b"".join(kept))
    shutil.rmtree(home / "index", ignore_errors=True)
    (notice,) = look(home, opened)
    assert f"ends {said} before" in notice.message
    assert opened[0].troubles() == []


def test_an_empty_file_is_not_called_a_file_of_no_bytes(
    home: Path, opened: list[EngineLogStore]
) -> None:
    (segment,) = segments(home)
    segment.write_bytes(b"")
    shutil.rmtree(home / "index", ignore_errors=True)
    (notice,) = look(home, opened)
    assert "is empty" in notice.message
    assert notice.grave
    assert opened[0].troubles() == [notice]
    assert not opened[0].is_guest
    with pytest.raises(LogReadOnlyError, match="is empty"):
        opened[0].add(entry(9))


def test_the_file_of_another_program_is_told_apart_from_damage(
    home: Path, opened: list[EngineLogStore]
) -> None:
    planted = home / "journal" / "2031.abcdef01.log"
    planted.write_bytes(b"a text of another program\n")
    (notice,) = look(home, opened)
    assert "2031.abcdef01.log is not a file of this log" in notice.message
    assert "move it out of the folder" in notice.hint
    assert notice.grave
    assert planted.read_bytes() == b"a text of another program\n"


def test_damage_in_the_middle_is_no_foreign_file(
    home: Path, opened: list[EngineLogStore]
) -> None:
    (segment,) = segments(home)
    segment.write_bytes(segment.read_bytes().replace(b"Entry 2", b"Entry 7"))
    shutil.rmtree(home / "index", ignore_errors=True)
    (notice,) = look(home, opened)
    assert "is damaged" in notice.message


def test_a_file_of_another_name_is_left_alone_and_remarked_on(
    home: Path, opened: list[EngineLogStore]
) -> None:
    (home / "journal" / "notes.txt").touch(mode=0o600)
    assert look(home, opened) == []
    assert any("journal/notes.txt is not of" in one for one in check(home).remarks)
    assert "notes.txt" in names(home / "journal")


@pytest.mark.parametrize("witness", ["head", "backups", "index"])
def test_a_journal_that_is_gone_is_known_of_by_what_lies_beside_it(
    home: Path, opened: list[EngineLogStore], witness: str
) -> None:
    engine = open_engine(home)
    Backups(home, engine.files).make(engine, BY_HAND)
    engine.tidy()
    engine.close()
    shutil.rmtree(home / "journal")
    if witness != "head":
        (home / "head").unlink()
    for name in {"backups", "index"} - {witness}:
        shutil.rmtree(home / name, ignore_errors=True)
    found = look(home, opened)
    assert found
    assert all(notice.grave and "gone" in notice.message for notice in found)
    assert not opened[0].writable
    assert any("gone" in fault for fault in check(home).faults)


def test_a_folder_in_which_nothing_was_written_is_no_loss(
    tmp_path: Path, opened: list[EngineLogStore]
) -> None:
    assert look(tmp_path / "new", opened) == []
    opened[0].close()
    opened.clear()
    assert look(tmp_path / "new", opened) == []


def test_after_a_fault_of_the_disk_there_is_trouble(
    home: Path, opened: list[EngineLogStore]
) -> None:
    look(home, opened)
    assert opened[0].troubles() == []
    broken = WriteFailedError("The disk reports a fault.", hint="Look after it.")
    opened[0].engine.journal.broken = broken
    (notice,) = opened[0].troubles()
    assert (notice.message, notice.grave) == ("The disk reports a fault.", True)
    assert not opened[0].is_guest


def test_one_thing_that_is_said_hides_no_other(
    tmp_path: Path, opened: list[EngineLogStore]
) -> None:
    home = tmp_path / "several"
    years(home)
    shutil.rmtree(home / "index", ignore_errors=True)
    empty, newer, foreign, torn = segments(home)
    empty.write_bytes(b"")
    first = newer.read_bytes().split(b"\n")[0].split(b" ", 3)
    payload = first[3].replace(b'"version":1', b'"version":9')
    newer.unlink()  # backups have it, too
    newer.write_bytes(make(int(first[0]), START, payload)[0])
    foreign.unlink()
    foreign.write_bytes(b"of another program\n")
    data = torn.read_bytes()
    torn.unlink()
    torn.write_bytes(data[:-9])
    said = " ".join(notice.message for notice in look(home, opened))
    assert f"{empty.name} is empty" in said
    assert f"{newer.name} was written by a newer Companion" in said
    assert f"{foreign.name} is not a file of this log" in said
    assert "The last line was cut off in the middle" in said
