"""Where a report of a fault lies, and for whom."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from companion.crash import write_report

if TYPE_CHECKING:
    from datetime import datetime


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(folder))
    return folder


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_report_is_private_whatever_the_umask(
    tmp_path: Path, now: datetime, umask: int
) -> None:
    former = os.umask(umask)
    try:
        place = Path(write_report(RuntimeError(), str(tmp_path), now) or "")
    finally:
        os.umask(former)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_a_planted_folder_for_reports_is_not_followed(
    tmp_path: Path, now: datetime, elsewhere: Path
) -> None:
    trap, home = tmp_path / "trap", tmp_path / "home"
    trap.mkdir()
    home.mkdir()
    (home / "reports").symlink_to(trap)
    place = Path(write_report(RuntimeError(), str(home), now) or "")
    assert place.parent == elsewhere
    assert list(trap.iterdir()) == []


def test_a_planted_report_is_not_written_through(
    tmp_path: Path, now: datetime, elsewhere: Path
) -> None:
    name = f"report-{now:%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / name).symlink_to(tmp_path / "victim")
    place = Path(write_report(RuntimeError(), str(tmp_path), now) or "")
    assert place.parent == elsewhere
    assert not (tmp_path / "victim").exists()


def test_a_home_that_is_not_there_is_not_made(
    tmp_path: Path, now: datetime, elsewhere: Path
) -> None:
    place = Path(write_report(RuntimeError(), str(tmp_path / "home"), now) or "")
    assert place.parent == elsewhere
    assert not (tmp_path / "home").exists()
