"""What is built once for all packaging tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.packaging.installing import Installation, build, copy_source

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is shipped."""
    return copy_source(tmp_path_factory.mktemp("source") / "companion")


@pytest.fixture(scope="session")
def distributions(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel built from it."""
    target = tmp_path_factory.mktemp("through-sdist") / "dist"
    build(source, target)
    return target


@pytest.fixture(scope="session")
def sdist(distributions: Path) -> Path:
    """The source distribution."""
    (found,) = distributions.glob("*.tar.gz")
    return found


@pytest.fixture(scope="session")
def wheel_of_sdist(distributions: Path) -> Path:
    """The wheel that was built from the source distribution."""
    (found,) = distributions.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the folder itself."""
    target = tmp_path_factory.mktemp("straight") / "dist"
    build(source, target, "--wheel")
    (found,) = target.glob("*.whl")
    return found


@pytest.fixture(scope="session", params=["wheel", "sdist", "editable", "checkout"])
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    """Companion, put where Python finds it in each of the ways there are."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "checkout":
        return Installation.create(folder, path=str(request.getfixturevalue("source")))
    made = Installation.create(folder)
    if request.param == "editable":
        made.install("--editable", str(request.getfixturevalue("source")))
    else:
        fixture = "wheel" if request.param == "wheel" else "wheel_of_sdist"
        made.install(str(request.getfixturevalue(fixture)))
    return made
