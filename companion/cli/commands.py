"""The commands: what each is for and what it takes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Command(NamedTuple):
    """One command."""

    about: str
    add: Callable[[argparse.ArgumentParser], None]
    examples: str
    more: str = ""


def _words(word: str) -> str:
    if not word.strip():
        raise argparse.ArgumentTypeError("needs a word or more")
    return word


def _count(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < len("1000000000")):
        raise argparse.ArgumentTypeError(f"{word!r} is not a number of entries")
    return int(word)


def _add_reflect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words", nargs="*", metavar="TEXT", help="what to write; - reads it from stdin"
    )
    parser.add_argument(
        "--day",
        metavar="DAY",
        type=_words,
        help="the day it belongs to: 2026-11-22, yesterday, monday, 3 days ago",
    )
    _add_names(parser, "give it this {}; may be given again")
    _add_choices(parser, "its {}", once=("rung",))
    parser.add_argument(
        "--sitting",
        metavar="NAME",
        type=_words,
        help="be asked the prompts of this sitting, in plain lines",
    )


def _add_log(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words", nargs="*", metavar="WORDS", help="what to look for; all must be there"
    )
    _add_names(parser, "only with this {}; given again, either will do")
    _add_choices(parser, "only of this {}; given again, either will do")
    for name, what in (
        ("--from", "only of this day or later"),
        ("--to", "only of this day or earlier"),
        ("--on", "only of this day, month (2026-11) or year"),
    ):
        parser.add_argument(name, metavar="DAY", type=_words, help=what)
    parser.add_argument(
        "--not",
        dest="without",
        metavar="WORD",
        type=_words,
        action="append",
        default=[],
        help="only without this word (or #tag, @person, kind:moment and so on)",
    )
    parser.add_argument(
        "-n",
        "--number",
        metavar="N",
        type=_count,
        help="show at most so many, the newest; 0 shows all. On a terminal 20 are "
        "shown if you do not say",
    )
    parser.add_argument(
        "--short", action="store_true", help="one line for each, with its beginning"
    )
    _add_forms(parser)


def _add_show(parser: argparse.ArgumentParser) -> None:
    _add_id(parser)
    _add_forms(parser)


def _add_edit(parser: argparse.ArgumentParser) -> None:
    _add_id(parser)
    parser.add_argument(
        "--text",
        metavar="TEXT",
        help="put this in place of the text, without an editor; - reads it from stdin",
    )
    parser.add_argument("--day", metavar="DAY", type=_words, help="move it to this day")


def _add_on_this_day(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="DAY",
        help="look back from this day; today if not given",
    )
    _add_forms(parser)


def _add_backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        metavar="DIR",
        type=_words,
        help="put it in this folder, on another disk for instance; among the log's "
        "own backups if not given",
    )
    parser.set_defaults(words=[])


def _add_restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="BACKUP",
        help="the name of a backup, or the folder it lies in; all are listed if not "
        "given",
    )
    parser.add_argument(
        "--preview", action="store_true", help="say what would change, and end there"
    )
    parser.add_argument(
        "--exactly",
        action="store_true",
        help="take out what was written since, too",
    )
    parser.add_argument(
        "--yes", action="store_true", help="do it without being asked once more"
    )


def _add_rescue(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        metavar="DIR",
        type=_words,
        help="the new folder; one beside the log if not given",
    )
    parser.set_defaults(words=[])


def _add_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs=1,
        metavar="ID",
        help="the id of the entry, or the end of it: four characters or more",
    )


def _add_nothing(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(words=[])


def _add_names(parser: argparse.ArgumentParser, what: str) -> None:
    for name, word, metavar in (
        ("--tag", "tag", "TAG"),
        ("--person", "person (initials or a nickname)", "WHO"),
    ):
        parser.add_argument(
            name,
            metavar=metavar,
            type=_words,
            action="append",
            default=[],
            help=what.format(word),
        )


def _add_choices(
    parser: argparse.ArgumentParser, what: str, *, once: tuple[str, ...] = ()
) -> None:
    from companion.model.entry import KINDS, PRINCIPLES, RUNGS

    choices = {"kind": KINDS, "principle": PRINCIPLES, "rung": RUNGS}
    for name, words in choices.items():
        if once and name == "kind":
            continue
        several: dict[str, Any] = {"action": "append", "default": []}
        parser.add_argument(
            f"--{name}",
            choices=words,
            metavar=name.upper(),
            help=f"{what.format(name)}: {', '.join(words)}",
            **({} if name in once else several),
        )


def _add_forms(parser: argparse.ArgumentParser) -> None:
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument(
        "--json", action="store_true", help="as a list in JSON, with every field"
    )
    forms.add_argument("--markdown", action="store_true", help="as Markdown")


COMMANDS: Final = {
    "reflect": Command(
        "write in the log, at once or by being asked",
        _add_reflect,
        """\
  companion reflect "slept well"
  companion reflect "asked A. before I decided" --person A. --tag crew
  companion reflect --day yesterday "walked home"
  companion reflect - < page.txt
  companion reflect
  companion reflect --sitting five-minutes""",
        "With text it is written at once, also while Companion is open elsewhere.\n"
        "With none it asks, one line at a time; an empty line goes on.",
    ),
    "log": Command(
        "show what is in the log, newest first",
        _add_log,
        """\
  companion log
  companion log river stone
  companion log '"slept well" -coffee'
  companion log --tag rest --from 2026-01-01 --json
  companion log --person A. --not meeting -n 5 --markdown""",
        'WORDS may hold what the search in the app takes: "a phrase", -word, #tag,\n'
        "@person, kind:moment, in:2026-11 and so on.",
    ),
    "show": Command(
        "show one entry whole",
        _add_show,
        """\
  companion show 5ar8k2
  companion show 5ar8k2 --json""",
    ),
    "edit": Command(
        "change an entry in your editor",
        _add_edit,
        """\
  companion edit 5ar8k2
  companion edit 5ar8k2 --text "slept very well"
  companion edit 5ar8k2 --day yesterday""",
        "VISUAL or EDITOR names the editor. Lines that begin with === stand above the\n"
        "answers to prompts and are to be left as they are.",
    ),
    "delete": Command(
        "take an entry out of the log; undo brings it back",
        _add_id,
        "  companion delete 5ar8k2",
    ),
    "undo": Command(
        "take back the newest change that has not been taken back",
        _add_nothing,
        "  companion undo",
    ),
    "on-this-day": Command(
        "show what was written on this day of earlier months and years",
        _add_on_this_day,
        """\
  companion on-this-day
  companion on-this-day 2026-07-14""",
    ),
    "backup": Command(
        "make a backup now, and verify it",
        _add_backup,
        """\
  companion backup
  companion backup --to /media/stick""",
        "One is made by itself on each day on which something was written.",
    ),
    "restore": Command(
        "list the backups, or bring one back",
        _add_restore,
        """\
  companion restore
  companion restore 2026-11-20 --preview
  companion restore 2026-11-20
  companion restore /media/stick/2026-11-20T221500 --exactly""",
        "It says what would change and asks once. What was written since stays,\n"
        "unless it is to be exactly as it was. `companion undo` takes it back.",
    ),
    "check": Command(
        "read every byte of the log and its backups, and change nothing",
        _add_nothing,
        "  companion check",
        "Ends with 0 when all is sound, and with 3 when anything is not.",
    ),
    "rescue": Command(
        "put all that can be read in a new folder, for a log nothing else helps",
        _add_rescue,
        """\
  companion rescue
  companion rescue --to ~/rescued""",
    ),
    "where": Command(
        "say where things lie on this machine",
        _add_nothing,
        "  companion where",
    ),
}
