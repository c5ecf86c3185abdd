"""Companion works in whatever way it was installed, and from wherever it is run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from companion import __version__
from companion.content import Shelf
from tests.packaging.installing import ROOT, Installation

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("packaging")


def test_it_runs_its_own_copy_and_finds_its_words(installation: Installation) -> None:
    found = installation.look()
    for package in ("companion", "screens"):
        assert not str(found[package]).startswith(str(ROOT)), found[package]
    shelf = Shelf()
    assert found["rungs"] == [rung.id for rung in shelf.rungs]
    assert found["prompts"] == sorted(
        prompt.id for pool in shelf.pools.values() for prompt in pool
    )
    assert found["credits"] == shelf.page("credits")
    assert found["sheet"]


def test_a_folder_named_data_where_it_is_run_changes_nothing(
    installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "data" / "screens").mkdir(parents=True)
    (tmp_path / "data" / "rungs.toml").write_text("this is not ours", encoding="utf-8")
    assert installation.look(cwd=tmp_path) == installation.look()


def test_it_tells_its_version_and_keeps_an_entry(
    installation: Installation, tmp_path: Path
) -> None:
    command = ["python", "-m", "companion"]
    assert __version__ in installation.run(*command, "--version")
    home = str(tmp_path / "x")
    assert home in installation.run(*command, "--home", home, "where")
    installation.run(*command, "--home", home, "reflect", "slept well")
    (entry,) = json.loads(installation.run(*command, "--home", home, "log", "--json"))
    assert entry["text"] == "slept well"


def test_the_command_is_installed(installation: Installation) -> None:
    if installation.path:
        # A bare checkout has no command; from inside of it, no path is needed either.
        bare = Installation(installation.folder)
        said = bare.run("python", "-m", "companion", "--version", cwd=ROOT)
    else:
        said = installation.run("companion", "--version")
    assert __version__ in said
