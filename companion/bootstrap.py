"""The wiring: the only place that knows which parts stand behind the ports."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from companion.capture import put_in_spool, spell
from companion.errors import CompanionError, WriteFailedError
from companion.log import Log
from companion.places import NoHomeError, find_places
from companion.zone import local_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from companion.care import Care
    from companion.care_ports import LogKeeper
    from companion.erasing import Erasing, LogEraser
    from companion.facade import Companion, Places
    from companion.model.entry import Entry
    from companion.ports import Clock, LogStore, Notice
    from companion.storage.engine import Engine


def local_now() -> datetime:
    """Return the time now, in the zone the person is in."""
    return datetime.now().astimezone()


def home_of(home: Path | None = None) -> Path:
    """Return the folder of the log; nothing is made.

    Raises:
        CompanionError: If nothing says where the person's own folder is.
    """
    return Path(_found(home)[0])


def where(home: Path | None = None) -> Places:
    """Return where things lie; nothing is made.

    Raises:
        CompanionError: If nothing says where the person's own folder is.
    """
    from companion.facade import Places

    home_folder, config = map(Path, _found(home))
    return Places(home=home_folder, config=config)


def remarks_on_place(home: Path | None = None) -> Sequence[Notice]:
    """Return what is good to know of the place the log lies in; nothing is made.

    Raises:
        CompanionError: If nothing says where the person's own folder is.
    """
    from companion.storage.surroundings import remarks

    return remarks(home_of(home))


def open_companion(
    home: Path | None = None,
    *,
    clock: Clock | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Companion:
    """Open everything.

    Args:
        home: The folder of the log; the usual one, if not given.
        clock: Tells the time; the system's, if not given.
        progress: Told how far the opening is, where it takes long.

    Raises:
        LogError: If the folder cannot be used at all.
    """
    from companion.care import Care
    from companion.content import Shelf
    from companion.drafts import Drafts
    from companion.erasing import Erasing
    from companion.facade import Companion
    from companion.preferences import Preferences
    from companion.reflection import Reflection
    from companion.storage import open_log as open_store
    from companion.storage.small import DraftFiles, PageFiles, PoolFile, SettingsFile

    clock = clock or local_now
    places = where(home)
    content = Shelf(own=places.config)
    store = open_store(places.home, progress=progress)
    log = Log(store, clock, local_zone)
    return Companion(
        clock=clock,
        places=places,
        content=content,
        log=log,
        reflection=Reflection(content, PoolFile(places.home), log),
        drafts=Drafts(DraftFiles(places.home), clock),
        preferences=Preferences(SettingsFile(places.config), PageFiles(places.home)),
        care=Care(lambda: _keeper(places.home, store.engine)),
        erasing=Erasing(lambda: _eraser(places.home, store.engine)),
    )


def open_care(home: Path | None = None) -> Care:
    """Return what takes care of the log; nothing is opened before it is needed."""
    from companion.care import Care

    folder = home_of(home)
    return Care(lambda: _keeper(folder, None))


def open_erasing(home: Path | None = None) -> Erasing:
    """Return what erases from the log; nothing is opened before it is needed."""
    from companion.erasing import Erasing

    folder = home_of(home)
    return Erasing(lambda: _eraser(folder, None))


def _eraser(home: Path, engine: Engine | None) -> LogEraser:
    from companion.storage.eraser import HomeEraser

    return HomeEraser(home, engine)


def _keeper(home: Path, engine: Engine | None) -> LogKeeper:
    from companion.storage.keeper import HomeKeeper

    return HomeKeeper(home, engine)


def open_log(home: Path | None = None, *, clock: Clock | None = None) -> Log:
    """Open only the log, for what needs nothing else.

    Raises:
        LogError: If the folder cannot be used at all.
    """
    from companion.storage import open_log as open_store

    return Log(open_store(home_of(home)), clock or local_now, local_zone)


def open_spool(home: Path | None = None, *, clock: Clock | None = None) -> Log:
    """Open a log that only takes new entries: never waits, never reads.

    It keeps the same rules as the whole log.
    """
    store = cast("LogStore", _Spool(str(home_of(home))))
    return Log(store, clock or local_now, local_zone)


def _found(home: Path | None) -> tuple[str, str]:
    try:
        return find_places(None if home is None else str(home))
    except NoHomeError:
        raise CompanionError(
            "Nothing says where your own folder is.",
            hint="Name a folder with --home or COMPANION_HOME.",
        ) from None


class _Spool:
    """Takes entries of words alone, as quick capture does."""

    def __init__(self, home: str) -> None:
        self._home = home

    def add(self, entry: Entry) -> None:
        """Put the entry where every reader of the log finds it."""
        document = spell(
            {
                "id": entry.id,
                "kind": entry.kind,
                "at": entry.at.isoformat(),
                "zone": entry.zone,
                "day": entry.day.isoformat(),
                "rung": entry.rung,
                "principles": list(entry.principles),
                "people": list(entry.people),
                "tags": list(entry.tags),
                "text": entry.text,
            }
        )
        try:
            put_in_spool(self._home, entry.id, document)
        except OSError as error:
            raise WriteFailedError(
                f"It could not be written in {self._home}: "
                f"{error.strerror or error}. Nothing was changed.",
                hint="Look after that folder, or name another with --home.",
            ) from error
