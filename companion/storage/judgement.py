"""What is said of a log as it was found: in words, before anything is written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from companion.ports import Notice
from companion.storage.segment import FOREIGN, NEWER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.storage.journal import Journal
    from companion.storage.segment import Fault


_RESTORE: Final = (
    "What is sound is shown and nothing is written. `companion restore` brings a "
    "backup back and keeps what is newer."
)


def torn(path: Path) -> Notice:
    """Say that the piece of a line a crash left was set aside."""
    return Notice(
        "The last line was cut off in the middle, as in a power cut. Everything before "
        "it is here.",
        f"The piece was set aside as {path}.",
    )


def judge(
    home: Path, journal: Journal, missing: list[str], *, aside: int = 0
) -> Iterator[Notice]:
    """Say what is wrong with a log; after a grave notice it may only be read.

    Args:
        home: The folder of the log.
        journal: What was read of it.
        missing: The segments that the index knows and that are not there.
        aside: How many lines were set aside just now, and told of.
    """
    faults = journal.faults
    for fault in faults:
        if fault.torn:
            yield Notice(
                f"The last line of {fault.segment}.log is not whole and was left out.",
                "It will be here when the rest of it comes.",
            )
            continue
        if not fault.length:
            yield Notice(
                f"{fault.segment}.log is empty; it was not when it was begun.",
                _RESTORE,
                grave=True,
            )
            continue
        if fault.reason == NEWER:
            yield Notice(
                f"{fault.segment}.log was written by a newer Companion.",
                "What can be read is shown and nothing is written. Update Companion.",
                grave=True,
            )
            continue
        if not fault.offset and (fault.reason == FOREIGN or _is_all(fault, journal)):
            yield Notice(
                f"{fault.segment}.log is not a file of this log, or its beginning is "
                f"damaged ({fault.reason}).",
                "If another program put it there, move it out of the folder and open "
                "Companion again. If not, `companion restore` brings a backup back.",
                grave=True,
            )
            continue
        yield Notice(
            f"{fault.segment}.log is damaged: {fault.length} bytes from byte "
            f"{fault.offset} on do not verify ({fault.reason}).",
            _RESTORE,
            grave=True,
        )
    gone = sorted({*missing, *journal.missing_before()})
    for name in gone:
        yield Notice(
            f"{name}.log is gone, or lines at its end are.",
            _RESTORE,
            grave=True,
        )
    behind = journal.head.missing(journal.device, journal.own)
    if not journal.segments and not gone and known_of(home):
        yield Notice(
            "The journal is gone, but there was one here before.",
            "`companion restore` lists the backups and brings one back.",
            grave=True,
        )
    elif behind > aside and not faults and not gone:
        lines = "1 line" if behind == 1 else f"{behind} lines"
        yield Notice(
            f"The log ends {lines} before the last that was written. It was cut, or an "
            "older copy was put in its place.",
            "If you have a newer copy, bring it back.",
        )


def known_of(home: Path) -> bool:
    """Whether anything beside the journal knows that there was one."""
    for path in (home / "head", home / "index" / "state"):
        if path.is_file() and not path.is_symlink():
            return True
    try:
        with os.scandir(home / "backups") as found:
            return any(each.name[:1].isdigit() for each in found)
    except OSError:
        return False


def _is_all(fault: Fault, journal: Journal) -> bool:
    """Whether nothing in the file of a fault verifies."""
    segment = journal.segments[fault.segment]
    return segment.header is None and not segment.mark.size
