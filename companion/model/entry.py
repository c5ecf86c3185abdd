"""An entry: anything a person writes in the log."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Final

from companion.errors import InvalidEntryError
from companion.ids import is_id
from companion.record import record

KINDS: Final = (
    "reflection",
    "moment",
    "practice",
    "feedback",
    "session",
    "meeting",
    "review",
    "repair",
    "letter",
)
RUNGS: Final = ("self", "dyad", "crew", "congregation", "network")
SCALES: Final = ("one-to-one", "one-to-many", "many-to-many")
PRINCIPLES: Final = (
    "temporary",
    "liberatory",
    "legitimate",
    "accountable",
    "teacher-learner",
    "effective",
    "growing",
)

TEXT_LIMIT: Final = 1024 * 1024
"""Most bytes, as UTF-8, that one text may hold."""
NAME_LIMIT: Final = 80
"""Most characters of a tag, a person, a part or a side."""
REACH: Final = 10
"""Places on the lens run from -REACH (domination) to +REACH (partnership)."""


_LINE_BREAKING: Final = frozenset(
    [chr(code) for code in (*range(32), *range(127, 160))] + ["\u2028", "\u2029"]
)


@record(frozen=True, slots=True)
class Setting:
    """How many stood on each side, and which side was mine."""

    scale: str
    """One of `SCALES`."""
    side: str = ""
    """My side of it, in the person's own words."""

    def __post_init__(self) -> None:
        """Refuse an unknown scale."""
        _one_of(self.scale, SCALES, "setting")
        _name(self.side, "side", empty=True)


@record(frozen=True, slots=True)
class Answer:
    """What a person wrote to one prompt, with the question as it was asked."""

    prompt: str
    """Id of the prompt; stays true when the prompt is reworded or gone."""
    question: str
    text: str

    def __post_init__(self) -> None:
        """Refuse text the log cannot keep byte for byte."""
        check_text(self.question)
        check_text(self.text)


@record(frozen=True, slots=True)
class Placement:
    """Where a moment stands on the line between domination and partnership.

    It places one of my own moments, never a person.
    """

    position: int
    """From -REACH (toward domination) to +REACH (toward partnership)."""
    rung: str
    """Whose words stood at the ends: one of `RUNGS`."""

    def __post_init__(self) -> None:
        """Refuse a place that is not on the line."""
        _one_of(self.rung, RUNGS, "rung")
        if not -REACH <= self.position <= REACH:
            raise InvalidEntryError("That place is not on the line.")


@record(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something a person wrote down, once.

    A one-line entry is a whole entry: `text` alone is enough.
    """

    id: str
    at: datetime
    """When it was written, with a fixed offset from UTC."""
    day: date
    """The day it belongs to: may be earlier than `at`, never moves with travel."""
    kind: str = "reflection"
    zone: str = ""
    """IANA key of the zone it was written in, or "" where that is not known."""
    rung: str = ""
    """One of `RUNGS`, or "" for none."""
    setting: Setting | None = None
    principles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    """Initials or nicknames."""
    tags: tuple[str, ...] = ()
    shared_with: tuple[str, ...] = ()
    """Initials of those it was shared with; empty means only you."""
    text: str = ""
    answers: tuple[Answer, ...] = ()
    placement: Placement | None = None
    part: str = ""
    """An inner part, in the person's own name for it."""
    sitting: str = ""
    """Id of the sitting it came from, or "" when it was just written."""
    revised: datetime | None = None
    """When it was last changed, with a fixed offset."""

    def __post_init__(self) -> None:
        """Keep the rules of the model; fix the offsets of times.

        Raises:
            InvalidEntryError: If a rule is broken; the message says which.
        """
        if not is_id(self.id):
            raise InvalidEntryError("An entry needs an id of 26 letters and digits.")
        object.__setattr__(self, "at", fixed(self.at))
        if self.revised is not None:
            object.__setattr__(self, "revised", fixed(self.revised))
        _one_of(self.kind, KINDS, "kind")
        if self.rung:
            _one_of(self.rung, RUNGS, "rung")
        for principle in self.principles:
            _one_of(principle, PRINCIPLES, "principle")
        for what, names in (
            ("tag", self.tags),
            ("person", self.people),
            ("person", self.shared_with),
        ):
            for name in names:
                _name(name, what)
        _name(self.part, "part", empty=True)
        check_text(self.text)

    @property
    def is_private(self) -> bool:
        """Whether only the person who wrote it has seen it, as far as the log knows."""
        return not self.shared_with

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was said in it."""
        return not (
            self.text.strip()
            or any(answer.text.strip() for answer in self.answers)
            or self.placement is not None
            or self.part
        )


def fixed(moment: datetime) -> datetime:
    """Return `moment` with a fixed offset from UTC, to the second.

    Times in an hour that repeats when the clocks change never compare equal across
    zones (PEP 495), so a zone is not kept inside the time.

    Raises:
        InvalidEntryError: If `moment` has no zone.
    """
    if type(moment.tzinfo) is timezone and not (moment.microsecond or moment.fold):
        return moment
    offset = moment.utcoffset()
    if offset is None:
        raise InvalidEntryError("The time of an entry needs a time zone.")
    return moment.replace(tzinfo=timezone(offset), fold=0, microsecond=0)


def check_text(text: str) -> None:
    """Refuse text that cannot be kept byte for byte.

    Raises:
        InvalidEntryError: If it is longer than `TEXT_LIMIT` or holds half of a
            character (a lone surrogate).
    """
    if text.isascii():
        size = len(text)
    else:
        try:
            size = len(text.encode())
        except UnicodeEncodeError as error:
            raise InvalidEntryError(
                "The text holds half of a character and cannot be kept.",
                hint="Type that character again, or leave it out.",
            ) from error
    if size > TEXT_LIMIT:
        raise InvalidEntryError(
            "The text is longer than one entry can hold (1 MiB).",
            hint="Split it into several entries.",
        )


def _one_of(word: str, words: tuple[str, ...], what: str) -> None:
    if word not in words:
        raise InvalidEntryError(
            f"{word!r} is not a {what}.", hint=f"Choose from: {', '.join(words)}."
        )


def _name(name: str, what: str, *, empty: bool = False) -> None:
    if not name and empty:
        return
    if name.isalnum() and len(name) <= NAME_LIMIT:
        return  # as nearly all are; the longer way round takes as long as all the rest
    if not name.strip() or name != name.strip():
        raise InvalidEntryError(f"A {what} needs a name without blanks at its ends.")
    if len(name) > NAME_LIMIT:
        raise InvalidEntryError(f"A {what} is at most {NAME_LIMIT} characters long.")
    if _LINE_BREAKING.intersection(name):
        raise InvalidEntryError(f"A {what} is one line of letters and signs.")
    check_text(name)
