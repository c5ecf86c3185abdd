"""The command line: plain lines in, plain lines out, without a screen.

::

    shell.py      run: from arguments to an exit code; every error one sentence
    parser.py     from arguments to what they ask for
    commands.py   the commands: what each is for and what it takes
    opening.py    the log as a command opens it
    reading.py    log, show, on-this-day, where
    changing.py   edit, delete, undo
    care.py       backup, restore, check, rescue
    erasing.py    compact, erase, forget
    asking.py     what these two have in common
    writing.py    reflect, with text
    linear.py     reflect, without: a sitting in plain lines, for any reader
    console.py    lines to a person and lines from them
    editor.py     an entry as a page in the person's own editor
    rendering.py  an entry as plain lines, Markdown or JSON
    output.py     what reaches the terminal, and what reaches a file
"""

from __future__ import annotations

from companion.cli.shell import run

__all__ = ["run"]
