"""Logs as each released format wrote them: read, checked and written on, for good."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from companion.storage.check import check
from companion.storage.commits import VERSION
from companion.storage.keeper import HomeKeeper
from companion.storage.small import DraftFiles, PageFiles, PoolFile
from tests.logs import content, content_of, database, document, id_of, open_engine
from tests.samples import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = range(1, VERSION + 1)


@pytest.fixture(params=VERSIONS, ids=lambda version: f"version {version}")
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a copy of a sample, and beside it what it holds."""
    shutil.copytree(SAMPLES / f"version-{request.param}", tmp_path / "sample")
    home = tmp_path / "sample" / "home"
    for path in [home, *home.rglob("*")]:
        # A checkout does not keep rights.
        path.chmod(0o700 if path.is_dir() else 0o600)
    return home


def held(home: Path) -> dict[str, Any]:
    return dict(json.loads((home.parent / "holds.json").read_bytes()))


def test_there_is_a_sample_of_each_version() -> None:
    there = {path.name for path in SAMPLES.iterdir() if path.is_dir()}
    assert there - {"__pycache__"} == {f"version-{n}" for n in range(VERSION + 1)}


def test_it_holds_what_it_held(sample: Path) -> None:
    before = content_of(sample)
    assert before == held(sample)
    assert content_of(sample) == before


def test_nothing_is_wrong_with_it(sample: Path) -> None:
    report = check(sample)
    assert report.faults == ()
    assert report.segments == 4
    engine = open_engine(sample)
    try:
        assert engine.notices == []
        assert engine.writable
    finally:
        engine.close()


def test_the_small_files_are_read(sample: Path) -> None:
    (draft,) = DraftFiles(sample).all()
    assert draft.state == {"text": "half a sen"}
    assert PageFiles(sample).read("help") == "My people: A.\n"
    assert PoolFile(sample).came("morning") == ("morning-1", "morning-2")


def test_it_is_written_on_and_undone(sample: Path) -> None:
    known = held(sample)
    engine = open_engine(sample)
    try:
        database(engine).table("entries").insert(document(7))
        assert content(engine)["entries"].keys() - known["entries"] == {id_of(7)}
        engine.undo()
        assert content(engine) == known
        # Past what was just written, the newest change of the sample goes.
        engine.undo()
        assert content(engine) != known
    finally:
        engine.close()
    assert check(sample).faults == ()


def test_it_is_backed_up_and_brought_back(sample: Path, tmp_path: Path) -> None:
    made = HomeKeeper(sample).back_up(tmp_path / "outside")
    other = HomeKeeper(tmp_path / "new")
    assert other.restore(str(made.folder), None, exactly=False).in_place
    restored = content_of(tmp_path / "new")
    assert restored == held(sample)


def test_it_is_rescued(sample: Path, tmp_path: Path) -> None:
    rescued = HomeKeeper(sample).rescue(tmp_path / "rescued", None)
    assert (rescued.entries, rescued.raw) == (len(held(sample)["entries"]), 0)
