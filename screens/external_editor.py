"""Long writing in the person's own editor, and its text brought back whole."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.app import SuspendNotSupported

if TYPE_CHECKING:
    from textual.app import App

_MARK: Final = "\ufeff"
"""Some editors put it in front of a text."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back from outside."""

    text: str
    """The text; as it was, where nothing could be brought back."""
    trouble: str = ""
    """One sentence on what went wrong, or ""."""


def command(environment: dict[str, str] | None = None) -> list[str]:
    """Return the words that start the person's editor; none where none is named."""
    from shlex import split  # noqa: PLC0415 - only when an editor is asked for

    known = dict(os.environ) if environment is None else environment
    for name in ("VISUAL", "EDITOR"):
        try:
            words = split(known.get(name, ""))
        except ValueError:
            # A quote that is not closed: the words as they are may still start it.
            words = known.get(name, "").split()
        if words:
            return words
    return []


def write_outside(app: App[object], text: str) -> Outcome:
    """Let the person change `text` in `$VISUAL` or `$EDITOR`.

    The text lies in a folder and a file that only they can read, and both are taken
    away again, with whatever else the editor left there. Nothing is ever lost: where
    it goes wrong, the text comes back as it was.
    """
    words = command()
    if not words:
        return Outcome(
            text, "No editor is named: set VISUAL or EDITOR, such as EDITOR=nano."
        )
    from shutil import rmtree  # noqa: PLC0415
    from tempfile import mkdtemp  # noqa: PLC0415

    try:
        folder = mkdtemp(prefix="companion-", dir=_place())
    except OSError as error:
        return Outcome(text, f"There is no place for the text: {error.strerror}.")
    try:
        return _written_in(app, words, folder, text)
    finally:
        rmtree(folder, ignore_errors=True)


def _place() -> str | None:
    # Memory rather than disk, where the system offers it.
    place = os.environ.get("XDG_RUNTIME_DIR", "")
    return place if place and os.access(place, os.W_OK | os.X_OK) else None


def _written_in(app: App[object], words: list[str], folder: str, text: str) -> Outcome:
    from pathlib import Path  # noqa: PLC0415

    file = Path(folder) / "text.md"
    before = text.encode(errors="surrogatepass")
    try:
        # Made for the owner alone from its first moment.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as page:
            page.write(before)
    except OSError as error:
        return Outcome(text, f"The text could not be laid out: {error.strerror}.")
    trouble = _run(app, [*words, str(file)])
    try:
        after = file.read_bytes()
    except OSError:
        return Outcome(text, trouble or "The editor left no text; yours is as it was.")
    if after == before:
        return Outcome(text, trouble)
    returned, unreadable = _read(after, text)
    return Outcome(returned, trouble or unreadable)


def _run(app: App[object], words: list[str]) -> str:
    import subprocess  # noqa: PLC0415 - only when an editor is asked for

    name = words[0]
    try:
        with app.suspend():
            # Nothing may leave this block as an exception: the screen would stay dark.
            try:
                code = subprocess.run(words, check=False).returncode  # noqa: S603 - theirs
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or "it cannot be run"
                return (
                    f"The editor {name!r} did not start: {reason}. Your text is kept."
                )
    except SuspendNotSupported:
        return "This terminal cannot make room for an editor. Your text is kept."
    if code:
        return f"The editor {name!r} ended with {code}. Your text is kept."
    return ""


def _read(after: bytes, before: str) -> tuple[str, str]:
    trouble = ""
    try:
        text = after.decode()
    except UnicodeDecodeError:
        text = after.decode(errors="replace")
        trouble = "Some letters came back in no form we know; they are marked."
    if not before.startswith(_MARK):
        text = text.removeprefix(_MARK)
    if "\r\n" not in before:
        text = text.replace("\r\n", "\n")
    # Editors end the last line; a text that had no such end gets none.
    if not before.endswith("\n"):
        text = text.removesuffix("\n")
    return text, trouble
