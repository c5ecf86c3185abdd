"""The commands: what each is for and what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from companion.cli.arguments import (
    add_backup,
    add_compact,
    add_edit,
    add_erase,
    add_forget,
    add_id,
    add_log,
    add_nothing,
    add_on_this_day,
    add_reflect,
    add_rescue,
    add_restore,
    add_show,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


class Command(NamedTuple):
    """One command."""

    about: str
    add: Callable[[argparse.ArgumentParser], None]
    examples: str
    more: str = ""


COMMANDS: Final = {
    "reflect": Command(
        "write in the log, at once or by being asked",
        add_reflect,
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
        add_log,
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
        add_show,
        """\
  companion show 5ar8k2
  companion show 5ar8k2 --json""",
    ),
    "edit": Command(
        "change an entry in your editor",
        add_edit,
        """\
  companion edit 5ar8k2
  companion edit 5ar8k2 --text "slept very well"
  companion edit 5ar8k2 --day yesterday""",
        "VISUAL or EDITOR names the editor. Lines that begin with === stand above the\n"
        "answers to prompts and are to be left as they are.",
    ),
    "delete": Command(
        "take an entry out of the log; undo brings it back",
        add_id,
        "  companion delete 5ar8k2",
    ),
    "undo": Command(
        "take back the newest change that has not been taken back",
        add_nothing,
        "  companion undo",
    ),
    "on-this-day": Command(
        "show what was written on this day of earlier months and years",
        add_on_this_day,
        """\
  companion on-this-day
  companion on-this-day 2026-07-14""",
    ),
    "backup": Command(
        "make a backup now, and verify it",
        add_backup,
        """\
  companion backup
  companion backup --to /media/stick""",
        "One is made by itself on each day on which something was written.",
    ),
    "restore": Command(
        "list the backups, or bring one back",
        add_restore,
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
        add_nothing,
        "  companion check",
        "Ends with 0 when all is sound, and with 3 when anything is not.",
    ),
    "rescue": Command(
        "put all that can be read in a new folder, for a log nothing else helps",
        add_rescue,
        """\
  companion rescue
  companion rescue --to ~/rescued""",
    ),
    "compact": Command(
        "drop earlier versions from the years that are over",
        add_compact,
        """\
  companion compact --preview
  companion compact""",
        "What is in the log stays as it is, and a backup is made before. Undo goes\n"
        "back as far as the year that is written in.",
    ),
    "erase": Command(
        "erase entries for good, in every version and backup",
        add_erase,
        """\
  companion erase 5ar8k2 --preview
  companion erase 5ar8k2 9xk3bd""",
        "It says what would go and asks once; then nothing brings it back, neither\n"
        "undo nor a backup beside the log. Deleted entries can be erased, too.",
    ),
    "forget": Command(
        "take a person's name out of everything, in every version and backup",
        add_forget,
        """\
  companion forget A. --preview
  companion forget Anna --instead "a friend\"""",
        "The name goes from lists of people, and another word takes its place in\n"
        "texts, where it stands as a whole word, in upper and lower case as given.",
    ),
    "where": Command(
        "say where things lie on this machine",
        add_nothing,
        "  companion where",
    ),
}
