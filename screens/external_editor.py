"""Long writing in the person's own editor, and its text brought back whole."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.app import SuspendNotSupported

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from textual.app import App

    Handler = Callable[[int, FrameType | None], None] | signal.Handlers

_MARK: Final = "\ufeff"
"""Some editors put it in front of a text."""
HINT: Final = 1
"""Seconds until an editor is told to end once we were, if nobody else told it."""
GRACE: Final = 5
"""Seconds it has to put its text down then."""


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
    name = words[0]
    try:
        with app.suspend():
            # Nothing may leave this block as an exception: the screen would stay dark.
            try:
                code = _code_of(words)
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or "it cannot be run"
                return (
                    f"The editor {name!r} did not start: {reason}. Your text is kept."
                )
    except SuspendNotSupported:
        return "This terminal cannot make room for an editor. Your text is kept."
    if code:
        how = f"ended with {code}" if code > 0 else f"was ended by signal {-code}"
        return f"The editor {name!r} {how}. Your text is kept."
    return ""


def _code_of(words: list[str]) -> int:
    """Run an editor and return its code; the signals that come are passed on to it.

    An interrupt is the editor's own, as it is in a shell, and to be stopped is for
    both. When the terminal is closed the editor may still put its text down; one that
    does not end is ended, so that nothing stays behind.
    """
    import subprocess  # noqa: PLC0415 - only when an editor is asked for
    from threading import Timer  # noqa: PLC0415

    process: subprocess.Popen[bytes] | None = None
    told: list[int] = []

    def note(number: int, _frame: object) -> None:
        told.append(number)
        # A closed terminal tells the editor too, and told twice it may give up.
        later(HINT, press, number)
        later(HINT + GRACE, press, signal.SIGKILL)

    def later(seconds: float, do: Callable[[int], None], number: int) -> None:
        timer = Timer(seconds, do, (number,))
        timer.daemon = True
        timer.start()

    def press(number: int) -> None:
        if process is not None:
            process.send_signal(number)

    # The event loop is not to hear of what is the editor's own.
    wakeup = signal.set_wakeup_fd(-1)
    ours: dict[signal.Signals, Handler] = {
        **dict.fromkeys((signal.SIGHUP, signal.SIGTERM), note),
        **dict.fromkeys((signal.SIGINT, signal.SIGQUIT), _nothing),
        **dict.fromkeys((signal.SIGTSTP, signal.SIGCONT), signal.SIG_DFL),
    }
    former = {number: signal.signal(number, ours[number]) for number in ours}
    try:
        process = subprocess.Popen(words)  # noqa: S603 - their own words
        return process.wait()
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup)
        if told:
            # Now that it has ended, it is for us.
            signal.raise_signal(told[0])


def _nothing(_number: int, _frame: object) -> None:
    """Let a signal pass; unlike one that is ignored, the editor still hears it."""


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
