"""Targets that read what a person typed, or wrote with an editor of their own."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import tomllib
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING
from unittest.mock import patch

from rich.segment import Segment
from textual.color import Color

from companion.cli import run
from companion.cli.parser import UsageError
from companion.cli.parser import parse as parse_arguments
from companion.content.own import OwnWords
from companion.dates import period, read_day
from companion.errors import InvalidDayError, InvalidQueryError
from companion.model.query import Query
from companion.preferences import Preferences, Settings
from companion.search import matches, parse, quoted
from companion.storage.documents import to_document
from companion.storage.small import SettingsFile
from companion.visible import CONTROLS, blank_controls
from screens.safety.words import ControlFilter, plain
from tests.disks import QuickFiles
from tests.doubles import MemoryPages
from tests.fuzz.bench import files_in, folder, promise, put
from tests.logs import content_of, entry, id_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TODAY = date(2026, 11, 22)
_FILES = QuickFiles()


def _words(data: bytes) -> str:
    """Return bytes as Python gives what was typed: half characters and all."""
    return data.decode("utf-8", "surrogateescape")


def day(data: bytes) -> None:
    """Words name a day, or are refused with them in the sentence."""
    words = _words(data)
    with suppress(InvalidDayError):
        found = read_day(words, today=_TODAY)
        promise(read_day(found.isoformat(), today=_TODAY) == found, "a day is a day")
    with suppress(InvalidDayError):
        first, last = period(words, today=_TODAY)
        promise(first <= last, "a stretch of days goes forward")


_DAYS = re.compile(r"(?i)(on|in|from|to|before|after):")
_KEYS = re.compile(r"(?i)(kind|rung|principle|tag|person|part):|[#@]")
_ENTRY = entry(1, text="slept well", tags=("rest",), people=("A.",), part="critic")


def search(data: bytes) -> None:
    """A search is understood, the same way again, or refused by name."""
    words = _words(data)
    try:
        found = parse(words, today=_TODAY)
    except InvalidQueryError as error:
        promise(error.message, "it is said why")
        return
    named = any(getattr(found, key) for key in ("tags", "people", "parts", "kinds"))
    promise(_KEYS.search(words) or not named, "only a key names a facet")
    bounded = (found.first, found.last) != (None, None)
    promise(_DAYS.search(words) or not bounded, "only a key narrows the days")
    promise(parse(words, today=_TODAY) == found, "it means the same again")
    matches(_ENTRY, found)
    phrase = Query(words=(words,)) if words.strip() else Query()
    promise(parse(quoted(words), today=_TODAY) == phrase, "a phrase is as it is")


def settings(data: bytes) -> None:
    """A file of settings is read, and what we do not know in it stays."""
    with folder() as config:
        put(config, {"settings.toml": data})
        file = SettingsFile(config, _FILES)
        kept = dict(file.load())
        preferences = Preferences(file, MemoryPages())
        promise(type(preferences.settings) is Settings, "there are settings")
        promise(all(map(str.isprintable, preferences.problems)), "problems are words")
        preferences.change(hours=12)
        again = dict(file.load())
        promise(again.pop("hours") == 12, "a change is kept")
        ours = ("hours", "theme", "week_start", "motion")
        rest = {key: value for key, value in kept.items() if key not in ours}
        said = {key: value for key, value in again.items() if key not in ours}
        promise(repr(said) == repr(rest), "what is not known here stays")
        promise(_is_toml(data) or data in files_in(config).values(), "no word is lost")


def _is_toml(data: bytes) -> bool:
    try:
        tomllib.loads(data.decode())
    except (ValueError, RecursionError):
        return False
    return True


def own_prompts(data: bytes) -> None:
    """Own prompts are used, or named with the line where something is wrong."""
    _own("prompts.toml", data)


def own_sittings(data: bytes) -> None:
    """Own sittings, likewise."""
    _own("sittings.toml", data)


def _own(name: str, data: bytes) -> None:
    with folder() as config:
        put(config, {name: data})
        own = OwnWords(config)
        prompts, pools = own.prompts, {"day", *own.pools}
        sittings = own.sittings(pools=pools, taken={"one-minute"})
        lines = len(data.splitlines()) + 1
        for problem in own.problems(drawn=()):
            promise(0 <= problem.line <= lines, "a line that is there is named")
            promise(problem.message and problem.file == name, "it is said what it is")
        promise(all(one.text.strip() for one in prompts), "a prompt has words")
        ids = [one.id for one in prompts] + [one.id for one in sittings]
        promise(len(set(ids)) == len(ids), "each has its own id")
        for sitting in sittings:
            promise(sitting.name.strip() and sitting.steps, "a sitting can be chosen")
            for step in sitting.steps:
                promise(pools.issuperset(step.pools), "each pool is there")


def arguments(data: bytes) -> None:
    """Arguments are understood, or refused in one sentence."""
    argv = _words(data).split("\n")
    with suppress(UsageError, SystemExit), _streams(b""):
        parse_arguments(argv, None, argv)


def commands(data: bytes) -> None:
    """A command that only looks ends with a code, and in one sentence if it must."""
    argv = _words(data).replace("\0", "").split("\n")
    if argv[0] not in {"log", "show", "on-this-day"} or any(
        "--home" in a for a in argv
    ):
        return
    with folder() as home, _at(home), _streams(b"") as (out, err):
        put(
            home / "spool",
            {f"{id_of(1)}.json": json.dumps(to_document(_ENTRY)).encode()},
        )
        code = run(argv, lambda _: 0)
        said = err.getvalue()
    promise(code in {0, 1, 2}, "it ends with a code")
    promise(code != 2 or said.count("\n") == 1, "a refusal is one sentence")
    promise(not CONTROLS.intersection(said), "no control character is said")
    if code != 2 and "--json" in argv:
        json.loads(out.getvalue())


def conversation(data: bytes) -> None:
    """A sitting in plain lines ends well whatever is answered; no answer is lost."""
    with folder() as home, _at(home), _streams(data):
        code = run(["reflect", "--sitting", "one"], lambda _: 0)
        promise(code in {0, 1, 2, 3}, "it ends with a code")
        entries = content_of(home).get("entries", {})
        promise(len(entries) <= 1, "one sitting is one entry")
        said = "".join(json.dumps(one, ensure_ascii=False) for one in entries.values())
        word = data.split(b"\n")[0].decode("ascii", "replace").strip()
        kept = not word.isalnum() or word in said or b"/" in data
        promise(kept or code, "what was answered is kept")


@contextmanager
def _streams(data: bytes) -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """Let the command line read these bytes, and hold what it says."""
    out, err = io.StringIO(), io.StringIO()
    stdin = io.TextIOWrapper(io.BytesIO(data), "utf-8")
    with (
        patch.multiple(sys, stdin=stdin, stdout=out, stderr=err),
        patch("companion.cli.writing.say_written"),
    ):
        yield out, err


@contextmanager
def _at(home: Path) -> Iterator[None]:
    with patch.dict(os.environ, {"COMPANION_HOME": str(home), "HOME": str(home)}):
        yield


def shown(data: bytes) -> None:
    """No words can command a terminal, and none are added."""
    words = _words(data)
    blank = blank_controls(words)
    promise(CONTROLS.isdisjoint(blank), "nothing passes that steers")
    promise(blank_controls(blank) == blank, "what is plain stays")
    promise(blank == "".join(c for c in words if c not in CONTROLS), "no more is taken")
    for limit in (None, 1, 20):
        content = plain(words, limit=limit)
        text = content.plain
        promise(CONTROLS.isdisjoint(text), "nothing passes that steers")
        promise(not content.spans, "words are never markup")
        promise("\n" not in text or limit is None, "a row is one line")
        promise(limit is None or len(text) <= limit, "a row is short")
        text.encode()
    drawn = ControlFilter().apply([Segment(words)], Color(0, 0, 0))
    through = "".join(segment.text for segment in drawn)
    promise(CONTROLS.isdisjoint(through), "nothing passes the last gate")
