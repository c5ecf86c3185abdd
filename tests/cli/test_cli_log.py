from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from companion import bootstrap
from companion.__main__ import main
from companion.model.entry import Answer, Placement, Setting
from tests.cli.shells import Stream

if TYPE_CHECKING:
    from tests.cli.shells import Shell

FIELDS = {
    *("id", "kind", "at", "zone", "day", "text", "answers", "tags", "people"),
    *("principles", "rung", "setting", "shared_with", "placement", "part"),
    *("sitting", "revised"),
}
OF_THIS_YEAR = ["asked before I decided", "river and stone", "walked by the river"]
HOSTILE = "red \x1b[31m\x9b1m \x1b]52;c;Zm9v\x07 \u202eevil\x00"


@pytest.fixture
def written(shell: Shell) -> Shell:
    """A log with four entries."""
    shell.write("walked by the river", "--tag", "walk", "--day", "2026-11-19")
    shell.write("river and stone", "--person", "A.", "--day", "2026-11-20")
    shell.write("asked before I decided", "--rung", "crew", "--principle", "growing")
    shell.write("slept well", "--tag", "rest", "--tag", "walk", "--day", "2025-11-22")
    return shell


def texts(shell: Shell, *words: str) -> list[str]:
    return [entry["text"] for entry in shell.entries(*words)]


def test_the_newest_day_comes_first(written: Shell) -> None:
    assert texts(written) == [
        "asked before I decided",
        "river and stone",
        "walked by the river",
        "slept well",
    ]


def test_every_field_is_always_there(written: Shell) -> None:
    for entry in written.entries():
        assert set(entry) == FIELDS


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["RIVER"], ["river and stone", "walked by the river"]),
        (["river", "stone"], ["river and stone"]),
        (['"the river"'], ["walked by the river"]),
        (["river", "--not", "stone"], ["walked by the river"]),
        (["river", "--not", "by the"], ["river and stone"]),
        (["--not=#walk"], ["asked before I decided", "river and stone"]),
        (["--not", "tag:walk", "--not=person:A."], ["asked before I decided"]),
        (["river -stone"], ["walked by the river"]),
        (["--", "-stone", "-slept"], ["asked before I decided", "walked by the river"]),
        (["--tag", "walk"], ["walked by the river", "slept well"]),
        (["--tag", "walk", "well"], ["slept well"]),
        (["well", "--tag", "walk", "slept"], ["slept well"]),
        (["--tag", "rest", "--tag", "none"], ["slept well"]),
        (["--person", "a."], ["river and stone"]),
        (["--rung", "crew"], ["asked before I decided"]),
        (["--principle", "growing"], ["asked before I decided"]),
        (["--kind", "moment"], []),
        (["--from", "2026-11-20"], ["asked before I decided", "river and stone"]),
        (["--to", "3 days ago"], ["walked by the river", "slept well"]),
        (
            ["--on", "2026-11"],
            OF_THIS_YEAR,
        ),
        (["--on", "today"], ["asked before I decided"]),
        (["-n", "2"], OF_THIS_YEAR[:2]),
        (["-n", "0"], [*OF_THIS_YEAR, "slept well"]),
        (["--tag", "walk", '"slept'], ["slept well"]),
        (["--tag", 'wa"lk'], []),
        (["nothing of the sort"], []),
    ],
)
def test_words_and_options_narrow_it(
    written: Shell, words: list[str], expected: list[str]
) -> None:
    assert texts(written, *words) == expected


def test_nothing_found_is_said_and_told_by_the_code(written: Shell) -> None:
    for words, out in ((["zebra"], ""), (["zebra", "--json"], "[]\n")):
        ended = written("log", *words)
        assert (ended.code, ended.out) == (1, out)
        assert ended.err == "Nothing was found.\n"


def test_looking_makes_nothing(shell: Shell) -> None:
    for words in (["log"], ["on-this-day"], ["show", "abcdef"], ["undo"]):
        assert shell(*words).code == 1
    assert shell("where").code == 0
    assert not shell.home.exists()


def test_a_terminal_is_shown_twenty_and_told_so(shell: Shell) -> None:
    for number in range(21):
        shell.write(f"entry {number}")
    ended = shell("log", "--short", terminal=True)
    assert ended.out.count("\n") == 20
    assert ended.err == "These are the newest 20; -n 0 shows all.\n"
    assert shell("log", "--short").out.count("\n") == 21
    assert len(json.loads(shell("log", "--json", terminal=True).out)) == 21
    for words in (["-n", "0"], ["-n", "30"], ["-n", "5"], ["entry", "20"]):
        assert shell("log", *words, terminal=True).err == ""


def test_plain_lines_show_all_of_an_entry(shell: Shell) -> None:
    log = bootstrap.open_log(shell.home)
    entry = log.new(
        text="first\nsecond\u2028third",
        answers=(Answer("p", "What\n was?", "this\n\nthat"),),
        placement=Placement(7, "crew"),
        part="The Guard",
        setting=Setting("one-to-many", "host"),
        principles=("growing",),
        people=("A.", "B."),
        tags=("rest",),
        shared_with=("A.",),
    )
    log.write(entry)
    log.close()
    assert shell("log").out == (
        f"2026-11-22 09:30  reflection  {entry.id[-6:]}\n"
        "  first\n  second\n  third\n"
        "  What was?\n    this\n\n    that\n"
        "  on the line: well toward partnership (crew)\n"
        "  part: The Guard\n"
        "  setting: one-to-many, host\n"
        "  principles: growing\n"
        "  people: A., B.\n"
        "  tags: rest\n"
        "  shared with: A.\n"
    )
    (document,) = shell.entries()
    assert document["placement"] == {"position": 7, "rung": "crew"}
    assert document["setting"] == {"scale": "one-to-many", "side": "host"}
    assert document["answers"] == [
        {"prompt": "p", "question": "What\n was?", "text": "this\n\nthat"}
    ]


def test_an_entry_of_another_day_says_when_it_was_written(shell: Shell) -> None:
    shell.write("a", "--day", "yesterday")
    head = shell("log").out.splitlines()[0]
    assert head.startswith("2026-11-21 (written 2026-11-22 09:30)  reflection  ")


def test_no_body_can_be_taken_for_a_heading_in_markdown(shell: Shell) -> None:
    body = (
        "## 2020-01-01 00:00\r# b\n===\n---\n\n- kind: letter\n```\n</details>\u2028# c"
    )
    shell.write(body, "--tag", "*x*](y)")
    shell.write("another", "--day", "yesterday")
    out = shell("log", "--markdown").out
    heads = [line for line in out.splitlines() if not line.startswith((">", "- "))]
    assert [line for line in heads if line] == [
        "## 2026-11-22 09:30",
        "## 2026-11-21 (written 2026-11-22 09:30)",
    ]
    assert "- tags: \\*x\\*\\]\\(y\\)\n" in out
    quoted = "\n".join(line[2:] for line in out.splitlines() if line.startswith(">"))
    assert quoted.startswith("\n".join(body.splitlines()))


@pytest.mark.parametrize("form", ["--json", "--markdown", "--short", None])
def test_a_terminal_is_never_commanded(shell: Shell, form: str | None) -> None:
    shell.write(HOSTILE.replace("\x00", ""), "--day", "2025-11-22")
    words = [] if form is None else [form]
    outs = [shell("log", *words, terminal=True).out]
    if form != "--short":
        outs.append(shell("on-this-day", *words, terminal=True).out)
    for out in outs:
        assert "evil" in out
        assert not set(out) & {"\x1b", "\x9b", "\x07", "\u202e", "\x00"}
    if form == "--json":
        assert json.loads(outs[0])[0]["text"] == HOSTILE.replace("\x00", "")
    elif form is None:
        assert "\x1b[31m" in shell("log").out, "a file gets what was written"


def test_a_stdout_of_few_letters_still_gets_all(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.write("naïve 🌱")
    for words, expected in (
        (["log", "--json"], '"na\\u00efve \\ud83c\\udf31"'),
        (["log"], "na\\xefve \\U0001f331"),
    ):
        out = Stream(encoding="ascii")
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            assert main(["--home", str(shell.home), *words]) == 0
        assert expected in out.bytes.getvalue().decode("ascii")


def test_one_entry_is_shown_by_the_end_of_its_id(written: Shell) -> None:
    wanted = written.entries("river", "stone")[0]
    for ending in (wanted["id"], wanted["id"].upper(), wanted["id"][-6:]):
        ended = written("show", ending, "--json")
        assert ended.entries == [wanted]
    assert written("show", wanted["id"][-4:]).out.endswith("  people: A.\n")
    assert "> river and stone\n" in written("show", wanted["id"], "--markdown").out


@pytest.mark.parametrize("ending", ["zzzzzz", "abc", "", "../../etc/passwd", "\x1b[2J"])
def test_an_unknown_id_is_said(written: Shell, ending: str) -> None:
    for command in ("show", "edit", "delete"):
        ended = written(command, ending)
        assert ended.code == 1
        assert ended.err.startswith("There is no entry ")
        assert ended.err.count("\n") == 1
        assert "\x1b" not in ended.err


def test_this_day_of_earlier_months_and_years(written: Shell) -> None:
    written.write("a month ago", "--day", "2026-10-22")
    ended = written("on-this-day")
    assert ended.code == 0
    lines = [line for line in ended.out.splitlines() if "ago" in line]
    assert lines == ["1 month ago", "  a month ago", "1 year ago"]
    found = written("on-this-day", "--json").entries
    assert [(each["months"], each["text"]) for each in found] == [
        (1, "a month ago"),
        (12, "slept well"),
    ]
    assert set(found[0]) == {*FIELDS, "months"}
    asked = written("on-this-day", "--json", "20", "november", "2027").entries
    assert [each["text"] for each in asked] == ["river and stone"]
    assert written("on-this-day", "2026-01-01").code == 1


def test_where_things_lie_is_said(shell: Shell) -> None:
    lines = dict(line.split(maxsplit=1) for line in shell("where").out.splitlines())
    assert lines["home"] == str(shell.home)
    assert lines["config"] == f"{shell.home}/config"
    assert lines["journal"] == f"{shell.home}/journal"


@pytest.mark.parametrize(
    "words",
    [
        ["log", "-n", "x"],
        ["log", "-n", "-1"],
        ["log", "-n", "1e3"],
        ["log", "-n"],
        ["log", "--json", "--markdown"],
        ["log", "--from", "someday"],
        ["log", "--on", ""],
        ["log", "--kind", "diary"],
        ["log", "--tag", ""],
        ["log", "--moon"],
        ["log", "from:someday"],
        ["log", "kind:diary"],
        ["log", "half \udcc3"],
        ["show"],
        ["show", "a", "b"],
        ["on-this-day", "someday"],
        ["where", "now"],
        ["undo", "now"],
        ["no-such-command"],
        ["--no-such-option"],
        ["--home"],
        ["--print-completion", "cmd"],
    ],
)
def test_arguments_that_do_not_fit_get_one_sentence(
    written: Shell, words: list[str]
) -> None:
    ended = written(*words)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.count("\n") == 1
    assert len(ended.err) > 20
    assert "Traceback" not in ended.err


def test_a_damaged_log_is_read_as_far_as_it_can_be(written: Shell) -> None:
    assert len(written.entries()) == 4
    (journal,) = (written.home / "journal").glob("2026.*.log")
    journal.write_bytes(journal.read_bytes().replace(b"and stone", b"and Stone"))
    for path in (written.home / "index").glob("*"):
        path.unlink()
    ended = written("log", "--json")
    assert ended.code == 3
    assert ended.err
    assert "Traceback" not in ended.err
    assert isinstance(json.loads(ended.out), list)
    known = json.loads(ended.out)[0]["id"]
    for words in (["undo"], ["edit", known], ["edit", known, "--text", "x"]):
        refused = written(*words)
        assert refused.code == 3
        assert "Traceback" not in refused.err
        assert not list(written.home.glob("edit-*"))


def test_help_has_examples_and_every_command_its_own(shell: Shell) -> None:
    whole = shell("--help")
    assert whole.code == 0
    assert "companion reflect" in whole.out
    for command in ("reflect", "log", "show", "edit", "delete", "undo", "where"):
        assert f"    {command} " in whole.out
        ended = shell(command, "--help")
        assert ended.code == 0
        assert "examples:" in ended.out
        assert "--home DIR" in ended.out
        assert f"usage: companion {command}" in ended.out
    assert shell("--version").out.startswith("companion 0.")
