"""What each command takes: its arguments, added to a parser."""

from __future__ import annotations

import argparse
from typing import Any


def _words(word: str) -> str:
    if not word.strip():
        raise argparse.ArgumentTypeError("needs a word or more")
    return word


def _count(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < len("1000000000")):
        raise argparse.ArgumentTypeError(f"{word!r} is not a number of entries")
    return int(word)


def add_reflect(parser: argparse.ArgumentParser) -> None:
    """Take what is written, its day and what it is marked with."""
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


def add_log(parser: argparse.ArgumentParser) -> None:
    """Take what is looked for, how much of it, and in which form."""
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


def add_show(parser: argparse.ArgumentParser) -> None:
    """Take the id of an entry and the form it is shown in."""
    add_id(parser)
    _add_forms(parser)


def add_edit(parser: argparse.ArgumentParser) -> None:
    """Take the id of an entry and what is to change."""
    add_id(parser)
    parser.add_argument(
        "--text",
        metavar="TEXT",
        help="put this in place of the text, without an editor; - reads it from stdin",
    )
    parser.add_argument("--day", metavar="DAY", type=_words, help="move it to this day")


def add_on_this_day(parser: argparse.ArgumentParser) -> None:
    """Take the day to look back from and the form."""
    parser.add_argument(
        "words",
        nargs="*",
        metavar="DAY",
        help="look back from this day; today if not given",
    )
    _add_forms(parser)


def add_backup(parser: argparse.ArgumentParser) -> None:
    """Take where the backup goes."""
    parser.add_argument(
        "--to",
        metavar="DIR",
        type=_words,
        help="put it in this folder, on another disk for instance; among the log's "
        "own backups if not given",
    )
    parser.set_defaults(words=[])


def add_restore(parser: argparse.ArgumentParser) -> None:
    """Take which backup, how much of it, and whether to ask."""
    parser.add_argument(
        "words",
        nargs="*",
        metavar="BACKUP",
        help="the name of a backup, the folder it lies in, or a file of plain TinyDB; "
        "all are listed if not given",
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


def add_compact(parser: argparse.ArgumentParser) -> None:
    """Take whether to look only, or not to ask."""
    _add_consent(parser, "say what would go, and end there")
    parser.set_defaults(words=[])


def add_erase(parser: argparse.ArgumentParser) -> None:
    """Take which entries go."""
    parser.add_argument(
        "words",
        nargs="+",
        metavar="ID",
        help="the id of an entry, or the end of it: four characters or more; of a "
        "deleted one, too",
    )
    _add_consent(parser, "say what would go, and end there")


def add_forget(parser: argparse.ArgumentParser) -> None:
    """Take the name that goes and the word in its place."""
    parser.add_argument(
        "words", nargs="+", metavar="NAME", help="the name, as it is written"
    )
    parser.add_argument(
        "--instead",
        metavar="WORD",
        type=_words,
        help="what takes its place in words; someone, if not given",
    )
    _add_consent(parser, "say what would change, and end there")


def _add_consent(parser: argparse.ArgumentParser, preview: str) -> None:
    parser.add_argument("--preview", action="store_true", help=preview)
    parser.add_argument(
        "--yes", action="store_true", help="do it without being asked once more"
    )


def add_rescue(parser: argparse.ArgumentParser) -> None:
    """Take where the new folder is to be."""
    parser.add_argument(
        "--to",
        metavar="DIR",
        type=_words,
        help="the new folder; one beside the log if not given",
    )
    parser.set_defaults(words=[])


def add_id(parser: argparse.ArgumentParser) -> None:
    """Take the id of one entry."""
    parser.add_argument(
        "words",
        nargs=1,
        metavar="ID",
        help="the id of the entry, or the end of it: four characters or more",
    )


def add_nothing(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""
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
