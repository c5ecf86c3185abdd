"""Quick capture: one line from the shell into the log, at the price of bare Python.

`companion reflect TEXT` with plain options is read and written here, with nothing
loaded but a few modules of the interpreter's own. Whatever is not plain is left to
the whole command line, which reads it again, and says what is wrong with it.

A capture never waits: it is a file of its own in the spool, which every reader of
the log takes in.
"""

from __future__ import annotations

import os
import time

try:
    from _json import encode_basestring as _quoted
except ImportError:  # pragma: no cover - an interpreter without the C module
    from json.encoder import py_encode_basestring as _quoted

from companion.ids import new_id
from companion.places import NoHomeError, find_places
from companion.zone import local_zone

SHORT_ID = 6
"""How many characters of the end of an id are shown; they tell entries apart."""
TEXT_LIMIT = 1024 * 1024
NAME_LIMIT = 80
RUNGS = ("self", "dyad", "crew", "congregation", "network")
PRINCIPLES = (
    "temporary",
    "liberatory",
    "legitimate",
    "accountable",
    "teacher-learner",
    "effective",
    "growing",
)

_SINGLE = ("--home", "--day", "--rung")
_SEVERAL = ("--tag", "--person", "--principle")
_DAY_LENGTH = len("2026-11-22")
_FEBRUARY = 2
_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


def capture(argv: list[str]) -> int | None:
    """Write down what the arguments say.

    Returns:
        0 when it is on the disk; None, and nothing is changed, if the arguments are
        not plain or the disk refused.
    """
    found = _read(argv)
    if found is None:
        return None
    single, several, text = found
    now = time.time_ns() // 1_000_000
    local = time.localtime(now // 1000)
    today = time.strftime("%Y-%m-%d", local)
    day = single.get("--day", today)
    if not (_is_plain(single, several, text) and _is_past(day, today)):
        return None
    entry_id = new_id(now)
    document = spell(
        {
            "id": entry_id,
            "kind": "reflection",
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", local) + _offset(local.tm_gmtoff),
            "zone": local_zone(),
            "day": day,
            "rung": single.get("--rung", ""),
            "principles": several["--principle"],
            "people": several["--person"],
            "tags": several["--tag"],
            "text": text,
        }
    )
    try:
        home, _config = find_places(single.get("--home"))
        put_in_spool(home, entry_id, document)
    except (OSError, NoHomeError):
        return None
    say_written(entry_id, "today" if day == today else day)
    return 0


def spell(fields: dict[str, str | list[str]]) -> bytes:
    """Return an entry document, one line of JSON, with empty fields left out."""
    parts = []
    for name, value in fields.items():
        if isinstance(value, str) and value:
            parts.append(f"{_quoted(name)}:{_quoted(value)}")
        elif value:
            parts.append(f"{_quoted(name)}:[{','.join(map(_quoted, value))}]")
    return f"{{{','.join(parts)}}}\n".encode()


def put_in_spool(home: str, entry_id: str, document: bytes) -> None:
    """Put a new entry where every reader finds it; it is on the disk on return.

    A spool that is a link is refused: it might lead anywhere.

    Raises:
        OSError: If the disk refused; nothing is left behind.
    """
    home_fd = _open_home(home)
    try:
        spool_fd = _open_spool(home_fd)
    finally:
        os.close(home_fd)
    part, name = f".{entry_id}.part", f"{entry_id}.json"
    try:
        try:
            _write_whole(part, document, spool_fd)
            os.rename(part, name, src_dir_fd=spool_fd, dst_dir_fd=spool_fd)
            os.fsync(spool_fd)
        except BaseException:
            _remove(part, spool_fd)
            _remove(name, spool_fd)
            raise
    finally:
        os.close(spool_fd)


def say_written(entry_id: str, day: str) -> None:
    """Tell the person, and give the id to a program that reads our output."""
    _say(2, f"Written for {day}: {entry_id[-SHORT_ID:]}\n")
    if not os.isatty(1):
        _say(1, f"{entry_id}\n")


def _say(descriptor: int, line: str) -> None:
    # Straight to the descriptor: what was written stays written, whoever listens.
    try:
        os.write(descriptor, line.encode())
    except OSError:
        pass


def _read(
    argv: list[str],
) -> tuple[dict[str, str], dict[str, list[str]], str] | None:
    """Sort the arguments into options given once, options given often, and words."""
    single: dict[str, str] = {}
    several: dict[str, list[str]] = {name: [] for name in _SEVERAL}
    words: list[str] = []
    rest = iter(argv)
    for argument in rest:
        if not argument.startswith("-"):
            words.append(argument)
            continue
        name, equals, value = argument.partition("=")
        if not equals:
            value = next(rest, "")
        if not value or (value.startswith("-") and not equals):
            return None
        if name in several:
            several[name].append(value)
        elif name in _SINGLE and name not in single:
            single[name] = value
        else:
            return None
    if len(words) < 2 or words[0] != "reflect":  # noqa: PLR2004
        return None
    return single, several, " ".join(words[1:])


def _is_plain(single: dict[str, str], several: dict[str, list[str]], text: str) -> bool:
    """Return whether every rule of the model surely holds."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return False
    names = several["--tag"], several["--person"]
    return (
        size <= TEXT_LIMIT
        and not text.isspace()
        and text != ""
        and single.get("--rung", "self") in RUNGS
        and all(word in PRINCIPLES for word in several["--principle"])
        and len(set(several["--principle"])) == len(several["--principle"])
        and all(map(_are_plain_names, names))
    )


def _are_plain_names(names: list[str]) -> bool:
    """Return whether the names are kept just as they are typed, and all differ."""
    if len(names) > 1 and not all(map(str.isascii, names)):
        return False
    return len({name.lower() for name in names}) == len(names) and all(
        len(name) <= NAME_LIMIT
        and name.isprintable()
        and name == name.strip()
        and "," not in name
        and name[0] not in "#@"
        for name in names
    )


def _is_past(day: str, today: str) -> bool:
    """Return whether `day` is a date, written in full, that is not ahead of today."""
    if day == today:
        return True
    if len(day) != _DAY_LENGTH or not day.isascii() or day > today:
        return False
    year, month, date = day[:4], day[5:7], day[8:]
    if day[4] != "-" or day[7] != "-" or not (year + month + date).isdigit():
        return False
    return year != "0000" and 1 <= int(date) <= _length(int(year), int(month))


def _length(year: int, month: int) -> int:
    """Return how many days a month has, 0 for one that is not."""
    if month == _FEBRUARY and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _LENGTHS[month] if month < len(_LENGTHS) else 0


def _offset(seconds: int) -> str:
    """Return an offset from UTC as ISO 8601 writes it."""
    sign = "-" if seconds < 0 else "+"
    minutes, rest = divmod(abs(seconds), 60)
    whole = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    return f"{whole}:{rest:02}" if rest else whole


def _open_home(home: str) -> int:
    try:
        return os.open(home, _FOLDER)
    except FileNotFoundError:
        _make_folders(home)
        return os.open(home, _FOLDER)


def _make_folders(path: str) -> None:
    """Make a folder and those above it, closed to others, and keep them on disk."""
    missing = []
    while path and not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    for folder in reversed(missing):
        try:
            os.mkdir(folder, _FOLDER_MODE)
        except FileExistsError:
            continue  # another capture was first; or a file, which opening will tell
        _keep_folder(os.path.dirname(folder) or ".")


def _keep_folder(path: str) -> None:
    descriptor = os.open(path, _FOLDER)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_spool(home_fd: int) -> int:
    try:
        return os.open("spool", _FOLDER | os.O_NOFOLLOW, dir_fd=home_fd)
    except FileNotFoundError:
        try:
            os.mkdir("spool", _FOLDER_MODE, dir_fd=home_fd)
        except FileExistsError:
            pass  # another capture was first
        os.fsync(home_fd)
        return os.open("spool", _FOLDER | os.O_NOFOLLOW, dir_fd=home_fd)


def _write_whole(name: str, content: bytes, folder_fd: int) -> None:
    descriptor = os.open(name, _NEW, _FILE_MODE, dir_fd=folder_fd)
    try:
        view = memoryview(content)
        while view:
            taken = os.write(descriptor, view)
            if taken == 0:
                raise OSError(5, "The disk takes nothing")
            view = view[taken:]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(name: str, folder_fd: int) -> None:
    try:
        os.unlink(name, dir_fd=folder_fd)
    except OSError:
        pass  # what cannot be removed cannot be helped either
