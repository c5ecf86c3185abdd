"""Backups and restores that end at any step: nothing is lost, all can be done again."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.commits import Change
from companion.storage.restore import restore
from companion.storage.state import ENTRIES
from tests.disks import StoppedError, StoppingFiles
from tests.logs import content, content_of, document, fill, id_of, open_engine, segments

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.logs import Content

MOST = 400
"""More steps than anything here takes; a test that reaches it fails."""


def put(home: Path, number: int, **fields: str) -> None:
    engine = open_engine(home)
    engine.commit(
        [Change(ENTRIES, id_of(number), document(number, **fields))], act="write"
    )
    engine.close()


def remove(home: Path, number: int) -> None:
    engine = open_engine(home)
    engine.commit([Change(ENTRIES, id_of(number), None)], act="delete")
    engine.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A log with pages and a backup of them, changed since."""
    home = tmp_path / "home"
    fill(home, 4)
    (home / "pages").mkdir(mode=0o700)
    (home / "pages" / "help.md").write_text("A. 030 1234")
    engine = open_engine(home)
    Backups(home, engine.files).make(engine, BY_HAND)
    engine.tidy()
    engine.close()
    (home / "pages" / "help.md").unlink()
    put(home, 2, text="Changed.")
    put(home, 9)
    remove(home, 1)
    return home


def backup_in(home: Path) -> Path:
    return next(path for path in (home / "backups").iterdir() if len(path.name) == 17)


def copies(home: Path) -> Iterator[tuple[int, Path]]:
    """Give fresh copies of a home, one for each step to be stopped at."""
    for steps in range(MOST):
        copy = home.with_name(f"copy-{steps}")
        shutil.copytree(home, copy, symlinks=True)
        yield steps, copy
        shutil.rmtree(copy)
    pytest.fail("it never ended")


def sound(home: Path) -> Content:
    """Return what a log opened to be written holds, which has to be sound."""
    engine = open_engine(home)
    try:
        assert (engine.refused, engine.notices) == (None, [])
        return content(engine)
    finally:
        engine.close()


def test_a_backup_stopped_anywhere_is_whole_or_none(home: Path) -> None:
    former = content_of(home)
    for steps, copy in copies(home):
        files = StoppingFiles()
        engine = open_engine(copy, files)
        files.stop_after(steps=steps)
        try:
            Backups(copy, files).make(engine, BY_HAND)
        except StoppedError:
            files.end()
        else:
            engine.close()
            assert steps > 15
            return
        assert sound(copy) == former
        engine = open_engine(copy)
        backups = Backups(copy, engine.files)
        for one in backups.all():
            backups.verified(one.folder)
        made = backups.make(engine, BY_HAND)
        assert not [one for one in backups.folder.iterdir() if one.name[0] == "."]
        engine.close()
        assert content_of(made.folder) == former


def test_letting_go_of_old_backups_can_be_stopped_anywhere(home: Path) -> None:
    former = content_of(home)
    engine = open_engine(home)
    for hour in range(5):
        name = f"2026-01-01T{hour:02}0000-before-restore"
        shutil.copytree(backup_in(home), home / "backups" / name)
    engine.close()
    for steps, copy in copies(home):
        files = StoppingFiles()
        engine = open_engine(copy, files)
        files.stop_after(steps=steps)
        backups = Backups(copy, files)
        try:
            backups.make(engine, "before-restore")
        except StoppedError:
            files.end()
            for one in Backups(copy, files).all():
                assert one.fault == ""
            assert sound(copy) == former
            continue
        assert len([one for one in backups.all() if "before" in one.name]) == 5
        engine.close()
        return


@pytest.mark.parametrize("exactly", [False, True])
def test_a_restore_stopped_anywhere_was_not_or_was(
    home: Path, *, exactly: bool
) -> None:
    former = content_of(home)
    entries = {id_of(number): document(number) for number in range(1, 5)}
    if not exactly:
        entries[id_of(9)] = document(9)
    done = former | {ENTRIES: entries}
    seen = set()
    for steps, copy in copies(home):
        files = StoppingFiles()
        engine = open_engine(copy, files)
        files.stop_after(steps=steps)
        try:
            restore(engine, backup_in(copy), exactly=exactly)
        except StoppedError:
            files.end()
        else:
            engine.close()
            break
        now = sound(copy)
        assert now in (former, done)
        seen.add(now == done)
        engine = open_engine(copy)
        restore(engine, backup_in(copy), exactly=exactly)
        assert content(engine) == done
        engine.undo()
        assert content(engine) == former
        engine.close()
        assert (copy / "pages" / "help.md").read_text() == "A. 030 1234"
    assert seen == {False, True}


@pytest.mark.parametrize("where", ["middle", "gone"])
def test_a_restore_of_a_damaged_log_stopped_anywhere_loses_nothing(
    home: Path, where: str
) -> None:
    path = segments(home)[-1]
    data = bytearray(path.read_bytes())
    expected = {id_of(number): document(number) for number in (3, 4)}
    if where == "middle":
        data[data.index(b"Entry 3.")] ^= 1
        path.write_bytes(data)
        expected |= {id_of(2): document(2, text="Changed."), id_of(9): document(9)}
    else:
        path.rename(home.parent / "gone.log")
        expected |= {id_of(1): document(1), id_of(2): document(2)}
    forms = set()
    for steps, copy in copies(home):
        files = StoppingFiles()
        engine = open_engine(copy, files)
        assert engine.refused is not None
        files.stop_after(steps=steps)
        try:
            restore(engine, backup_in(copy))
        except StoppedError:
            files.end()
        else:
            engine.close()
            assert sound(copy)[ENTRIES] == expected
            break
        engine = open_engine(copy)
        forms.add(engine.refused is None)
        if engine.refused is not None:
            restore(engine, backup_in(copy))
        engine.close()
        assert sound(copy)[ENTRIES] == expected
        aside = list((copy / "quarantine").glob("journal-*/*.log"))
        assert [one.read_bytes() for one in aside] == (
            [bytes(data)] if where == "middle" else []
        )
        assert not (copy / "restoring" / "ready").exists()
    assert forms == {False, True}


def test_finishing_a_restore_can_be_stopped_anywhere_too(home: Path) -> None:
    path = segments(home)[-1]
    data = bytearray(path.read_bytes())
    data[data.index(b"Entry 3.")] ^= 1
    path.write_bytes(data)
    expected = {id_of(n): document(n) for n in (3, 4, 9)}
    expected[id_of(2)] = document(2, text="Changed.")
    ready = False
    for steps, copy in copies(home):
        files = StoppingFiles()
        engine = open_engine(copy, files)
        files.stop_after(steps=steps)
        try:
            restore(engine, backup_in(copy))
        except StoppedError:
            files.end()
        else:
            break
        if not (copy / "restoring" / "ready").exists():
            continue
        ready = True
        for again in range(MOST):
            files = StoppingFiles()
            files.stop_after(steps=again)
            try:
                open_engine(copy, files).close()
            except StoppedError:
                files.end()
            else:
                break
        assert sound(copy)[ENTRIES] == expected
    assert ready
