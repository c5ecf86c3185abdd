"""How many small changes of the log's own modules the tests notice.

`python -m tests.mutants [MODULE ...]` changes one thing in a module of
companion/storage, runs only the tests that go through that line, and stops at the first
that fails. A seeded sample of each module is tried. A change no test notices has
survived; each is printed with its line.

Each change is made in a process of its own, forked from one that has the test tools
loaded and nothing of the log, so that starting costs little and nothing on the disk is
changed.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.util
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import defaultdict
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from coverage import CoverageData

from tests.mutants.changing import Site, changed, sites

if TYPE_CHECKING:
    import ast
    from importlib.machinery import ModuleSpec
    from types import ModuleType

ROOT: Final = Path(__file__).parents[2]
STORAGE: Final = ROOT / "companion" / "storage"
FOLDER: Final = ROOT / ".mutants"
TESTS: Final = ("tests/unit/storage", "tests/fuzz", "tests/unit/test_store_promises.py")
MOST: Final = 120
"""Most tests that one change is tried on."""
CPU_SECONDS: Final = 40
WAIT_SECONDS: Final = 400

Lines = dict[int, set[str]]


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module with a change in it."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self._name, self._path, self._tree = name, path, tree

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        if name != self._name:
            return None
        return importlib.util.spec_from_file_location(name, self._path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._tree, self._path, "exec"), module.__dict__)


def measure() -> None:
    """Run the tests once, to learn which of them go through which line."""
    FOLDER.mkdir(exist_ok=True)
    quiet = ["-q", "-n", "2", "-k", "not no_bytes_break", "--cov=companion.storage"]
    quiet += ["--cov-branch", "--cov-context=test", "--cov-report="]
    environment = os.environ | {"COVERAGE_FILE": str(FOLDER / "coverage")}
    command = [sys.executable, "-m", "pytest", *quiet, *TESTS]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@cache
def _is_there(test: str) -> bool:
    """Whether a test is still there; with parameters it is one test here."""
    path, _, name = test.partition("::")
    return bool(name) and f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def covering() -> dict[str, Lines]:
    """Return the tests that go through each line, by module."""
    data = CoverageData(str(FOLDER / "coverage"))
    data.read()
    found: dict[str, Lines] = {}
    for path in data.measured_files():
        lines: Lines = {}
        for line, contexts in data.contexts_by_lineno(path).items():
            tests = {one.partition("|")[0].partition("[")[0] for one in contexts}
            lines[line] = set(filter(_is_there, tests))
        found[Path(path).stem] = lines
    return found


def chosen(site: Site, lines: Lines, weights: dict[str, int]) -> list[str]:
    """Return the tests for a change, those that go through least code first."""
    own = lines.get(site.line) or set().union(*lines.values())
    return sorted(own, key=lambda test: (weights[test], test))[:MOST]


def survives(module: str, tree: ast.Module | None, tests: list[str]) -> bool:
    """Try a change in a process of its own; True where every test still passes."""
    child = os.fork()
    if child == 0:
        os._exit(_try(module, tree, tests))
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _try(module: str, tree: ast.Module | None, tests: list[str]) -> int:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    name = f"companion.storage.{module}"
    if tree is not None:
        sys.meta_path.insert(0, _Changed(name, STORAGE / f"{module}.py", tree))
    options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
    options += ["--timeout=0", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return int(pytest.main([*options, *tests]))


def _preload() -> None:
    """Load what all tests need, and forget what is ours, to be loaded with a change."""
    for name in ("hypothesis", "tinydb", "time_machine", "tests.conftest"):
        importlib.import_module(name)
    for name in list(sys.modules):
        ours = name.partition(".")[0] in {"companion", "screens", "benchmarks", "tests"}
        if ours and not name.startswith("tests.mutants"):
            del sys.modules[name]


def _of(module: str, lines: Lines, weights: dict[str, int], options: Any) -> Any:
    """Try a sample of one module; return its figures."""
    path = STORAGE / f"{module}.py"
    source = path.read_text(encoding="utf-8")
    found = sites(source)
    skipped = {
        number
        for number, line in enumerate(source.split("\n"), 1)
        if "pragma: no cover" in line
    }
    known = [number for number, site in enumerate(found) if site.line not in skipped]
    sample = Random(f"{options.seed}-{module}").sample(
        known, min(options.sample, len(known))
    )
    survivors = []
    whole = chosen(Site(0, ""), lines, weights)
    assert survives(module, None, whole), f"the tests of {module} fail as it is"
    for number in sorted(sample):
        tests = chosen(found[number], lines, weights)
        if survives(module, changed(source, number), tests):
            survivors.append((*found[number], number))
            text = source.split("\n")[found[number].line - 1].strip()
            print(f"  {module}.py:{found[number].line}: {found[number].what}: {text}")
    sys.stdout.flush()
    return {"sites": len(found), "tried": len(sample), "survived": survivors}


def main() -> None:
    """Try the modules that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("modules", nargs="*")
    parser.add_argument(
        "--sample", type=int, default=20, help="most changes of a module"
    )
    parser.add_argument("--seed", default="1")
    parser.add_argument("--measure", action="store_true", help="learn the lines anew")
    options = parser.parse_args()
    if options.measure or not (FOLDER / "coverage").exists():
        measure()
    by_module = covering()
    weights: dict[str, int] = defaultdict(int)
    for lines in by_module.values():
        for tests in lines.values():
            for test in tests:
                weights[test] += 1
    _preload()
    results = FOLDER / "results.json"
    kept = json.loads(results.read_text()) if results.exists() else {}
    print(f"seed {options.seed}")
    for module in options.modules or sorted(by_module):
        figures = _of(module, by_module[module], weights, options)
        kept[module] = figures
        results.write_text(json.dumps(kept, indent=1))
        caught = figures["tried"] - len(figures["survived"])
        print(f"{module}: {caught} of {figures['tried']} ({figures['sites']} in all)")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
