"""The person's own sittings: one slip does not hide the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from companion.content import Shelf

if TYPE_CHECKING:
    from pathlib import Path

SITTING = '[[sitting]]\nname = "{}"\nsteps = [{{ kind = "prompt", pools = ["joy"] }}]\n'


def put(folder: Path, text: str) -> Shelf:
    (folder / "sittings.toml").write_text(text, "utf-8")
    return Shelf(own=folder)


def test_own_sittings_come_after_ours(tmp_path: Path) -> None:
    shelf = put(tmp_path, SITTING.format("Jeudi soir à l'été"))
    sitting = shelf.sittings[3]
    assert (sitting.id, sitting.minutes, sitting.own) == ("jeudi-soir-à-l-été", 1, True)
    assert shelf.problems == ()


def test_steps_may_stand_under_headers_of_their_own(tmp_path: Path) -> None:
    text = (
        '[[sitting]]\nname = "S"\n[[sitting.steps]]\nkind = "lens"\ntext = "Where?"\n'
        '[[sitting.steps]]\nkind = "part"\ntext = "Who?"\n'
    )
    shelf = put(tmp_path, text)
    assert [step.kind for step in shelf.sittings[3].steps] == ["lens", "part"]


@pytest.mark.parametrize(
    ("slip", "line", "words"),
    [
        ('name = "A"', 4, "steps is a list"),
        ('name = "A"\nsteps = []', 6, "steps is a list"),
        ('name = "A"\nsteps = ["joy"]', 6, "A step is"),
        ('name = "A"\nsteps = [{ kind = "song" }]', 6, "A step is"),
        ('name = "A"\nsteps = [{ kind = "lens" }]', 6, "A step is"),
        ('name = "A"\nsteps = [\n  { kind = "song", text = "x" }\n]', 6, "A step is"),
        ('name = "A"\nsteps = [{ kind = "lens", text = "" }]', 6, "text is empty"),
        ('name = "A"\nsteps = [{ kind = "prompt", pools = "joy" }]', 6, "pools is a"),
        ('name = "A"\nsteps = [{ kind = "prompt", pools = [1] }]', 6, "in quotes"),
        (
            'name = "A"\nsteps = [\n  { kind = "prompt", pools = ["jy"] }]',
            7,
            "no pool is called 'jy'",
        ),
        (
            'name = "A"\nsteps = [{ kind = "prompt", pools = ["own"] }]',
            6,
            "no pool is called 'own'",
        ),
        (
            'name = "A"\nsteps = [{ kind = "part", text = "x", pools = [] }]',
            6,
            "not known",
        ),
        (SITTING.format("A")[12:] + "minutes = 0", 7, "whole number"),
        (SITTING.format("A")[12:] + "minutes = true", 7, "whole number"),
        (SITTING.format("A")[12:] + 'id = "free"', 7, "already a sitting 'free'"),
        (SITTING.format("Question")[12:], 5, "already a sitting 'question'"),
        (SITTING.format("Invitation")[12:], 5, "already a sitting 'invitation'"),
        (SITTING.format("One minute")[12:], 5, "already a sitting 'one-minute'"),
        (SITTING.format("First")[12:], 5, "already a sitting 'first'"),
        (SITTING.format("???")[12:], 4, "id is missing"),
        ('name = "A"\nsteps = [{ kind = "lens", text = "x"\n', 6, "not TOML"),
    ],
)
def test_a_slip_in_a_sitting_hides_no_other(
    tmp_path: Path, slip: str, line: int, words: str
) -> None:
    first, last = SITTING.format("First"), SITTING.format("Last")
    shelf = put(tmp_path, f"{first}[[sitting]]\n{slip}\n{last}")
    assert [sitting.name for sitting in shelf.sittings[3:]] == ["First", "Last"]
    (problem,) = shelf.problems
    assert problem.file == "sittings.toml"
    assert words in problem.message
    assert problem.line == line


def test_keys_before_the_first_sitting_are_named(tmp_path: Path) -> None:
    shelf = put(tmp_path, 'name = "A"\n' + SITTING.format("B"))
    assert [sitting.name for sitting in shelf.sittings[3:]] == ["B"]
    (problem,) = shelf.problems
    assert (problem.file, problem.line) == ("sittings.toml", 1)


def test_sittings_may_lie_in_a_folder(tmp_path: Path) -> None:
    put(tmp_path, SITTING.format("A"))
    (tmp_path / "sittings").mkdir()
    (tmp_path / "sittings" / "b.toml").write_text(SITTING.format("B"), "utf-8")
    (tmp_path / "sittings" / "c.toml").write_text("a slip", "utf-8")
    shelf = Shelf(own=tmp_path)
    assert [sitting.name for sitting in shelf.sittings[3:]] == ["A", "B"]
    assert [problem.file for problem in shelf.problems] == ["sittings/c.toml"]
