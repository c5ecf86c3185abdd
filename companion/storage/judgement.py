"""What is said of a log as it was found: in words, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.ports import Notice
from companion.storage.segment import NEWER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.storage.journal import Journal


def torn(path: Path) -> Notice:
    """Say that the piece of a line a crash left was set aside."""
    return Notice(
        "The last line was cut off in the middle, as in a power cut. Everything before "
        "it is here.",
        f"The piece was set aside as {path}.",
    )


def judge(home: Path, journal: Journal, missing: list[str]) -> Iterator[Notice]:
    """Say what is wrong with a log; after a grave notice it may only be read.

    `missing` names the segments that the index knows and that are not there.
    """
    faults = journal.faults
    for fault in faults:
        if fault.torn:
            yield Notice(
                f"The last line of {fault.segment}.log is not whole and was left out.",
                "It will be here when the rest of it comes.",
            )
            continue
        if fault.reason == NEWER:
            yield Notice(
                f"{fault.segment}.log was written by a newer Companion.",
                "What can be read is shown and nothing is written. Update Companion.",
                grave=True,
            )
            continue
        yield Notice(
            f"{fault.segment}.log is damaged: {fault.length} bytes from byte "
            f"{fault.offset} on do not verify ({fault.reason}).",
            "What is sound is shown and nothing is written. `companion restore` brings "
            "a backup back and keeps what is newer.",
            grave=True,
        )
    gone = sorted({*missing, *journal.missing_before()})
    for name in gone:
        yield Notice(
            f"{name}.log is gone, or lines at its end are.",
            "What is left is shown and nothing is written. `companion restore` brings "
            "a backup back and keeps what is newer.",
            grave=True,
        )
    behind = journal.head.missing(journal.device, journal.own)
    if not journal.segments and (home / "head").exists():
        yield Notice(
            "The journal is gone, but there was one here before.",
            "`companion restore` lists the backups and brings one back.",
            grave=True,
        )
    elif behind and not faults and not gone:
        yield Notice(
            f"The log ends {behind} lines before the last that was written. It was "
            "cut, or an older copy was put in its place.",
            "If you have a newer copy, bring it back.",
        )
