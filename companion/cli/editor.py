"""An entry as one page in the person's own editor."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.cli.rendering import one_line
from companion.errors import CompanionError

if TYPE_CHECKING:
    from companion.model.entry import Entry

_MARK: Final = "==="


class Page:
    """A file, for its owner alone, that holds all that was said in an entry.

    First the text; then each answer beneath a line that begins with === and holds its
    question. It lies in a folder of its own in the home of the log, as an editor may
    leave copies beside it.
    """

    def __init__(self, entry: Entry, home: Path) -> None:
        """Write the file."""
        self._entry = entry
        said = [entry.text, *(answer.text for answer in entry.answers)]
        mark = _MARK
        while any(line.startswith(mark) for text in said for line in text.split("\n")):
            mark += "="
        self._marks = [
            f"{mark} {number}. {one_line(answer.question)}\n"
            for number, answer in enumerate(entry.answers, 1)
        ]
        self._written = "".join(
            f"{head}{text}\n"
            for head, text in zip(["", *self._marks], said, strict=True)
        ).encode()
        self._folder = Path(tempfile.mkdtemp(prefix="edit-", dir=home))
        self.path = self._folder / "entry.md"
        self.path.touch(mode=0o600)
        self.path.write_bytes(self._written)

    def open_editor(self) -> None:
        """Open the editor and wait until it is closed.

        Raises:
            CompanionError: If there is none, or it says that something went wrong.
        """
        command = _editor()
        # An interrupt typed in the editor is the editor's, as it is in a shell.
        former = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            code = subprocess.call([*command, os.fspath(self.path)])  # noqa: S603
        except OSError as error:
            raise CompanionError(
                f"The editor {command[0]!r} cannot be run: {error.strerror}.",
                hint="Set VISUAL or EDITOR to one that can, or use --text.",
            ) from error
        finally:
            signal.signal(signal.SIGINT, former)
        if code:
            how = (
                f"ended with code {code}"
                if code > 0
                else f"was ended by signal {-code}"
            )
            raise CompanionError(f"The editor {how}, so nothing was changed.")

    def entry(self) -> Entry:
        """Return the entry as it is on the page now.

        Raises:
            CompanionError: If the page cannot be read as one.
        """
        try:
            page = self.path.read_bytes().decode()
        except UnicodeDecodeError as error:
            raise CompanionError(
                f"The page is not valid UTF-8 from byte {error.start + 1} on, so "
                "nothing was changed."
            ) from error
        text, *answers = self._taken_apart(page)
        return replace(
            self._entry,
            text=text,
            answers=tuple(
                replace(former, text=answer)
                for former, answer in zip(self._entry.answers, answers, strict=True)
                if answer.strip()
            ),
        )

    def is_touched(self) -> bool:
        """Whether it holds anything but what it held at first."""
        try:
            return self.path.read_bytes() != self._written
        except OSError:
            return False

    def remove(self) -> None:
        """Take it away."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _taken_apart(self, page: str) -> list[str]:
        """Return the text and the answers, without the break each was given."""
        parts = []
        rest = f"\n{page}" if page.endswith("\n") else f"\n{page}\n"
        for mark in self._marks:
            part, found, rest = rest.partition(f"\n{mark}")
            if not found:
                raise CompanionError(
                    f"The line {mark.strip()!r} is not on the page any more, so "
                    "nothing was changed."
                )
            parts.append(part)
            rest = f"\n{rest}"
        parts.append(rest.removesuffix("\n"))
        return [part.removeprefix("\n") for part in parts]


def _editor() -> list[str]:
    said = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    hint = "Set VISUAL or EDITOR, such as EDITOR=nano, or use --text."
    try:
        command = shlex.split(said)
    except ValueError:
        raise CompanionError(
            f"The name of the editor, {said!r}, cannot be read.", hint=hint
        ) from None
    if not command:
        raise CompanionError("Nothing says which editor to open.", hint=hint)
    return command
