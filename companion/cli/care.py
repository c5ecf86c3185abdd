"""Commands that take care of the log: backup, restore, check, rescue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from companion.bootstrap import home_of, local_now, open_care
from companion.cli.asking import Progress, counted, in_bytes, in_entries, wanted
from companion.errors import CompanionError, LogError

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from companion.care import Care
    from companion.cli.output import Output
    from companion.model.keeping import Backup, Preview, Restored

OK, NOTHING_FOUND, TROUBLE = 0, 1, 3
_SHOWN: Final = 20


def backup(options: Namespace, home: Path | None, output: Output) -> int:
    """Make a backup now."""
    made = open_care(home).back_up(_path(options.to))
    output.data(f"{made.folder}\n")
    output.note(
        f"Kept and verified: {in_entries(made.entries)}, {in_bytes(made.size)}."
    )
    return OK


def restore(options: Namespace, home: Path | None, output: Output) -> int:
    """List the backups, or bring one back."""
    care = open_care(home)
    if not options.words:
        return _list(care, output)
    if len(options.words) > 1:
        raise CompanionError("One backup is brought back at a time.")
    which = options.words[0]
    preview = care.preview(which, Progress(output))
    for line in _told(preview, exactly=options.exactly):
        output.data(f"{line}\n")
    output.finish()
    if options.preview:
        return OK
    if not (preview.changes or (options.exactly and preview.since)):
        return OK
    if preview.why_not:
        raise LogError(preview.why_not)
    if not options.yes and not wanted(output, "Bring it back? yes or no"):
        return OK
    done = care.restore(which, Progress(output), exactly=options.exactly)
    _say(done, output)
    return OK


def check(options: Namespace, home: Path | None, output: Output) -> int:  # noqa: ARG001
    """Read every byte and say what was found."""
    report = open_care(home).check(Progress(output))
    for fault in report.faults:
        output.data(f"{fault}\n")
    for remark in report.remarks:
        output.note(remark)
    read = (
        f"{counted(report.segments, 'segment')}, {counted(report.commits, 'commit')}, "
        f"{in_entries(report.entries)}, {counted(report.backups, 'sound backup')}, "
        f"{in_bytes(report.size)}"
    )
    if not (report.faults or report.segments):
        return OK
    if not report.faults:
        output.data(f"All is sound: {read}.\n")
        return OK
    output.note(
        f"{counted(len(report.faults), 'fault')}. Read: {read}. Nothing was changed. "
        "`companion restore` lists the backups; `companion rescue` puts all that can "
        "be read in a folder."
    )
    return TROUBLE


def rescue(options: Namespace, home: Path | None, output: Output) -> int:
    """Put all that can be read in a new folder."""
    to = _path(options.to)
    if to is None:
        folder = home_of(home)
        to = folder.with_name(f"{folder.name}-rescued-{local_now():%Y-%m-%dT%H%M%S}")
    found = open_care(home).rescue(to, Progress(output))
    output.data(f"{found.folder}\n")
    output.note(
        f"Brought to safety: {in_entries(found.entries)}, "
        f"{counted(found.drafts, 'draft')}, {counted(found.pages, 'page')}."
    )
    if found.backups:
        output.note(
            "The journal is not sound, so these backups were read, too: "
            f"{', '.join(found.backups)}."
        )
    if found.raw:
        output.note(
            f"What could not be made sense of is in {found.folder / 'raw'}: "
            f"{counted(found.raw, 'file')}."
        )
    for missed in found.missed:
        output.note(f"It could not be read: {missed}.")
    return TROUBLE if found.missed else OK


# Listing and asking


def _list(care: Care, output: Output) -> int:
    backups = care.backups()
    if not backups:
        output.note("There are no backups yet. `companion backup` makes one.")
        return NOTHING_FOUND
    width = max(len(one.name) for one in backups)
    for one in backups:
        output.data(f"{one.name:{width}}  {_described(one)}\n")
    return OK


def _described(backup: Backup) -> str:
    if backup.fault or backup.made is None:
        return f"cannot be used: {backup.fault}"
    made = f"{backup.made:%a %Y-%m-%d %H:%M}"
    return f"{made}  {in_bytes(backup.size):>8}  {in_entries(backup.entries)}"


def _told(preview: Preview, *, exactly: bool) -> list[str]:
    backup = preview.backup
    lines = [f"{backup.name}: {_described(backup)}"]
    if preview.damaged:
        lines.append(
            "The log is damaged or empty: the journal of the backup takes its place, "
            "and what there is now is set aside."
        )
    if not preview.same_log:
        lines.append("It is the backup of another log.")
    lines.append(f"{in_entries(len(preview.back))} would come back.")
    lines.append(
        f"{in_entries(len(preview.earlier))} would go back to an earlier form."
    )
    since = in_entries(len(preview.since))
    if exactly:
        lines.append(f"{since} written since would go.")
    else:
        lines.append(f"{since} written since would stay.")
    lines += [
        f"In the table {table}, {counted(count, 'document')} would change."
        for table, count in preview.others.items()
    ]
    lines += [f"{name} would come back." for name in preview.pages]
    if preview.refused:
        lines.append(f"{counted(len(preview.refused), 'document')} cannot be taken in:")
        lines += [f"  {reason}" for reason in preview.refused[:_SHOWN]]
        if len(preview.refused) > _SHOWN:
            lines.append(f"  and {len(preview.refused) - _SHOWN} more")
    if not (preview.changes or (exactly and preview.since)):
        lines.append("So nothing would change.")
    return lines


def _say(done: Restored, output: Output) -> None:
    if not done.in_place:
        output.note(
            f"Brought back: {in_entries(done.back)}; back to an earlier form: "
            f"{done.earlier}; gone: {done.gone}. `companion undo` takes it back."
        )
    else:
        output.note(
            f"The journal of {done.backup.name} is in place. Entries written since and "
            f"added to it: {done.kept}."
        )
    if done.aside is not None:
        output.note(f"What was there before was set aside as {done.aside}.")
    if done.before:
        output.note(f"As it was before, it is kept as {done.before}.")


def _path(given: str | None) -> Path | None:
    if given is None:
        return None
    from pathlib import Path

    return Path(given).expanduser().absolute()
