from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from companion import bootstrap
from companion.content import Shelf
from companion.errors import WriteFailedError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shells import Ended, Shell

OWN = """
[[sitting]]
id = "own-one"
name = "My own"
about = "Two questions, a moment and a part."
minutes = 3
steps = [
  { kind = "prompt", pools = ["mine"] },
  { kind = "lens", text = "Which moment?" },
  { kind = "part", text = "Which part?" },
  { kind = "prompt", pools = ["mine"] },
]
"""
PROMPTS = """
pool = "mine"

[[prompt]]
text = "First or second?"
hint = "Either will do."

[[prompt]]
text = "Second or first?"
"""
CREW = next(rung for rung in Shelf().rungs if rung.id == "crew")


@pytest.fixture
def own(shell: Shell) -> Shell:
    """A person with a sitting of their own."""
    config = shell.home / "config"
    config.mkdir(parents=True)
    (config / "sittings.toml").write_text(OWN)
    (config / "prompts.toml").write_text(PROMPTS)
    return shell


def sit(shell: Shell, *lines: str, words: tuple[str, ...] = ()) -> Ended:
    """Hold the person's own sitting with these lines as answers."""
    stdin = "".join(f"{line}\n" for line in lines).encode()
    return shell("reflect", "--sitting", "own-one", *words, stdin=stdin)


def drafts(shell: Shell) -> list[Path]:
    return list((shell.home / "drafts").glob("*"))


def test_a_sitting_is_held_in_plain_lines(own: Shell) -> None:
    ended = sit(
        own,
        *("one", "more", ""),
        *("what happened", "", "3", "6"),
        *("The Guard", "stay close", ""),
        *("last", ""),
    )
    assert ended.code == 0
    (entry,) = own.entries()
    assert ended.out == f"{entry['id']}\n"
    assert ended.err.endswith(f"Written for today: {entry['id'][-6:]}\n")
    assert [answer["text"] for answer in entry["answers"]] == [
        "one\nmore",
        "what happened",
        "stay close",
        "last",
    ]
    assert entry["placement"] == {"position": 7, "rung": "crew"}
    assert entry["part"] == "The Guard"
    assert entry["sitting"] == "own-one"
    assert not drafts(own)


def test_each_prompt_is_one_line_and_says_where_one_is(own: Shell) -> None:
    said = sit(own, "", "", "3", "", "", "", "").err.splitlines()
    assert said[0] == "An empty line goes on. /help says what else there is."
    asked = [line for line in said if " of 4. " in line]
    assert [line[:6] for line in asked] == ["1 of 4", "2 of 4", "3 of 4", "4 of 4"]
    assert asked[1] == "2 of 4. Which moment?"
    assert "Either will do." in said
    assert f"1 is: {CREW.domination}" in said
    assert f"7 is: {CREW.partnership}" in said


def test_what_is_skipped_leaves_no_trace(own: Shell) -> None:
    ended = sit(own, "", "", "", "", "", "last", "")
    assert ended.code == 0
    (entry,) = own.entries()
    assert [answer["text"] for answer in entry["answers"]] == ["last"]
    assert entry["placement"] is None
    assert entry["part"] == ""


def test_nothing_said_is_nothing_kept(own: Shell) -> None:
    ended = sit(own, "", "", "", "", "", "", "")
    assert (ended.code, ended.out) == (0, "")
    assert "that is a fine way to sit" in ended.err
    assert own.entries() == []
    assert not drafts(own)


def test_one_can_go_back_and_change_and_take_away(own: Shell) -> None:
    ended = sit(
        own,
        *("one", ""),
        *("/back", "/back", "/clear", "uno", ""),
        *("moment", "/back", ""),
        *("", "", "", ""),
        *("last", "/stop"),
    )
    assert ended.err.count("Written so far:\n") == 4
    assert "This is the first." in ended.err
    (entry,) = own.entries()
    assert [answer["text"] for answer in entry["answers"]] == [
        "uno",
        "moment",
        "last",
    ]


def test_help_is_at_hand(own: Shell) -> None:
    assert "/stop ends here" in sit(own, "/help", "a", "/stop").err
    assert own.entries()[0]["answers"][0]["text"] == "a"


@pytest.mark.parametrize("ending", [["/stop"], []])
def test_one_can_stop_anywhere_and_keep_what_is_written(
    own: Shell, ending: list[str]
) -> None:
    assert sit(own, "one", "unfinished", *ending).code == 0
    (entry,) = own.entries()
    assert entry["answers"][0]["text"] == "one\nunfinished"
    assert not drafts(own)


def test_a_number_is_asked_for_again_until_it_is_one(own: Shell) -> None:
    ended = sit(own, "", "", "0", "six", "²", "3", "8", "-1", "1", "/stop")
    assert ended.err.count("A number from 1 to 5, or an empty line.") == 3
    assert ended.err.count("A number from 1 to 7, or an empty line.") == 2
    assert own.entries()[0]["placement"] == {"position": -10, "rung": "crew"}


@pytest.mark.parametrize(
    ("place", "position"),
    [(1, -10), (2, -7), (3, -3), (4, 0), (5, 3), (6, 7), (7, 10)],
)
def test_the_line_has_seven_places(own: Shell, place: int, position: int) -> None:
    sit(own, "", "", "1", str(place), "/stop")
    assert own.entries()[0]["placement"] == {"position": position, "rung": "self"}


def test_options_go_into_the_entry(own: Shell) -> None:
    words = ("--tag", "#rest", "--person=A.", "--principle=growing", "--rung=dyad")
    sit(own, "one", "", "", "4", "/stop", words=(*words, "--day", "yesterday"))
    (entry,) = own.entries()
    assert (entry["tags"], entry["people"]) == (["rest"], ["A."])
    assert entry["principles"] == ["growing"]
    assert entry["day"] == "2026-11-21"
    assert entry["placement"] == {"position": 0, "rung": "dyad"}


def test_a_rung_counts_where_nothing_is_placed(own: Shell) -> None:
    sit(own, "one", "/stop", words=("--rung", "network"))
    assert own.entries()[0]["rung"] == "network"


def test_known_parts_are_named(own: Shell) -> None:
    sit(own, "", "", "", "The Guard", "", "/stop")
    said = sit(own, "", "", "", "/stop").err
    assert "Names you used before: The Guard" in said


def test_a_page_may_hold_empty_lines(own: Shell) -> None:
    stdin = b"one\n\ntwo\n.\nnot read\n"
    assert own("reflect", "--sitting", "free", stdin=stdin).code == 0
    assert own.entries()[0]["text"] == "one\n\ntwo"


def test_the_beginning_of_a_name_is_enough(own: Shell) -> None:
    for name in ("five", "OWN", "question", "invitation"):
        assert own("reflect", "--sitting", name, stdin=b"/stop\n").code == 0


def test_a_line_that_is_no_text_is_asked_for_again(own: Shell) -> None:
    ended = own("reflect", "--sitting=own-one", stdin=b"caf\xe9\ncaf\xc3\xa9\n/stop\n")
    assert "not valid UTF-8" in ended.err
    assert own.entries()[0]["answers"][0]["text"] == "café"


def test_what_is_said_back_cannot_command_the_terminal(own: Shell) -> None:
    ended = sit(own, "red \x1b[31m", "", "/back", "/stop")
    assert "red [31m" in ended.err
    assert "\x1b" not in ended.err
    assert own.entries()[0]["answers"][0]["text"] == "red \x1b[31m"


def test_it_goes_by_the_spool_while_the_app_is_open(own: Shell) -> None:
    own.write("so that there is a log")
    log = bootstrap.open_log(own.home)
    assert sit(own, "beside", "/stop").code == 0
    log.close()
    assert len(own.entries("beside")) == 1


def test_what_the_disk_refuses_waits_as_a_draft(
    own: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object, _entry: object) -> None:
        raise WriteFailedError("The disk refused.", hint="Look after it.")

    with monkeypatch.context() as patch:
        patch.setattr("companion.log.Log.write", refuse)
        ended = sit(own, "one", "/stop")
    assert ended.code == 3
    assert "It waits as a draft" in ended.err
    assert "The disk refused. Look after it.\n" in ended.err
    assert len(drafts(own)) == 1


def test_a_text_too_long_waits_as_a_draft(own: Shell) -> None:
    ended = sit(own, "x" * (1024 * 1024 + 1), "/stop")
    assert ended.code == 2
    assert "longer than one entry" in ended.err
    assert len(drafts(own)) == 1
    assert own.entries() == []


def test_a_broken_sitting_of_ones_own_is_named_and_the_rest_goes_on(
    own: Shell,
) -> None:
    (own.home / "config" / "prompts.toml").write_text('[[prompt]]\ntext = "no end\n')
    ended = own("reflect", "--sitting", "one", stdin=b"a\n/stop\n")
    assert ended.code == 0
    assert "prompts.toml, line 2: " in ended.err
    assert len(own.entries()) == 1


def test_what_can_be_no_draft_either_goes_into_a_file_of_its_own(
    own: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object, *_given: object) -> None:
        raise WriteFailedError("The disk refused.", hint="Look after it.")

    mine = tmp_path / "mine"
    mine.mkdir()
    with monkeypatch.context() as patch:
        patch.setenv("HOME", str(mine))
        patch.setattr("companion.log.Log.write", refuse)
        patch.setattr("companion.drafts.Drafts.save", refuse)
        ended = sit(own, "the only words", "/stop")
    assert ended.code == 3
    (saved,) = mine.glob("companion-*.txt")
    assert "the only words" in saved.read_text()
    assert str(saved) in ended.err
    assert drafts(own) == []
