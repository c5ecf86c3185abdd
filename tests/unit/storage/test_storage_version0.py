"""Version 0, a file of plain TinyDB: read kindly, and taken in once."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB

from companion.errors import (
    BackupNotFoundError,
    LogDamagedError,
    LogLockedError,
    LogReadOnlyError,
)
from companion.storage import version0
from companion.storage.documents import from_document
from companion.storage.keeper import HomeKeeper
from companion.storage.version0 import NotPlainError, read
from tests.logs import content_of, database, document, open_engine
from tests.samples import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from companion.model.entry import Entry

SAMPLE = SAMPLES / "version-0" / "log.json"
KNOWN = "01hqwz3x1g4v5r6t7w8z9abcde"
BERLIN = datetime(2026, 11, 22, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))


def plain(table: dict[str, Any] | list[Any], name: str = "reflections") -> bytes:
    if isinstance(table, list):
        table = {str(number): one for number, one in enumerate(table, 1)}
    return json.dumps({name: table}).encode()


def one(document: Any, name: str = "reflections") -> Entry:
    found = read(plain([document], name))
    assert not found.refused
    (entry,) = found.entries.values()
    return from_document(entry)


def names(entry_id: str) -> list[Any]:
    """Return what TinyDB takes for the numbers of documents."""
    return [entry_id]


def refusal(document: Any) -> str:
    found = read(plain([document]))
    assert not found.entries
    (reason,) = found.refused
    return reason


def test_the_sample_is_read_as_ever() -> None:
    with time_machine.travel(BERLIN):
        found = read(SAMPLE.read_bytes())
    told = sorted(
        (one["day"], one["kind"], one["text"]) for one in found.entries.values()
    )
    assert told == [
        ("2024-03-01", "reflection", "Walked by the river. Schön.\nmood: 4"),
        ("2024-03-02", "reflection", "Evening\nI let the other finish."),
        ("2024-03-03", "reflection", "counted in milliseconds"),
        ("2024-03-03", "reflection", "counted in seconds"),
        ("2024-03-05", "reflection", "from the extension for dates"),
        ("2024-03-07", "feedback", "You asked before you advised.\nasked: true"),
        ("2024-03-08", "moment", "As it is kept today."),
        ("2024-03-08", "reflection", "what: call on Sunday\ndone: false"),
    ]
    assert found.refused == [
        "reflections, number 6: no time is given that can be read",
        "reflections, number 7: it has no words",
    ]
    by_text = {one["text"].partition("\n")[0]: one for one in found.entries.values()}
    assert by_text["Walked by the river. Schön."]["tags"] == ["river", "rest"]
    assert by_text["Evening"]["people"] == ["A.", "B."]
    assert by_text["Evening"]["principles"] == ["liberatory", "effective"]
    assert by_text["Evening"]["at"] == "2024-03-02T21:14:09+01:00"
    assert by_text["counted in seconds"]["rung"] == "crew"
    assert by_text["counted in milliseconds"]["tags"] == ["one", "two"]
    assert by_text["You asked before you advised."]["people"] == ["C."]
    assert by_text["As it is kept today."]["placement"] == {
        "position": 4,
        "rung": "dyad",
    }


def test_the_ids_are_the_same_each_time_and_sort_by_time() -> None:
    first, again = read(SAMPLE.read_bytes()), read(SAMPLE.read_bytes())
    assert list(first.entries) == list(again.entries)
    ours = sorted(key for key in first.entries if key != KNOWN)
    assert [first.entries[key]["day"] for key in ours] == sorted(
        first.entries[key]["day"] for key in ours
    )


def test_what_tinydb_wrote_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    with TinyDB(path) as database:
        database.insert({"date": "2025-01-02", "text": "in the table of all"})
    (entry,) = read(path.read_bytes()).entries.values()
    assert entry["text"] == "in the table of all"


def test_a_day_of_its_own_stays_the_day() -> None:
    entry = one({"at": "2025-01-02T00:30:00+01:00", "day": "2025-01-01", "text": "x"})
    assert str(entry.day) == "2025-01-01"


def test_an_id_of_ours_is_kept_and_others_are_words() -> None:
    known = "01hqwz3x1g4v5r6t7w8z9abcdf"
    assert one({"id": known, "date": "2025-01-02", "text": "x"}).id == known
    other = one({"id": "77", "date": "2025-01-02", "text": "x"})
    assert other.text == "x\nid: 77"


def test_names_that_cannot_be_kept_as_such_stay_in_the_words() -> None:
    entry = one(
        {
            "date": "2025-01-02",
            "text": "x",
            "tags": ["fine", "y" * 81],
            "people": [1, 2],
            "principles": ["liberatory", "brave"],
        }
    )
    assert (entry.tags, entry.people, entry.principles) == ((), (), ())
    assert entry.text.splitlines()[1:] == [
        f'tags: ["fine", "{"y" * 81}"]',
        "people: [1, 2]",
        'principles: ["liberatory", "brave"]',
    ]


@pytest.mark.parametrize(
    ("table", "kind"),
    [("Sessions", "session"), ("moment", "moment"), ("_default", "reflection")],
)
def test_the_table_tells_the_kind(table: str, kind: str) -> None:
    assert one({"date": "2025-01-02", "text": "x"}, table).kind == kind
    given = one({"date": "2025-01-02", "text": "x", "type": "letter"}, table)
    assert given.kind == "letter"


@pytest.mark.parametrize(
    "when", ["soon", 1e300, -1e300, True, None, [], "2025-13-01", "9999-99-99T00:00"]
)
def test_a_time_nobody_can_read_is_a_reason(when: Any) -> None:
    assert "no time" in refusal({"date": when, "text": "x"})


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("text", "no document"),
        ({"date": "2025-01-02", "text": "  "}, "no words"),
        ({"date": "2025-01-02", "text": "half \ud800"}, "half of a character"),
        ({"date": "2025-01-02", "text": "x" * (1 << 20) + "y"}, "longer"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(
    document: Any, reason: str
) -> None:
    assert reason in refusal(document)


def test_two_with_one_id_are_not_taken_for_one() -> None:
    same = {"id": "01hqwz3x1g4v5r6t7w8z9abcdf", "date": "2025-01-02", "text": "x"}
    found = read(plain([same, {**same, "text": "y"}]))
    assert [one["text"] for one in found.entries.values()] == ["x"]
    assert found.refused == ["reflections, number 2: another has the same id"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b'{"entries": []}',
        b'{"entries": {"a": {}}}',
        b'{"entries": {"1": NaN}}',
        b'{"entries": {"1": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b"\xff",
        b"9" * 5000,
    ],
)
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(NotPlainError):
        read(data)


def test_a_file_that_is_too_large_is_not_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(version0, "LIMIT", 10)
    with pytest.raises(NotPlainError, match="larger"):
        read(plain([{"date": "2025-01-02", "text": "x"}]))


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["date", "at", "text", "tags", "people", "day", "id"])
                | st.text(max_size=3),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    )
)
def test_any_document_becomes_an_entry_or_a_reason(document: Any) -> None:
    data = json.dumps({"t": {"1": document}}, allow_nan=True).encode()
    try:
        found = read(data)
    except NotPlainError:
        assert b"NaN" in data or b"Infinity" in data
        return
    assert len(found.entries) + len(found.refused) == 1
    for key, kept in found.entries.items():
        assert from_document(kept).id == key


# Into the log


def test_it_comes_into_the_log_once_and_undo_takes_it_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    keeper = HomeKeeper(home)
    preview = keeper.preview(str(SAMPLE), None)
    assert (len(preview.back), len(preview.refused), preview.why_not) == (8, 2, "")
    assert preview.backup.name == "log.json"
    done = keeper.restore(str(SAMPLE), None, exactly=False)
    assert (done.back, done.before) == (8, "")
    assert len(content_of(home)["entries"]) == 8
    assert not keeper.preview(str(SAMPLE), None).back
    assert keeper.restore(str(SAMPLE), None, exactly=False).back == 0
    engine = open_engine(home)
    try:
        engine.undo()
        assert not engine.count("entries")
    finally:
        engine.close()


def test_what_was_changed_since_stays_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    keeper = HomeKeeper(home)
    keeper.restore(str(SAMPLE), None, exactly=False)
    engine = open_engine(home)
    try:
        table = database(engine).table("entries")
        table.update({"text": "changed"}, doc_ids=names(KNOWN))
        table.insert(document(1))
        gone = next(key for key in engine.ids("entries") if key != KNOWN)
        table.remove(doc_ids=names(gone))
    finally:
        engine.close()
    done = keeper.restore(str(SAMPLE), None, exactly=False)
    assert done.back == 1
    assert done.before
    entries = content_of(home)["entries"]
    assert entries[KNOWN]["text"] == "changed"
    assert len(entries) == 9


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    other = tmp_path / "photo.jpg"
    other.write_bytes(b"\xff\xd8")
    keeper = HomeKeeper(tmp_path / "home")
    with pytest.raises(LogDamagedError, match=r"photo\.jpg is no log of plain TinyDB"):
        keeper.preview(str(other), None)
    with pytest.raises(BackupNotFoundError):
        keeper.preview(str(tmp_path / "nothing"), None)


def test_a_file_without_rights_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.json"
    path.write_bytes(b"{}")
    keeper = HomeKeeper(tmp_path / "home")

    def refuse(self: object, path: Path) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("companion.storage.files.Files.open_read", refuse)
    with pytest.raises(LogDamagedError, match="cannot be read: Permission denied"):
        keeper.preview(str(path), None)


def test_only_the_window_that_writes_takes_it_in(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = open_engine(home)
    try:
        keeper = HomeKeeper(home)
        assert "another window" in keeper.preview(str(SAMPLE), None).why_not
        with pytest.raises(LogLockedError):
            keeper.restore(str(SAMPLE), None, exactly=False)
    finally:
        first.close()


def test_nothing_is_added_to_a_damaged_log(tmp_path: Path) -> None:
    home = tmp_path / "home"
    keeper = HomeKeeper(home)
    keeper.restore(str(SAMPLE), None, exactly=False)
    (journal,) = (home / "journal").glob("*.log")
    data = journal.read_bytes()
    journal.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    assert "damaged" in keeper.preview(str(SAMPLE), None).why_not
    with pytest.raises(LogReadOnlyError, match="damaged"):
        keeper.restore(str(SAMPLE), None, exactly=False)
