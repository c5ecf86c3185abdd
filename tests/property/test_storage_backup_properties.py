"""Whatever happens after a backup, bringing it back exactly gives what it was."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from companion.storage.backup import Backups
from companion.storage.backup_names import BY_HAND
from companion.storage.commits import Change
from companion.storage.restore import preview, restore
from companion.storage.state import ENTRIES
from tests.logs import content, document, id_of, open_engine

if TYPE_CHECKING:
    from companion.storage.engine import Engine
    from tests.logs import Content

NUMBERS = st.integers(1, 6)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
CHANGES = st.one_of(
    st.tuples(st.just("put"), NUMBERS, TEXTS),
    st.tuples(st.just("remove"), NUMBERS, st.none()),
    st.tuples(st.just("small"), NUMBERS, st.none() | TEXTS),
    st.tuples(st.just("empty"), st.none(), st.none()),
    st.tuples(st.just("tidy"), st.none(), st.none()),
)
ACTS = st.lists(CHANGES, max_size=12)


def do(engine: Engine, what: str, number: int | None, text: str | None) -> None:
    if what == "tidy":
        engine.tidy()
    elif what == "empty":
        engine.commit([Change(ENTRIES, None, {})])
    elif what == "small":
        value = None if text is None else {"value": text}
        engine.commit([Change("people", str(number), value)])
    else:
        assert number is not None
        new = None if what == "remove" else document(number, text=f"{text}.")
        engine.commit([Change(ENTRIES, id_of(number), new)], act="write")


def filled(engine: Engine) -> Content:
    """Return all that is there; an empty table is none."""
    return {name: table for name, table in content(engine).items() if table}


@settings(max_examples=60)
@given(ACTS, ACTS, st.booleans())
def test_exactly_is_what_it_was(
    first: list[tuple[str, int | None, str | None]],
    then: list[tuple[str, int | None, str | None]],
    again: bool,  # noqa: FBT001 - given by hypothesis
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Path(folder))
        do(engine, "put", 1, "begun")
        for act in first:
            do(engine, *act)
        former = filled(engine)
        kept = Backups(engine.home, engine.files).make(engine, BY_HAND)
        for act in then:
            do(engine, *act)
        later = filled(engine)
        if again:
            engine.close()
            engine = open_engine(Path(folder))
        seen = preview(engine, kept.folder)
        restore(engine, kept.folder, exactly=True)
        assert filled(engine) == former
        changed = bool(seen.changes or seen.since) or former != later
        if former != later:
            assert engine.undo()[0] == "restore"
            assert filled(engine) == later
            assert changed
        restore(engine, kept.folder)
        now = filled(engine)
        for table, documents in former.items():
            for key, one in documents.items():
                assert now[table][key] == one
        assert set(later.get(ENTRIES, {})) <= set(now.get(ENTRIES, {}))
        engine.close()
        engine = open_engine(Path(folder))
        assert filled(engine) == now
        engine.close()
