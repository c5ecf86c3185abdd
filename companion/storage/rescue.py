"""Bringing all that can be read to safety, and the raw rest beside it.

For a log that nothing else helps with. What was in the folder stays as it is.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, NamedTuple

from companion.errors import LogDamagedError, LogError, WriteFailedError
from companion.ids import is_id
from companion.model.keeping import Rescued
from companion.storage import manifest as manifests
from companion.storage.backup import Backups
from companion.storage.commits import encode_document
from companion.storage.copies import Held, ReadCopy
from companion.storage.documents import from_document
from companion.storage.files import Files
from companion.storage.folded import order_of
from companion.storage.growing import LongFile
from companion.storage.readable import as_page
from companion.storage.small import decode_draft
from companion.storage.spool import decode_entry
from companion.storage.state import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from companion.storage.commits import Document
    from companion.storage.rows import Order

_ROUND: Final = 1000


class _Found(NamedTuple):
    held: Held
    copy: ReadCopy | None
    document: Document | None = None
    """Where it is in no journal."""


def rescue(
    home: Path,
    to: Path,
    files: Files | None = None,
    *,
    progress: Callable[[float, str], None] | None = None,
) -> Rescued:
    """Put all that verifies in a new folder, and what does not beside it.

    Raises:
        LogError: If there is no log, or the new folder cannot be.
    """
    files = files or Files()
    if not files.is_folder(home) and not home.is_dir():
        raise LogError(f"There is no log in {home}.")
    if to.is_symlink() or to.exists():
        raise LogError(
            f"{to} is there already.", hint="Name a folder that is not there yet."
        )
    if to.resolve().is_relative_to(home.resolve()):
        raise LogError(
            "What is rescued goes beside the log, not into its folder.",
            hint="Name another folder with --to.",
        )
    try:
        files.make_folder(to.parent)
        files.new_folder(to)
        with ExitStack() as stack:
            return _Rescue(home, to, files, stack, progress).run()
    except OSError as error:
        raise WriteFailedError(
            f"It could not be written in {to}: {error.strerror or error}.",
            hint="Make room or name another folder with --to. The log is as it was.",
        ) from error


class _Rescue:
    def __init__(
        self,
        home: Path,
        to: Path,
        files: Files,
        stack: ExitStack,
        progress: Callable[[float, str], None] | None,
    ) -> None:
        self._home = home
        self._to = to
        self._files = files
        self._stack = stack
        self._progress = progress or (lambda _share, _what: None)
        self._tables: dict[str, dict[str, _Found]] = {}
        self._raw = 0
        self._backups: list[str] = []
        self._missed: list[str] = []

    def run(self) -> Rescued:
        """Do all of it."""
        self._read_journals()
        drafts = self._drafts()
        self._spool()
        pages = self._pages()
        self._copy_raw(self._home / "quarantine", self._to / "raw" / "quarantine")
        entries = self._write_entries()
        others = self._write_others()
        self._files.sync_folder(self._to)
        return Rescued(
            folder=self._to,
            entries=entries,
            others=others,
            drafts=drafts,
            pages=pages,
            raw=self._raw,
            backups=tuple(self._backups),
            missed=tuple(self._missed),
        )

    # Reading

    def _read_journals(self) -> None:
        sound = self._read_copy(self._home)
        stage = self._home / "restoring"
        if (stage / "ready").exists():
            self._read_copy(stage)
        if sound:
            return
        for backup in Backups(self._home, self._files).all():
            if backup.fault:
                continue
            manifest = manifests.read(backup.folder, self._files)
            if not any(manifests.faults(backup.folder, manifest, self._files)):
                self._read_copy(backup.folder)
                self._backups.append(backup.name)

    def _read_copy(self, folder: Path) -> bool:
        """Take in what verifies of a journal; return whether all of it does."""
        try:
            copy = ReadCopy(folder, self._files)
        except OSError as error:
            self._missed.append(f"{folder / 'journal'}: {error.strerror or error}")
            return False
        self._stack.callback(copy.close)
        for table, documents in copy.tables.items():
            found = self._tables.setdefault(table, {})
            for key, held in documents.items():
                if key not in found or found[key].held.stamp < held.stamp:
                    found[key] = _Found(held, copy)
        journal = copy.journal
        for fault in journal.faults:
            segment = journal.segments[fault.segment]
            data = self._files.read_at(segment.fd, fault.length, fault.offset)
            self._put_raw("journal", f"{fault.segment}-{fault.offset}", data)
        return bool(
            journal.segments and not journal.faults and not journal.missing_before()
        )

    def _spool(self) -> None:
        found = self._tables.setdefault(ENTRIES, {})
        for name, data in self._files_in(self._home / "spool"):
            entry_id = name.removesuffix(".json")
            document = decode_entry(data, entry_id) if is_id(entry_id) else None
            if document is None:
                self._put_raw("spool", name, data)
            elif entry_id not in found:
                found[entry_id] = _Found(Held((0, ""), None), None, document)

    def _drafts(self) -> int:
        count = 0
        for name, data in self._files_in(self._home / "drafts"):
            try:
                decode_draft(name, data)
            except (ValueError, KeyError, TypeError):
                self._put_raw("drafts", name, data)
                continue
            count += 1
            self._put(self._folder("drafts") / name, data)
        return count

    def _pages(self) -> int:
        count = 0
        for name, data in self._files_in(self._home / "pages"):
            count += 1
            self._put(self._folder("pages") / name, data)
        return count

    def _files_in(self, folder: Path) -> Iterator[tuple[str, bytes]]:
        for name in self._names(folder):
            if not self._files.is_file(folder / name):
                continue
            try:
                yield name, self._files.read(folder / name)
            except OSError as error:
                self._missed.append(f"{folder / name}: {error.strerror or error}")

    def _names(self, folder: Path) -> list[str]:
        if not self._files.is_folder(folder):
            return []
        try:
            return self._files.names(folder)
        except OSError as error:
            self._missed.append(f"{folder}: {error.strerror or error}")
            return []

    # Writing

    def _document(self, found: _Found) -> Document | None:
        if found.document is not None or found.copy is None or found.held.place is None:
            return found.document
        try:
            return found.copy.document(found.held.place)
        except (LogDamagedError, OSError) as error:
            self._missed.append(str(error))
            return None

    def _write_entries(self) -> int:
        ordered: list[tuple[Order, _Found]] = []
        for found in self._tables.get(ENTRIES, {}).values():
            document = self._document(found)
            if document is not None:
                try:
                    from_document(document)
                    ordered.append((order_of(document), found))
                except (LogDamagedError, OverflowError):
                    self._put_raw("entries", "unreadable", _encoded(document))
        ordered.sort(key=lambda pair: pair[0])
        lines, pages = (
            LongFile(self._files, self._to / "entries.jsonl"),
            LongFile(self._files, self._to / "entries.md"),
        )
        for number, (_, found) in enumerate(ordered):
            document = self._document(found)
            if document is not None:
                lines.add(_encoded(document))
                pages.add(as_page(document).encode())
            if number % _ROUND == 0:
                self._progress(number / len(ordered), "Writing the entries")
        lines.close()
        pages.close()
        return len(ordered)

    def _write_others(self) -> int:
        lines = LongFile(self._files, self._to / "others.jsonl")
        count = 0
        for table in sorted(self._tables.keys() - {ENTRIES}):
            for key, found in sorted(self._tables[table].items()):
                document = self._document(found)
                if document is not None:
                    count += 1
                    line = {"table": table, "id": key, "document": document}
                    lines.add(_encoded(line))
        lines.close()
        return count

    def _folder(self, *names: str) -> Path:
        folder = self._to.joinpath(*names)
        self._files.make_folder(folder)
        return folder

    def _put(self, path: Path, data: bytes) -> None:
        number = 1
        free = path
        while free.exists():
            number += 1
            free = path.with_name(f"{path.name}-{number}")
        fd = self._files.open_new(free)
        try:
            self._files.write(fd, data)
            self._files.sync(fd)
        finally:
            self._files.close(fd)

    def _put_raw(self, folder: str, name: str, data: bytes) -> None:
        self._raw += 1
        self._put(self._folder("raw", folder) / name, data)

    def _copy_raw(self, source: Path, target: Path) -> None:
        for name in self._names(source):
            if self._files.is_folder(source / name):
                self._copy_raw(source / name, target / name)
        for name, data in self._files_in(source):
            self._files.make_folder(target)
            self._raw += 1
            self._put(target / name, data)


def _encoded(document: object) -> bytes:
    return encode_document(document).encode() + b"\n"
