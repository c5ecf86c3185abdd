"""What takes words out of the log in one folder; fulfils `LogEraser`."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from companion.errors import AmbiguousIdError, EntryNotFoundError, LogError
from companion.ids import is_id
from companion.model.erasing import Erasable, Forgettable
from companion.storage import compaction
from companion.storage.engine import Engine
from companion.storage.erasing import erase
from companion.storage.erasing_backups import BackupErasing
from companion.storage.erasure import Erasure
from companion.storage.files import Files
from companion.storage.forgetting import LISTS, Forgetting
from companion.storage.reader import read_whole
from companion.storage.rewriting import changes_at
from companion.storage.state import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from companion.model.erasing import Compactable, Erased
    from companion.ports import Progress
    from companion.storage.erasure import Wish

_SHORTEST: Final = 4
_PUT: Final = re.compile(rb'\["entries","([0-9a-z]{26})"')


class HomeEraser:
    """Writes a log anew, through the engine that is open or one of its own."""

    def __init__(self, home: Path, engine: Engine | None = None) -> None:
        """Name the folder; nothing is read yet."""
        self._home = home
        self._engine = engine
        self._files = Files() if engine is None else engine.files

    def compactable(self) -> Compactable:
        """Return what compacting would drop."""
        with self._opened() as engine:
            return compaction.preview(engine)

    def compact(self, progress: Progress | None) -> Compactable:
        """Drop earlier versions from the years that are over."""
        with self._opened() as engine:
            return compaction.compact(engine, progress)

    def erasable(self, ids: Sequence[str]) -> Erasable:
        """Return what erasing entries, by id or its end, would reach."""
        with self._opened() as engine:
            wish = self._wish(engine, ids)
            backups = BackupErasing(self._home, self._files, wish)
            found = backups.find()
            versions = sum(
                table == ENTRIES and key in wish.ids and document is not None
                for table, key, document in _changes(engine, wish)
            )
            return Erasable(
                ids=wish.ids,
                standing=tuple(one for one in wish.ids if engine.has(ENTRIES, one)),
                versions=versions,
                backups=tuple(one.backup.name for one in found),
                unreached=tuple(one.name for one in backups.unreached),
            )

    def erase(self, ids: Sequence[str], progress: Progress | None) -> Erased:
        """Erase entries, by id or its end, in every version and backup."""
        with self._opened() as engine:
            return erase(engine, self._wish(engine, ids), progress)

    def forgettable(self, name: str, instead: str) -> Forgettable:
        """Return what forgetting a name would change."""
        wish = Forgetting(name, instead)
        with self._opened() as engine:
            backups = BackupErasing(self._home, self._files, wish)
            found = backups.find()
            look = _Look(engine, wish)
            return Forgettable(
                name=name,
                instead=instead,
                listed=tuple(sorted(look.listed)),
                worded=tuple(sorted(look.worded)),
                others=len(look.others),
                versions=look.versions,
                within=tuple(sorted(look.within)),
                backups=tuple(one.backup.name for one in found),
                unreached=tuple(one.name for one in backups.unreached),
            )

    def forget(self, name: str, instead: str, progress: Progress | None) -> Erased:
        """Take a name out of every version and backup."""
        with self._opened() as engine:
            return erase(engine, Forgetting(name, instead), progress)

    def _wish(self, engine: Engine, ids: Sequence[str]) -> Erasure:
        return Erasure(self._whole(engine, one) for one in ids)

    def _whole(self, engine: Engine, ending: str) -> str:
        """Return the id that ends so, of an entry that is or ever was.

        Raises:
            EntryNotFoundError: If there is none.
            AmbiguousIdError: If there are several.
        """
        wanted = ending.lower()
        if len(wanted) < _SHORTEST:
            raise EntryNotFoundError(ending)
        known = {*engine.entries.ids_ending(wanted)}
        known = known or {
            one.decode()
            for segment in engine.journal.segments.values()
            for one in _PUT.findall(read_whole(segment, self._files))
            if one.decode().endswith(wanted)
        }
        if len(known) > 1:
            raise AmbiguousIdError(ending, len(known))
        if known:
            return known.pop()
        if is_id(wanted) and self._is_beside(Erasure([wanted])):
            return wanted
        raise EntryNotFoundError(ending)

    def _is_beside(self, wish: Erasure) -> bool:
        """Whether a backup or a small file still has an entry the journal has not."""
        if BackupErasing(self._home, self._files, wish).find():
            return True
        from companion.storage.erasing_raw import left  # noqa: PLC0415

        return any(left(self._home, wish, self._files))

    @contextmanager
    def _opened(self) -> Iterator[Engine]:
        if not self._home.is_dir():
            raise LogError("There is no log yet.")
        if self._engine is not None:
            yield self._engine
            return
        engine = Engine(self._home, files=self._files)
        try:
            yield engine
        finally:
            engine.close()


def _changes(engine: Engine, wish: Wish) -> Iterator[list[Any]]:
    """Give the changes of every line that may hold what is to go."""
    for name, segment in engine.journal.segments.items():
        data = read_whole(segment, engine.files)
        for begin in sorted(wish.lines(name, data)):
            yield from changes_at(data, begin)[1]


class _Look:
    """What a name is in."""

    def __init__(self, engine: Engine, wish: Forgetting) -> None:
        """Look through the journal."""
        self._wish = wish
        self.listed: set[str] = set()
        self.worded: set[str] = set()
        self.others: set[tuple[str, str]] = set()
        self.within: set[str] = set()
        self.versions = 0
        held = set()
        for table, key, document in _changes(engine, wish):
            if document and wish.document(table, document) != document:
                self.versions += 1
                held.add((table, key))
        for table, key in held:
            document = engine.document(table, key)
            if document is None or wish.document(table, document) == document:
                continue
            if table == ENTRIES:
                self._take(key, document)
            else:
                self.others.add((table, key))

    def _take(self, key: str, document: dict[str, Any]) -> None:
        names = [one for what in LISTS for one in document.get(what, ())]
        if any(map(self._wish.is_name, names)):
            self.listed.add(key)
        self.within.update(
            one
            for one in names
            if self._wish.is_named(one) and not self._wish.is_name(one)
        )
        rest = {what: one for what, one in document.items() if what not in LISTS}
        if self._wish.document("", rest) != rest:
            self.worded.add(key)
