"""Where a log lies: in a folder that is copied elsewhere, on a disk of the network.

Nothing is asked of the network: names, marker files and the system's own list of
mounts tell. It is looked at once, when a log begins, and when a person asks.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.ports import Notice

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOUNTS: Final = Path("/proc/self/mountinfo")
_BY_NAME: Final = (
    ("Dropbox", re.compile(r"dropbox( \(.*\))?", re.IGNORECASE)),
    ("Nextcloud", re.compile(r"nextcloud|owncloud", re.IGNORECASE)),
    ("OneDrive", re.compile(r"onedrive([ -].*)?", re.IGNORECASE)),
    ("Google Drive", re.compile(r"google ?drive(-.*)?|my drive", re.IGNORECASE)),
    ("iCloud", re.compile(r"icloud ?drive|mobile documents", re.IGNORECASE)),
    ("a cloud service", re.compile(r"cloudstorage", re.IGNORECASE)),
)
_BY_MARK: Final = (
    ("Dropbox", re.compile(r"\.dropbox(\.cache)?")),
    ("Nextcloud", re.compile(r"\._?sync_.*\.db|\.(next|own)cloudsync\.log")),
    ("Syncthing", re.compile(r"\.stfolder|\.stversions")),
    ("Google Drive", re.compile(r"\.tmp\.drive(down|up)load|\.shortcut-targets-by-id")),
)
"""What a service leaves in the folder that it keeps alike everywhere."""
_NETWORK: Final = re.compile(
    r"nfs4?|cifs|smb[23]?|smbfs|9p|afs|ceph|davfs|glusterfs|lustre|ncpfs|vboxsf|fuse(\..*)?"
)
_OCTAL: Final = re.compile(r"\\([0-7]{3})")
_SEPARATOR: Final = " - "


def remarks(home: Path, mounts: Path = _MOUNTS) -> list[Notice]:
    """Return what is good to know of the place a log lies in.

    Args:
        home: The folder of the log; it need not be there yet.
        mounts: The system's list of mounts; without one, disks are not judged.
    """
    real = Path(os.path.realpath(home))
    found = []
    service = synced_by(real)
    if service is not None:
        who, folder = service
        found.append(
            Notice(
                f"The log lies in {folder}, which {who} keeps alike on several "
                "machines.",
                "Open it on one machine at a time, or name a folder outside with "
                "--home or COMPANION_HOME: two that write at once tear a log apart.",
            )
        )
    disk = disk_of(real, mounts)
    if disk is not None:
        kind, point = disk
        found.append(
            Notice(
                f"The log lies on a disk of the network, or on one that a program "
                f"provides ({kind} at {point}).",
                "Saving and keeping other windows out may not be certain there. Name a "
                "folder on a disk of this machine with --home or COMPANION_HOME.",
            )
        )
    return found


def synced_by(real: Path) -> tuple[str, Path] | None:
    """Return which service copies a folder, and the folder it copies."""
    for folder in (real, *real.parents):
        for who, pattern in _BY_NAME:
            if pattern.fullmatch(folder.name):
                return who, folder
        # What lies in the folder of the log is ours.
        names = _names(folder) if folder != real else []
        for who, pattern in _BY_MARK:
            if any(map(pattern.fullmatch, names)) and folder != _own_folder():
                return who, folder
    return None


def disk_of(real: Path, mounts: Path = _MOUNTS) -> tuple[str, str] | None:
    """Return kind and place of the disk, where it is not one of this machine."""
    nearest = ("", "")
    for kind, point in _mounted(mounts):
        # Of two at the same place the later hides the earlier.
        if _holds(point, str(real)) and len(point) >= len(nearest[1]):
            nearest = (kind, point)
    return nearest if _NETWORK.fullmatch(nearest[0]) else None


def _mounted(mounts: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        before, separator, after = line.partition(_SEPARATOR)
        fields = before.split(" ")
        if separator and len(fields) > 4 and after:  # noqa: PLR2004 - the fifth
            point = _OCTAL.sub(lambda found: chr(int(found[1], 8)), fields[4])
            yield after.split(" ")[0], point


def _holds(point: str, path: str) -> bool:
    return f"{path}/".startswith(f"{point.rstrip('/')}/")


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - names are enough
    except OSError:
        return []


def _own_folder() -> Path | None:
    """Return the person's own folder: Dropbox marks it, and copies another."""
    try:
        return Path.home()
    except RuntimeError:
        return None
