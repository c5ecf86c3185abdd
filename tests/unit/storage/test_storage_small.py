"""The small files: drafts, pools, settings and the person's own pages."""

from __future__ import annotations

import errno
import json
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import WriteFailedError
from companion.ports import Draft
from companion.storage.small import DraftFiles, PageFiles, PoolFile, SettingsFile
from tests.disks import FaultyFiles, QuickFiles, StoppedError, StoppingFiles
from tests.doubles import MemoryDrafts, MemoryPages, MemoryPools, MemorySettings
from tests.logs import FIRST, id_of, names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from companion.ports import DraftStore, PageStore, PoolStore, SettingsStore


def draft(number: int, **state: object) -> Draft:
    return Draft(id=id_of(number), saved=FIRST + timedelta(minutes=number), state=state)


@pytest.fixture(params=["memory", "disk"])
def drafts(request: pytest.FixtureRequest, tmp_path: Path) -> DraftStore:
    return MemoryDrafts() if request.param == "memory" else DraftFiles(tmp_path)


def test_drafts_come_newest_first(drafts: DraftStore) -> None:
    assert list(drafts.all()) == []
    for number in (2, 3, 1):
        drafts.save(draft(number, text="x"))
    assert list(drafts.all()) == [draft(number, text="x") for number in (3, 2, 1)]


def test_a_draft_takes_the_place_of_the_former(drafts: DraftStore) -> None:
    drafts.save(draft(1, text="a", answers=["b", {"c": None}], index=2))
    drafts.save(draft(1, text="ä\0\r\n\u2028"))
    assert list(drafts.all()) == [draft(1, text="ä\0\r\n\u2028")]


def test_a_draft_is_removed(drafts: DraftStore) -> None:
    drafts.save(draft(1))
    drafts.save(draft(2))
    drafts.remove(id_of(1))
    drafts.remove(id_of(1))
    assert list(drafts.all()) == [draft(2)]


@given(st.text())
def test_any_text_is_kept_in_a_draft(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    store = DraftFiles(tmp_path_factory.mktemp("home"), QuickFiles())
    store.save(draft(1, text=text))
    assert store.all()[0].state == {"text": text}


def test_what_an_editor_brought_is_read_again_however_long(tmp_path: Path) -> None:
    store = DraftFiles(tmp_path, QuickFiles())
    store.save(draft(1, text="long " * 4_000_000))
    assert store.all()[0].state == {"text": "long " * 4_000_000}


def test_a_draft_that_would_not_be_read_again_is_refused(tmp_path: Path) -> None:
    store = DraftFiles(tmp_path, QuickFiles())
    store.save(draft(1, text="former"))
    with pytest.raises(WriteFailedError, match="larger than a draft can be"):
        store.save(draft(1, text="x" * (64 << 20)))
    assert list(store.all()) == [draft(1, text="former")]


GOOD = json.dumps({"saved": FIRST.isoformat(), "state": {}}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"[]",
        b"5",
        GOOD[:-4],
        b"\xff" + GOOD,
        b"[" * 100_000,
        json.dumps({"saved": "2026-11-22T09:30:00", "state": {}}).encode(),
        json.dumps({"saved": 5, "state": {}}).encode(),
        json.dumps({"saved": FIRST.isoformat(), "state": []}).encode(),
        json.dumps({"state": {}}).encode(),
        GOOD + b" " * (64 << 20),
    ],
)
def test_a_draft_that_cannot_be_read_is_set_aside(tmp_path: Path, data: bytes) -> None:
    store = DraftFiles(tmp_path)
    store.save(draft(1))
    for _ in range(2):
        (tmp_path / "drafts" / f"{id_of(9)}.draft").write_bytes(data)
        assert list(store.all()) == [draft(1)]
    aside = sorted((tmp_path / "quarantine").iterdir())
    assert [path.read_bytes() for path in aside] == [data, data]
    assert names(tmp_path / "drafts") == [f"{id_of(1)}.draft"]


def test_a_bad_draft_that_cannot_be_set_aside_stays(tmp_path: Path) -> None:
    store = DraftFiles(tmp_path)
    store.save(draft(1))
    (tmp_path / "quarantine").write_bytes(b"")
    bad = tmp_path / "drafts" / f"{id_of(9)}.draft"
    bad.write_bytes(b"x")
    assert list(store.all()) == [draft(1)]
    assert bad.read_bytes() == b"x"


@pytest.mark.parametrize(
    "name", ["notes.draft", f"{id_of(1)}.txt", f".{id_of(1)}.part"]
)
def test_other_files_among_the_drafts_are_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / name).write_bytes(b"x")
    (tmp_path / "drafts" / f"{id_of(2)}.draft").mkdir()
    assert list(DraftFiles(tmp_path).all()) == []
    assert (tmp_path / "drafts" / name).read_bytes() == b"x"


@pytest.mark.parametrize("bad", ["", "..", "../../x", "u" * 26, "/etc/passwd"])
def test_a_draft_needs_an_id(tmp_path: Path, bad: str) -> None:
    store = DraftFiles(tmp_path)
    with pytest.raises(ValueError, match=r".*"):
        store.save(Draft(id=bad, saved=FIRST, state={}))
    with pytest.raises(ValueError, match=r".*"):
        store.remove(bad)
    assert names(tmp_path) == []


# Pools, settings and pages


@pytest.fixture(params=["memory", "disk"])
def pools(request: pytest.FixtureRequest, tmp_path: Path) -> PoolStore:
    return MemoryPools() if request.param == "memory" else PoolFile(tmp_path)


def test_pools_keep_what_came(pools: PoolStore) -> None:
    assert pools.came("day") == ()
    pools.note("day", ("b", "a"))
    pools.note("crew", ("c",))
    pools.note("day", ("b", "a", "d"))
    assert pools.came("day") == ("b", "a", "d")
    assert pools.came("crew") == ("c",)


@pytest.mark.parametrize(
    "data", [b"", b"x", b"[]", b"5", b'{"day": 5}', b"\xff", b"[" * 100_000]
)
def test_pools_that_cannot_be_read_begin_anew(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "pools.json").write_bytes(data)
    store = PoolFile(tmp_path)
    assert store.came("day") == ()
    store.note("day", ("a",))
    assert store.came("day") == ("a",)


def test_a_prompt_is_not_refused_for_a_full_disk(tmp_path: Path) -> None:
    files = FaultyFiles()
    store = PoolFile(tmp_path, files)
    store.note("day", ("a",))
    files.arm(1, errno.ENOSPC, for_ever=True)
    store.note("day", ("a", "b"))
    assert store.came("day") == ("a",)


@pytest.fixture(params=["memory", "disk"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> SettingsStore:
    return MemorySettings() if request.param == "memory" else SettingsFile(tmp_path)


VALUES: dict[str, Any] = {
    "theme": 'say "x" \\ \x7f ä\u2028\0\n',
    "hours": 24,
    "part": 0.1,
    "big": 1e300,
    "true": True,
    "none at all": [],
    "Ä.b": [1, ["x"], {"a b": date(2026, 11, 22)}],
    "table": {"inner": {"at": time(9, 30), "when": datetime(2026, 1, 1, tzinfo=UTC)}},
}


def test_settings_come_back(kept: SettingsStore) -> None:
    assert kept.load() == {}
    kept.save(VALUES)
    assert kept.load() == VALUES
    kept.save({"hours": 12})
    assert kept.load() == {"hours": 12}
    kept.save({})
    assert kept.load() == {}


def test_settings_are_a_file_that_can_be_edited(tmp_path: Path) -> None:
    store = SettingsFile(tmp_path)
    store.save({"theme": "dark", "hours": 24})
    path = tmp_path / "settings.toml"
    assert path.read_text().splitlines()[1:] == ['theme = "dark"', "hours = 24"]
    path.write_text("# mine\nhours = 12\n[more]\nx = [1, 2]\n")
    assert store.load() == {"hours": 12, "more": {"x": [1, 2]}}
    store.save({**store.load(), "hours": 24})
    assert tomllib.loads(path.read_text()) == {"hours": 24, "more": {"x": [1, 2]}}


@pytest.mark.parametrize("data", [b"hours = ", b"\xff", b"hours = 24\nhours = 12\n"])
def test_settings_that_cannot_be_read_are_kept_beside(
    tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(data)
    store = SettingsFile(tmp_path)
    assert store.load() == {}
    assert path.read_bytes() == data
    store.save({"hours": 12})
    assert store.load() == {"hours": 12}
    assert (tmp_path / "settings.toml.unread").read_bytes() == data


@pytest.fixture(params=["memory", "disk"])
def pages(request: pytest.FixtureRequest, tmp_path: Path) -> PageStore:
    return MemoryPages() if request.param == "memory" else PageFiles(tmp_path)


def test_pages_come_back(pages: PageStore) -> None:
    assert pages.read("people") == ""
    for text in ("A. 0123\n", "ä\r\n\0\u2028", ""):
        pages.write("people", text)
        assert pages.read("people") == text


def test_a_page_that_is_no_text_is_shown_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "people.md").write_bytes(b"A. \xff 0123")
    assert PageFiles(tmp_path).read("people") == "A. \ufffd 0123"


# A disk that refuses


SAVES: dict[str, Callable[[Path, FaultyFiles | StoppingFiles, str], None]] = {
    "draft": lambda home, files, text: DraftFiles(home, files).save(
        draft(1, text=text)
    ),
    "settings": lambda home, files, text: SettingsFile(home, files).save({"x": text}),
    "page": lambda home, files, text: PageFiles(home, files).write("people", text),
}


def said(home: Path, what: str) -> object:
    if what == "draft":
        return [one.state["text"] for one in DraftFiles(home).all()]
    if what == "settings":
        return [SettingsFile(home).load()["x"]]
    return [PageFiles(home).read("people")]


@pytest.mark.parametrize("what", SAVES)
@pytest.mark.parametrize("at", range(1, 8))
def test_what_was_there_stays_when_the_disk_refuses(
    tmp_path: Path, what: str, at: int
) -> None:
    files = FaultyFiles()
    SAVES[what](tmp_path, files, "former")
    files.arm(at, errno.ENOSPC)
    refused = None
    try:
        SAVES[what](tmp_path, files, "new")
    except WriteFailedError as error:
        refused = error
    assert (refused is not None) == bool(files.failed)
    if refused is not None:
        assert "No space left on device" in refused.message
        # Once it has its name, only the certainty of it can fail.
        at_last = files.failed == ["sync_folder"]
        assert said(tmp_path, what) == (["new"] if at_last else ["former"])
    files.arm(0, 0)
    SAVES[what](tmp_path, files, "again")
    assert said(tmp_path, what) == ["again"]


@pytest.mark.parametrize("what", SAVES)
@pytest.mark.parametrize("written", [0, 5, 30])
def test_what_was_there_stays_when_the_process_ends(
    tmp_path: Path, what: str, written: int
) -> None:
    files = StoppingFiles()
    SAVES[what](tmp_path, files, "former")
    files.stop_after(written=written)
    with pytest.raises(StoppedError):
        SAVES[what](tmp_path, files, "new words " * 5)
    files.end()
    assert said(tmp_path, what) == ["former"]
    SAVES[what](tmp_path, StoppingFiles(), "again")
    assert said(tmp_path, what) == ["again"]


def test_two_windows_that_write_at_once_never_mix(tmp_path: Path) -> None:
    class Slow(QuickFiles):
        def sync(self, fd: int) -> None:
            SettingsFile(tmp_path, QuickFiles()).save({"x": "theirs"})

    with pytest.raises(WriteFailedError, match="Another window"):
        SettingsFile(tmp_path, Slow()).save({"x": "mine" * 1000})
    assert SettingsFile(tmp_path).load() == {"x": "theirs"}
