from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from companion.errors import InvalidEntryError
from companion.folding import fold
from companion.ids import is_id, new_id
from companion.model.entry import Entry, check_text, fixed
from companion.model.names import clean_names
from companion.model.query import Query
from tests.strategies import ENTRIES, MILLISECONDS, NAMES, QUERIES

ZONES = st.sampled_from(
    ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "UTC"]
)


@given(first=MILLISECONDS, second=MILLISECONDS)
def test_ids_sort_as_their_times_do(first: int, second: int) -> None:
    one, other = new_id(first), new_id(second)
    assert is_id(one)
    if first != second:
        assert (one < other) == (first < second)


@given(text=st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(text=st.text())
def test_case_makes_no_difference_where_letters_have_two(text: str) -> None:
    if text.upper().lower() == text.lower() == text:
        assert fold(text.upper()) == fold(text)


@given(query=QUERIES)
def test_a_query_is_folded_once_and_for_all(query: Query) -> None:
    again = Query(**{name: getattr(query, name) for name in Query.__slots__})
    assert again == query


@given(names=st.lists(NAMES | st.text(), max_size=6))
def test_clean_names_stay_as_they_are(names: list[str]) -> None:
    cleaned = clean_names(names)
    assert clean_names(cleaned) == cleaned
    assert len({fold(name) for name in cleaned}) == len(cleaned)
    assert all(name == name.strip() and "," not in name for name in cleaned)


@given(
    moment=st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1)),  # noqa: DTZ001
    zone=ZONES,
    fold_=st.integers(0, 1),
)
def test_a_fixed_time_is_the_same_moment_and_survives_being_written(
    moment: datetime, zone: str, fold_: int
) -> None:
    aware = moment.replace(tzinfo=ZoneInfo(zone), fold=fold_)
    kept = fixed(aware)
    assert kept.timestamp() == int(aware.replace(microsecond=0).timestamp())
    assert kept.utcoffset() == aware.utcoffset()
    again = datetime.fromisoformat(kept.isoformat())
    assert (again, again.utcoffset()) == (kept, kept.utcoffset())
    assert fixed(kept) == kept


@given(entry=ENTRIES)
def test_an_entry_keeps_its_moments_to_the_second(entry: Entry) -> None:
    for moment in filter(None, [entry.at, entry.revised]):
        assert moment.microsecond == 0
        assert moment.utcoffset() is not None
        assert moment + timedelta(0) == moment


@given(text=st.text(st.characters()))
def test_text_is_kept_byte_for_byte_or_refused(text: str) -> None:
    try:
        check_text(text)
    except InvalidEntryError:
        assert any("\ud800" <= letter <= "\udfff" for letter in text)
    else:
        assert text.encode().decode() == text
