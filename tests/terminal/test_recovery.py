"""A log that is damaged, gone, or on a full disk: told, and nothing lost."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.terminal.house import House, said
from tests.terminal.terminal import Terminal, companion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.xdist_group("terminal"),
    pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning"),
]

TROUBLE = 3


def _write(house: House, *texts: str) -> None:
    """Write lines, and have them taken into the journal."""
    for text in texts:
        house.run("reflect", text)
    assert len(house.log()) >= len(texts)


def _open(house: House) -> Terminal:
    """Open the app where something is wrong."""
    window = house.windows.enter_context(Terminal(companion(house.home), house.folder))
    window.wait_for(said("care.unsound"))
    return window


def test_what_was_damaged_comes_back_in_the_running_app(house: House) -> None:
    _write(house, "A heron on the roof", "The kettle sang")
    assert house.run("backup").returncode == 0
    _write(house, "Written since")
    (segment,) = (house.home / "journal").glob("*.log")
    segment.write_bytes(segment.read_bytes().replace(b"heron", b"raven"))
    shutil.rmtree(house.home / "index", ignore_errors=True)
    ended = house.run("log")
    assert ended.returncode == TROUBLE
    assert "is damaged" in ended.stderr
    assert "heron" not in ended.stdout

    window = _open(house)
    window.wait_for("is damaged", said("care.do-newest"))
    window.press("enter")
    window.wait_for(said("care.preview-do"), said("care.preview-damaged"))
    window.press("y")
    window.wait_for(said("care.restored-in-place"))
    window.press("enter")
    window.wait_for("A heron on the roof", "Written since")
    window.press("w")
    window.wait_for(said("reflect.page"))
    window.type("and it is whole again")
    window.wait_for("whole again")
    window.press("ctrl+s")
    window.wait_for(said("reflect.kept"))
    window.press("ctrl+q")
    assert window.ended() == 0
    assert len(house.log()) == 4
    assert house.run("check").returncode == 0


def test_a_journal_that_is_gone_is_no_empty_log(house: House) -> None:
    _write(house, "A heron on the roof")
    assert house.run("backup").returncode == 0
    # Even the mark of how far it went is gone: the backups know.
    shutil.rmtree(house.home / "journal")
    shutil.rmtree(house.home / "index", ignore_errors=True)
    (house.home / "head").unlink()
    assert "there was one here before" in house.run("log").stderr
    window = _open(house)
    window.wait_for("there was one here before", said("care.do-newest"))
    window.press("enter")
    window.wait_for(said("care.preview-do"))
    window.press("y")
    window.wait_for(said("care.restored-in-place"))
    window.press("enter")
    window.wait_for("A heron on the roof")


# A real disk that is full, or can only be read


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB in memory; skipped where this account may mount none."""
    point = tmp_path / "disk"
    point.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(point)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("this account may mount no disk")
    yield point
    subprocess.run(["umount", "-l", str(point)], check=True)


def _fill(disk: Path) -> None:
    with (disk / "full").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def test_a_disk_that_is_full_in_the_middle_of_a_sentence(
    house: House, small_disk: Path
) -> None:
    homes = House(small_disk)
    window = house.windows.enter_context(Terminal(companion(homes.home), house.folder))
    window.wait_for(said("today.free-name"))
    window.press("w")
    window.wait_for(said("reflect.page"))
    window.type("The first half,")
    window.wait_for("The first half,")
    _fill(small_disk)
    window.type(" and the second")
    window.wait_for("and the second", "nowhere else")
    window.press("ctrl+s")
    window.wait_for("The disk is full.", "and the second")
    window.press("f6")
    window.wait_for(said("writing.outside-label"))
    window.press("enter")
    window.wait_for("for your account alone")
    (saved,) = house.folder.glob("companion-*.txt")
    assert "The first half, and the second" in saved.read_text()
    (small_disk / "full").unlink()
    window.press("ctrl+s")
    window.wait_for(said("reflect.kept"))
    window.press("ctrl+q")
    assert window.ended() == 0
    (entry,) = homes.log()
    assert entry["text"] == "The first half, and the second"


def test_a_disk_that_can_only_be_read(house: House, small_disk: Path) -> None:
    homes = House(small_disk)
    _write(homes, "A heron on the roof")
    remount = ["mount", "-o", "remount,ro", str(small_disk)]
    subprocess.run(remount, check=True)
    ended = homes.run("log")
    assert ended.returncode == TROUBLE
    assert "A heron on the roof" in ended.stdout
    assert "can only be read" in ended.stderr
    assert homes.run("reflect", "lost?").returncode == TROUBLE
    window = house.windows.enter_context(Terminal(companion(homes.home), house.folder))
    window.wait_for(said("care.unsound"), "can only be read")
    window.press("f3")
    window.wait_for("A heron on the roof")
