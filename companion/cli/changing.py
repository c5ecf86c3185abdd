"""Commands that change what is in the log: edit, delete, undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from companion.bootstrap import home_of
from companion.cli.opening import Opened
from companion.cli.rendering import ending
from companion.errors import CompanionError, LogError, NothingToUndoError

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from companion.cli.editor import Page
    from companion.cli.output import Output
    from companion.log import Log
    from companion.model.entry import Entry

OK = 0


def edit(options: Namespace, home: Path | None, output: Output) -> int:
    """Change an entry: its text or its day as given, or all of it in an editor."""
    by_hand = options.text is None and options.day is None
    with Opened(home, output) as opened:
        log, former = opened.entry(options.words[0])
        if not by_hand:
            kept = log.edit(replace(former, **_given(options, log)))
            _say_changed(former, kept, output)
            return OK
        opened.refuse_reader()
    # The log is closed while the editor is open: nobody is kept waiting.
    from companion.cli.editor import Page

    page = Page(former, home_of(home))
    try:
        kept = _edit_by_hand(page, former, home, output)
    except BaseException as error:
        kept_in = f"What you wrote is in {page.path}."
        if not page.is_touched():
            page.remove()
        elif isinstance(error, CompanionError):
            error.hint = f"{error.hint} {kept_in}".lstrip()
        else:
            output.note(kept_in)
        raise
    page.remove()
    _say_changed(former, kept, output)
    return OK


def delete(options: Namespace, home: Path | None, output: Output) -> int:
    """Take an entry out of the log."""
    with Opened(home, output) as opened:
        log, entry = opened.entry(options.words[0])
        log.delete(entry.id)
    output.note(
        f"Taken out of the log: {_named(entry)}. `companion undo` brings it back."
    )
    return OK


def undo(options: Namespace, home: Path | None, output: Output) -> int:  # noqa: ARG001
    """Take back the newest change."""
    with Opened(home, output) as opened:
        if opened.log is None:
            raise NothingToUndoError
        undone = opened.log.undo()
    entry = undone.before or undone.after
    said = {
        "write": "Taken back and out of the log",
        "edit": "As it was before the change",
        "delete": "Back in the log",
        "restore": "As it was before the backup was brought back",
    }[undone.act]
    output.note(f"{said}." if entry is None else f"{said}: {_named(entry)}.")
    return OK


def _given(options: Namespace, log: Log) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if options.text is not None:
        from companion.cli.writing import read_stdin

        changes["text"] = read_stdin() if options.text == "-" else options.text
    if options.day is not None:
        from companion.dates import read_day

        changes["day"] = read_day(options.day, today=log.today())
    return changes


def _edit_by_hand(
    page: Page, former: Entry, home: Path | None, output: Output
) -> Entry:
    page.open_editor()
    changed = page.entry()
    if changed == former:
        return former
    with Opened(home, output) as opened:
        log, now = opened.entry(former.id)
        if now != former:
            raise LogError("The entry was changed by another hand meanwhile.")
        return log.edit(changed)


def _say_changed(former: Entry, kept: Entry, output: Output) -> None:
    said = "As it was" if kept == former else "Changed"
    output.note(f"{said}: {_named(kept)}.")


def _named(entry: Entry) -> str:
    return f"{ending(entry)} of {entry.day.isoformat()}"
