"""What is in the packages that are built."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from companion import __version__

if TYPE_CHECKING:
    from pathlib import Path

_MAN_PAGE = (
    f"companion_microsolidarity-{__version__}.data/data/share/man/man1/companion.1"
)
pytestmark = pytest.mark.xdist_group("packaging")


def _files(folder: Path, under: str) -> dict[str, bytes]:
    return {
        f"{under}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _shipped(source: Path) -> dict[str, bytes]:
    return {
        **_files(source / "companion", "companion"),
        **_files(source / "screens", "screens"),
        **_files(source / "data", "companion/data"),
        _MAN_PAGE: (source / "docs" / "companion.1").read_bytes(),
    }


def _unpacked(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as archive:
        return {
            name: archive.read(name)
            for name in archive.namelist()
            if ".dist-info/" not in name
        }


def test_a_wheel_holds_the_packages_and_the_words_and_nothing_else(
    source: Path, wheel: Path
) -> None:
    assert _unpacked(wheel) == _shipped(source)


def test_a_wheel_from_the_source_distribution_is_the_same(
    wheel: Path, wheel_of_sdist: Path
) -> None:
    assert _unpacked(wheel_of_sdist) == _unpacked(wheel)


def test_a_wheel_names_its_command_and_carries_both_licences(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        about = {
            name.partition(".dist-info/")[2]: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/" in name
        }
    assert "companion = companion.__main__:script" in about["entry_points.txt"]
    assert {"licenses/LICENSE", "licenses/data/LICENSE"} <= set(about)
    assert "Requires-Python: >=3.11" in about["METADATA"]


def test_a_source_distribution_can_be_built_from_again(
    source: Path, sdist: Path
) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    expected = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*")
        if path.is_file()
    }
    assert expected <= names
    assert not [name for name in names if "__pycache__" in name]
