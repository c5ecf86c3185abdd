"""Commands that write the journal anew: compact, erase, forget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from companion.bootstrap import open_erasing
from companion.cli.asking import Progress, counted, in_bytes, in_entries, wanted
from companion.erasing import INSTEAD
from companion.errors import CompanionError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from pathlib import Path

    from companion.cli.output import Output
    from companion.model.erasing import Erasable, Erased, Forgettable

OK: Final = 0
TROUBLE: Final = 3
_BEYOND: Final = (
    "What no program can promise to reach: backups on another disk, copies in a cloud "
    "or a snapshot, cells of an SSD that were written before, what stood in a terminal."
)
_FINAL: Final = "Nothing brings it back, neither undo nor a backup beside the log."


def compact(options: Namespace, home: Path | None, output: Output) -> int:
    """Drop earlier versions from the years that are over."""
    erasing = open_erasing(home)
    found = erasing.compactable()
    if not found.versions:
        output.note(
            "There is nothing to compact: no year that is over holds an earlier "
            "version."
        )
        return OK
    output.data(
        f"{counted(found.versions, 'earlier version')} would go from the years that "
        f"are over: about {in_bytes(found.saved)} of {in_bytes(found.size)}.\n"
        "What is in the log stays as it is. Undo goes back as far as the year that is "
        "written in.\n"
        "Backups still hold the earlier versions.\n"
    )
    output.finish()
    if options.preview or not (options.yes or wanted(output, "Compact? yes or no")):
        return OK
    done = erasing.compact(Progress(output))
    output.note(
        f"Compacted: {counted(done.versions, 'earlier version')}, "
        f"{in_bytes(done.saved)}. What was there before is in the folder `former` "
        "until the journal is written anew again."
    )
    if done.before:
        output.note(f"As it was before, it is kept as {done.before}, too.")
    return OK


def erase(options: Namespace, home: Path | None, output: Output) -> int:
    """Erase entries for good."""
    erasing = open_erasing(home)
    found = erasing.erasable(options.words)
    for line in _erasable(found):
        output.data(f"{line}\n")
    output.finish()
    if options.preview or not (options.yes or wanted(output, "Erase? yes or no")):
        return OK
    done = erasing.erase(found.ids, Progress(output))
    output.note(f"Erased: {counted(done.versions, 'version')}{_beside(done)}.")
    return _ended(done, output)


def forget(options: Namespace, home: Path | None, output: Output) -> int:
    """Take a name out of everything."""
    if len(options.words) > 1:
        raise CompanionError(
            "One name is forgotten at a time.",
            hint="Put a name of several words in quotes.",
        )
    instead = INSTEAD if options.instead is None else options.instead
    erasing = open_erasing(home)
    found = erasing.forgettable(options.words[0], instead)
    for line in _forgettable(found):
        output.data(f"{line}\n")
    output.finish()
    if options.preview or not (options.yes or wanted(output, "Forget? yes or no")):
        return OK
    done = erasing.forget(found.name, found.instead, Progress(output))
    output.note(f"Forgotten: {counted(done.versions, 'version')}{_beside(done)}.")
    return _ended(done, output)


def _erasable(found: Erasable) -> list[str]:
    gone = len(found.ids) - len(found.standing)
    lines = [f"{in_entries(len(found.ids))} would be erased: {', '.join(found.ids)}"]
    if gone:
        lines.append(f"Deleted before, and not in sight: {in_entries(gone)}.")
    lines.append(
        f"Versions in the journal: {found.versions}. Backups that hold any: "
        f"{len(found.backups)}."
    )
    return [*lines, *_unreached(found.unreached), _FINAL, _BEYOND]


def _forgettable(found: Forgettable) -> list[str]:
    first = (
        f"{in_entries(len(found.entries))} would change: {len(found.listed)} with the "
        f"name in a list, {len(found.worded)} in words. There it becomes "
        f'"{found.instead}".'
    )
    lines = [first]
    lines += [f"  {one}" for one in found.entries]
    if found.others:
        lines.append(f"{counted(found.others, 'other document')} would change.")
    lines.append(
        "Versions in the journal that have it, earlier and deleted ones, too: "
        f"{found.versions}. Backups that have it: {len(found.backups)}."
    )
    if found.within:
        lines.append(
            f"It stands in these names, too, and would change there: "
            f"{', '.join(found.within)}."
        )
    lines.append("Your own pages, prompts and settings are yours to change.")
    return [*lines, *_unreached(found.unreached), _FINAL, _BEYOND]


def _unreached(backups: Sequence[str]) -> list[str]:
    return [
        f"The backup {one} cannot be read, and so not be reached." for one in backups
    ]


def _beside(done: Erased) -> str:
    found = (
        (len(done.backups), "backup"),
        (done.drafts, "draft"),
        (done.captures, "quick capture"),
        (done.pieces, "piece in quarantine"),
    )
    return "".join(f", {counted(count, what)}" for count, what in found if count)


def _ended(done: Erased, output: Output) -> int:
    for one in done.missed:
        output.note(f"Not reached: {one}.")
    output.note(_BEYOND)
    return TROUBLE if done.missed else OK
