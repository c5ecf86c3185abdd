"""Erasing for good: the journal, what lies beside it, and the backups, in this order.

What is to go is noted in a small file first, which is taken away at the end. Where that
file stands when the log is opened to be written, the erasing goes on.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from companion.errors import LogError, WriteFailedError
from companion.ids import is_id
from companion.model.erasing import Erased
from companion.ports import Notice
from companion.storage import restoring
from companion.storage.backup import clear_away
from companion.storage.backup_names import kind_of
from companion.storage.erasing_backups import BackupErasing, finish_moving
from companion.storage.erasing_raw import clean_pieces, clean_small, left
from companion.storage.erasure import Erasure
from companion.storage.forgetting import Forgetting
from companion.storage.reader import read_whole
from companion.storage.renewal import Renewed, refuse, renew
from companion.storage.rewriting import alter
from companion.storage.state import ERASE

if TYPE_CHECKING:
    from pathlib import Path

    from companion.ports import Progress
    from companion.storage.engine import Engine
    from companion.storage.erasing_backups import Moving
    from companion.storage.erasure import Wish

PLAN: Final = "erasing"


def erase(engine: Engine, wish: Wish, progress: Progress | None = None) -> Erased:
    """Let what is wished go from everything in the folder of a log.

    Raises:
        LogLockedError: If another window is writing.
        LogDamagedError: If the log, or what was written, does not verify.
        WriteFailedError: If the disk refused. Where the journal is written anew
            already, the next opening goes on; else nothing was changed.
    """
    refuse(engine)
    run = _Run(engine, wish, progress or (lambda _share, _what: None))
    try:
        run.note(None)
    except OSError as error:
        raise WriteFailedError(
            f"It could not be written: {error.strerror or error}. Nothing was changed.",
            hint="Look after the disk and the rights of the folder, then try again.",
        ) from error
    try:
        renewed = run.journal()
    except BaseException:
        if not (engine.home / restoring.FOLDER / restoring.READY).exists():
            with suppress(OSError):
                engine.files.remove(engine.home / PLAN)
        raise
    try:
        return run.others(renewed)
    except OSError as error:
        raise WriteFailedError(
            f"It is not finished: {error.strerror or error}.",
            hint="Look after the disk. When Companion is opened again, it goes on.",
        ) from error


def go_on(engine: Engine) -> Notice:
    """Finish an erasing that was interrupted; return what a person should know."""
    try:
        wish, moving = _noted(engine)
    except (OSError, ValueError, LookupError, TypeError):
        with suppress(OSError):
            engine.files.remove(engine.home / PLAN)
        return Notice(
            "An erasing was interrupted, and what was to go cannot be read any more.",
            "Ask for it once more.",
        )
    run = _Run(engine, wish, lambda _share, _what: None)
    try:
        if moving is not None:
            finish_moving(engine.home / "backups", moving, engine.files)
        done = run.others(run.journal())
    except (OSError, LogError) as error:
        reason = error.message if isinstance(error, LogError) else error.strerror
        return Notice(
            f"An erasing that was interrupted is not finished yet: {reason}",
            "When Companion is opened again, it goes on.",
        )
    missed = f"Not reached: {'; '.join(done.missed)}." if done.missed else ""
    return Notice("An erasing that was interrupted is finished now.", missed)


def _noted(engine: Engine) -> tuple[Wish, Moving | None]:
    plan = dict(json.loads(engine.files.read(engine.home / PLAN)))
    moving = plan.get("moving")
    if moving is not None and not all(kind_of(str(one))[0] for one in moving):
        raise ValueError("moving")
    wish: Wish
    if "name" in plan:
        wish = Forgetting(str(plan["name"]), str(plan["instead"]))
    else:
        ids = [str(one) for one in plan["ids"]]
        if not ids or not all(map(is_id, ids)):
            raise ValueError("ids")
        wish = Erasure(ids)
    return wish, None if moving is None else (str(moving[0]), str(moving[1]))


class _Run:
    def __init__(self, engine: Engine, wish: Wish, progress: Progress) -> None:
        self._engine = engine
        self._home: Path = engine.home
        self._files = engine.files
        self._wish = wish
        self._progress = progress

    def note(self, moving: Moving | None) -> None:
        """Keep what is to go, and which backup is being moved."""
        plan = self._wish.told()
        if moving is not None:
            plan["moving"] = list(moving)
        self._files.write_whole(self._home / PLAN, json.dumps(plan).encode() + b"\n")

    def journal(self) -> Renewed:
        """Write the journal anew, if it holds what is to go."""
        for name, segment in self._engine.journal.segments.items():
            data = read_whole(segment, self._files)
            if alter(name, data, self._wish).payloads:
                return renew(
                    self._engine,
                    self._wish,
                    appended=self._wish.farewell(),
                    act=ERASE,
                    aside="",
                    progress=self._progress,
                )
        return Renewed(0, 0, {})

    def others(self, renewed: Renewed) -> Erased:
        """Clean what lies beside the journal, then the backups; say what was done."""
        home, files, wish = self._home, self._files, self._wish
        captures = clean_small(home / "spool", wish, files)
        drafts = clean_small(home / "drafts", wish, files)
        for name in (restoring.FORMER, restoring.FOLDER):
            path = home / name
            if path.is_symlink() or path.exists():
                clear_away(path, files)
        pieces = clean_pieces(home / "quarantine", wish, files)
        backups = BackupErasing(home, files, wish)
        done = backups.run(renewed.known, self.note, self._progress)
        files.remove(home / PLAN)
        files.sync_folder(home)
        missed = [
            f"the backup {one.name}, which cannot be used ({one.fault})"
            for one in backups.unreached
        ]
        return Erased(
            versions=renewed.dropped + renewed.altered,
            backups=tuple(done),
            drafts=drafts,
            captures=captures,
            pieces=pieces,
            missed=(*missed, *left(home, wish, files)),
        )
