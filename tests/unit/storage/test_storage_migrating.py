"""A log of an earlier format: read as it is, and brought up to date by its writer."""

from __future__ import annotations

import errno
import shutil
from copy import deepcopy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from companion.errors import LogError
from companion.storage import commits, migrations
from companion.storage.backup import Backups
from companion.storage.check import check
from companion.storage.commits import Change
from companion.storage.engine import Engine
from companion.storage.keeper import HomeKeeper
from companion.storage.lock import Lock
from companion.storage.state import ENTRIES
from tests.disks import (
    FaultyFiles,
    QuickFiles,
    StoppedError,
    StoppingFiles,
    WatchedFiles,
)
from tests.logs import Content, content, content_of, document, id_of, open_engine

if TYPE_CHECKING:
    from pathlib import Path


EVERY = pytest.mark.parametrize(
    "every", [11, pytest.param(1, marks=[pytest.mark.soak, pytest.mark.timeout(900)])]
)
"""At every step, or at some."""


def said_otherwise(commit: dict[str, Any]) -> dict[str, Any]:
    """The step from a version in which the text of an entry was called words."""
    lifted = deepcopy(commit)
    for _, _, one in lifted["changes"]:
        if one and "words" in one:
            one["text"] = one.pop("words")
    return lifted


def as_it_was(number: int) -> dict[str, Any]:
    one = document(number)
    one["words"] = one.pop("text")
    return one


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """Return a log of three years and two devices, of the version before."""
    for year, device in ((2024, "a1"), (2025, "b2"), (2026, "a1")):
        (tmp_path / "device").write_text(device)
        (tmp_path / "device").chmod(0o600)
        with time_machine.travel(datetime(year, 6, 1, tzinfo=UTC), tick=False):
            engine = open_engine(tmp_path)
            for number in range(10 * year, 10 * year + 4):
                engine.commit(
                    [Change(ENTRIES, id_of(number), as_it_was(number))], act="write"
                )
            engine.commit([Change(ENTRIES, id_of(10 * year), None)], act="delete")
            engine.commit([Change("people", str(year), {"name": "A."})])
            engine.close()
    return tmp_path


@pytest.fixture
def newer(earlier: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the program be of the next version."""
    monkeypatch.setattr(commits, "VERSION", 2)
    monkeypatch.setattr(migrations, "STEPS", {1: said_otherwise})
    return earlier


def texts(found: Content) -> dict[str, str]:
    return {key: one["text"] for key, one in found[ENTRIES].items()}


EXPECTED = {
    id_of(number): f"Entry {number}."
    for year in (2024, 2025, 2026)
    for number in range(10 * year + 1, 10 * year + 4)
}


def versions(home: Path) -> set[bytes]:
    return {
        path.read_bytes().partition(b'"version":')[2][:1]
        for path in (home / "journal").glob("*.log")
    }


def test_it_is_brought_up_to_date_once(newer: Path) -> None:
    assert versions(newer) == {b"1"}
    before = {path.name for path in (newer / "journal").iterdir()}
    found = content_of(newer)
    assert texts(found) == EXPECTED
    assert found["people"].keys() == {"2024", "2025", "2026"}
    assert versions(newer) == {b"2"}
    assert {path.name for path in (newer / "journal").iterdir()} == before
    assert not any(b'"words"' in p.read_bytes() for p in (newer / "journal").iterdir())
    assert check(newer).faults == ()
    made = [one.name for one in Backups(newer, QuickFiles()).all()]
    assert sum("before-migration" in name for name in made) == 1
    assert content_of(newer) == found
    assert [one.name for one in Backups(newer, QuickFiles()).all()] == made


def test_undo_goes_back_past_it(newer: Path) -> None:
    engine = open_engine(newer)
    try:
        engine.undo()
        assert texts(content(engine))[id_of(20260)] == "Entry 20260."
    finally:
        engine.close()
    assert check(newer).faults == ()


def test_the_former_journal_is_kept(newer: Path) -> None:
    former = {p.name: p.read_bytes() for p in (newer / "journal").iterdir()}
    content_of(newer)
    kept = newer / "former" / "journal"
    assert {p.name: p.read_bytes() for p in kept.iterdir()} == former


def test_a_backup_of_the_earlier_format_is_brought_back(
    newer: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    with monkeypatch.context() as former:
        former.setattr(commits, "VERSION", 1)
        made = HomeKeeper(newer).back_up(outside)
    home = tmp_path_factory.mktemp("other") / "home"
    HomeKeeper(home).restore(str(made.folder), None, exactly=False)
    assert texts(content_of(home)) == EXPECTED
    assert versions(home) == {b"2"}


def test_another_window_reads_it_as_it_is(newer: Path) -> None:
    files = QuickFiles()
    other = Lock(newer / "lock", files)
    assert other.take()
    guest = open_engine(newer)
    try:
        assert guest.is_guest
        assert texts(content(guest)) == EXPECTED
        assert versions(newer) == {b"1"}
        other.release()
        assert guest.refresh()
        assert guest.writable
        assert texts(content(guest)) == EXPECTED
        assert versions(newer) == {b"2"}
    finally:
        guest.close()
    assert check(newer).faults == ()


def steps_of(home: Path) -> int:
    files = WatchedFiles()
    Engine(home, files=files).close()
    return len(files.steps)


@EVERY
def test_a_disk_that_refuses_anywhere_leaves_all_readable(
    every: int, newer: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    trial = tmp_path_factory.mktemp("trial")
    shutil.copytree(newer, trial / "all")
    for at in range(1, steps_of(trial / "all") + 1, every):
        home = trial / str(at)
        shutil.copytree(newer, home)
        files = FaultyFiles()
        files.arm(at, errno.ENOSPC, for_ever=True)
        try:
            engine = Engine(home, files=files)
        except LogError:
            pass  # nothing could be opened at all
        else:
            assert texts(content(engine)) == EXPECTED, files.failed
            if not engine.writable:
                with pytest.raises(LogError):
                    engine.commit([Change(ENTRIES, id_of(1), document(1))])
            engine.close()
        assert texts(content_of(home)) == EXPECTED, files.failed
        assert versions(home) == {b"2"}
        assert check(home).faults == ()
        shutil.rmtree(home)


@EVERY
def test_an_end_anywhere_leaves_all_as_it_was_or_done(
    every: int, newer: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    trial = tmp_path_factory.mktemp("trial")
    shutil.copytree(newer, trial / "all")
    for at in range(0, steps_of(trial / "all"), every):
        home = trial / str(at)
        shutil.copytree(newer, home)
        files = StoppingFiles()
        files.stop_after(steps=at)
        with pytest.raises(StoppedError):
            Engine(home, files=files)
        files.end()
        assert texts(content_of(home)) == EXPECTED, files.steps[-1]
        assert versions(home) == {b"2"}
        assert check(home).faults == ()
        shutil.rmtree(home)


def test_without_a_step_nothing_is_guessed(
    earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {p.name: p.read_bytes() for p in (earlier / "journal").iterdir()}
    monkeypatch.setattr(commits, "VERSION", 2)
    engine = open_engine(earlier)
    try:
        assert not engine.writable
    finally:
        engine.close()
    assert {p.name: p.read_bytes() for p in (earlier / "journal").iterdir()} == before


def test_what_another_device_wrote_since_stays_as_it_is(
    newer: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    aside = tmp_path_factory.mktemp("aside") / "home"
    shutil.copytree(newer, aside)
    (aside / "device").write_text("c3")
    engine = open_engine(aside)
    engine.commit([Change(ENTRIES, id_of(7), document(7))], act="write")
    engine.close()
    (path,) = (aside / "journal").glob("*.c3.log")
    written = path.read_bytes()
    shutil.copy(path, newer / "journal" / path.name)
    assert texts(content_of(newer)) == EXPECTED | {id_of(7): "Entry 7."}
    assert versions(newer) == {b"2"}
    assert (newer / "journal" / path.name).read_bytes() == written
    assert check(newer).faults == ()
