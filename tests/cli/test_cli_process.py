"""The command line as a process of its own: pipes, signals, terminals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[bytes]]
    Spawn = Callable[..., pexpect.spawn[str]]

ROOT = Path(__file__).parents[2]
COMPANION = [sys.executable, "-m", "companion"]


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """An environment that touches nothing outside of the test's folder."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "TZ": "Europe/Berlin",
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture
def run(tmp_path: Path, surroundings: dict[str, str]) -> Run:
    """Run a command to its end."""

    def run(
        *words: str | bytes, environ: dict[str, str] | None = None, **options: Any
    ) -> subprocess.CompletedProcess[bytes]:
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, **options}
        if "input" in options:
            del options["stdin"]
        return subprocess.run(
            [*COMPANION, *words],
            cwd=tmp_path,
            env={**surroundings, **(environ or {})},
            stderr=options.pop("stderr", subprocess.PIPE),
            timeout=60,
            check=False,
            **options,
        )

    return run


@pytest.fixture
def spawn(tmp_path: Path, surroundings: dict[str, str]) -> Spawn:
    """Start a command on a terminal."""

    def spawn(*words: str, **environ: str) -> pexpect.spawn[str]:
        return pexpect.spawn(
            COMPANION[0],
            [*COMPANION[1:], *words],
            cwd=str(tmp_path),
            env={**surroundings, **environ},
            encoding="utf-8",
            timeout=60,
        )

    return spawn


def ended(child: pexpect.spawn[str]) -> tuple[int, str]:
    """Wait for the end, and return the exit code and what was said last."""
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None
    return child.exitstatus, str(child.before)


def texts(run: Run) -> list[str]:
    return [entry["text"] for entry in json.loads(run("log", "--json").stdout)]


def test_what_is_written_is_found_in_the_usual_folder(run: Run, tmp_path: Path) -> None:
    written = run("reflect", "slept well")
    assert written.returncode == 0
    assert (tmp_path / ".local/share/companion/spool").is_dir()
    (entry,) = json.loads(run("log", "--json").stdout)
    assert entry["id"] == written.stdout.decode().strip()
    assert entry["zone"] == "Europe/Berlin"
    assert entry["at"].endswith(("+01:00", "+02:00"))


def test_many_at_once_lose_nothing(
    tmp_path: Path, surroundings: dict[str, str], run: Run
) -> None:
    started = [
        subprocess.Popen(
            [*COMPANION, "reflect", f"line {number}"],
            cwd=tmp_path,
            env=surroundings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for number in range(12)
    ]
    assert [process.wait(60) for process in started] == [0] * 12
    assert sorted(texts(run)) == sorted(f"line {number}" for number in range(12))


def test_a_reader_that_leaves_early_is_no_trouble(
    run: Run, tmp_path: Path, surroundings: dict[str, str]
) -> None:
    for _ in range(3):
        run("reflect", "-", input=b"a line\n" * 100_000)
    for words in (["log"], ["log", "--json"], ["log", "--markdown"]):
        process = subprocess.Popen(
            [*COMPANION, *words],
            cwd=tmp_path,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout
        assert process.stderr
        with closing(process.stderr) as stderr:
            process.stdout.readline()
            process.stdout.close()
            assert process.wait(60) == 0
            assert stderr.read() == b""


def test_the_log_is_free_while_somebody_pages_through_it(
    run: Run, tmp_path: Path, surroundings: dict[str, str]
) -> None:
    for _ in range(2):
        entry = run("reflect", "-", input=b"a line\n" * 100_000).stdout.decode().strip()
    reading = subprocess.Popen(
        [*COMPANION, "log"],
        cwd=tmp_path,
        env=surroundings,
        stdout=subprocess.PIPE,
    )
    assert reading.stdout
    with reading.stdout as stdout:
        stdout.readline()
        assert reading.poll() is None, "it waits for us to read on"
        assert run("delete", entry).returncode == 0
        assert stdout.read().count(b"  a line\n") == 200_000
    assert reading.wait(60) == 0


def test_an_output_that_takes_nothing_is_said(run: Run) -> None:
    run("reflect", "a")
    with Path("/dev/full").open("wb") as full:
        for words in (["log"], ["log", "--json"], ["where"], ["--help"]):
            process = run(*words, stdout=full)
            assert process.returncode == 3
            assert b"No space left on device" in process.stderr
            assert process.stderr.count(b"\n") == 1
        assert run("reflect", "b", stdout=full).returncode == 0
    assert sorted(texts(run)) == ["a", "b"]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_trouble(
    run: Run, tmp_path: Path, surroundings: dict[str, str], closed: str
) -> None:
    def shell(*words: str) -> int:
        command = f'"$0" -m companion "$@" {closed}'
        return subprocess.run(
            ["/bin/sh", "-c", command, sys.executable, *words],
            cwd=tmp_path,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
        ).returncode

    assert shell("reflect", "a") == 0
    assert shell("reflect", "b", "--day", "today") == 0
    assert shell("log") == 0
    assert shell("log", "zebra") == 1
    assert shell("log", "-n", "x") == 2
    assert shell("reflect", "-") == 2
    assert shell("reflect", "--sitting", "free") in {0, 2}
    assert shell() == 2
    assert sorted(texts(run)) == ["a", "b"]


def test_arguments_that_are_no_text_are_refused(run: Run) -> None:
    for words in (["reflect", b"caf\xe9"], ["log", b"caf\xe9"], ["show", b"\xff\xfe"]):
        process = run(*words)
        assert process.returncode == 2
        assert b"not valid UTF-8" in process.stderr
        assert process.stderr.count(b"\n") == 1


def test_a_home_that_is_no_text_is_a_home_all_the_same(run: Run) -> None:
    home = b"h\xe9"
    assert run("--home", home, "reflect", "a").returncode == 0
    assert run("--home", home, "log").returncode == 0
    assert b"/h\xe9\n" in run("--home", home, "where").stdout
    assert run("--home", home, "undo").returncode == 0


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_a_plain_locale_keeps_every_letter(run: Run, locale: str) -> None:
    environ = {"LC_ALL": locale, "LANG": locale}
    assert run("reflect", "naïve 🌱", environ=environ).returncode == 0
    assert run("reflect", "x", "--tag", "ü,ö", environ=environ).returncode == 0
    assert "naïve 🌱".encode() in run("log", environ=environ).stdout
    assert sorted(texts(run)) == ["naïve 🌱", "x"]


def test_without_a_terminal_the_app_says_so(run: Run) -> None:
    for environ in ({}, {"TERM": "dumb"}):
        process = run(environ=environ)
        assert process.returncode == 2
        assert process.stdout == b""
        assert process.stderr.count(b"\n") == 1
        assert b"reflect, log, show, edit, delete, undo" in process.stderr


def test_a_dumb_terminal_is_told_what_works(spawn: Spawn) -> None:
    code, said = ended(spawn(TERM="dumb"))
    assert code == 2
    assert "reflect, log, show, edit, delete, undo" in said
    assert "\x1b" not in said


def test_a_terminal_is_told_in_one_line_that_it_is_written(spawn: Spawn) -> None:
    code, said = ended(spawn("reflect", "slept well"))
    assert code == 0
    assert said.startswith("Written for today: ")
    assert said.count("\n") == 1


def test_no_colour_is_used_at_all(spawn: Spawn, run: Run) -> None:
    run("reflect", "slept well")
    for words in (["log"], ["log", "--json"], ["where"], ["--help"]):
        code, said = ended(spawn(*words))
        assert code == 0
        assert "\x1b" not in said


@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
def test_a_sitting_on_a_terminal(spawn: Spawn, run: Run, term: str) -> None:
    child = spawn("reflect", TERM=term)
    child.expect("Which sitting")
    child.expect("4. Just write.")
    child.expect("> ")
    child.sendline("9")
    child.expect("A number from 1 to 4")
    child.sendline("4")
    child.expect("Whatever is here")
    child.expect("> ")
    child.sendline("slept well")
    child.expect("> ")
    child.sendline("")
    child.expect("> ")
    child.sendline("and long, ünder a tree")
    child.expect("> ")
    child.sendline(".")
    child.expect("Written for today: ")
    code, _ = ended(child)
    assert code == 0
    assert texts(run) == ["slept well\n\nand long, ünder a tree"]


def test_a_dumb_terminal_gets_only_letters(spawn: Spawn) -> None:
    child = spawn("reflect", "--sitting", "one", TERM="dumb")
    said = ""
    for answer in ("slept well", ""):
        child.expect("> ")
        said += str(child.before)
        child.sendline(answer)
    _, rest = ended(child)
    assert "\x1b" not in said + rest


def test_ctrl_d_ends_and_keeps(spawn: Spawn, run: Run) -> None:
    child = spawn("reflect", "--sitting", "free")
    child.expect("> ")
    child.sendline("slept well")
    child.expect("> ")
    child.sendeof()
    code, said = ended(child)
    assert code == 0
    assert "Written for today: " in said
    assert texts(run) == ["slept well"]


def test_ctrl_c_leaves_a_draft_that_is_offered_again(spawn: Spawn, run: Run) -> None:
    child = spawn("reflect", "--sitting", "free")
    child.expect("> ")
    child.sendline("slept well")
    child.expect("> ")
    child.sendintr()
    code, said = ended(child)
    assert code == 130
    assert "It waits as a draft." in said
    assert texts(run) == []

    child = spawn("reflect")
    child.expect("was not finished")
    child.expect("> ")
    child.sendline("y")
    child.expect("Written so far:\r\nslept well")
    child.expect("> ")
    child.sendline(".")
    code, _ = ended(child)
    assert code == 0
    assert texts(run) == ["slept well"]
    child = spawn("reflect")
    child.expect(["Which sitting", "was not finished"])
    assert child.after == "Which sitting"
    child.expect("> ")
    child.sendeof()
    assert ended(child)[0] == 0


def test_ctrl_c_at_the_first_question_leaves_nothing(spawn: Spawn, run: Run) -> None:
    child = spawn("reflect")
    child.expect("> ")
    child.sendintr()
    code, said = ended(child)
    assert code == 130
    assert "Traceback" not in said
    assert texts(run) == []


@pytest.mark.parametrize("name", ["bash", "zsh", "tcsh"])
def test_completions_name_every_command(run: Run, name: str) -> None:
    process = run("--print-completion", name)
    assert process.returncode == 0
    assert b"on-this-day" in process.stdout
    assert b"teacher-learner" in process.stdout
    if name == "bash":
        checked = subprocess.run(
            ["bash", "-n"], input=process.stdout, capture_output=True, check=False
        )
        assert (checked.returncode, checked.stderr) == (0, b"")
