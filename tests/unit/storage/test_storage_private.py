"""For their owner alone, whatever the umask; and no link is followed."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from companion.capture import put_in_spool, spell
from companion.errors import LogError
from companion.ids import is_id
from companion.ports import Draft
from companion.storage import open_log
from companion.storage.commits import Change
from companion.storage.engine import Engine
from companion.storage.files import Files
from companion.storage.small import DraftFiles, PageFiles, PoolFile, SettingsFile
from companion.storage.state import ENTRIES
from tests.logs import FIRST, content_of, document, entry, fill, id_of, open_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.regime import Regime


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    former = os.umask(0o022)
    yield os.umask
    os.umask(former)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_all_is_for_its_owner_alone(
    tmp_path: Path, umask: Callable[[int], int], mask: int, regime: Regime
) -> None:
    umask(mask)
    home = tmp_path / "above" / "home"
    store = open_log(home)
    store.add(entry(1))
    guest = open_log(home)
    guest.add(entry(2))
    store.refresh()
    store.tidy()
    guest.close()
    store.close()
    path = next((home / "journal").iterdir())
    path.write_bytes(path.read_bytes() + b"torn")
    put_in_spool(str(home), id_of(9), spell({"id": "bad"}))
    open_log(home).close()
    put_in_spool(str(home), id_of(8), b"{}\n")
    DraftFiles(home).save(Draft(id=id_of(5), saved=FIRST, state={"text": "x"}))
    PoolFile(home).note("day", ("a",))
    PageFiles(home).write("people", "x")
    SettingsFile(home / "config").save({"theme": "x"})
    found = [home.parent, home, *home.rglob("*")]
    assert {path.name for path in found} >= {
        "journal", "spool", "index", "quarantine", "drafts", "pages", "config",
        "lock", "head", "device", "state", "pools.json", "people.md",
    }  # fmt: skip
    for path in found:
        assert mode(path) == (0o700 if path.is_dir() else 0o600), path
    regime("rights", paths=len(found), open_to_others=0)


def test_no_name_says_anything_about_the_person(tmp_path: Path) -> None:
    store = open_log(tmp_path)
    store.add(entry(1, text="sentinel", tags=("sentinel",), people=("sentinel",)))
    store.tidy()
    store.close()
    assert not [path for path in tmp_path.rglob("*") if "sentinel" in str(path.name)]
    for name in ("head", "device", "lock"):
        assert b"sentinel" not in (tmp_path / name).read_bytes()


def test_folders_that_were_open_are_closed(tmp_path: Path) -> None:
    for name in ("journal", "spool"):
        (tmp_path / name).mkdir(mode=0o755)
        (tmp_path / name).chmod(0o755)
    open_log(tmp_path).close()
    assert mode(tmp_path / "journal") == mode(tmp_path / "spool") == 0o700


def victim(tmp_path: Path, data: bytes = b"precious") -> Path:
    path = tmp_path / "victim"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "name",
    ["device", ".device.part", "index/state", "index/.state.part", "journal/.x.part"],
)
def test_a_planted_link_is_not_written_through(
    tmp_path: Path, name: str, regime: Regime
) -> None:
    home = tmp_path / "home"
    precious = victim(tmp_path)
    link = home / name
    link.parent.mkdir(parents=True)
    link.symlink_to(precious)
    engine = Engine(home)
    store = open_log(tmp_path / "other")
    store.close()
    engine.commit([_insert(1)])
    engine.tidy()
    engine.close()
    assert precious.read_bytes() == b"precious"
    assert content_of(home) == {ENTRIES: {id_of(1): document(1)}}
    regime("rights", links=1, followed=0)


def test_a_link_for_the_head_mark_is_not_followed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fill(home, 1)
    (home / "head").unlink()
    (home / "head").symlink_to(victim(tmp_path))
    engine = Engine(home)
    engine.commit([_insert(2)])
    engine.close()
    assert (tmp_path / "victim").read_bytes() == b"precious"
    assert set(content_of(home)[ENTRIES]) == {id_of(1), id_of(2)}


def test_a_link_for_the_index_is_not_followed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fill(home, 1)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_bytes(b"x")
    (home / "index").symlink_to(elsewhere)
    engine = open_engine(home)
    engine.tidy()
    engine.close()
    assert [path.name for path in elsewhere.iterdir()] == ["precious"]


def _insert(number: int) -> Change:
    return Change(ENTRIES, id_of(number), document(number))


def test_a_link_for_the_lock_is_not_followed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fill(home, 1)
    (home / "lock").unlink()
    (home / "lock").symlink_to(victim(tmp_path))
    engine = open_engine(home)
    assert not engine.writable
    assert engine.count(ENTRIES) == 1
    engine.close()
    assert (tmp_path / "victim").read_bytes() == b"precious"


def test_a_link_for_a_segment_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fill(home, 1)
    (home / "journal" / "2026.zz.log").symlink_to(victim(tmp_path))
    with pytest.raises(LogError, match="cannot be read"):
        open_engine(home)
    assert (tmp_path / "victim").read_bytes() == b"precious"


@pytest.mark.parametrize("name", ["journal", "spool"])
def test_a_link_for_a_folder_is_refused(
    tmp_path: Path, name: str, regime: Regime
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (home / name).symlink_to(elsewhere)
    with pytest.raises(LogError, match="not a folder"):
        open_engine(home)
    assert list(elsewhere.iterdir()) == []
    assert mode(elsewhere) == 0o755
    regime("rights", links=1, followed=0)


def test_a_link_in_the_spool_is_not_followed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fill(home, 1)
    precious = victim(tmp_path, spell({"id": id_of(2)}))
    (home / "spool" / f"{id_of(2)}.json").symlink_to(precious)
    engine = open_engine(home)
    assert engine.count(ENTRIES) == 1
    engine.close()
    assert precious.exists()


def test_a_link_for_a_draft_is_not_followed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    drafts = DraftFiles(home)
    drafts.save(Draft(id=id_of(1), saved=FIRST, state={"text": "mine"}))
    precious = victim(tmp_path, (home / "drafts" / f"{id_of(1)}.draft").read_bytes())
    (home / "drafts" / f"{id_of(2)}.draft").symlink_to(precious)
    assert [draft.id for draft in drafts.all()] == [id_of(1)]
    drafts.save(Draft(id=id_of(2), saved=FIRST, state={"text": "new"}))
    assert {draft.id for draft in drafts.all()} == {id_of(1), id_of(2)}
    assert b"mine" in precious.read_bytes()
    assert is_id(id_of(2))


@pytest.mark.parametrize("name", ["pools.json", "pages/people.md", "settings.toml"])
def test_a_link_for_a_small_file_is_not_followed(
    tmp_path: Path, name: str, regime: Regime
) -> None:
    home = tmp_path / "home"
    precious = victim(tmp_path, b'{"day": ["a"]}')
    (home / name).parent.mkdir(parents=True)
    (home / name).symlink_to(precious)
    assert PoolFile(home).came("day") == ()
    assert PageFiles(home).read("people") == ""
    assert SettingsFile(home).load() == {}
    PoolFile(home).note("day", ("b",))
    PageFiles(home).write("people", "new")
    SettingsFile(home).save({"theme": "new"})
    assert precious.read_bytes() == b'{"day": ["a"]}'
    assert not (home / name).is_symlink()
    regime("rights", links=1, followed=0)


def test_files_are_closed_to_programs_that_are_started(tmp_path: Path) -> None:
    files = Files()
    for fd in (
        files.open_new(tmp_path / "a"),
        files.open_append(tmp_path / "a"),
        files.open_read(tmp_path / "a"),
        files.open_mark(tmp_path / "b"),
    ):
        assert not os.get_inheritable(fd)
        files.close(fd)


def test_a_file_left_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "mark"
    path.write_bytes(b"")
    path.chmod(0o644)
    files = Files()
    files.close(files.open_mark(path))
    assert mode(path) == 0o600
