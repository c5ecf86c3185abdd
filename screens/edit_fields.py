"""The fields of an entry as words in a line, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from companion.dates import read_day
from companion.errors import InvalidEntryError
from companion.folding import fold
from companion.model.entry import KINDS, SCALES, Setting
from companion.model.names import clean_names
from screens.passages import principle_name, rung_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from companion.facade import Companion
    from companion.model.content import Content
    from companion.model.entry import Entry

    Show = Callable[[Entry, Companion], str]
    Read = Callable[[str, Entry, Companion], Mapping[str, Any]]
    Known = Callable[[Companion], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the form."""

    name: str
    show: Show
    """Returns what stands in the line."""
    read: Read
    """Returns the fields of the entry the words stand for, or raises."""
    known: Known = lambda _companion: ()
    """Returns names to complete from."""


def fitting(words: str, choices: Iterable[tuple[str, str]], what: str) -> str:
    """Return the id of the one choice that is meant; its beginning is enough.

    Raises:
        InvalidEntryError: If no choice, or more than one, begins so.
    """
    pairs = list(choices)
    wanted = fold(words.strip())
    if not wanted:
        return ""
    exact = {i for i, name in pairs if wanted in (fold(i), fold(name))}
    fits = exact or {
        i
        for i, name in pairs
        if fold(i).startswith(wanted) or fold(name).startswith(wanted)
    }
    if len(fits) != 1:
        raise InvalidEntryError(
            f"{words.strip()!r} is not one {what}.",
            hint=f"Choose from: {', '.join(name for _id, name in pairs)}.",
        )
    return fits.pop()


def principles_named(content: Content, words: str) -> tuple[str, ...]:
    """Return the ids of the principles that are named.

    Raises:
        InvalidEntryError: If a name fits no principle, or more than one.
    """
    pairs = [(each.id, each.name) for each in content.principles]
    return tuple(fitting(name, pairs, "principle") for name in clean_names([words]))


def _pairs(choices: Iterable[str]) -> list[tuple[str, str]]:
    return [(choice, choice) for choice in choices]


def _read_day(words: str, _entry: Entry, companion: Companion) -> Mapping[str, Any]:
    return {"day": read_day(words, today=companion.log.today())}


def _read_kind(words: str, entry: Entry, _companion: Companion) -> Mapping[str, Any]:
    return {"kind": fitting(words, _pairs(KINDS), "kind") or entry.kind}


def _read_rung(words: str, _entry: Entry, companion: Companion) -> Mapping[str, Any]:
    pairs = [(each.id, each.name) for each in companion.content.rungs]
    return {"rung": fitting(words, pairs, "rung")}


def _show_setting(entry: Entry, _companion: Companion) -> str:
    if entry.setting is None:
        return ""
    side = f", {entry.setting.side}" if entry.setting.side else ""
    return entry.setting.scale + side


def _read_setting(
    words: str, _entry: Entry, _companion: Companion
) -> Mapping[str, Any]:
    scale, _comma, side = words.partition(",")
    chosen = fitting(scale, _pairs(SCALES), "setting")
    return {"setting": Setting(chosen, side.strip()) if chosen else None}


def _show_principles(entry: Entry, companion: Companion) -> str:
    return ", ".join(principle_name(companion.content, p) for p in entry.principles)


def _read_principles(
    words: str, _entry: Entry, companion: Companion
) -> Mapping[str, Any]:
    return {"principles": principles_named(companion.content, words)}


def _names(what: str, known: str) -> Field:
    return Field(
        what,
        lambda entry, _companion: ", ".join(getattr(entry, what)),
        lambda words, _entry, _companion: {what: clean_names([words])},
        lambda companion: companion.log.names(known),
    )


FIELDS: Final = (
    Field("day", lambda entry, _companion: entry.day.isoformat(), _read_day),
    _names("tags", "tags"),
    _names("people", "people"),
    Field(
        "rung",
        lambda entry, companion: rung_name(companion.content, entry.rung),
        _read_rung,
        lambda companion: [each.name for each in companion.content.rungs],
    ),
    Field(
        "principles",
        _show_principles,
        _read_principles,
        lambda companion: [each.name for each in companion.content.principles],
    ),
    Field("setting", _show_setting, _read_setting, lambda _companion: SCALES),
    Field(
        "part",
        lambda entry, _companion: entry.part,
        lambda words, _entry, _companion: {"part": words.strip()},
        lambda companion: companion.log.names("parts"),
    ),
    Field("kind", lambda entry, _companion: entry.kind, _read_kind, lambda _c: KINDS),
    _names("shared_with", "people"),
)
"""In the order of the form."""
