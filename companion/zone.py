"""The name of the zone a person is in, read without loading any zone data."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # loading `typing` would cost half of a quick capture
if TYPE_CHECKING:
    from collections.abc import Mapping

_DATABASES = (
    "/usr/share/zoneinfo",
    "/usr/lib/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/etc/zoneinfo",
    "/var/db/timezone/zoneinfo",
)
_LETTERS = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/"
)
_LONGEST = 64
_MOST_LINKS = 8


def local_zone(
    environ: Mapping[str, str] = os.environ,
    *,
    root: str = "",
) -> str:
    """Return the IANA key of the local zone, or "" where it is not known.

    The variable TZ comes first, then the link /etc/localtime, then /etc/timezone.
    A name counts only if this machine has a zone of that name: the system takes
    any other for UTC.

    Args:
        environ: The environment.
        root: Stands before each path that is read.
    """
    setting = environ.get("TZ")
    if setting is not None:
        return _known(setting.removeprefix(":"), root) if setting else ""
    return _linked(root) or _written(root)


def _linked(root: str) -> str:
    path = f"{root}/etc/localtime"
    for _ in range(_MOST_LINKS):
        try:
            target = os.readlink(path)
        except OSError:
            return ""
        path = os.path.join(os.path.dirname(path), target)
        if "zoneinfo/" in target:
            return _known(target, root)
    return ""


def _written(root: str) -> str:
    try:
        descriptor = os.open(f"{root}/etc/timezone", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        first = os.read(descriptor, 256).split(b"\n", 1)[0]
    except OSError:
        return ""
    finally:
        os.close(descriptor)
    return _known(first.decode("ascii", "replace").split("#", 1)[0].strip(), root)


def _known(name: str, root: str) -> str:
    """Return the key that `name`, a key or the path of a zone's file, stands for."""
    key = name.rsplit("zoneinfo/", 1)[-1]
    for variant in ("posix/", "right/"):
        key = key.removeprefix(variant)
    if not key or len(key) > _LONGEST or not _LETTERS.issuperset(key) or key[0] == "/":
        return ""
    for database in _DATABASES:
        if os.path.isfile(f"{root}{database}/{key}"):
            return key
    return ""
