"""From arguments to an exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from companion.cli.output import Output
from companion.crash import forbid_core_dumps
from companion.errors import CompanionError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from companion.facade import Companion

    OpenApp = Callable[[Companion], int]
    Handler = Callable[[Namespace, Path | None, Output], int]

OK, TROUBLE, FAULT, INTERRUPTED = 0, 3, 70, 130


def run(argv: Sequence[str], open_app: OpenApp) -> int:
    """Do what the arguments say.

    Args:
        argv: The arguments, without the name of the program.
        open_app: Opens the app in the terminal and returns its exit code.

    Returns:
        0 all is well, 1 nothing found, 2 arguments that do not fit, 3 trouble with
        the files, 70 a fault of ours, 130 interrupted.
    """
    output = Output(sys.stdout, sys.stderr)
    home = None
    try:
        forbid_core_dumps()
        home, rest = split_home(argv)
        if rest:
            code = _do(argv, home, rest, output)
            output.finish()
        else:
            code = _open(home, open_app)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except CompanionError as error:
        with suppress(OSError):
            output.finish()
        output.trouble(error)
        code = error.exit_code
    except BrokenPipeError:
        code = OK  # the reader has seen enough
    except OSError as error:
        about = f"{error.filename}: " if error.filename else ""
        output.note(f"It did not work: {about}{error.strerror or error}.")
        code = TROUBLE
    except Exception as error:  # noqa: BLE001 - python would print it, words and all
        output.note(_own_up(error, home))
        code = FAULT
    _drop_rest()
    return code


def _own_up(error: Exception, home: str | None) -> str:
    """Keep a report of a fault of ours, and say where it lies."""
    from datetime import datetime
    from pathlib import Path

    from companion.bootstrap import home_of
    from companion.crash import write_report

    with suppress(CompanionError):
        home = os.fspath(home_of(None if home is None else Path(home)))
    place = write_report(error, home, datetime.now().astimezone())
    said = "Companion met a fault of its own and stopped; what was kept is safe."
    return f"{said} A report without your words: {place}" if place else said


def split_home(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """Take `--home DIR` from the front of the arguments.

    Raises:
        CompanionError: If it names no folder.
    """
    home, rest = None, list(argv)
    while rest:
        name, equals, value = rest[0].partition("=")
        if name != "--home" or not (equals or rest[1:]):
            break
        home = value if equals else rest[1]
        if not home:
            raise CompanionError("--home needs the name of a folder.")
        del rest[: 1 if equals else 2]
    return home, rest


def _open(home: str | None, open_app: OpenApp) -> int:
    """Open the app, where there is a terminal for it."""
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        reason = "Companion opens in a terminal, and this is none."
    elif os.environ.get("TERM") == "dumb":
        reason = "Companion needs a terminal that can place text, and this one cannot."
    else:
        from pathlib import Path

        from companion.bootstrap import open_companion

        companion = open_companion(None if home is None else Path(home))
        try:
            return open_app(companion)
        finally:
            companion.close()
    from companion.cli.commands import COMMANDS

    names = ", ".join(COMMANDS)
    raise CompanionError(reason, hint=f"These commands work anywhere: {names}.")


def _do(
    argv: Sequence[str], home: str | None, rest: Sequence[str], output: Output
) -> int:
    from pathlib import Path

    from companion.cli.parser import parse

    output.take_every_byte()
    try:
        options = parse(argv, home, rest)
    except SystemExit as leaving:  # after --help and --version
        return int(leaving.code or OK)
    if options.print_completion:
        return _print_completion(options.print_completion, output)
    _refuse_half_characters(options)
    if options.home == "":
        raise CompanionError("--home needs the name of a folder.")
    place = None if options.home is None else Path(options.home)
    return _handler(options.command)(options, place, output)


def _handler(command: str) -> Handler:
    """Return what does the command; only that is loaded."""
    if command == "reflect":
        from companion.cli.writing import reflect

        return reflect
    if command in {"edit", "delete", "undo"}:
        from companion.cli import changing

        return {
            "edit": changing.edit,
            "delete": changing.delete,
            "undo": changing.undo,
        }[command]
    if command in {"backup", "restore", "check", "rescue"}:
        from companion.cli import care

        return {
            "backup": care.backup,
            "restore": care.restore,
            "check": care.check,
            "rescue": care.rescue,
        }[command]
    if command in {"compact", "erase", "forget"}:
        from companion.cli import erasing

        return {
            "compact": erasing.compact,
            "erase": erasing.erase,
            "forget": erasing.forget,
        }[command]
    from companion.cli import reading

    return {
        "log": reading.log,
        "show": reading.show,
        "on-this-day": reading.on_this_day,
        "where": reading.where,
    }[command]


def _refuse_half_characters(options: Namespace) -> None:
    """Refuse arguments that were not text in the first place; a path need not be."""
    for name, value in vars(options).items():
        for word in value if isinstance(value, list) else [value]:
            try:
                str(word).encode()
            except UnicodeEncodeError:
                if name not in {"home", "to"}:
                    raise CompanionError(
                        f"{word!r} is not valid UTF-8.", hint="Nothing was changed."
                    ) from None


def _print_completion(shell: str, output: Output) -> int:
    import shtab

    from companion.cli.parser import whole_parser

    output.data(shtab.complete(whole_parser(), shell=shell))
    return OK


def _drop_rest() -> None:
    """Leave nothing in the buffers that Python would stumble over when it ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
