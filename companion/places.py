"""Where the log and the settings lie, worked out without loading anything.

On Linux and macOS the answers are those of platformdirs, which costs more to load
than a quick capture takes in all.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # loading `typing` would cost half of a quick capture
if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = "companion"
HOME_VARIABLE = "COMPANION_HOME"


class NoHomeError(Exception):
    """Nothing says where this person's own folder is."""


def find_places(
    home: str | None = None, environ: Mapping[str, str] = os.environ
) -> tuple[str, str]:
    """Return two folders: of the log, and of the settings and the person's own words.

    Both are absolute paths; neither needs to be there yet.

    Args:
        home: The folder named on the command line, if any; it goes before
            COMPANION_HOME, and that before the folders usual on this system.
        environ: The environment.

    Raises:
        NoHomeError: If the person's own folder is needed and not known.
    """
    named = home or environ.get(HOME_VARIABLE)
    if named:
        path = os.path.expanduser(named)
        if path.startswith("~"):
            raise NoHomeError
        path = os.path.abspath(path)
        return path, f"{path}/config"
    return (
        _usual("XDG_DATA_HOME", ".local/share", environ),
        _usual("XDG_CONFIG_HOME", ".config", environ),
    )


def _usual(variable: str, beneath: str, environ: Mapping[str, str]) -> str:
    """Return the folder for Companion that is usual here."""
    folder = environ.get(variable, "")
    if not folder.startswith("/"):
        if sys.platform == "darwin":
            beneath = "Library/Application Support"
        folder = f"{_own_folder(environ)}/{beneath}"
    return f"{folder.rstrip('/')}/{_NAME}"


def _own_folder(environ: Mapping[str, str]) -> str:
    folder = environ.get("HOME", "")
    if not folder.startswith("/"):
        import pwd  # noqa: PLC0415 - only where HOME is missing or no path

        try:
            folder = pwd.getpwuid(os.getuid()).pw_dir
        except KeyError:
            folder = ""
    if not folder.startswith("/"):
        raise NoHomeError
    return folder.rstrip("/")
