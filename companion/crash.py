"""What is kept of a crash: types and line numbers, never a word of the person's."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from types import TracebackType

FRAMES: Final = 60
"""Most frames that are told, the innermost ones."""
LINKS: Final = 8
"""Most causes that are followed."""


def describe(error: BaseException) -> str:
    """Return what went wrong without messages, values or lines of text."""
    lines: list[str] = []
    for link in _chain(error):
        lines.append(_name(type(link)))
        lines += [f"  {frame}" for frame in _frames(link.__traceback__)]
    return "\n".join(lines)


def write_report(error: BaseException, home: str | None, now: datetime) -> str | None:
    """Keep a report under `home`, or in the system's temporary folder.

    Returns:
        Where it lies, or None where nowhere could be written.
    """
    from companion import __version__

    words = (
        f"Companion {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n"
        f"{now.isoformat(timespec='seconds')}\n\n{describe(error)}\n"
    )
    name = f"report-{now:%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    for folder in _folders(home):
        try:
            return _keep(folder, name, words)
        except OSError:
            continue
    return None


def forbid_core_dumps() -> None:
    """Keep our memory from being written to disk when the process is killed."""
    import resource  # not on every system

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def tell_nothing_else() -> None:
    """Let Python itself print nothing of a fault in a thread, or of a lost one.

    It would print what went wrong in full, which may be what a person wrote.
    """
    import threading

    threading.excepthook = lambda _fault: None
    sys.unraisablehook = lambda _fault: None


def _folders(home: str | None) -> Iterator[str]:
    if home is not None:
        yield _reports(home)
    from tempfile import gettempdir  # slow, seldom needed

    yield os.path.realpath(gettempdir())


def _reports(home: str) -> str:
    folder = os.path.join(home, "reports")
    # A home that is not there is not made for this.
    if os.path.isdir(home):
        with suppress(OSError):
            os.mkdir(folder, 0o700)
    return folder


def _keep(folder: str, name: str, words: str) -> str:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    within = os.open(folder, flags)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(name, flags, 0o600, dir_fd=within)
    finally:
        os.close(within)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(words)
    return os.path.join(folder, name)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(seen) < LINKS:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _name(kind: type[BaseException]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _frames(trace: TracebackType | None) -> list[str]:
    frames = []
    while trace is not None:
        code = trace.tb_frame.f_code
        file = "/".join(code.co_filename.replace("\\", "/").split("/")[-3:])
        frames.append(f"{file}:{trace.tb_lineno} in {code.co_qualname}")
        trace = trace.tb_next
    return frames[-FRAMES:]
