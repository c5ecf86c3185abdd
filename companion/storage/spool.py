"""The spool: entries left by a quick capture, waiting to be taken into the journal.

One file an entry, named by its id, made whole and synced before it has that name. It
can be left without waiting for anyone, and is taken in exactly once.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from companion.errors import LogDamagedError, LogError, WriteFailedError
from companion.ids import is_id
from companion.ports import Notice
from companion.storage.commits import encode_document
from companion.storage.documents import from_document
from companion.storage.strict import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from companion.storage.commits import Document
    from companion.storage.files import Files

_ENDING: Final = ".json"
_TICK: Final = 100_000_000
"""Nanoseconds; longer than any disk's clock stands still."""


class Spool:
    """The folder of entries that wait."""

    def __init__(self, home: Path, files: Files) -> None:
        """Name the folder; nothing is read yet."""
        self._folder = home / "spool"
        self._files = files
        self._seen = -1
        self._told = False

    def changed(self) -> bool:
        """Whether the folder changed since it was last looked into."""
        try:
            return self._folder.stat().st_mtime_ns != self._seen
        except OSError:
            return False

    def waiting(
        self, keep: Callable[[str, bytes], Path] | None, notices: list[Notice]
    ) -> Iterator[tuple[str, Document]]:
        """Give id and document of each entry that waits, oldest first.

        What is no entry is moved aside with `keep` and noticed; with `keep` of None it
        is passed over.
        """
        with suppress(OSError):
            changed = self._folder.stat().st_mtime_ns
            # What comes within the same tick of the disk's clock would not be seen.
            self._seen = changed if changed < time.time_ns() - _TICK else -1
        for name in self._names(notices):
            entry_id = name.removesuffix(_ENDING)
            if not name.endswith(_ENDING) or not is_id(entry_id):
                continue
            try:
                data = self._files.read(self._folder / name)
            except OSError:
                continue
            document = decode_entry(data, entry_id)
            if document is not None:
                yield entry_id, document
            elif keep is not None:
                with suppress(OSError, LogError):
                    path = keep(f"spool-{entry_id}", data)
                    self.take_away(entry_id)
                    notices.append(
                        Notice(
                            "A quick capture could not be read.",
                            f"It was set aside as {path}.",
                        )
                    )

    def _names(self, notices: list[Notice]) -> list[str]:
        try:
            return self._files.names(self._folder)
        except OSError as error:
            if not self._told:
                notices.append(
                    Notice(
                        f"What waits in {self._folder} cannot be read: "
                        f"{error.strerror or error}.",
                        "Look after the rights of that folder.",
                    )
                )
            self._told = True
            self.look_again()
            return []

    def look_again(self) -> None:
        """Let the folder count as changed."""
        self._seen = -1

    def leave(self, entry_id: str, encoded: str) -> None:
        """Leave an entry.

        Raises:
            WriteFailedError: If the disk refused.
        """
        path = self._folder / f"{entry_id}{_ENDING}"
        try:
            self._files.write_whole(path, encoded.encode() + b"\n")
        except OSError as error:
            self.take_away(entry_id)
            raise WriteFailedError(
                f"It could not be written: {error.strerror or error}.",
                hint="Look after the disk, then keep it again.",
            ) from error

    def take_away(self, entry_id: str) -> None:
        """Take an entry out of the spool."""
        with suppress(OSError):
            self._files.remove(self._folder / f"{entry_id}{_ENDING}")


def decode_entry(data: bytes, entry_id: str) -> Document | None:
    """Return the document of a quick capture, or None where it is none."""
    try:
        document = loads(data)
        if not isinstance(document, dict) or document.get("id") != entry_id:
            return None
        from_document(document)
        encode_document(document)
    except (ValueError, TypeError, LogDamagedError):
        return None
    return document
