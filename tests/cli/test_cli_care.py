"""The commands backup, restore, check and rescue."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import time_machine

from companion.cli import asking
from companion.cli.asking import in_bytes
from companion.storage.engine import Engine
from tests.cli.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.shells import Shell

BY_HAND = "2026-11-22T093000"


@pytest.fixture(autouse=True)
def at_half_past_nine(fixed_time: None) -> Iterator[None]:
    """The storage looks at the clock of the system."""
    with time_machine.travel(NOW, tick=False):
        yield


def make_backup(shell: Shell) -> str:
    """Make a backup by hand and return its name."""
    ended = shell("backup")
    assert ended.code == 0, ended.err
    folder = ended.out.strip()
    assert folder.startswith(str(shell.home / "backups"))
    return folder.rpartition("/")[2]


def texts(shell: Shell) -> list[str]:
    return sorted(entry["text"] for entry in shell.entries())


def damage(shell: Shell, what: bytes) -> None:
    (path,) = (shell.home / "journal").glob("*.log")
    path.write_bytes(path.read_bytes().replace(what, what.swapcase()))


# backup


def test_a_backup_is_made_and_its_folder_said(shell: Shell) -> None:
    shell.write("one")
    shell.write("two")
    assert make_backup(shell) == BY_HAND
    ended = shell("backup")
    assert re.fullmatch(r"Kept and verified: 2 entries, \d+ bytes\.\n", ended.err)


def test_a_backup_goes_where_it_is_told(shell: Shell, tmp_path: Path) -> None:
    shell.write("one")
    ended = shell("backup", "--to", str(tmp_path / "stick"))
    assert (ended.code, ended.out.strip()) == (0, str(tmp_path / "stick" / BY_HAND))
    assert not (shell.home / "backups").exists()


def test_without_a_log_there_is_nothing_to_keep(shell: Shell) -> None:
    ended = shell("backup")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == "There is no log yet, so there is nothing to be kept.\n"
    assert not shell.home.exists()


def test_a_backup_is_made_while_the_app_is_open(shell: Shell) -> None:
    shell.write("one")
    app = Engine(shell.home)
    assert app.writable
    assert make_backup(shell) == BY_HAND
    app.close()


# restore


def test_backups_are_listed(shell: Shell) -> None:
    ended = shell("restore")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("There are no backups yet.")
    shell.write("one")
    shell.entries()  # opens the log, and on closing it a daily one is made
    make_backup(shell)
    (shell.home / "backups" / "2026-01-01").mkdir()
    ended = shell("restore")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert {line.split()[0] for line in lines} == {BY_HAND, "2026-11-22", "2026-01-01"}
    assert lines[-1] == "2026-01-01         cannot be used: it has no manifest"
    assert all(re.search(r"  1 entry$", line) for line in lines[:-1])
    assert "Sun 2026-11-22 09:30" in lines[0]


@pytest.mark.parametrize("which", ["name", "folder"])
def test_a_backup_comes_back_and_what_was_written_since_stays(
    shell: Shell, which: str
) -> None:
    key = shell.write("one")
    name = make_backup(shell)
    shell.write("two")
    shell("edit", key, "--text", "changed")
    named = name if which == "name" else str(shell.home / "backups" / name)
    ended = shell("restore", named, "--yes")
    assert ended.code == 0
    assert ended.out.splitlines()[1:] == [
        "0 entries would come back.",
        "1 entry would go back to an earlier form.",
        "1 entry written since would stay.",
    ]
    assert "`companion undo` takes it back" in ended.err
    assert texts(shell) == ["one", "two"]
    ended = shell("undo")
    assert ended.err == "As it was before the backup was brought back.\n"
    assert texts(shell) == ["changed", "two"]


def test_exactly_takes_out_what_was_written_since(shell: Shell) -> None:
    shell.write("one")
    name = make_backup(shell)
    shell.write("two")
    ended = shell("restore", name, "--exactly", "--yes")
    assert ended.code == 0
    assert "1 entry written since would go." in ended.out
    assert re.search("it is kept as .*-before-restore", ended.err)
    assert texts(shell) == ["one"]


def test_a_preview_changes_nothing(shell: Shell) -> None:
    key = shell.write("one")
    name = make_backup(shell)
    shell("delete", key)
    former = shell.state()
    ended = shell("restore", name, "--preview")
    assert (ended.code, ended.err) == (0, "")
    assert "1 entry would come back." in ended.out
    assert shell.state() == former


def test_where_nothing_would_change_nothing_is_asked(shell: Shell) -> None:
    shell.write("one")
    name = make_backup(shell)
    ended = shell("restore", name)
    assert ended.code == 0
    assert ended.out.endswith("So nothing would change.\n")


def test_without_anybody_to_ask_it_has_to_be_said(shell: Shell) -> None:
    key = shell.write("one")
    name = make_backup(shell)
    shell("delete", key)
    former = shell.state()
    ended = shell("restore", name)
    assert ended.code == 2
    assert "--yes" in ended.err
    assert shell.state() == former


@pytest.mark.parametrize(("answer", "back"), [("y", True), ("no", False), ("", False)])
def test_a_person_is_asked_once(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, answer: str, *, back: bool
) -> None:
    key = shell.write("one")
    name = make_backup(shell)
    shell("delete", key)
    asked = []

    def say(console: object) -> str:
        asked.append(console)
        return answer

    monkeypatch.setattr("tests.cli.shells.Stream.isatty", lambda _stream: True)
    monkeypatch.setattr("companion.cli.console.Console._read", say)
    ended = shell("restore", name, terminal=True)
    assert ended.code == 0
    assert "Bring it back? yes or no" in ended.out
    assert len(asked) == 1
    assert ("Left as it is." in ended.out) == (not back)
    monkeypatch.undo()


def test_a_backup_that_is_not_there_is_named(shell: Shell) -> None:
    shell.write("one")
    for which in ("2020-01-01", "..", str(shell.home)):
        ended = shell("restore", which)
        assert (ended.code, ended.out) == (1, "")
        assert ended.err.startswith(f"There is no backup {which!r}.")


def test_a_backup_that_does_not_verify_is_refused(shell: Shell) -> None:
    shell.write("one")
    name = make_backup(shell)
    (shell.home / "backups" / name / "device").write_text("other\n")
    ended = shell("restore", name, "--yes")
    assert ended.code == 3
    assert "cannot be used" in ended.err


def test_while_the_app_is_open_it_says_so(shell: Shell) -> None:
    key = shell.write("one")
    name = make_backup(shell)
    shell("delete", key)
    app = Engine(shell.home)
    ended = shell("restore", name, "--preview")
    assert (ended.code, ended.out.count("would come back")) == (0, 1)
    ended = shell("restore", name, "--yes")
    assert ended.code == 3
    assert "another window" in ended.err
    app.close()


def test_a_damaged_log_comes_back_with_what_is_newer(shell: Shell) -> None:
    shell.write("first")
    shell.write("second")
    assert texts(shell) == ["first", "second"]
    name = make_backup(shell)
    shell.write("third")
    assert len(shell.entries()) == 3
    damage(shell, b"first")
    ended = shell("restore", name, "--yes")
    assert ended.code == 0
    assert "takes its place" in ended.out
    assert "added to it: 1." in ended.err
    assert "set aside as" in ended.err
    assert texts(shell) == ["first", "second", "third"]
    assert shell("check").code == 0


def test_a_log_comes_back_on_another_machine(shell: Shell, tmp_path: Path) -> None:
    shell.write("one")
    folder = shell("backup", "--to", str(tmp_path / "stick")).out.strip()
    shell.home.rename(tmp_path / "burnt")
    assert shell("restore", folder, "--yes").code == 0
    assert texts(shell) == ["one"]


def test_one_backup_at_a_time(shell: Shell) -> None:
    ended = shell("restore", "a", "b")
    assert ended.code == 2


# check


def test_a_sound_log(shell: Shell) -> None:
    shell.write("one")
    make_backup(shell)
    ended = shell("check")
    assert ended.code == 0
    assert ended.err == ""
    assert re.fullmatch(
        r"All is sound: 1 segment, 1 commit, 1 entry, 1 sound backup, .*\.\n", ended.out
    )


def test_a_log_that_is_not(shell: Shell) -> None:
    shell.write("one")
    shell.write("two")
    shell.entries()
    damage(shell, b'"one"')
    ended = shell("check")
    assert ended.code == 3
    assert re.match(r"journal/2026\.\w+\.log: \d+ bytes from byte", ended.out)
    assert "1 fault. Read: " in ended.err
    assert "Nothing was changed" in ended.err


def test_no_log_is_no_fault(shell: Shell) -> None:
    ended = shell("check")
    assert (ended.code, ended.out) == (0, "")
    assert "no log" in ended.err
    assert not shell.home.exists()


def test_it_is_said_how_far_it_is(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.write("one")
    shell.entries()
    monkeypatch.setattr(asking, "_PATIENCE", -1.0)
    ended = shell("check")
    assert re.search(r"^Reading the journal: \d+%$", ended.err, re.MULTILINE)


# rescue


def test_all_is_brought_to_safety(shell: Shell, tmp_path: Path) -> None:
    shell.write("one")
    shell.write("two")
    shell.entries()
    damage(shell, b'"one"')
    ended = shell("rescue", "--to", str(tmp_path / "safe"))
    assert (ended.code, ended.out.strip()) == (0, str(tmp_path / "safe"))
    assert "Brought to safety: 2 entries, 0 drafts, 0 pages." in ended.err
    assert "these backups were read" in ended.err
    assert "1 file" in ended.err
    lines = (tmp_path / "safe" / "entries.jsonl").read_text().splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["one", "two"]


def test_a_place_beside_the_log_is_chosen(shell: Shell) -> None:
    shell.write("one")
    ended = shell("rescue")
    assert ended.code == 0
    assert ended.out.strip() == f"{shell.home}-rescued-{BY_HAND}"


def test_a_folder_that_is_there_is_left_alone(shell: Shell, tmp_path: Path) -> None:
    shell.write("one")
    (tmp_path / "safe").mkdir()
    ended = shell("rescue", "--to", str(tmp_path / "safe"))
    assert (ended.code, ended.out) == (3, "")
    assert "is there already" in ended.err


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2_000_000, "2.0 MB")],
)
def test_sizes(size: int, said: str) -> None:
    assert in_bytes(size) == said


# a file of plain TinyDB


def test_a_file_of_plain_tinydb_is_previewed_and_taken_in(
    shell: Shell, tmp_path: Path
) -> None:
    documents = {str(number): {"text": "no time"} for number in range(2, 25)}
    documents["1"] = {"date": "2024-03-01", "text": "Walked by the river."}
    old = tmp_path / "old.json"
    old.write_text(json.dumps({"reflections": documents}))
    ended = shell("restore", str(old), "--preview")
    assert ended.code == 0, ended.err
    assert "1 entry would come back." in ended.out
    assert "23 documents cannot be taken in:" in ended.out
    assert "  and 3 more" in ended.out
    assert texts(shell) == []
    ended = shell("restore", str(old), "--yes")
    assert ended.code == 0, ended.err
    assert texts(shell) == ["Walked by the river."]
    assert "So nothing would change." in shell("restore", str(old), "--yes").out
