"""Where nothing can be written, words stay on the screen until they are somewhere."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input

from companion.bootstrap import open_companion
from companion.errors import WriteFailedError
from companion.storage.files import Files
from companion.storage.small import DraftFiles
from screens.app import CompanionApp
from screens.messages import EditEntry
from tests.disks import FaultyFiles
from tests.screens.pilots import (
    page,
    settle,
    shown,
    sit_down,
    until,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from textual.pilot import Pilot

    from companion.facade import Companion
    from tests.conftest import FixedClock

SIZE = (80, 24)
WORDS = "Two cups, and nobody spoke"


class FullDisk(FaultyFiles):
    """Refuses what needs room, for as long as it is full."""

    full = False

    def step(self, name: str) -> None:
        super().step(name)
        if self.full and name in {"write_some", "open_new", "new_folder"}:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FullDisk:
    """Be the disk of the log, which can be made to refuse all that is asked of it."""
    disk = FullDisk()
    monkeypatch.setattr("companion.storage.loaded.Files", lambda: disk)
    monkeypatch.setattr("companion.storage.small.Files", lambda: disk)
    monkeypatch.setenv("HOME", str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    return disk


@pytest.fixture
def opened(disk: FullDisk, tmp_path: Path, clock: FixedClock) -> Iterator[Companion]:
    with closing(open_companion(tmp_path / "log", clock=clock)) as companion:
        companion.log.write(companion.log.new(text="before"))
        # Words saved elsewhere go to another disk than that of the log.
        drafts = companion.drafts._store
        assert isinstance(drafts, DraftFiles)
        other = DraftFiles(tmp_path / "other", Files())
        drafts.put_outside = other.put_outside  # type: ignore[method-assign]
        yield companion
        disk.full = False


async def write(pilot: Pilot[Any]) -> None:
    """Begin a page and write on it."""
    await sit_down(pilot, "free")
    page(pilot.app).insert(WORDS)
    await settle(pilot)


def found(tmp_path: Path) -> list[str]:
    """Return the words in the files outside of the log."""
    texts = []
    for path in sorted((tmp_path / "own").glob("companion-*.txt")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        texts.append(path.read_text())
    return texts


async def test_it_is_said_what_happened_and_kept_once_there_is_room(
    opened: Companion, disk: FullDisk
) -> None:
    app = CompanionApp(opened)
    async with app.run_test(size=SIZE) as pilot:
        await write(pilot)
        disk.full = True
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "The disk is full. Make room" in " ".join(
            words_of(app, "#notice").split()
        )
        assert page(app).words == WORDS
        assert "F6" in shown(app)
        disk.full = False
        await pilot.press("ctrl+s")
        await settle(pilot)
        kept = {entry.text for entry in opened.log.of_day(opened.log.today())}
        assert kept == {"before", WORDS}
        assert opened.drafts.waiting() == ()


async def test_after_a_fault_of_the_disk_the_words_go_elsewhere(
    opened: Companion, disk: FullDisk, tmp_path: Path
) -> None:
    app = CompanionApp(opened)
    async with app.run_test(size=SIZE) as pilot:
        await write(pilot)
        disk.arm(2, errno.EIO)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "reports a fault" in " ".join(words_of(app, "#notice").split())
        # What the disk says afterwards is not trusted, though it would take more.
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert page(app).words == WORDS
        await pilot.press("f6")
        await settle(pilot)
        app.screen.query_one("#elsewhere Input", Input).value = "~"
        await pilot.press("enter")
        await settle(pilot)
        assert str(tmp_path / "own") in "".join(words_of(app, "#notice").split())
        assert page(app).words == WORDS
        assert page(app).has_focus
        # It stays a draft, too, and Today says why.
        await pilot.press("escape")
        await settle(pilot)
        assert opened.content.say("care.unsound") in shown(app)
    assert found(tmp_path) == [f"2026-11-22\n\n{WORDS}\n"]
    assert len(opened.drafts.waiting()) == 1


async def test_leaving_costs_nothing_where_no_draft_can_be_written(
    opened: Companion, disk: FullDisk, tmp_path: Path
) -> None:
    say = opened.content.say
    app = CompanionApp(opened)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "free")
        disk.full = True
        page(app).insert(WORDS)
        await pilot.pause()
        await until(pilot, lambda: "nowhere else" in words_of(app, "#notice"))
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert words_of(app, "#notice") == say("writing.stays")
        assert page(app).words == WORDS
        await pilot.press("escape")
        await settle(pilot)
        assert app.current_mode == "today"
        assert len(app.screen_stack) == 1
    assert found(tmp_path) == [f"2026-11-22\n\n{WORDS}\n"]


async def test_quitting_waits_once_and_then_carries_the_words_out(
    opened: Companion, disk: FullDisk, tmp_path: Path
) -> None:
    app = CompanionApp(opened)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "free")
        disk.full = True
        page(app).insert(WORDS)
        await pilot.pause()
        await pilot.press("f2")
        await settle(pilot)
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert app.is_running
        await pilot.press("ctrl+q")
    assert app.return_code == 0
    assert found(tmp_path) == [f"2026-11-22\n\n{WORDS}\n"]
    assert str(tmp_path / "own") in app.carried[0]


@pytest.mark.parametrize("signal", [129, 143])
async def test_what_ends_it_from_outside_is_not_made_to_wait(
    opened: Companion, disk: FullDisk, tmp_path: Path, signal: int
) -> None:
    app = CompanionApp(opened)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "free")
        disk.full = True
        page(app).insert(WORDS)
        await pilot.pause()
        app.leave(signal)
        await pilot.pause()
    assert app.return_code == signal
    assert found(tmp_path) == [f"2026-11-22\n\n{WORDS}\n"]


async def test_a_change_of_an_entry_is_saved_elsewhere_whole(
    opened: Companion, disk: FullDisk, tmp_path: Path
) -> None:
    (entry,) = opened.log.of_day(opened.log.today())
    app = CompanionApp(opened)
    async with app.run_test(size=SIZE) as pilot:
        app.post_message(EditEntry(entry.id))
        await settle(pilot)
        disk.full = True
        page(app).replace_all("after, and more")
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("f6")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
    (text,) = found(tmp_path)
    assert text.startswith("after, and more\n")
    assert "2026-11-22" in text
    assert opened.log.get(entry.id).text == "before"


async def test_f6_is_not_offered_where_all_is_well(opened: Companion) -> None:
    app = CompanionApp(opened)
    async with app.run_test(size=SIZE) as pilot:
        await write(pilot)
        assert "F6" not in shown(app)
        await pilot.press("f6")
        await settle(pilot)
        assert not app.screen.query("#elsewhere")


def test_words_put_outside_never_take_the_place_of_others(tmp_path: Path) -> None:
    drafts = DraftFiles(tmp_path / "home")
    first = drafts.put_outside(tmp_path, "companion-1", "one")
    (tmp_path / "companion-1-2.txt").symlink_to(tmp_path / "nowhere")
    second = drafts.put_outside(tmp_path, "companion-1", "half \ud800")
    assert (first.read_text(), second.read_text()) == ("one", "half \\ud800")
    assert second.name == "companion-1-3.txt"
    assert stat.S_IMODE(second.stat().st_mode) == 0o600
    assert not (tmp_path / "nowhere").exists()
    with pytest.raises(WriteFailedError, match="No such file"):
        drafts.put_outside(tmp_path / "none", "companion-1", "one")
