"""The person's own prompts and sittings: one slip does not hide the rest."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from companion.content import Shelf
from companion.content.document import FILE_LIMIT
from companion.content.own import FILES_LIMIT

GUIDE = Path(__file__).parents[2] / "docs" / "own-prompts.md"


def put(folder: Path, name: str, text: str | bytes) -> Shelf:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return Shelf(own=folder)


def own_texts(shelf: Shelf, pool: str = "own") -> list[str]:
    return [prompt.text for prompt in shelf.pools.get(pool, ()) if prompt.own]


def places(shelf: Shelf) -> list[tuple[str, int]]:
    return [(problem.file, problem.line) for problem in shelf.problems]


def test_without_a_folder_there_are_only_ours(tmp_path: Path) -> None:
    shelf = Shelf(own=tmp_path / "nothing")
    assert "own" not in shelf.pools
    assert shelf.problems == ()
    steps = [step for sitting in shelf.sittings for step in sitting.steps]
    assert all("own" not in step.pools for step in steps)


def test_one_line_is_a_whole_prompt(tmp_path: Path) -> None:
    shelf = put(tmp_path, "prompts.toml", '[[prompt]]\ntext = "Who sang?"\n')
    (prompt,) = shelf.pools["own"]
    assert (prompt.text, prompt.pool, prompt.own) == ("Who sang?", "own", True)
    assert prompt.id.startswith("own:")
    assert shelf.problems == ()


def test_sittings_draw_from_own_prompts_once_there_are_some(tmp_path: Path) -> None:
    shelf = put(tmp_path, "prompts.toml", '[[prompt]]\ntext = "Who sang?"\n')
    drawing = {
        sitting.id
        for sitting in shelf.sittings
        if any("own" in step.pools for step in sitting.steps)
    }
    assert drawing == {"five-minutes", "fifteen-minutes"}


def test_own_prompts_join_a_pool_after_ours(tmp_path: Path) -> None:
    shelf = put(tmp_path, "prompts/a.toml", 'pool = "joy"\n[[prompt]]\ntext = "Ha?"\n')
    ours = Shelf().pools["joy"]
    assert shelf.pools["joy"][: len(ours)] == ours
    assert own_texts(shelf, "joy") == ["Ha?"]


def test_own_questions_come_after_the_twelve(tmp_path: Path) -> None:
    text = '[[prompt]]\ntext = "What is home?"\npool = "question"\n'
    shelf = put(tmp_path, "prompts.toml", text)
    assert [prompt.text for prompt in shelf.questions[12:]] == ["What is home?"]
    assert "question" not in shelf.pools
    assert shelf.problems == ()


def test_what_stands_at_the_top_holds_for_all_that_say_nothing_else(
    tmp_path: Path,
) -> None:
    shelf = put(
        tmp_path,
        "prompts.toml",
        'rung = "crew"\nprinciple = "growing"\n'
        '[[prompt]]\ntext = "A?"\n[[prompt]]\ntext = "B?"\nrung = "dyad"\n',
    )
    first, second = shelf.pools["own"]
    assert (first.rung, first.principle) == ("crew", "growing")
    assert (second.rung, second.principle) == ("dyad", "growing")


def test_own_words_are_kept_as_they_are(tmp_path: Path) -> None:
    hostile = " [b]x[/b] {name} \x1b[2J \u202e <a> 🫖\u200b "
    escaped = hostile.replace("\x1b", "\\u001b")
    shelf = put(tmp_path, "prompts.toml", f'[[prompt]]\ntext = "{escaped}"\n')
    assert own_texts(shelf) == [hostile]


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    text = b'\xef\xbb\xbf[[prompt]]\r\ntext = "A?"\r\n'
    assert own_texts(put(tmp_path, "prompts.toml", text)) == ["A?"]


def test_an_id_stays_when_the_words_change(tmp_path: Path) -> None:
    before = put(tmp_path, "prompts.toml", '[[prompt]]\nid = "a"\ntext = "A?"\n')
    assert [prompt.id for prompt in before.pools["own"]] == ["own:a"]
    after = put(tmp_path, "prompts.toml", '[[prompt]]\nid = "a"\ntext = "A, again?"\n')
    assert [prompt.id for prompt in after.pools["own"]] == ["own:a"]


def test_an_own_id_never_takes_the_place_of_one_of_ours(tmp_path: Path) -> None:
    taken = Shelf().pools["joy"][0].id
    text = f'[[prompt]]\nid = "{taken}"\ntext = "A?"\npool = "joy"\n'
    ids = [prompt.id for prompt in put(tmp_path, "prompts.toml", text).pools["joy"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("slip", "line", "words"),
    [
        ("text = 5", 5, "quotes"),
        ('text = "  "', 5, "empty"),
        ('hint = "no text"', 4, "text is missing"),
        (f'text = "{"x" * 2001}"', 5, "longer than 2,000"),
        ('text = "x"\nhint = ["x"]', 6, "quotes"),
        ('text = "x"\ncolour = "red"', 6, "'colour' is not known"),
        ('text = "x"\nrung = "ladder"', 6, "one of: self"),
        ('text = "x"\n\nprinciple = "kind"', 7, "one of: temporary"),
        ('text = "x"\npool = ""', 6, "empty"),
        ('text = "x"\nid = ""', 6, "empty"),
        ('text = "First?"', 5, "already in prompts.toml"),
        ('text = "x"\nid = "first"\n[[prompt]]\ntext = "y"\nid="first"', 9, "already"),
        ('text = "x', 5, "not TOML"),
        ("text = x", 5, "not TOML"),
        ('text = "x"\ntext = "y"', 6, "not TOML"),
        ('text = "x"\n]', 6, "not TOML"),
        ('text = """x', 5, "not TOML"),
        ("text = 99" + "9" * 5000, 4, "not TOML"),
        ("text = " + "[" * 5000, 4, "not TOML"),
    ],
)
def test_a_slip_is_named_with_its_line_and_hides_nothing_else(
    tmp_path: Path, slip: str, line: int, words: str
) -> None:
    good = '[[prompt]]\ntext = "{}"\n'
    text = f"{good.format('First?')}\n[[prompt]]\n{slip}\n{good.format('Last?')}"
    shelf = put(tmp_path, "prompts.toml", text)
    kept = own_texts(shelf)
    assert (kept[0], kept[-1]) == ("First?", "Last?")
    (problem,) = shelf.problems
    assert (problem.file, problem.line) == ("prompts.toml", line)
    assert words in problem.message


def test_several_slips_are_all_named(tmp_path: Path) -> None:
    text = "[[prompt]]\ntext = x\n[[prompt]]\ntxt = 'a'\n[[prompt]]\ntext = 'B?'\n"
    shelf = put(tmp_path, "prompts.toml", text)
    assert own_texts(shelf) == ["B?"]
    assert places(shelf) == [("prompts.toml", 2), ("prompts.toml", 3)]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[prompt]\ntext = "A?"\n', 1, "double brackets"),
        ('[prompt]\ntext = "A?"\n[prompt]\ntext = "B?"\n', 1, "double brackets"),
        ('[[promt]]\ntext = "A?"\n', 1, "'promt' is not known"),
        ('\ntext = "A?"\n', 2, "'text' is not known"),
        ("prompt = 3\n", 1, "double brackets"),
        ("prompt = [3]\n", 1, "double brackets"),
        ('# mine\nrung = "top"\n', 2, "one of: self"),
        ("# mine\n\nand words\n", 3, "not TOML"),
    ],
)
def test_a_wrong_beginning_is_named(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    shelf = put(tmp_path, "prompts.toml", text)
    assert own_texts(shelf) == []
    problem = shelf.problems[0]
    assert (problem.file, problem.line) == ("prompts.toml", line)
    assert words in problem.message


def test_prompts_may_stand_in_one_list(tmp_path: Path) -> None:
    text = 'prompt = [{ text = "A?" },\n { text = 1 }]\n'
    shelf = put(tmp_path, "prompts.toml", text)
    assert own_texts(shelf) == ["A?"]
    assert places(shelf) == [("prompts.toml", 1)]


def test_a_header_inside_a_text_is_no_header(tmp_path: Path) -> None:
    text = '[[prompt]]\ntext = """\n[[prompt]]\nfine"""\n[[prompt]]\ntext = 1\n'
    shelf = put(tmp_path, "prompts.toml", text)
    assert own_texts(shelf) == ["[[prompt]]\nfine"]
    assert places(shelf) == [("prompts.toml", 1)]


def test_a_file_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    put(tmp_path, "prompts/a-latin.toml", b'\n[[prompt]]\ntext = "caf\xe9?"\n')
    put(tmp_path, "prompts/b-large.toml", b"#" * (FILE_LIMIT + 1))
    (tmp_path / "prompts" / "c-folder.toml").mkdir()
    os.mkfifo(tmp_path / "prompts" / "d-pipe.toml")
    (tmp_path / "prompts" / "e-gone.toml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "prompts" / "f-endless.toml").symlink_to("/dev/zero")
    put(tmp_path, "prompts/.hidden.toml", "not toml")
    put(tmp_path, "prompts/notes.txt", "not toml")
    shelf = put(tmp_path, "prompts/z.toml", '[[prompt]]\ntext = "A?"\n')
    assert own_texts(shelf) == ["A?"]
    assert places(shelf) == [
        ("prompts/a-latin.toml", 3),
        ("prompts/b-large.toml", 0),
        ("prompts/c-folder.toml", 0),
        ("prompts/d-pipe.toml", 0),
        ("prompts/e-gone.toml", 0),
        ("prompts/f-endless.toml", 0),
    ]


def test_a_file_of_a_hundred_megabytes_is_left_out(tmp_path: Path) -> None:
    with (tmp_path / "prompts.toml").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert "1 MiB" in Shelf(own=tmp_path).problems[0].message


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "sittings.toml").mkdir()
    assert places(Shelf(own=tmp_path)) == [("sittings.toml", 0)]


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    shelf = put(tmp_path, "prompts", "hello")
    assert places(shelf) == [("prompts", 0)]


def test_a_file_that_may_not_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = put(tmp_path, "prompts.toml", "")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("companion.content.document.os.open", refuse)
    shelf.pools.get("own")
    monkeypatch.undo()
    assert [problem.message for problem in shelf.problems] == [
        "It cannot be read: permission denied."
    ]


def test_a_name_that_is_no_unicode_can_be_shown(tmp_path: Path) -> None:
    put(tmp_path, "prompts/" + os.fsdecode(b"\xff.toml"), "words")
    (problem,) = Shelf(own=tmp_path).problems
    assert problem.file == "prompts/\ufffd.toml"


def test_only_so_many_files_are_read(tmp_path: Path) -> None:
    for number in range(FILES_LIMIT + 1):
        put(tmp_path, f"prompts/{number:03}.toml", f'[[prompt]]\ntext = "{number}?"\n')
    shelf = Shelf(own=tmp_path)
    assert len(own_texts(shelf)) == FILES_LIMIT
    assert "first 100" in shelf.problems[0].message


def test_a_pool_that_nothing_draws_from_is_pointed_out_once(tmp_path: Path) -> None:
    text = (
        '[[prompt]]\ntext = "A?"\npool = "jy"\n[[prompt]]\ntext = "B?"\npool = "jy"\n'
    )
    shelf = put(tmp_path, "prompts.toml", text)
    assert own_texts(shelf, "jy") == ["A?", "B?"]
    assert places(shelf) == [("prompts.toml", 3)]
    assert "'jy'" in shelf.problems[0].message


def test_the_examples_of_the_guide_are_read(tmp_path: Path) -> None:
    guide = GUIDE.read_text("utf-8")
    for name, text in re.findall(r"```toml (\S+)\n(.*?)```", guide, re.DOTALL):
        put(tmp_path, name, text)
    shelf = Shelf(own=tmp_path)
    assert shelf.problems == ()
    assert [sitting.name for sitting in shelf.sittings[3:]] == ["Sunday evening"]
    assert own_texts(shelf, "house")
    assert own_texts(shelf, "own")


def test_the_guide_names_every_pool() -> None:
    guide = GUIDE.read_text("utf-8")
    assert [pool for pool in Shelf().pools if f"`{pool}`" not in guide] == []
