"""Entries, names and queries of any kind, for property tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st

from companion.errors import InvalidEntryError
from companion.ids import new_id
from companion.model.entry import (
    KINDS,
    NAME_LIMIT,
    PRINCIPLES,
    REACH,
    RUNGS,
    SCALES,
    Answer,
    Entry,
    Placement,
    Setting,
)
from companion.model.query import Query

MILLISECONDS = st.integers(0, 2**48 - 1)
IDS = MILLISECONDS.map(new_id)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=200)
OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda m: timezone(timedelta(minutes=m)))
MOMENTS = st.builds(
    lambda moment, zone: moment.replace(tzinfo=UTC).astimezone(zone),
    st.datetimes(datetime(1970, 1, 2), datetime(9998, 12, 30)),  # noqa: DTZ001
    OFFSETS,
)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def _is_name(text: str) -> bool:
    try:
        Setting("one-to-one", text)
    except InvalidEntryError:
        return False
    return bool(text)


NAMES = (
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=NAME_LIMIT)
    .map(str.strip)
    .filter(_is_name)
)
FEW_NAMES = st.lists(NAMES, max_size=3, unique=True).map(tuple)

ANSWERS = st.builds(
    Answer,
    prompt=st.from_regex(r"[a-z-]{1,20}", fullmatch=True),
    question=TEXTS,
    text=TEXTS,
)
PLACEMENTS = st.builds(Placement, st.integers(-REACH, REACH), st.sampled_from(RUNGS))
ENTRIES = st.builds(
    Entry,
    id=IDS,
    at=MOMENTS,
    day=DAYS,
    kind=st.sampled_from(KINDS),
    zone=st.sampled_from(["", "Europe/Berlin", "Pacific/Apia", "UTC"]),
    rung=st.sampled_from(["", *RUNGS]),
    setting=st.none()
    | st.builds(Setting, st.sampled_from(SCALES), st.just("") | NAMES),
    principles=st.lists(st.sampled_from(PRINCIPLES), max_size=3, unique=True).map(
        tuple
    ),
    people=FEW_NAMES,
    tags=FEW_NAMES,
    shared_with=FEW_NAMES,
    text=TEXTS,
    answers=st.lists(ANSWERS, max_size=3).map(tuple),
    placement=st.none() | PLACEMENTS,
    part=st.just("") | NAMES,
    sitting=st.sampled_from(["", "one-minute", "my-own"]),
    revised=st.none() | MOMENTS,
)

_FEW_TEXTS = st.lists(TEXTS, max_size=2).map(tuple)


def _some(choices: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(choices), max_size=2).map(tuple)


QUERIES = st.builds(
    Query,
    words=_FEW_TEXTS,
    without=_FEW_TEXTS,
    kinds=_some(KINDS),
    rungs=_some(RUNGS),
    principles=_some(PRINCIPLES),
    tags=FEW_NAMES,
    people=FEW_NAMES,
    parts=FEW_NAMES,
    no_kinds=_some(KINDS),
    no_rungs=_some(RUNGS),
    no_principles=_some(PRINCIPLES),
    no_tags=FEW_NAMES,
    no_people=FEW_NAMES,
    no_parts=FEW_NAMES,
    first=st.none() | DAYS,
    last=st.none() | DAYS,
)
