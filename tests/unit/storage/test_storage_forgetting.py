"""Forgetting a name: on documents alone, and in everything that lies in a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import pytest

from companion.model.entry import NAME_LIMIT, TEXT_LIMIT
from companion.ports import Draft
from companion.storage.check import check
from companion.storage.commits import Change
from companion.storage.compaction import compact
from companion.storage.documents import from_document
from companion.storage.eraser import HomeEraser
from companion.storage.erasing import PLAN, erase
from companion.storage.forgetting import Forgetting
from companion.storage.small import DraftFiles
from companion.storage.state import ENTRIES
from tests.erasing import NAME, beside, holding, in_year, put, years
from tests.logs import (
    FIRST,
    content,
    content_of,
    document,
    fill,
    id_of,
    open_engine,
    plant,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a log."""
    return tmp_path / "home"


def said(name: str, text: str, instead: str = "someone") -> str:
    forgotten = Forgetting(name, instead).document("other", {"words": text})
    return str(forgotten["words"])


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        (
            "Anna",
            "Anna and Anna's dog, (Anna).",
            "someone and someone's dog, (someone).",
        ),
        (
            "Anna",
            "Annas, Hanna, Anna1 and anna stay",
            "Annas, Hanna, Anna1 and anna stay",
        ),
        (
            "A.",
            "A. and B. met; A.B. and BA. too",
            "someone and B. met; A.B. and BA. too",
        ),
        ("A.", "A.\nA. A.", "someone\nsomeone someone"),
        ("Zoë", "Zoe\u0308, Zoë and Zoes", "someone, someone and Zoes"),
        ("Zoe", "Zoe\u0308 is another", "Zoe\u0308 is another"),
        ("Anna M.", "Anna M. and Anna", "someone and Anna"),
        ("x+y", "x+y", "someone"),
        ("林", "林 and 林檎", "someone and 林檎"),
    ],
)
def test_a_name_goes_where_it_is_a_whole_word(name: str, text: str, left: str) -> None:
    assert said(name, text) == left


def test_the_word_in_its_place_is_taken_as_it_is() -> None:
    assert said("A.", "Met A. today", r"\1 a \g<0> friend") == (
        r"Met \1 a \g<0> friend today"
    )


def test_every_part_of_an_entry_lets_it_go() -> None:
    full = document(
        1,
        text="Anna came.",
        people=("Anna", "B.", "Anna M."),
        shared_with=("Anna",),
        tags=("Anna", "walk", "with Anna"),
        part="Anna in me",
    ) | {
        "zone": "Europe/Anna",
        "setting": {"scale": "one-to-one", "side": "Anna's"},
        "answers": [{"prompt": "p1", "question": "And Anna?", "text": "Anna, yes"}],
    }
    before = json.dumps(full)
    assert Forgetting("Anna", "someone").document(ENTRIES, full) == document(
        1,
        text="someone came.",
        people=("B.", "someone M."),
        tags=("someone", "walk", "with someone"),
        part="someone in me",
    ) | {
        "zone": "Europe/Anna",
        "setting": {"scale": "one-to-one", "side": "someone's"},
        "answers": [
            {"prompt": "p1", "question": "And someone?", "text": "someone, yes"}
        ],
    }
    assert json.dumps(full) == before


def test_no_tag_stands_twice() -> None:
    both = document(1, text="x", tags=("someone", "Anna"))
    left = Forgetting("Anna", "someone").document(ENTRIES, both)
    assert left["tags"] == ["someone"]


def test_documents_of_other_tables_are_gone_through_to_the_bottom() -> None:
    deep: dict[str, Any] = {
        "name": "A.",
        "seats": [{"who": "A.", "for": {"A.": ["A.", 3, None, True]}}],
        "empty": "",
        "none": None,
        "people": ["A."],
    }
    assert Forgetting("A.", "someone").document("crews", deep) == {
        "name": "someone",
        "seats": [{"who": "someone", "for": {"someone": ["someone", 3, None, True]}}],
        "empty": "",
        "none": None,
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "B " * (TEXT_LIMIT // 2)},
        {"text": "x", "tags": ("B " * (NAME_LIMIT // 2 - 1) + "B",)},
        {"text": "x", "part": "B " * (NAME_LIMIT // 2 - 1) + "B"},
        {"text": "x", "people": ("B " * (NAME_LIMIT // 2 - 1) + "B", "C")},
    ],
)
def test_an_entry_stays_one_where_the_word_is_too_long(fields: dict[str, Any]) -> None:
    full = document(1, **fields)
    left = Forgetting("B", "somebody").document(ENTRIES, full)
    from_document(left)
    assert "B" not in json.dumps(left)


def test_a_document_without_the_name_is_the_same() -> None:
    one = document(1, text="Nobody.", people=("B.",), tags=("walk",))
    assert Forgetting("Anna", "someone").document(ENTRIES, one) == one


@pytest.mark.parametrize(
    "raw",
    [
        "Zoë",
        normalize("NFD", "with Zoë."),
        json.dumps("a\nZoë"),
        json.dumps(normalize("NFD", "Zoë\tb")),
        json.dumps({"people": ["Zoë"]}),
    ],
)
def test_raw_bytes_are_read_as_they_are_meant(raw: str) -> None:
    wish = Forgetting("Zoë", "someone")
    assert wish.names(raw.encode())
    assert not wish.names(raw.replace("Zo", "Mo").encode())
    assert not wish.names(b"\xff\xfe Zo \\ud800 \\u00")


# In a log


def test_no_byte_of_the_name_is_left_anywhere(home: Path) -> None:
    years(home)
    beside(home)
    with in_year(2026):
        put(home, 6, f"With {NAME} again.", tags=(NAME,))
    engine = open_engine(home)
    engine.read_again()
    with in_year(2026):
        compact(engine)
    assert len(holding(home, NAME)) > 10
    done = erase(engine, Forgetting(NAME, "someone"))
    assert done.missed == ()
    assert len(done.backups) == 5
    assert holding(home, NAME, normalize("NFD", NAME)) == []
    assert not (home / PLAN).exists()
    found = content(engine)
    assert found[ENTRIES][id_of(6)]["text"] == "With someone again."
    assert found["people"]["1"] == {"name": "someone 2026"}
    engine.undo()
    assert not engine.has(ENTRIES, id_of(6))
    engine.undo()
    engine.undo()
    engine.undo()
    assert content(engine)[ENTRIES][id_of(3)] == document(
        3, text="Met someone, and someone's dog, in 2025.", people=("B.",)
    )
    engine.close()
    assert check(home).faults == ()


def test_drafts_and_captures_that_cannot_be_taken_in_keep_all_else(home: Path) -> None:
    fill(home, 1)
    beside(home)
    engine = open_engine(home)
    (home / "drafts" / "broken.draft").write_text(f"{{ {NAME}")
    plant(home, 8, text=f"From {NAME}")
    assert erase(engine, Forgetting(NAME, "a friend")).captures == 1
    assert json.loads((home / "spool" / f"{id_of(8)}.json").read_text())["text"] == (
        "From a friend"
    )
    drafts = {one.id: one for one in DraftFiles(home).all()}
    assert drafts[id_of(3)] == Draft(
        id=id_of(3),
        saved=FIRST,
        state={
            "text": "walk\na friend again",
            "lines": {"people": "a friend, B."},
        },
    )
    assert not (home / "drafts" / "broken.draft").exists()
    engine.close()
    assert content_of(home)[ENTRIES][id_of(8)]["text"] == "From a friend"


def test_what_is_the_persons_own_is_named_and_left(home: Path) -> None:
    fill(home, 1)
    put(home, 2, f"With {NAME}.")
    (home / "pages").mkdir(mode=0o700)
    page = home / "pages" / "help.md"
    page.write_text(f"Call {NAME}.")
    (home / "config").mkdir()
    (home / "config" / "prompts.toml").write_text(f'"Ask {NAME}?"')
    engine = open_engine(home)
    engine.tidy()
    done = erase(engine, Forgetting(NAME, "someone"))
    (backup,) = done.backups
    assert done.missed == (
        f"backups/{backup}/pages/help.md",
        "config/prompts.toml",
        "pages/help.md",
    )
    assert page.read_text() == f"Call {NAME}."
    engine.close()


def test_what_would_change_is_told(home: Path) -> None:
    years(home)
    with in_year(2026):
        put(home, 1, "Nothing.", people=(NAME,))
        put(home, 2, f"Talked of {NAME}.", people=(f"{NAME} M.", "B."))
        put(home, 7, f"Gone, {NAME}.")
        engine = open_engine(home)
        engine.commit([Change(ENTRIES, id_of(7), None)], act="delete")
        found = HomeEraser(home, engine).forgettable(NAME, "someone")
        assert found.listed == (id_of(1),)
        assert found.worded == (id_of(2),)
        assert found.entries == (id_of(1), id_of(2))
        assert found.within == (f"{NAME} M.",)
        assert (found.others, len(found.backups), found.unreached) == (1, 4, ())
        # Twice the entry 3, four times the other document, and the three of now.
        assert found.versions == 9
        done = HomeEraser(home, engine).forget(NAME, "someone", None)
        assert done.versions == 9
        engine.close()


def test_a_name_nobody_knows_changes_nothing(home: Path) -> None:
    years(home)
    engine = open_engine(home)
    stats = {p: p.stat().st_mtime_ns for p in home.rglob("*.log")}
    done = erase(engine, Forgetting("Nobody Known", "someone"))
    assert (done.versions, done.backups, done.missed) == (0, (), ())
    assert {p: p.stat().st_mtime_ns for p in home.rglob("*.log")} == stats
    engine.close()
