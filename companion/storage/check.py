"""Reading every byte of a log and its backups, and saying what was found.

Nothing is changed, not even a lock taken: everything is opened to be read, and after a
fault the reading goes on.
"""

from __future__ import annotations

import json
import stat
from functools import partial
from typing import TYPE_CHECKING, Final

from companion.model.keeping import Report
from companion.storage import manifest as manifests
from companion.storage.backup import Backups
from companion.storage.check_journal import JournalCheck
from companion.storage.files import Files
from companion.storage.findings import Findings, why
from companion.storage.index import described
from companion.storage.opening import is_device_name
from companion.storage.small import decode_draft
from companion.storage.spool import decode_entry
from companion.storage.surroundings import remarks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


_OURS: Final = frozenset(
    {
        "journal",
        "index",
        "spool",
        "drafts",
        "pages",
        "quarantine",
        "backups",
        "restoring",
        "former",
        "erasing",
        "reports",
        "lock",
        "head",
        "device",
        "pools.json",
    }
)
_CONFIG: Final = "config"
_OTHERS: Final = 0o077
_OTHERS_WRITE: Final = 0o022


def check(
    home: Path,
    files: Files | None = None,
    *,
    progress: Callable[[float, str], None] | None = None,
) -> Report:
    """Read everything in the folder of a log and return what was found."""
    run = _Check(home, files or Files(), progress)
    return run.report()


class _Check:
    def __init__(
        self,
        home: Path,
        files: Files,
        progress: Callable[[float, str], None] | None,
    ) -> None:
        self._findings = Findings(home, files, progress)
        self._seen: manifests.Seen = {}

    def report(self) -> Report:
        """Read all and say what was found."""
        if not self._findings.home.exists():
            self._findings.remarks.append(
                f"There is no log in {self._findings.home} yet."
            )
            return Report(remarks=tuple(self._findings.remarks))
        self._look_around()
        self._look_at_place()
        JournalCheck(self._findings).run()
        self._read_index()
        self._read_small()
        backups = self._read_backups()
        return Report(
            faults=tuple(self._findings.faults),
            remarks=tuple(self._findings.remarks),
            segments=self._findings.segments,
            commits=self._findings.commits,
            entries=self._findings.entries,
            size=self._findings.read,
            backups=backups,
        )

    def _look_at_place(self) -> None:
        for notice in remarks(self._findings.home):
            self._findings.remarks.append(f"{notice.message} {notice.hint}")

    # Names and rights

    def _look_around(self) -> None:
        self._findings.total = max(1, self._walk(self._findings.home, top=True))

    def _walk(self, folder: Path, *, top: bool = False) -> int:
        """Look at the names and rights in a folder; return how many bytes it holds."""
        self._look_at_rights(folder)
        size = 0
        try:
            names = self._findings.files.names(folder)
        except OSError as error:
            self._findings.faults.append(
                f"{self._findings.name(folder)} cannot be read: {why(error)}."
            )
            return 0
        for name in names:
            path = folder / name
            if top and not self._is_ours(name):
                continue
            if name.startswith(".") and name.endswith(".part"):
                self._findings.remarks.append(
                    f"{self._findings.name(path)} was left unfinished; it is of no use."
                )
            if self._findings.files.is_folder(path):
                size += self._walk(path)
            elif self._findings.files.is_file(path):
                size += self._look_at_rights(path)
            elif path.is_symlink() or path.exists():
                self._findings.faults.append(
                    f"{self._findings.name(path)} is a link or no plain file; it is "
                    "not read."
                )
        return size

    def _is_ours(self, name: str) -> bool:
        ours = name in _OURS or name.endswith(".part")
        if not ours and name != _CONFIG:
            self._findings.remarks.append(f"{name} is not of the log and was not read.")
        return ours

    def _look_at_rights(self, path: Path) -> int:
        """Look at the rights of a file or folder; return its size."""
        try:
            status = path.lstat()
        except OSError:
            return 0  # another window took it away meanwhile
        mode = stat.S_IMODE(status.st_mode)
        # The folder of the log may be one the person made; what lies in it is closed.
        if mode & (_OTHERS_WRITE if path == self._findings.home else _OTHERS):
            self._findings.faults.append(
                f"Other accounts of this machine may use {self._findings.name(path)} "
                f"(its rights are {mode:04o})."
            )
        return status.st_size

    # Beside the journal

    def _read_index(self) -> None:
        folder = self._findings.home / "index"
        if not self._findings.files.is_folder(folder):
            return
        try:
            known, parts = described(folder, self._findings.files)
            for name in parts:
                self._findings.read += len(self._findings.files.read(folder / name))
        except (OSError, ValueError, KeyError, TypeError):
            self._findings.remarks.append(
                "The index does not fit; it is made anew when needed."
            )
            return
        there = set(self._findings.files.names(self._findings.home / "journal"))
        for name in known:
            if f"{name}.log" not in there:
                self._findings.faults.append(
                    f"journal/{name}.log is gone: the index knows of it."
                )

    def _read_small(self) -> None:
        for name in self._plain("spool", ".json"):
            self._must("spool", f"{name}.json", partial(_entry, name))
        for name in self._plain("drafts", ".draft"):
            self._must("drafts", f"{name}.draft", partial(decode_draft, name))
        for name in self._plain("pages", ""):
            self._must("pages", name, bytes.decode)
        self._must("", "pools.json", _pools)
        self._must("", "device", _device)
        if self._findings.files.is_folder(self._findings.home / "quarantine"):
            self._findings.remarks.append(
                "In quarantine lies what could not be read once. Nothing needs it, and "
                "nothing deletes it."
            )
        if (self._findings.home / "restoring" / "ready").exists():
            self._findings.remarks.append(
                "A backup is being brought back; opening the log finishes that."
            )

    def _plain(self, folder: str, ending: str) -> list[str]:
        path = self._findings.home / folder
        if not self._findings.files.is_folder(path):
            return []
        try:
            names = self._findings.files.names(path)
        except OSError:
            return []  # that is a fault already
        return [
            name.removesuffix(ending)
            for name in names
            if name.endswith(ending)
            and not name.startswith(".")
            and self._findings.files.is_file(path / name)
        ]

    def _must(self, folder: str, name: str, read: Callable[[bytes], object]) -> None:
        path = self._findings.home / folder / name
        if not self._findings.files.is_file(path):
            return
        try:
            data = self._findings.files.read(path)
            self._findings.tell(len(data), "Reading what lies beside the journal")
            read(data)
        except OSError as error:
            # What waits in the spool may have been taken in just now.
            if self._findings.files.is_file(path):
                self._findings.faults.append(
                    f"{self._findings.name(path)} cannot be read: {why(error)}."
                )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self._findings.faults.append(
                f"{self._findings.name(path)} is not what should stand there."
            )

    # Backups

    def _read_backups(self) -> int:
        sound = 0
        backups = Backups(self._findings.home, self._findings.files)
        try:
            there = backups.all()
        except OSError:
            return 0  # that is a fault already
        for backup in there:
            faults = [backup.fault] if backup.fault else self._faults_of(backup.folder)
            if faults and not self._findings.files.is_folder(backup.folder):
                continue  # another window let go of it meanwhile
            sound += not faults
            self._findings.faults += [
                f"The backup {backup.name} is not sound: {fault}." for fault in faults
            ]
        return sound

    def _faults_of(self, folder: Path) -> list[str]:
        files = self._findings.files
        try:
            manifest = manifests.read(folder, files)
            faults = list(manifests.faults(folder, manifest, files, self._seen))
        except (OSError, manifests.BadManifestError) as error:
            return [str(error)]
        self._findings.tell(manifest.size, f"Reading the backup {folder.name}")
        return faults


def _entry(entry_id: str, data: bytes) -> None:
    if decode_entry(data, entry_id) is None:
        raise ValueError("entry")


def _pools(data: bytes) -> None:
    json.loads(data).items()


def _device(data: bytes) -> None:
    if not is_device_name(data.decode("ascii").strip()):
        raise ValueError("device")
