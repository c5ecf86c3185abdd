"""From arguments to what they ask for."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any, Final, NoReturn

from companion import __version__
from companion.cli.commands import COMMANDS
from companion.errors import CompanionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from companion.cli.commands import Command

_WIDEST: Final = 88
_HELP: Final = frozenset({"-h", "--help"})
KINDS_OF_SHELL: Final = ("bash", "zsh", "tcsh")
_HOME: Final = "the folder of the log; goes before COMPANION_HOME and the usual folder"
_ABOUT: Final = """\
A private companion for people who practise microsolidarity.

Without a command it opens in the terminal. The commands do the same in plain lines,
for scripts, screen readers and short moments."""
_EXAMPLES: Final = """\
examples:
  companion                                 open it
  companion reflect "slept well"            write one line, at once
  companion reflect                         be asked, in plain lines
  companion log river --tag rest -n 5       look for something
  companion log --json                      everything, for another program
  companion --home ./x reflect "a try"      use a folder of your own

Ends with 0 when all is well, 1 when nothing was found, 2 when the arguments do not
fit, 3 when something is wrong with the files, 130 when interrupted.

`companion COMMAND --help` says more about each. COMPANION_HOME names the folder of
the log, NO_COLOR is honoured, and VISUAL or EDITOR names the editor."""


class UsageError(CompanionError):
    """The arguments do not fit the command."""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, and at most as wide as one reads well."""

    def __init__(self, prog: str) -> None:
        # Left to itself, argparse loads a module of archives to learn the width.
        try:
            width = os.get_terminal_size(1).columns
        except (OSError, ValueError):
            width = _WIDEST
        super().__init__(prog, width=min(width, _WIDEST) - 2)


class Parser(argparse.ArgumentParser):
    """An argument parser that raises one sentence instead of leaving."""

    def __init__(self, **options: Any) -> None:
        """Take long options only as they are written out, and use no colour."""
        if sys.version_info >= (3, 14):
            options["color"] = False
        super().__init__(
            allow_abbrev=False,
            formatter_class=_Help,
            **options,
        )

    def error(self, message: str) -> NoReturn:
        """Say what does not fit, and where to read on."""
        raise UsageError(
            f"{self.prog}: {message.rstrip('.')}.",
            hint=f"`{self.prog} --help` says what it takes.",
        )


def parse(
    argv: Sequence[str], home: str | None, rest: Sequence[str]
) -> argparse.Namespace:
    """Return what the arguments say.

    Only the parser of the command that is named is built.

    Args:
        argv: All of them.
        home: The folder they name in front of the command.
        rest: The command and what follows.

    Raises:
        UsageError: If they do not fit.
    """
    name, *arguments = rest
    if name not in COMMANDS:
        found = whole_parser().parse_args(argv)
        if not (found.command or found.print_completion):
            raise UsageError("companion: a command is missing.")
        return found
    command = COMMANDS[name]
    parser = Parser(
        prog=f"companion {name}",
        description=_description(command),
        epilog=_epilog(command),
    )
    _add_command(parser, command)
    parser.set_defaults(command=name, home=home, print_completion=None)
    if not _HELP.intersection(arguments):
        parser.usage = ""  # nobody reads it, and spelling it out takes a while
    end = arguments.index("--") if "--" in arguments else len(arguments)
    found = parser.parse_intermixed_args(arguments[:end])
    found.words += arguments[end + 1 :]
    return found


def whole_parser() -> Parser:
    """Return the parser of all commands: for the help, the man page and the shells."""
    parser = Parser(
        prog="companion",
        description=_ABOUT,
        epilog=_EXAMPLES,
    )
    parser.add_argument(
        "--version", action="version", version=f"companion {__version__}"
    )
    parser.add_argument("--home", metavar="DIR", help=_HOME)
    parser.add_argument(
        "--print-completion",
        choices=KINDS_OF_SHELL,
        metavar="SHELL",
        help="print completions for bash, zsh or tcsh, to be put where your shell "
        "looks for them",
    )
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", parser_class=Parser
    )
    for name, command in COMMANDS.items():
        _add_command(
            commands.add_parser(
                name,
                help=command.about,
                description=_description(command),
                epilog=_epilog(command),
            ),
            command,
        )
    return parser


def _add_command(parser: argparse.ArgumentParser, command: Command) -> None:
    command.add(parser)
    parser.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS, help=_HOME)


def _description(command: Command) -> str:
    about = f"{command.about[0].upper()}{command.about[1:]}."
    return f"{about}\n\n{command.more}".rstrip()


def _epilog(command: Command) -> str:
    return f"examples:\n{command.examples}"
