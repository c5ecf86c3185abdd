"""Building Companion and installing it where nothing else of it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_SHIPPED: Final = (
    "companion",
    "screens",
    "data",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "Makefile",
    "constraints.txt",
    "docs/companion.1",
)
_WALK: Final = """
import json, companion, screens, screens.app
from companion.content import Shelf
shelf = Shelf()
print(json.dumps({
    "companion": companion.__file__,
    "screens": screens.__file__,
    "sheet": open(screens.__file__.replace("__init__.py", "app.tcss")).read(),
    "rungs": [rung.id for rung in shelf.rungs],
    "prompts": sorted(p.id for pool in shelf.pools.values() for p in pool),
    "credits": shelf.page("credits"),
}))
"""


def copy_source(target: Path) -> Path:
    """Copy what is shipped, so that building leaves the checkout alone."""
    target.mkdir()
    for name in _SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, target / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            (target / name).parent.mkdir(exist_ok=True)
            shutil.copy(source, target / name)
    return target


def build(source: Path, target: Path, *what: str) -> None:
    """Build with what is installed here, fetching nothing."""
    _run(
        [
            *(sys.executable, "-m", "build", "--no-isolation", *what),
            *("--outdir", str(target), str(source)),
        ],
        cwd=target.parent,
    )


@dataclass(frozen=True, slots=True)
class Installation:
    """A Python that sees the dependencies, and Companion only where we put it."""

    folder: Path
    """A folder of its own, which is also where commands are run."""
    path: str = ""
    """What stands in PYTHONPATH."""

    @classmethod
    def create(cls, folder: Path, path: str = "") -> Installation:
        """Make the environment, with nothing of Companion in it."""
        _run(
            [sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")],
            cwd=folder.parent,
        )
        made = cls(folder, path)
        # Folders named in a .pth file are searched, but .pth files in them are not
        # read: so the checkout installed for development stays out of sight.
        (made.packages / "dependencies.pth").write_text(
            sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8"
        )
        (folder / "elsewhere").mkdir()
        return made

    @property
    def packages(self) -> Path:
        """Where packages are installed."""
        (found,) = (self.folder / "venv" / "lib").glob("python*/site-packages")
        return found

    def install(self, *words: str) -> None:
        """Install with pip, fetching nothing."""
        _run(
            [
                *(sys.executable, "-m", "pip", "--python", str(self.program("python"))),
                *("install", "--quiet", "--no-deps", "--no-index"),
                *("--no-build-isolation", "--disable-pip-version-check", *words),
            ],
            cwd=self.folder,
        )

    def program(self, name: str) -> Path:
        """Return a program of this environment."""
        return self.folder / "venv" / "bin" / name

    def run(self, *words: str, cwd: Path | None = None) -> str:
        """Run a program of this environment and return what it says."""
        return _run(
            [str(self.program(words[0])), *words[1:]],
            cwd=cwd or self.folder / "elsewhere",
            path=self.path,
        )

    def look(self, cwd: Path | None = None) -> dict[str, object]:
        """Return where the packages were found and what was read from data/."""
        found: dict[str, object] = json.loads(
            self.run("python", "-P", "-c", _WALK, cwd=cwd)
        )
        return found


def _run(command: list[str], *, cwd: Path, path: str = "") -> str:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "COMPANION_", "COV_", "XDG_", "PIP_"))
    }
    ended = subprocess.run(
        command,
        cwd=cwd,
        env={
            **kept,
            "HOME": str(cwd),
            "PYTHONPATH": path,
            # What is built from a folder must not depend on who ran it before.
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout
