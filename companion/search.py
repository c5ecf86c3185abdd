"""What a person types to find entries: how it is read, and what it means."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from companion.dates import period
from companion.errors import InvalidDayError, InvalidQueryError
from companion.folding import fold
from companion.model.entry import KINDS, PRINCIPLES, RUNGS
from companion.model.query import Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from companion.model.entry import Entry

_CHOICES: Final = {"kind": KINDS, "principle": PRINCIPLES, "rung": RUNGS}
_NAMES: Final = {"tag": "tags", "person": "people", "part": "parts"}
_DAYS: Final = ("on", "in", "from", "to", "before", "after")
_SIGILS: Final = {"#": "tag", "@": "person"}
_ONE_DAY: Final = timedelta(days=1)

_TOKEN: Final = re.compile(
    rf"""
    (?P<minus>-?)
    (?: (?P<key>{"|".join([*_CHOICES, *_NAMES, *_DAYS])}): | (?P<sigil>[#@]) )?
    (?: "(?P<quoted>(?:\\.|[^"\\])*)(?:"|\\?\Z) | (?P<bare>[^\s"]\S*) )?
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_TURKISH: Final = {ord("\N{LATIN SMALL LETTER DOTLESS I}"): "i", 0x307: None}
_BLANK: Final = re.compile(r"\s*")


def quoted(words: str) -> str:
    """Return `words` as one phrase of a search, whatever is in them."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def parse(words: str, *, today: date) -> Query:
    r"""Return what a person looks for.

    Bare words and "phrases in quotes" must all be there. `tag:x` or `#x`, `person:Z`
    or `@Z`, `part:`, `kind:`, `rung:` and `principle:` each hold for any one of those
    given; of kinds, rungs and principles the beginning is enough. `on:`, `in:`,
    `from:`, `to:`, `before:` and `after:` take a day, a month (2024-03) or a year. A
    `-` or the word NOT in front leaves out what follows. Inside quotes, `\"` is a
    quote. What is still being typed (`tag:`, `-`) is passed over.

    Raises:
        InvalidQueryError: If a part of it cannot mean anything.
    """
    _check_whole(words)
    reader = _Reader(today)
    for out, key, value in _tokens(words):
        reader.take(key, value, out=out)
    return reader.query()


def matches(entry: Entry, query: Query) -> bool:
    """Return whether `query` holds for `entry`: the meaning every store keeps to.

    Words are compared folded and may stand anywhere in what `searchable` gives, inside
    other words too. Tags, people and parts are compared folded and whole. Of the words
    all must be there; of the kinds, rungs, principles, tags, people and parts at least
    one of each sort that is given; of those left out, none.
    """
    return (
        (query.first is None or query.first <= entry.day)
        and (query.last is None or entry.day <= query.last)
        and _holds([entry.kind], query.kinds, query.no_kinds)
        and _holds([entry.rung], query.rungs, query.no_rungs)
        and _holds(entry.principles, query.principles, query.no_principles)
        and _holds(map(fold, entry.tags), query.tags, query.no_tags)
        and _holds(map(fold, entry.people), query.people, query.no_people)
        and _holds([fold(entry.part)], query.parts, query.no_parts)
        and _says(entry, query)
    )


def searchable(entry: Entry) -> str:
    """Return all that words are looked for in, folded, one thing a line."""
    return fold(
        "\n".join(
            [
                entry.text,
                *(answer.text for answer in entry.answers),
                *(f"#{tag}" for tag in entry.tags),
                *(f"@{person}" for person in entry.people),
                entry.part,
            ]
        )
    )


def _check_whole(words: str) -> None:
    try:
        words.encode()
    except UnicodeEncodeError:
        raise InvalidQueryError(
            "The search holds half of a character.", hint="Type it again without it."
        ) from None


def _says(entry: Entry, query: Query) -> bool:
    if not (query.words or query.without):
        return True
    text = searchable(entry)
    return all(word in text for word in query.words) and not any(
        word in text for word in query.without
    )


def _holds(
    has: Iterable[str], wanted: tuple[str, ...], unwanted: tuple[str, ...]
) -> bool:
    if not (wanted or unwanted):
        return True
    there = set(has)
    return (not wanted or not there.isdisjoint(wanted)) and there.isdisjoint(unwanted)


def _key(typed: str) -> str:
    # The letters i of Turkish are taken for i here, as the expression above does.
    return fold(typed).translate(_TURKISH)


def _tokens(words: str) -> Iterator[tuple[bool, str, str]]:
    """Yield what is typed, token by token: whether left out, the key, the value."""
    out = False
    end = _BLANK.match(words).end()  # type: ignore[union-attr] # always matches
    while end < len(words):
        token = _TOKEN.match(words, end)
        assert token is not None  # every part of it may be missing
        end = _BLANK.match(words, token.end()).end()  # type: ignore[union-attr]
        if token["bare"] == "NOT" and token.group() == "NOT":
            out = not out
            continue
        key = _key(token["key"] or _SIGILS.get(token["sigil"] or "", ""))
        value = token["bare"] or re.sub(r"(?s)\\(.)", r"\1", token["quoted"] or "")
        if value.strip():
            yield out != bool(token["minus"]), key, value
        out = False


class _Reader:
    """Gathers what the tokens ask for."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._found: dict[str, list[str]] = {}
        self._first: date | None = None
        self._last: date | None = None

    def query(self) -> Query:
        """Return all of it."""
        asked = {what: tuple(words) for what, words in self._found.items()}
        return Query(first=self._first, last=self._last, **asked)

    def take(self, key: str, value: str, *, out: bool) -> None:
        """Take in one token."""
        if key in _CHOICES:
            self._add(f"{key}s", out, *_chosen(key, value))
        elif key in _NAMES:
            self._add(_NAMES[key], out, value.strip())
        elif key:
            self._narrow(key, value, out=out)
        else:
            self._found.setdefault("without" if out else "words", []).append(value)

    def _add(self, what: str, out: bool, *words: str) -> None:  # noqa: FBT001
        self._found.setdefault(f"no_{what}" if out else what, []).extend(words)

    def _narrow(self, key: str, value: str, *, out: bool) -> None:
        try:
            first, last = period(value, today=self._today)
            self._bound(key, first, last, out=out)
        except InvalidDayError as error:
            raise InvalidQueryError(error.message, hint=error.hint) from error
        except OverflowError:
            raise InvalidQueryError(
                f"There is nothing {key} {value!r}.", hint="Try another day."
            ) from None

    def _bound(self, key: str, first: date, last: date, *, out: bool) -> None:
        """Narrow the days to those that `key` means; see the table below."""
        match key, out:
            case (("on" | "in"), False):
                self._from(first)
                self._to(last)
            case (("on" | "in"), True):
                raise InvalidQueryError(
                    f"{key}: cannot be left out.",
                    hint="Use before: or after: to say which days you mean.",
                )
            case ("from", False) | ("before", True):
                self._from(first)
            case ("to", False) | ("after", True):
                self._to(last)
            case ("before", False) | ("from", True):
                self._to(first - _ONE_DAY)
            case _:  # after, or not to
                self._from(last + _ONE_DAY)

    def _from(self, day: date) -> None:
        self._first = day if self._first is None else max(self._first, day)

    def _to(self, day: date) -> None:
        self._last = day if self._last is None else min(self._last, day)


def _chosen(key: str, value: str) -> tuple[str, ...]:
    choices, said = _CHOICES[key], fold(value.strip())
    chosen = tuple(choice for choice in choices if choice.startswith(said))
    if not chosen:
        raise InvalidQueryError(
            f"There is no {key} {value!r}.", hint=f"There are: {', '.join(choices)}."
        )
    return chosen
