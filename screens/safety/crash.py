"""What is kept of a crash: types and line numbers, never a word of the person's."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path
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


def write_report(error: BaseException, home: Path, now: datetime) -> Path | None:
    """Keep a report under `home`, or in the system's temporary folder.

    Returns:
        Where it lies, or None where nowhere could be written.
    """
    from companion import __version__  # noqa: PLC0415 - only a crash needs it

    words = (
        f"Companion {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n"
        f"{now.isoformat(timespec='seconds')}\n\n{describe(error)}\n"
    )
    name = f"report-{now:%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    for folder in _folders(home):
        try:
            return _keep(folder / name, words)
        except OSError:
            continue
    return None


def _folders(home: Path) -> Iterator[Path]:
    yield home / "reports"
    from pathlib import Path as Folder  # noqa: PLC0415
    from tempfile import gettempdir  # noqa: PLC0415 - slow, seldom needed

    yield Folder(gettempdir())


def _keep(path: Path, words: str) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(words)
    return path


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
