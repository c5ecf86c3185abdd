"""Whatever was written before: compacting changes nothing, erasing leaves nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from companion.errors import NothingToUndoError
from companion.storage.backup import Backups
from companion.storage.check import check
from companion.storage.compaction import compact
from companion.storage.erasing import erase
from companion.storage.erasure import Erasure
from companion.storage.forgetting import Forgetting
from companion.storage.state import ENTRIES
from tests.erasing import holding, in_year, verified
from tests.logs import content_of, id_of, open_engine
from tests.property.test_storage_backup_properties import do, filled

if TYPE_CHECKING:
    from companion.storage.engine import Engine

NUMBERS = st.integers(1, 3)
WORDS = st.sampled_from(["walk", "Zoë came", "Zoë's dog", "Zoës", "river Zoe\u0308"])
CHANGES = st.one_of(
    st.tuples(st.just("put"), NUMBERS, WORDS),
    st.tuples(st.just("remove"), NUMBERS, st.none()),
    st.tuples(st.just("small"), NUMBERS, st.none() | WORDS),
    st.tuples(st.just("empty"), st.none(), st.none()),
    st.tuples(st.just("undo"), st.none(), st.none()),
)
YEARS = st.lists(st.lists(CHANGES, max_size=5), min_size=1, max_size=4)

Acts = list[list[tuple[str, int | None, str | None]]]


def write(home: Path, years: Acts) -> Engine:
    """Write what is done in each year; return the log, open in the last of them."""
    for year, acts in enumerate(years, 2020):
        with in_year(year):
            engine = open_engine(home)
            do(engine, "put", 9, f"of {year}, secret-{year}")
            for act in acts:
                if act[0] != "undo":
                    do(engine, *act)
                    continue
                try:
                    engine.undo()
                except NothingToUndoError:
                    continue
            engine.close()
    return open_engine(home)


@settings(max_examples=15)
@given(YEARS)
def test_compacting_changes_no_fold_and_no_undo_in_the_open_year(years: Acts) -> None:
    with tempfile.TemporaryDirectory() as folder, in_year(2019 + len(years)):
        home = Path(folder)
        engine = write(home, years)
        former = filled(engine)
        compact(engine)
        assert filled(engine) == former
        assert compact(engine).versions == 0
        before = filled(engine)
        do(engine, "put", 1, "once more")
        engine.undo()
        assert filled(engine) == before
        engine.close()
        assert filled(open_engine(home)) == former
        assert check(home).faults == ()


@settings(max_examples=15)
@given(YEARS, st.booleans())
def test_erasing_leaves_no_byte_and_all_else(
    years: Acts,
    first: bool,  # noqa: FBT001 - given by hypothesis
) -> None:
    with tempfile.TemporaryDirectory() as folder, in_year(2019 + len(years)):
        home = Path(folder)
        engine = write(home, years)
        Backups(home, engine.files).make(engine, "by-hand")
        if first:
            compact(engine)
        former = filled(engine)
        former.get(ENTRIES, {}).pop(id_of(9), None)
        expected = {name: table for name, table in former.items() if table}
        erase(engine, Erasure([id_of(9)]))
        assert filled(engine) == expected
        assert holding(home, "secret-") == []
        verified(home, engine.files)
        for _ in range(30):
            try:
                engine.undo()
            except NothingToUndoError:
                break
            assert not engine.has(ENTRIES, id_of(9))
        engine.close()
        assert id_of(9) not in content_of(home).get(ENTRIES, {})
        assert check(home).faults == ()


@settings(max_examples=15)
@given(YEARS)
def test_forgetting_leaves_no_byte_of_the_name(years: Acts) -> None:
    with tempfile.TemporaryDirectory() as folder, in_year(2019 + len(years)):
        home = Path(folder)
        engine = write(home, years)
        Backups(home, engine.files).make(engine, "by-hand")
        engine.read_again()
        wish = Forgetting("Zoë", "someone")
        former = filled(engine)
        expected = {
            name: {key: wish.document(name, one) for key, one in table.items()}
            for name, table in former.items()
        }
        erase(engine, wish)
        assert filled(engine) == expected
        assert holding(home, "Zoë ", "Zoë'", "Zoe\u0308") == []
        verified(home, engine.files)
        engine.close()
        assert check(home).faults == ()
