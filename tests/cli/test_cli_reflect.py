from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest

from companion import capture
from companion.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shells import Shell


def test_one_line_is_there_at_once(shell: Shell) -> None:
    ended = shell("reflect", "slept well")
    assert ended.code == 0
    (entry,) = shell.entries()
    assert entry["id"] == ended.out.strip()
    assert ended.err == f"Written for today: {entry['id'][-6:]}\n"
    assert entry["text"] == "slept well"
    assert entry["at"] == "2026-11-22T09:30:00+01:00"
    assert entry["zone"] == "Europe/Berlin"
    assert entry["day"] == "2026-11-22"


PLAIN: list[list[str]] = [
    ["slept well"],
    ["slept", "well"],
    ["slept  \t well\n\n "],
    ["Größe, naïve — 🌱 \u202e \x1b[31m \x00"],
    ['quo"te back\\slash \u2028'],
    ["a", "--tag", "rest", "--tag=walk"],
    ["--person", "A.", "a", "--person", "b c"],
    ["a", "--rung", "network", "--principle=growing", "--principle", "effective"],
    ["a", "--day", "2026-11-22"],
    ["a", "--day=1999-12-31"],
    ["x" * capture.TEXT_LIMIT],
]


@pytest.mark.parametrize("words", PLAIN, ids=lambda words: " ".join(words)[:30])
def test_the_quick_way_and_the_whole_way_write_the_same(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    words = [word.replace("\x00", "") for word in words]
    shell.write(*words)
    monkeypatch.setattr(capture, "capture", lambda _argv: None)
    shell.write(*words)
    quick, whole = (
        json.loads(path.read_bytes())
        for path in sorted((shell.home / "spool").iterdir())
    )
    del quick["id"], whole["id"]
    assert quick == whole


def test_names_are_cleaned_and_days_are_read(shell: Shell) -> None:
    shell.write("--tag", "#rest, Walk,rest", "--person=@A.", "--day", "3 days ago", "x")
    (entry,) = shell.entries()
    assert entry["tags"] == ["rest", "Walk"]
    assert entry["people"] == ["A."]
    assert entry["day"] == "2026-11-19"


def test_a_principle_named_twice_counts_once(shell: Shell) -> None:
    shell.write("x", "--principle", "growing", "--principle", "growing")
    assert shell.entries()[0]["principles"] == ["growing"]


@pytest.mark.parametrize(
    "text", ["one\ntwo\r\nthree\n\n", "no end", " blanks ", "\ufeffbom", "\x1b]0;t\x07"]
)
def test_stdin_is_kept_byte_for_byte(shell: Shell, text: str) -> None:
    ended = shell("reflect", "-", "--tag", "t", stdin=text.encode())
    assert ended.code == 0
    assert shell.entries()[0]["text"] == text


def test_a_text_as_long_as_can_be_is_kept_and_one_byte_more_is_not(
    shell: Shell,
) -> None:
    assert shell("reflect", "-", stdin=b"x" * 1024 * 1024).code == 0
    ended = shell("reflect", "-", stdin=b"x" * (1024 * 1024 + 1))
    assert ended.code == 2
    assert "longer than one entry" in ended.err
    assert len(shell.entries()) == 1


def test_words_that_look_like_options_follow_two_dashes(shell: Shell) -> None:
    shell.write("--tag", "t", "--", "-5 degrees,", "--tag was left")
    (entry,) = shell.entries()
    assert entry["text"] == "-5 degrees, --tag was left"
    assert entry["tags"] == ["t"]


def test_the_home_may_stand_after_the_command(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    shell("reflect", "a", "--day", "yesterday", "--home", str(other))
    assert not shell.home.exists()
    monkeypatch.setenv("COMPANION_HOME", str(other))
    assert main(["log"]) == 0
    assert main(["log", f"--home={shell.home}"]) == 1


def test_everything_is_for_the_owner_alone(shell: Shell) -> None:
    former = os.umask(0)
    try:
        shell.write("a", "--day", "yesterday")
    finally:
        os.umask(former)
    modes = {
        stat.S_IMODE(path.stat().st_mode)
        for path in (shell.home, *shell.home.rglob("*"))
    }
    assert modes == {0o700, 0o600}


def test_a_damaged_log_does_not_keep_a_line_from_being_written(shell: Shell) -> None:
    shell.write("first")
    shell.entries()
    (journal,) = (shell.home / "journal").glob("*.log")
    journal.write_bytes(b"\x00" * 100)
    assert shell("reflect", "second").code == 0
    assert shell("reflect", "third", "--day", "today").code == 0
    assert len(list((shell.home / "spool").iterdir())) == 2


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        ([], b"", "nothing to write"),
        (["-"], b"", "Nothing is written in it yet"),
        (["-"], b" \n", "Nothing is written in it yet"),
        (["-"], b"caf\xe9", "not valid UTF-8 from byte 4"),
        (["a", "-"], b"b", "stands alone"),
        (["a", "--sitting", "one"], b"", "without a sitting"),
        ([""], b"", "Nothing is written in it yet"),
        (["half \udcc3"], b"", "not valid UTF-8"),
        (["a", "--tag", "\udcc3"], b"", "not valid UTF-8"),
        (["a", "--day", "2026-02-30"], b"", "is not a day"),
        (["a", "--day", "someday"], b"", "is not a day"),
        (["a", "--day", "2026-12-01"], b"", "still to come"),
        (["a", "--rung", "family"], b"", "invalid choice: 'family'"),
        (["a", "--principle", "perfect"], b"", "invalid choice: 'perfect'"),
        (["a", "--tag", "x" * 81], b"", "at most 80 characters"),
        (["a", "--tag", "x\ny"], b"", "one line"),
        (["a", "--tag", " "], b"", "needs a word"),
        (["a", "--tag"], b"", "expected one argument"),
        (["a", "--ta", "x"], b"", "unrecognized arguments: --ta"),
        (["a", "--moon"], b"", "unrecognized arguments: --moon"),
        (["--sitting", "none-such"], b"", "There is no sitting 'none-such'"),
    ],
)
def test_what_cannot_be_written_gets_one_sentence_and_changes_nothing(
    shell: Shell, words: list[str], stdin: bytes, said: str
) -> None:
    shell.write("before")
    before = shell.entries()
    state = shell.state()
    ended = shell("reflect", *words, stdin=stdin)
    assert ended.code == 2
    assert ended.out == ""
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert "Traceback" not in ended.err
    assert shell.state() == state
    assert shell.entries() == before


def test_a_disk_that_refuses_is_named(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.write("before")

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        ended = shell("reflect", "after")
    assert ended.code == 3
    assert "No space left on device" in ended.err
    assert ended.err.count("\n") == 1
    assert [entry["text"] for entry in shell.entries()] == ["before"]


def test_a_home_that_is_a_file_is_named(shell: Shell) -> None:
    shell.home.write_text("mine")
    for words in (["reflect", "a"], ["reflect", "a", "--day=yesterday"], ["log"]):
        ended = shell(*words)
        assert ended.code == 3
        assert str(shell.home) in ended.err
        assert ended.err.count("\n") == 1
    assert shell.home.read_text() == "mine"


@pytest.mark.parametrize("home", ["/proc/no-such-process/home", "/dev/null"])
def test_a_home_that_nobody_can_make_is_named(
    home: str, capfd: pytest.CaptureFixture[str]
) -> None:
    for words in (["a"], ["a", "--day=yesterday"], ["--sitting", "free"]):
        assert main(["--home", home, "reflect", *words]) == 3
        out, err = capfd.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        assert home.split("/")[1] in err


@pytest.mark.parametrize("home", ["", "~nobody-of-that-name/x"])
def test_a_home_that_names_no_folder_is_refused(
    home: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", home, "reflect", "a"]) == 2
    assert main(["reflect", "a", f"--home={home}"]) == 2
    assert main(["log", f"--home={home}"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 3
    assert err.count("folder") >= 3
