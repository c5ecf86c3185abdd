"""The small files beside the log: drafts, pools, settings and the person's pages."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from companion.errors import LogError, WriteFailedError
from companion.ids import is_id
from companion.ports import Draft
from companion.storage.files import Files
from companion.storage.seal import seal, unseal
from companion.storage.strict import loads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LIMIT: Final = 8 << 20
"""No small file of ours is larger; a larger one is not read."""
_DRAFT_LIMIT: Final = 64 << 20
"""A draft may hold what no entry can, such as a long text from an editor."""


def _keep(files: Files, path: Path, data: bytes, what: str = "") -> None:
    try:
        files.make_folder(path.parent)
        files.write_whole(path, data)
    except OSError as error:
        raise WriteFailedError(
            f"{what or path.name} could not be written: {error.strerror or error}.",
            hint="Look after the disk and the rights of the folder, then try again.",
        ) from error


def _json(data: bytes, limit: int = _LIMIT) -> Any:
    if len(data) > limit:
        raise ValueError("too large")
    return loads(data)


def decode_draft(draft_id: str, raw: bytes) -> Draft:
    """Read the bytes of a draft.

    Raises:
        ValueError, KeyError, TypeError: If they are none.
    """
    data = _json(unseal(raw.rstrip(b"\n")), _DRAFT_LIMIT)
    saved = datetime.fromisoformat(data["saved"])
    if saved.tzinfo is None or not isinstance(data["state"], dict):
        raise ValueError("no draft")
    return Draft(id=draft_id, saved=saved, state=data["state"])


class DraftFiles:
    """Drafts, one file each, sealed as commits are; fulfils `DraftStore`."""

    def __init__(self, home: Path, files: Files | None = None) -> None:
        """Name the folder; nothing is read yet."""
        self._folder = home / "drafts"
        self._aside = home / "quarantine"
        self._files = files or Files()

    def save(self, draft: Draft) -> None:
        """Keep the draft in place of the former one with its id."""
        data = {"saved": draft.saved.isoformat(), "state": dict(draft.state)}
        # As ASCII, so that half a character in it costs no draft.
        words = json.dumps(data).encode()
        if len(words) > _DRAFT_LIMIT:
            # It would not be read again, so nobody is told that it is kept.
            raise WriteFailedError(
                "The draft could not be written: it is larger than a draft can be "
                "(64 MiB).",
                hint="Split the text, or save it elsewhere.",
            )
        payload = seal(words)
        _keep(self._files, self._path(draft.id), payload + b"\n", "The draft")

    def all(self) -> Sequence[Draft]:
        """Return the drafts that can be read, newest first; set others aside."""
        drafts = []
        for name in self._names():
            draft_id = name.removesuffix(".draft")
            if not name.endswith(".draft") or not is_id(draft_id):
                continue
            try:
                drafts.append(self._read(draft_id))
            except (ValueError, KeyError, TypeError):
                with suppress(OSError, LogError):
                    self._files.make_folder(self._aside)
                    aside = self._aside / f"{name}-{os.urandom(4).hex()}"
                    self._files.replace(self._folder / name, aside)
            except OSError:
                continue
        return sorted(drafts, key=lambda draft: draft.saved, reverse=True)

    def _names(self) -> list[str]:
        with suppress(OSError):
            return self._files.names(self._folder)
        return []

    def _read(self, draft_id: str) -> Draft:
        return decode_draft(draft_id, self._files.read(self._path(draft_id)))

    def remove(self, draft_id: str) -> None:
        """Take the draft away; nothing happens where there is none."""
        with suppress(OSError):
            self._files.remove(self._path(draft_id))

    def put_outside(self, folder: Path, name: str, words: str) -> Path:
        """Put words in a new text file, for this account alone; return where."""
        path = folder / f"{name}.txt"
        number = 1
        try:
            while True:
                try:
                    fd = self._files.open_new(path)
                    break
                except FileExistsError:
                    number += 1
                    path = folder / f"{name}-{number}.txt"
            try:
                # Half a character is spelt out, so that it costs no other.
                self._files.write(fd, words.encode(errors="backslashreplace"))
                self._files.sync(fd)
            finally:
                self._files.close(fd)
        except OSError as error:
            raise WriteFailedError(
                f"It could not be put in {folder}: {error.strerror or error}.",
                hint="Name another folder, on another disk perhaps.",
            ) from error
        return path

    def _path(self, draft_id: str) -> Path:
        if not is_id(draft_id):
            raise ValueError(draft_id)
        return self._folder / f"{draft_id}.draft"


class PoolFile:
    """What came of each pool, in one file; fulfils `PoolStore`."""

    def __init__(self, home: Path, files: Files | None = None) -> None:
        """Name the file; nothing is read yet."""
        self._path = home / "pools.json"
        self._files = files or Files()

    def _read(self) -> dict[str, list[str]]:
        try:
            data = _json(self._files.read(self._path))
            return {str(pool): list(map(str, came)) for pool, came in data.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def came(self, pool: str) -> tuple[str, ...]:
        """Return the ids of the prompts that came in this round, the latest last."""
        return tuple(self._read().get(pool, ()))

    def note(self, pool: str, came: tuple[str, ...]) -> None:
        """Keep what came in this round; a prompt is never refused for a full disk."""
        pools = self._read() | {pool: list(came)}
        with suppress(LogError):
            _keep(self._files, self._path, json.dumps(pools).encode() + b"\n")


class SettingsFile:
    """The settings, a TOML file a person may edit; fulfils `SettingsStore`."""

    def __init__(self, config: Path, files: Files | None = None) -> None:
        """Name the file; nothing is read yet."""
        self._path = config / "settings.toml"
        self._files = files or Files()

    def load(self) -> Mapping[str, object]:
        """Return what is kept; {} where there is nothing that can be read."""
        return self._read() or {}

    def _read(self) -> Mapping[str, object] | None:
        """Return what is kept, or None where what is there cannot be read."""
        try:
            data = self._files.read(self._path)
        except OSError:
            return {}
        import tomllib  # noqa: PLC0415 # only where there is a file to read

        try:
            values = tomllib.loads(data.decode())
            # What could not be written again is not taken up.
            _pairs(values)
        except (ValueError, RecursionError):
            return None
        return values

    def save(self, values: Mapping[str, object]) -> None:
        """Keep the values in place of the former; a file that cannot be read stays.

        It stays beside the new one, under another name.
        """
        lines = ["# Settings of Companion. It writes this file when you change one."]
        lines += _pairs(values)
        with suppress(OSError):
            if self._read() is None:
                aside = self._path.with_name(f"{self._path.name}.unread")
                self._files.replace(self._path, aside)
        _keep(self._files, self._path, "\n".join([*lines, ""]).encode())


def _pairs(values: Mapping[str, object]) -> list[str]:
    """Return names and values as they are written in a TOML file."""
    plain = "abcdefghijklmnopqrstuvwxyz_"
    return [
        f"{name if name and not name.strip(plain) else _toml(name)} = {_toml(value)}"
        for name, value in values.items()
    ]


def _toml(value: object) -> str:
    """Return a value of a TOML file as it is written in one, on one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(_pairs(value))}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    # A JSON string, whole number or truth is a TOML one too, but for one character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


class PageFiles:
    """The person's own pages, one text file each; fulfils `PageStore`."""

    def __init__(self, home: Path, files: Files | None = None) -> None:
        """Name the folder; nothing is read yet."""
        self._folder = home / "pages"
        self._files = files or Files()

    def read(self, name: str) -> str:
        """Return the page, or "" where there is none."""
        try:
            return self._files.read(self._folder / f"{name}.md").decode(
                "utf-8", "replace"
            )
        except OSError:
            return ""

    def write(self, name: str, text: str) -> None:
        """Keep the page in place of the former."""
        _keep(self._files, self._folder / f"{name}.md", text.encode())
