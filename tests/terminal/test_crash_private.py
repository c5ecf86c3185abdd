"""Whatever goes wrong in us, nothing a person wrote is told by it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.terminal.house import said
from tests.terminal.terminal import ROOT, Terminal, surroundings

if TYPE_CHECKING:
    from tests.terminal.house import House

pytestmark = [
    pytest.mark.xdist_group("terminal"),
    pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning"),
]

SENTINEL = "what Ana told me at the lake"
FAULT = 70
BEGIN = f"""
import sys
def fail(*given, **named):
    words = {SENTINEL!r}
    try:
        int(words)
    except ValueError as error:
        raise RuntimeError(words) from error
"""
END = """
from companion.__main__ import script
script()
"""
COMMANDS = {
    "a command": ("import companion.cli.reading as m; m.log = fail", ["log"]),
    "decoding": (
        "import companion.storage.store as m; m.from_document = fail",
        ["log", "--json"],
    ),
    "a search": ("import companion.log as m; m.Log.timeline = fail", ["log", "lake"]),
}
IN_APP = {
    "handler": "lambda app: app.call_later(fail)",
    "timer": "lambda app: app.set_timer(0.01, fail)",
    "worker": "lambda app: app.run_worker(later())",
    "thread": "lambda app: app.run_worker(fail, thread=True)",
    "lone thread": "lambda app: alone(app)",
    "render": "lambda app: setattr(app.screen, 'render', fail) or app.screen.refresh()",
}
APP = """
import threading
import screens
from screens.app import CompanionApp
async def later():
    fail()
def alone(app):
    lone = threading.Thread(target=fail)
    lone.start()
    lone.join()
    app.call_later(fail)
broken = {do}
CompanionApp.action_help_quit = lambda self: broken(self)
"""


def _command(code: str, home: Path, *words: str) -> list[str]:
    return [sys.executable, "-c", BEGIN + code + END, "--home", str(home), *words]


def _environment(house: House) -> dict[str, str]:
    places = {
        "TMPDIR": str(house.folder / "tmp"),
        "XDG_CACHE_HOME": str(house.folder / "cache"),
        "TEXTUAL_LOG": str(house.folder / "keys"),
        "TEXTUAL": "debug,devtools",
        "TEXTUAL_DEBUG": "1",
        "PYTHONPATH": str(ROOT),
    }
    (house.folder / "tmp").mkdir(exist_ok=True)
    return places


def _told(house: House) -> list[Path]:
    """Return the files with the sentinel in them that are not the log's own."""
    names = ("journal", "index", "drafts", "spool", "backups", "config", "pages")
    ours = [house.home / name for name in names]
    return [
        path
        for path in house.folder.rglob("*")
        if path.is_file()
        and not any(path.is_relative_to(folder) for folder in ours)
        and SENTINEL.encode() in path.read_bytes()
    ]


def _write_everywhere(house: House) -> None:
    """Put the sentinel wherever a person can write, and not in the text alone."""
    named = ("--tag", SENTINEL, "--person", SENTINEL)
    assert house.run("reflect", SENTINEL, *named).returncode == 0
    config = house.home / "config"
    config.mkdir(exist_ok=True)
    own = f'[[prompt]]\ntext = "{SENTINEL}?"\npool = "invitation"\n'
    (config / "prompts.toml").write_text(own + f'hint = "{SENTINEL}"\n')
    (config / "sittings.toml").write_text(f'[[sitting]]\nname = "{SENTINEL}"\n')
    (house.home / "pages").mkdir(exist_ok=True)
    (house.home / "pages" / "people.md").write_text(f"# {SENTINEL}\n")
    (config / "settings.toml").write_text(f'theme = "{SENTINEL}"\n')


@pytest.mark.parametrize("where", COMMANDS)
def test_a_fault_in_a_command_tells_no_words(house: House, where: str) -> None:
    code, words = COMMANDS[where]
    _write_everywhere(house)
    assert house.run("log").returncode == 0
    ended = subprocess.run(
        _command(code, house.home, *words),
        env=surroundings(house.folder, **_environment(house)),
        cwd=house.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == FAULT, ended.stderr
    assert SENTINEL not in ended.stdout + ended.stderr
    assert "A report without your words" in ended.stderr
    (report,) = (house.home / "reports").iterdir()
    assert "builtins.RuntimeError" in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600
    assert _told(house) == []


@pytest.mark.parametrize("where", IN_APP)
def test_a_fault_in_the_app_tells_no_words_and_keeps_them(
    house: House, where: str
) -> None:
    code = APP.format(do=IN_APP[where])
    window = house.windows.enter_context(
        Terminal(
            _command(code, house.home),
            house.folder,
            size=(80, 24),
            **_environment(house),
        )
    )
    window.wait_for(said("today.free-name"))
    window.press("w")
    window.wait_for(said("reflect.page"))
    limits = Path(f"/proc/{window.pid}/limits")
    if limits.exists():
        (core,) = (x for x in limits.read_text().splitlines() if "core file" in x)
        assert core.split()[4:6] == ["0", "0"]
    window.type(SENTINEL)
    window.wait_for(SENTINEL)
    before = len(window.raw)
    window.press("\x03")
    assert window.ended() == 1
    assert window.held() == []
    after = window.raw[before:].decode(errors="replace")
    assert "A report" in after
    assert SENTINEL not in after.rpartition("\x1b[?1049l")[2]
    assert _told(house) == []
    (draft,) = (house.home / "drafts").glob("*.draft")
    assert SENTINEL in draft.read_text()


def test_a_fault_where_all_of_it_is_shown_tells_none_of_it(house: House) -> None:
    _write_everywhere(house)
    command = _command(APP.format(do=IN_APP["handler"]), house.home)
    window = Terminal(command, house.folder, size=(80, 24), **_environment(house))
    house.windows.enter_context(window)
    window.wait_for(said("today.free-name"))
    window.press("f5")
    window.wait_for(SENTINEL)
    window.press("f4")
    window.wait_for(said("settings.theme"))
    window.press("f3")
    window.wait_for(said("log.count_one"))
    window.press("/")
    window.wait_for(said("log.search"))
    window.type(SENTINEL)
    window.wait_for(said("log.found_one"))
    before = len(window.raw)
    window.press("\x03")
    assert window.ended() == 1
    assert window.held() == []
    after = window.raw[before:].decode(errors="replace")
    assert "A report" in after
    assert SENTINEL not in after.rpartition("\x1b[?1049l")[2]
    assert _told(house) == []
