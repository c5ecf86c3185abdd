"""What is loaded for what: each proof in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

ROOT = Path(__file__).parents[2]
SCREENS = {"textual", "rich", "screens"}
SELDOM = {"tomllib", "random", "dateutil", "zoneinfo", "subprocess", "tempfile"}
SELDOM |= {"asyncio", "platformdirs", "shtab", "readline", "hashlib", "email", "http"}
_TELL = "; import sys; sys.stderr.write(chr(0) + ' '.join(sys.modules))"


def loaded(code: str, home: Path, *, stdin: str = "") -> AbstractSet[str]:
    """Return the modules that `code` loads, but those every Python loads."""
    kept = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT)}

    def modules(code: str) -> set[str]:
        ended = subprocess.run(
            [sys.executable, "-c", code + _TELL],
            cwd=home,
            env=kept,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return set(ended.stderr.rpartition("\0")[2].split())

    return modules(code) - modules("pass")


def command(
    home: Path, *words: str, code: int = 0, stdin: str = ""
) -> AbstractSet[str]:
    """Return the modules that a command loads."""
    argv = ["--home", str(home / "home"), *words]
    run = f"from companion.__main__ import main; assert main({argv!r}) == {code}"
    return loaded(run, home, stdin=stdin)


def tops(modules: AbstractSet[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_the_package_itself_loads_nothing(tmp_path: Path) -> None:
    assert loaded("import companion", tmp_path) == {"companion"}


def test_a_quick_capture_loads_next_to_nothing(tmp_path: Path) -> None:
    words = ("reflect", "slept well 🌱", "--tag", "rest", "--rung=crew")
    for _ in range(2):
        assert command(tmp_path, *words, "--day", "2026-11-01") == {
            "__future__",
            "_json",
            "companion",
            "companion.__main__",
            "companion.capture",
            "companion.ids",
            "companion.places",
            "companion.zone",
            "gc",
        }


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["log"], 0),
        (["log", "--json"], 0),
        (["log", "--markdown", "-n", "1"], 0),
        (["log", "slept", "--tag", "rest", "--from", "2026-01-01", "-n", "20"], 0),
        (["log", "zebra"], 1),
        (["show", "zzzzzz"], 1),
        (["on-this-day"], 1),
        (["on-this-day", "yesterday"], 1),
        (["where"], 0),
        (["reflect", "-"], 0),
        (["reflect", "x", "--day", "yesterday"], 0),
        (["reflect", "x", "--tag", "a,b"], 0),
        (["reflect", "x", "--rung", "y"], 2),
        (["no-such-command"], 2),
        (["--version"], 0),
        (["--help"], 0),
    ],
)
def test_a_command_loads_no_screen_no_database_and_little_else(
    tmp_path: Path, words: list[str], code: int
) -> None:
    command(tmp_path, "reflect", "slept well", "--tag", "rest")
    found = tops(command(tmp_path, *words, code=code, stdin="a"))
    assert not found & (SCREENS | SELDOM | {"tinydb"})


def test_a_line_from_stdin_does_not_open_the_log(tmp_path: Path) -> None:
    found = command(tmp_path, "reflect", "-", stdin="a")
    assert "companion.log" in found
    assert "companion.storage" not in found


@pytest.mark.parametrize("words", [["undo"], ["edit", "zzzzzz"], ["delete", "zzzzzz"]])
def test_a_change_loads_no_screen(tmp_path: Path, words: list[str]) -> None:
    command(tmp_path, "reflect", "slept well")
    code = 0 if words == ["undo"] else 1
    assert not tops(command(tmp_path, *words, code=code)) & SCREENS


def test_a_sitting_in_plain_lines_loads_no_screen(tmp_path: Path) -> None:
    found = command(tmp_path, "reflect", "--sitting", "one", stdin="well\n/stop\n")
    assert not tops(found) & SCREENS


def test_the_domain_and_its_wiring_load_no_screen_and_no_database(
    tmp_path: Path,
) -> None:
    code = "from companion.bootstrap import open_companion; open_companion().close()"
    assert not tops(loaded(code, tmp_path)) & (SCREENS | {"tinydb", "tomllib"})


def test_opening_the_app_does_not_load_what_commands_need(tmp_path: Path) -> None:
    code = (
        "import sys; sys.stdin.isatty = sys.stdout.isatty = lambda: True;"
        "from companion.cli import run; assert run([], lambda companion: 0) == 0"
    )
    found = tops(loaded(code, tmp_path))
    assert not found & {"argparse", "shutil", "gettext", "tinydb", "tomllib"}


def test_the_proof_sees_what_is_loaded(tmp_path: Path) -> None:
    assert "textual" in tops(loaded("import screens.app", tmp_path))
    assert "re" in loaded("import re", tmp_path)
