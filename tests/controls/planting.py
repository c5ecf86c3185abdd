"""Faults planted in a copy of the product, one at a time, for tests to catch.

The faults stand in the TOML files beside this one. Each says in plain words what is
broken, which text of which file is put in place of which, and which tests have to fail
for it: by an assertion, and not because nothing works any more.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
COPIED: Final = ("companion", "screens", "data", "tests", "benchmarks", "docs")
_LONGEST: Final = 800
"""Seconds after which a run is given up; a fault may let it hang."""
_LEFT_OUT: Final = shutil.ignore_patterns("*.pyc.*", "pictures", ".work", "*-pytest-*")


@dataclass(frozen=True, slots=True)
class Patch:
    """One text put in place of another that stands in a file exactly once."""

    file: str
    old: str
    new: str

    def fits(self, root: Path = ROOT) -> bool:
        """Whether the old text is there, and only once."""
        return (root / self.file).read_text(encoding="utf-8").count(self.old) == 1

    def apply(self, root: Path) -> None:
        """Put the new text in its place."""
        path = root / self.file
        path.write_text(path.read_text(encoding="utf-8").replace(self.old, self.new))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something broken on purpose."""

    name: str
    broken: str
    patches: tuple[Patch, ...]
    tests: tuple[str, ...]
    quick: bool = False
    """Whether it is planted on every change, and not in the long runs alone."""


def faults() -> list[Fault]:
    """Return all faults there are."""
    found: list[dict[str, Any]] = []
    for path in sorted(HERE.glob("*.toml")):
        found += tomllib.loads(path.read_text(encoding="utf-8"))["fault"]
    return [
        Fault(
            name=one["name"],
            broken=one["broken"],
            patches=tuple(Patch(**patch) for patch in one["patch"]),
            tests=tuple(one["tests"]),
            quick=one.get("quick", False),
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class Ended:
    """How the tests of a run ended."""

    tests: list[dict[str, Any]]
    foreign: list[str]
    """Modules of ours that were not taken from the copy."""
    said: str

    @property
    def failed(self) -> dict[str, str]:
        """The tests that did not pass, and why."""
        return {
            one["test"]: one["error"]
            for one in self.tests
            if one["outcome"] not in {"passed", "skipped"}
        }

    def missed(self, wanted: Sequence[str]) -> dict[str, str]:
        """Return the tests that did not fail as they have to, and what they did.

        A test with parameters has caught it if one of its cases has.
        """
        missed = {}
        for name in wanted:
            own = [
                one
                for one in self.tests
                if one["test"] == name or one["test"].startswith(f"{name}[")
            ]
            if not any(one["when"] == "call" and one["right"] for one in own):
                errors = {one["error"] for one in own if one["error"]}
                missed[name] = "; ".join(sorted(errors)) or (
                    "it passed" if own else "it did not run"
                )
        return missed


def copy(folder: Path) -> Path:
    """Copy the product and its tests; return the copy."""
    root = folder / "copy"
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=_LEFT_OUT)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy2(path, root)
    return root


def run(root: Path, tests: Sequence[str]) -> Ended:
    """Run tests in a copy, with the code of the copy."""
    report = root / "witness.json"
    report.unlink(missing_ok=True)
    passed_on = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "COV", "PYTHON"))
    }
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "tests.controls.witness"),
            *("--witness", str(report), "-p", "no:cacheprovider", "-m", ""),
            *tests,
        ],
        cwd=root,
        timeout=_LONGEST,
        env={**passed_on, "PYTHONPATH": str(root)},
        check=False,
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    if not report.exists():
        return Ended([], [], said)
    told = json.loads(report.read_text(encoding="utf-8"))
    return Ended(told["ended"], told["foreign"], said)


def plant(fault: Fault, folder: Path, tests: Sequence[str] = ()) -> Ended:
    """Plant a fault in a fresh copy and run its tests there, or others."""
    root = copy(folder)
    try:
        for patch in fault.patches:
            assert patch.fits(root), f"{patch.file} has not {patch.old!r} once"
            patch.apply(root)
        return run(root, tests or fault.tests)
    finally:
        shutil.rmtree(root)
