"""What is to go for good: entries in every version they ever had."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Protocol

from companion.storage.rewriting import Renewing, lines_with
from companion.storage.seal import unseal
from companion.storage.state import ENTRIES, ERASE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from companion.storage.commits import Document

_ALL_GONE: Final = b'["entries",null,'


class Wish(Renewing, Protocol):
    """What a person wants to go from everything that lies in the folder of a log."""

    def told(self) -> dict[str, Any]:
        """Return it as it is noted until it is done: plain JSON values."""
        ...

    def names(self, data: bytes) -> bool:
        """Whether raw bytes hold what is to go."""
        ...

    def small(self, name: str, data: bytes) -> bytes | None:
        """Return what a draft or a capture that names it is to be; None if it goes."""
        ...

    def farewell(self) -> list[tuple[str, str | None, str | None]]:
        """Return the changes of the commit that goes to the journal's end, if any."""
        ...

    def standing(self, segments: Iterable[bytes]) -> int:
        """Return how many entries of a journal go, so that it has as many fewer."""
        ...


class Erasure:
    """Entries, by their ids."""

    def __init__(self, ids: Iterable[str]) -> None:
        """Take whole ids."""
        self.ids = tuple(dict.fromkeys(ids))
        self._needles = tuple(f'"{one}"'.encode() for one in self.ids)
        self._bare = tuple(one.encode() for one in self.ids)

    def told(self) -> dict[str, Any]:
        """Return it as it is noted until it is done."""
        return {"ids": list(self.ids)}

    def lines(self, name: str, data: bytes) -> set[int]:  # noqa: ARG002
        """Return where the lines begin that name an entry."""
        return lines_with(data, self._needles)

    def changes(
        self,
        where: tuple[str, int],  # noqa: ARG002
        act: str,
        made: list[Any],
    ) -> list[Any]:
        """Return what is left of a commit's changes."""
        return [
            change
            for change in made
            if change[0] != ENTRIES
            or change[1] not in self.ids
            or (act == ERASE and change[2] is None)
        ]

    def compacts(self, name: str) -> bool:  # noqa: ARG002
        """Say that undo finds all other versions."""
        return False

    def concerns(self, payload: bytes) -> bool:
        """Whether a payload names an entry."""
        return any(needle in payload for needle in self._needles)

    def expected(self, table: str, key: str, document: Document) -> Document | None:
        """Return what is to be of a document."""
        return None if table == ENTRIES and key in self.ids else document

    def names(self, data: bytes) -> bool:
        """Whether raw bytes name an entry."""
        return any(one in data for one in self._bare)

    def small(self, name: str, data: bytes) -> bytes | None:  # noqa: ARG002
        """Let the whole file go."""
        return None

    def farewell(self) -> list[tuple[str, str | None, str | None]]:
        """Return the changes that let the entries go in every device's journal."""
        return [(ENTRIES, one, None) for one in self.ids]

    def standing(self, segments: Iterable[bytes]) -> int:
        """Return how many of the entries a journal holds at its end."""
        commits = []
        for data in segments:
            for begin in lines_with(data, (*self._needles, _ALL_GONE)):
                end = data.find(b"\n", begin)
                commit = json.loads(unseal(data[begin:end].split(b" ", 3)[3]))
                commits.append((commit["lamport"], commit["device"], commit["changes"]))
        stands = dict.fromkeys(self.ids, False)
        for _, _, changes in sorted(commits, key=lambda one: one[:2]):
            for table, key, document in changes:
                if table == ENTRIES and key is None:
                    stands = dict.fromkeys(self.ids, False)
                elif table == ENTRIES and key in stands:
                    stands[key] = document is not None
        return sum(stands.values())
