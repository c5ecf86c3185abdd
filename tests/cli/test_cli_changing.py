from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from companion import bootstrap
from companion.model.entry import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.shells import Shell

    Editor = Callable[[str], None]


@pytest.fixture
def entry_id(shell: Shell) -> str:
    return shell.write("slept well", "--tag", "rest")


@pytest.fixture
def answered(shell: Shell) -> str:
    """The id of an entry with answers."""
    log = bootstrap.open_log(shell.home)
    answers = (Answer("a", "How\nwas it?", "fine"), Answer("b", "And now?", "=== on"))
    entry = log.write(log.new(text="=== a line", answers=answers))
    log.close()
    return entry.id


@pytest.fixture
def open_elsewhere(shell: Shell) -> Iterator[None]:
    """The app is open in another window."""
    shell.write("so that there is a log")
    log = bootstrap.open_log(shell.home)
    yield
    log.close()


def pages(shell: Shell) -> list[Path]:
    return list(shell.home.glob("edit-*"))


def test_text_is_put_in_place_and_undone(shell: Shell, entry_id: str) -> None:
    (before,) = shell.entries()
    ended = shell("edit", entry_id[-6:], "--text", "slept very well")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == f"Changed: {entry_id[-6:]} of 2026-11-22.\n"
    (after,) = shell.entries()
    assert after == {
        **before,
        "text": "slept very well",
        "revised": "2026-11-22T09:30:00+01:00",
    }
    assert shell("undo").err.startswith("As it was before the change: ")
    assert shell.entries() == [before]


def test_text_comes_from_stdin_too(shell: Shell, entry_id: str) -> None:
    assert shell("edit", entry_id, "--text", "-", stdin=b"a\n\xc3\xbc\n").code == 0
    assert shell.entries()[0]["text"] == "a\nü\n"


def test_an_entry_is_moved_to_another_day(shell: Shell, entry_id: str) -> None:
    assert shell("edit", entry_id, "--day", "last friday").code == 0
    (entry,) = shell.entries()
    assert (entry["day"], entry["text"]) == ("2026-11-20", "slept well")


def test_the_same_text_changes_nothing(shell: Shell, entry_id: str) -> None:
    before = shell.entries()
    ended = shell("edit", entry_id, "--text", "slept well")
    assert ended.err.startswith("As it was: ")
    assert shell.entries() == before


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (["--text", ""], b"", "Nothing is written in it"),
        (["--text", "-"], b"\xff", "not valid UTF-8 from byte 1"),
        (["--text", "x" * (1024 * 1024 + 1)], b"", "longer than one entry"),
        (["--text", "\udcff"], b"", "not valid UTF-8"),
        (["--day", "someday"], b"", "is not a day"),
        (["--day", "2027-01-01"], b"", "still to come"),
    ],
)
def test_what_cannot_be_changed_stays(
    shell: Shell, entry_id: str, words: list[str], stdin: bytes, said: str
) -> None:
    before = shell.entries()
    ended = shell("edit", entry_id, *words, stdin=stdin)
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert shell.entries() == before


def test_a_deleted_entry_comes_back(shell: Shell, entry_id: str) -> None:
    before = shell.entries()
    ended = shell("delete", entry_id[-6:])
    assert (ended.code, ended.out) == (0, "")
    assert "`companion undo` brings it back" in ended.err
    assert shell.entries() == []
    assert shell("undo").err == f"Back in the log: {entry_id[-6:]} of 2026-11-22.\n"
    assert shell.entries() == before


def test_undo_takes_back_step_by_step_until_nothing_is_left(
    shell: Shell, entry_id: str
) -> None:
    shell.write("another")
    assert shell("undo").err.startswith("Taken back and out of the log: ")
    assert [entry["id"] for entry in shell.entries()] == [entry_id]
    assert shell("undo").code == 0
    ended = shell("undo")
    assert (ended.code, ended.err) == (1, "There is nothing to undo.\n")


@pytest.mark.usefixtures("open_elsewhere")
def test_while_the_app_is_open_it_is_read_and_written_and_not_changed(
    shell: Shell, editor: Editor
) -> None:
    editor("touch opened")
    entry_id = shell.write("written beside it")
    assert [entry["id"] for entry in shell.entries("beside")] == [entry_id]
    for words in (
        ["edit", entry_id],
        ["edit", entry_id, "--text", "x"],
        ["edit", entry_id, "--day", "yesterday"],
        ["delete", entry_id],
        ["undo"],
    ):
        ended = shell(*words)
        assert ended.code == 3
        assert "open in another window" in ended.err
        assert ended.err.count("\n") == 1
    assert not pages(shell)
    assert [entry["text"] for entry in shell.entries("beside")] == ["written beside it"]


# The editor


def test_an_editor_changes_the_text(
    shell: Shell, entry_id: str, editor: Editor
) -> None:
    editor('[ "$1" = --wait ] && shift; sed -i s/well/badly/ "$1"')
    assert shell("edit", entry_id).code == 0
    (entry,) = shell.entries()
    assert (entry["text"], entry["tags"]) == ("slept badly", ["rest"])
    assert not pages(shell)


def test_the_page_is_for_its_owner_alone(
    shell: Shell, entry_id: str, editor: Editor, tmp_path: Path
) -> None:
    editor(f'stat -c "%a %n" "$2" "$(dirname "$2")" > "{tmp_path}/seen"')
    shell("edit", entry_id)
    page, folder = (tmp_path / "seen").read_text().splitlines()
    assert page.startswith("600 ")
    assert folder.startswith(f"700 {shell.home}/edit-")


def test_the_log_is_free_while_the_editor_is_open(
    shell: Shell, entry_id: str, editor: Editor, tmp_path: Path
) -> None:
    editor(f'flock --nonblock "{shell.home}/lock" touch "{tmp_path}/free"')
    shell("edit", entry_id)
    assert (tmp_path / "free").exists()


@pytest.mark.parametrize("text", ["a", "a\n", "\n\na", "a\r\nb\r", "ü\u2028\x0c\n\n"])
def test_a_page_that_is_left_alone_changes_nothing(
    shell: Shell, editor: Editor, text: str
) -> None:
    editor("exit 0")
    shell("reflect", "-", stdin=text.encode())
    before = shell.entries()
    ended = shell("edit", before[0]["id"])
    assert ended.code == 0
    assert ended.err.startswith("As it was: ")
    assert shell.entries() == before


def test_answers_stand_beneath_their_questions(
    shell: Shell, answered: str, editor: Editor, tmp_path: Path
) -> None:
    editor(f'cp "$2" "{tmp_path}/seen"; sed -i "s/fine/good/; s/a line/one/" "$2"')
    assert shell("edit", answered).code == 0
    assert (tmp_path / "seen").read_text() == (
        "=== a line\n==== 1. How was it?\nfine\n==== 2. And now?\n=== on\n"
    )
    (entry,) = shell.entries()
    assert entry["text"] == "=== one"
    assert [answer["text"] for answer in entry["answers"]] == ["good", "=== on"]
    assert entry["answers"][0]["question"] == "How\nwas it?"


def test_an_answer_that_is_emptied_is_gone(
    shell: Shell, answered: str, editor: Editor
) -> None:
    editor('sed -i /fine/d "$2"; printf %s "$(sed \'/=== on/d\' "$2")" > "$2"')
    assert shell("edit", answered).code == 0
    (entry,) = shell.entries()
    assert entry["answers"] == []
    assert entry["text"] == "=== a line"


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ('echo mine > "$2"; sed -i /==/d "$2"', 2, "is not on the page any more"),
        ('printf "\\377" > "$2"', 2, "not valid UTF-8 from byte 1"),
        ('sed -i s/fine/good/ "$2"; exit 7', 2, "ended with code 7"),
        ('sed -i s/fine/good/ "$2"; kill -9 $$', 2, "was ended by signal 9"),
        (
            'yes | head -c 20000000 | sed -i "1r /dev/stdin" "$2"',
            2,
            "longer than one entry",
        ),
        (
            'yes | head -c 1100000 | sed -i "1r /dev/stdin" "$2"',
            2,
            "longer than one entry",
        ),
    ],
)
def test_a_page_that_cannot_be_taken_in_is_kept(
    shell: Shell, answered: str, editor: Editor, script: str, code: int, said: str
) -> None:
    editor(script)
    before = shell.entries()
    ended = shell("edit", answered)
    assert ended.code == code
    assert said in ended.err
    assert shell.entries() == before
    (page,) = pages(shell)
    assert ended.err.endswith(f"What you wrote is in {page}/entry.md.\n")
    assert ended.err.count("\n") == 1
    assert stat.S_IMODE((page / "entry.md").stat().st_mode) == 0o600


def test_an_entry_that_changed_meanwhile_is_not_overwritten(
    shell: Shell,
    entry_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def meanwhile(command: list[str]) -> int:
        Path(command[-1]).write_text("mine")
        assert shell("edit", entry_id, "--text", "theirs").code == 0
        return 0

    monkeypatch.setenv("EDITOR", "ed")
    monkeypatch.setattr("subprocess.call", meanwhile)
    ended = shell("edit", entry_id)
    assert ended.code == 3
    assert "changed by another hand" in ended.err
    assert [entry["text"] for entry in shell.entries()] == ["theirs"]
    (page,) = pages(shell)
    assert (page / "entry.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (None, "Nothing says which editor"),
        ("", "Nothing says which editor"),
        ("'no end", "cannot be read"),
        ("/no/such/editor -x", "The editor '/no/such/editor' cannot be run"),
        ("/etc", "The editor '/etc' cannot be run"),
    ],
)
def test_an_editor_that_is_missing_is_one_sentence(
    shell: Shell,
    entry_id: str,
    monkeypatch: pytest.MonkeyPatch,
    name: str | None,
    said: str,
) -> None:
    if name is not None:
        monkeypatch.setenv("VISUAL", name)
    before: Any = shell.entries()
    ended = shell("edit", entry_id)
    assert ended.code == 2
    assert said in ended.err
    assert "--text" in ended.err
    assert ended.err.count("\n") == 1
    assert not pages(shell)
    assert shell.entries() == before
