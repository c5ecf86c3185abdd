"""What is said of the place a log lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from companion.storage import open_log
from companion.storage.check import check
from companion.storage.surroundings import disk_of, remarks, synced_by

if TYPE_CHECKING:
    from pathlib import Path

MOUNTS = """\
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
23 22 0:40 / /mnt/share rw shared:1 - nfs4 server:/share rw
24 22 0:41 / /mnt/with\\040space rw master:3 propagate_from:2 - fuse.sshfs host: rw
25 23 8:2 / /mnt/share/local rw - btrfs /dev/sdb1 rw
26 22 8:3 / /mnt/disk rw - fuseblk /dev/sdc1 rw
27 22 8:4 / /mnt/twice rw - ext4 /dev/sdd1 rw
28 27 0:42 / /mnt/twice rw - cifs //box/twice rw
no line of mounts
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("/home/me/companion", None),
        ("/mnt/share", ("nfs4", "/mnt/share")),
        ("/mnt/share/deep/log", ("nfs4", "/mnt/share")),
        ("/mnt/sharecropper", None),
        ("/mnt/share/local/log", None),
        ("/mnt/with space/log", ("fuse.sshfs", "/mnt/with space")),
        ("/mnt/disk/log", None),
        ("/mnt/twice/log", ("cifs", "/mnt/twice")),
    ],
)
def test_the_nearest_mount_decides(
    mounts: Path, tmp_path: Path, place: str, found: tuple[str, str] | None
) -> None:
    assert disk_of(tmp_path.__class__(place), mounts) == found


def test_without_a_list_of_mounts_no_disk_is_judged(tmp_path: Path) -> None:
    assert disk_of(tmp_path, tmp_path / "none") is None


@pytest.mark.parametrize(
    ("folder", "who"),
    [
        ("Dropbox", "Dropbox"),
        ("Dropbox (Home)", "Dropbox"),
        ("Nextcloud", "Nextcloud"),
        ("OneDrive - Co", "OneDrive"),
        ("GoogleDrive-me@x.org", "Google Drive"),
        ("Mobile Documents", "iCloud"),
        ("Dropboxes", None),
        ("drive", None),
    ],
)
def test_a_folder_is_known_by_its_name(
    tmp_path: Path, folder: str, who: str | None
) -> None:
    found = synced_by(tmp_path / folder / "deep" / "companion")
    assert found == (None if who is None else (who, tmp_path / folder))


@pytest.mark.parametrize(
    ("mark", "who"),
    [
        (".stfolder", "Syncthing"),
        (".sync_0a1b2c.db", "Nextcloud"),
        ("._sync_0a1b2c.db", "Nextcloud"),
        (".dropbox.cache", "Dropbox"),
        (".tmp.driveupload", "Google Drive"),
    ],
)
def test_a_folder_is_known_by_what_lies_in_it(
    tmp_path: Path, mark: str, who: str
) -> None:
    (tmp_path / mark).mkdir()
    home = tmp_path / "deep" / "companion"
    assert synced_by(home) == (who, tmp_path)
    # What lies in the folder of the log itself says nothing.
    assert synced_by(tmp_path) is None


def test_the_persons_own_folder_is_not_taken_for_the_one_that_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Dropbox keeps its own files there, whichever folder it copies.
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".dropbox").mkdir()
    assert synced_by(tmp_path / "companion") is None


def test_a_link_is_followed_to_where_the_log_really_lies(
    tmp_path: Path, mounts: Path
) -> None:
    (tmp_path / "Nextcloud").mkdir()
    (tmp_path / "companion").symlink_to(tmp_path / "Nextcloud")
    (found,) = remarks(tmp_path / "companion", mounts)
    assert "Nextcloud keeps alike" in found.message
    assert not found.grave


def test_a_disk_of_the_network_is_named(mounts: Path, tmp_path: Path) -> None:
    (found,) = remarks(tmp_path.__class__("/mnt/share/log"), mounts)
    assert "nfs4 at /mnt/share" in found.message
    assert "--home" in found.hint


def test_it_is_said_when_the_log_begins_and_not_again(tmp_path: Path) -> None:
    home = tmp_path / "Dropbox" / "companion"
    first = open_log(home)
    assert ["Dropbox" in notice.message for notice in first.notices()] == [True]
    assert first.writable
    first.close()
    second = open_log(home)
    assert second.notices() == []
    second.close()
    assert any("Dropbox" in remark for remark in check(home).remarks)
