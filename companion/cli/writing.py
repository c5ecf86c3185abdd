"""The command that writes: reflect."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from companion.bootstrap import open_spool
from companion.capture import say_written
from companion.errors import CompanionError, InvalidEntryError
from companion.model.entry import TEXT_LIMIT

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import date
    from pathlib import Path

    from companion.cli.output import Output
    from companion.model.entry import Entry

OK = 0


def reflect(options: Namespace, home: Path | None, output: Output) -> int:
    """Write what was given at once; ask, where nothing was."""
    if not options.words:
        if not (options.sitting or (sys.stdin and sys.stdin.isatty())):
            raise CompanionError(
                "There is nothing to write.",
                hint="Give the text, or - to read it from standard input.",
            )
        from companion.cli.linear import converse

        return converse(options, home, output)
    if options.sitting:
        raise CompanionError(
            "Text is written as it is, without a sitting.",
            hint="Leave out the text or --sitting.",
        )
    if "-" in options.words and len(options.words) > 1:
        raise CompanionError("- reads all of the text, so it stands alone.")
    text = read_stdin() if options.words == ["-"] else " ".join(options.words)
    log = open_spool(home)
    entry = log.new(
        day=day_of(options, log.today()),
        text=text,
        tags=options.tag,
        people=options.person,
        principles=tuple(dict.fromkeys(options.principle)),
        rung=options.rung or "",
    )
    say_kept(log.write(entry), log.today())
    return OK


def day_of(options: Namespace, today: date) -> date:
    """Return the day that is asked for.

    Raises:
        InvalidDayError: If the words name none.
    """
    if options.day is None:
        return today
    from companion.dates import read_day

    return read_day(options.day, today=today)


def say_kept(entry: Entry, today: date) -> None:
    """Say that it is written, and give its id to a program that reads our output."""
    say_written(entry.id, "today" if entry.day == today else entry.day.isoformat())


def read_stdin() -> str:
    """Return what comes from standard input, byte for byte.

    Raises:
        InvalidEntryError: If it is longer than an entry can be.
        CompanionError: If it is closed, or no text.
    """
    if sys.stdin is None:
        raise CompanionError("Standard input is closed, so there is nothing to read.")
    content = sys.stdin.buffer.read(TEXT_LIMIT + 1)
    if len(content) > TEXT_LIMIT:
        raise InvalidEntryError(
            "The text is longer than one entry can hold (1 MiB).",
            hint="Split it into several entries.",
        )
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise CompanionError(
            f"What came from standard input is not valid UTF-8 from byte "
            f"{error.start + 1} on, so nothing was changed.",
            hint="`iconv -t UTF-8` converts it.",
        ) from error
