"""The commands compact, erase and forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import time_machine

from companion.storage.engine import Engine
from tests.cli.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.shells import Shell


@pytest.fixture(autouse=True)
def at_half_past_nine(fixed_time: None) -> Iterator[None]:
    """The storage looks at the clock of the system."""
    with time_machine.travel(NOW, tick=False):
        yield


def ids(shell: Shell) -> dict[str, str]:
    return {entry["text"]: entry["id"] for entry in shell.entries()}


def raw(shell: Shell) -> bytes:
    return b"".join(p.read_bytes() for p in shell.home.rglob("*") if p.is_file())


def test_entries_are_erased_and_stay_so(shell: Shell) -> None:
    for text in ("one", "two", "a heron"):
        shell.write(text)
    found = ids(shell)
    shell("backup")
    ended = shell("erase", found["a heron"][-6:], "--yes")
    assert ended.code == 0
    assert f"1 entry would be erased: {found['a heron']}\n" in ended.out
    assert "Versions in the journal: 1. Backups that hold any: 2.\n" in ended.out
    assert "Nothing brings it back" in ended.out
    assert "Erased: 1 version, 2 backups.\n" in ended.err
    shell("undo")
    assert b"a heron" not in raw(shell)
    assert shell("check").code == 0


def test_a_deleted_entry_can_be_erased(shell: Shell) -> None:
    shell.write("a heron")
    (entry_id,) = ids(shell).values()
    shell("delete", entry_id)
    ended = shell("erase", entry_id, "--preview")
    assert "Deleted before, and not in sight: 1 entry.\n" in ended.out
    assert b"a heron" in raw(shell)
    assert shell("erase", entry_id, "--yes").code == 0
    assert b"a heron" not in raw(shell)
    assert shell("undo").code == 1


def test_nothing_goes_unless_it_is_wanted(shell: Shell) -> None:
    shell.write("a heron")
    (entry_id,) = ids(shell).values()
    for command in (("erase", entry_id), ("forget", "heron")):
        assert shell(*command, "--preview").code == 0
        ended = shell(*command)
        assert ended.code == 2
        assert "nobody is there to be asked" in ended.err
    assert b"a heron" in raw(shell)


@pytest.mark.parametrize(("answer", "left"), [("no", True), ("yes", False)])
def test_it_is_asked_once(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, answer: str, *, left: bool
) -> None:
    shell.write("a heron")
    (entry_id,) = ids(shell).values()
    monkeypatch.setattr("tests.cli.shells.Stream.isatty", lambda _stream: True)
    ended = shell("erase", entry_id, stdin=f"{answer}\n".encode(), terminal=True)
    assert (ended.code, "Erase? yes or no" in ended.out) == (0, True)
    assert (b"a heron" in raw(shell)) == left


def test_an_id_nobody_knows_is_named(shell: Shell) -> None:
    shell.write("one")
    ended = shell("erase", "zzzzzz", "--yes")
    assert (ended.code, ended.out) == (1, "")
    assert "There is no entry 'zzzzzz'." in ended.err
    assert shell("erase", "--yes").code == 2


def test_while_the_app_is_open_only_a_look_is_taken(shell: Shell) -> None:
    shell.write("a heron")
    (entry_id,) = ids(shell).values()
    app = Engine(shell.home)
    assert shell("erase", entry_id, "--preview").code == 0
    ended = shell("erase", entry_id, "--yes")
    assert ended.code == 3
    assert "another window" in ended.err
    app.close()


def test_a_name_is_forgotten(shell: Shell) -> None:
    shell("reflect", "With Anna at the river", "--person", "Anna", "--person", "B.")
    shell.write("nobody there")
    ended = shell("forget", "Anna", "--yes", "--instead", "a friend")
    assert ended.code == 0
    assert "1 entry would change: 1 with the name in a list, 1 in words." in ended.out
    assert 'There it becomes "a friend".' in ended.out
    assert b"Anna" not in raw(shell)
    (entry,) = (one for one in shell.entries() if one["people"])
    assert (entry["text"], entry["people"]) == ("With a friend at the river", ["B."])


def test_what_was_not_reached_is_named(shell: Shell) -> None:
    shell("reflect", "With Anna and Anna M.", "--person", "Anna M.")
    shell.entries()
    (shell.home / "pages").mkdir(mode=0o700)
    (shell.home / "pages" / "help.md").write_text("Anna")
    ended = shell("forget", "Anna", "--yes")
    assert ended.code == 3
    assert "It stands in these names, too, and would change there: Anna M." in ended.out
    assert "Not reached: pages/help.md.\n" in ended.err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["..."], "at least one letter"),
        (["A.", "B."], "One name"),
        (["Anna", "--instead", "Anna B."], "another"),
    ],
)
def test_what_is_no_name_is_refused(
    shell: Shell, words: list[str], reason: str
) -> None:
    shell.write("Anna")
    ended = shell("forget", *words, "--yes")
    assert ended.code == 2
    assert reason in ended.err


def test_years_that_are_over_are_compacted(shell: Shell) -> None:
    with time_machine.travel("2024-05-05", tick=False):
        shell.write("first")
        (entry_id,) = ids(shell).values()
        shell("edit", entry_id, "--text", "second")
        assert "nothing to compact" in shell("compact").err
    shell.write("of now")
    former = ids(shell)
    ended = shell("compact", "--preview")
    assert ended.out.startswith("1 earlier version would go from the years that are ")
    assert not (shell.home / "former").exists()
    ended = shell("compact", "--yes")
    assert ended.code == 0
    assert "Compacted: 1 earlier version, " in ended.err
    assert (shell.home / "former").exists()
    assert ids(shell) == former
    assert shell("check").code == 0


def test_without_a_log_there_is_nothing_to_do(shell: Shell) -> None:
    for command in (("compact",), ("erase", "abcd"), ("forget", "A.")):
        ended = shell(*command)
        assert (ended.code, ended.err) == (3, "There is no log yet.\n")
        assert not shell.home.exists()
