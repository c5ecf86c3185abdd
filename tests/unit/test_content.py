"""The shelf: where it finds our words, and what it does when they are wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from companion.content import Shelf
from companion.content.shelf import shipped
from companion.errors import ContentError

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of our words, to be spoilt."""
    return Path(shutil.copytree(shipped(), tmp_path / "data"))


def screen(root: Path, text: str) -> Shelf:
    (root / "screens").mkdir(exist_ok=True)
    (root / "screens" / "room.toml").write_text(text, "utf-8")
    return Shelf(root)


def test_words_are_filled_in(root: Path) -> None:
    shelf = screen(root, 'hello = "Hello, {name}"\n')
    assert shelf.say("room.hello", name="{A} [b]") == "Hello, {A} [b]"


def test_words_may_stand_in_tables(root: Path) -> None:
    shelf = screen(root, '[door.inner]\nopen = "Ajar"\nlist = ["one", "{two}"]\n')
    assert shelf.say("room.door.inner.open") == "Ajar"
    assert shelf.says("room.door.inner.list") == ("one", "{two}")


@pytest.mark.parametrize(
    "key", ["room.no", "room", "nowhere.hello", "../room.hello", ".", ""]
)
def test_words_there_are_not_are_a_bug(root: Path, key: str) -> None:
    shelf = screen(root, 'hello = "Hello"\n')
    with pytest.raises(ContentError):
        shelf.say(key)


@pytest.mark.parametrize("text", ["{name}", "{", "{0}", "{name.first}", "{name!x}"])
def test_words_that_cannot_be_filled_in_are_a_bug(root: Path, text: str) -> None:
    with pytest.raises(ContentError, match=r"room\.hello"):
        screen(root, f'hello = "{text}"\n').say("room.hello", other=1)


def test_a_list_and_a_text_are_not_taken_for_each_other(root: Path) -> None:
    shelf = screen(root, 'one = "a"\nmany = ["a"]\n')
    with pytest.raises(ContentError, match="one text"):
        shelf.says("room.one")
    with pytest.raises(ContentError, match="list of words"):
        shelf.say("room.many")


@pytest.mark.parametrize("text", ["a = 1", "a = [1]", 'a = [["b"]]', "a = "])
def test_words_of_another_kind_are_refused(root: Path, text: str) -> None:
    with pytest.raises(ContentError, match=r"room\.toml"):
        screen(root, text).say("room.a")


def test_a_page_is_read_whole(root: Path) -> None:
    (root / "pages" / "long.md").write_text("# Ä\n\nlong\n", "utf-8")
    assert Shelf(root).page("long") == "# Ä\n\nlong\n"


@pytest.mark.parametrize("name", ["none", "../LICENSE", "", "/etc/passwd"])
def test_a_page_there_is_not_is_a_bug(root: Path, name: str) -> None:
    with pytest.raises(ContentError):
        Shelf(root).page(name)


@pytest.mark.parametrize(
    ("file", "before", "after", "line"),
    [
        ("rungs.toml", 'size = "two people"', "", 12),
        ("rungs.toml", 'size = "two people"', 'width = "two"', 12),
        ("rungs.toml", 'id = "dyad"', 'id = "couple"', 13),
        ("principles.toml", 'name = "Temporary"', "name = 3", 6),
        ("questions.toml", "[[prompt]]", "[prompt]", 4),
        ("sittings.toml", "minutes = 1\n", "minutes = 1.5\n", 9),
        ("prompts/joy.toml", 'text = "', 'txt = "', 3),
        ("prompts/crew.toml", 'rung = "crew"', 'pool = "joy"', 3),
        ("prompts/joy.toml", '[[prompt]]\nid = "joy-laughed"', "[[prompt]]", 3),
        ("prompts/joy.toml", "[[prompt]]", "[[prompt]", 3),
    ],
)
def test_a_file_of_ours_that_is_wrong_is_refused_by_name_and_line(
    root: Path, file: str, before: str, after: str, line: int
) -> None:
    text = (root / file).read_text("utf-8")
    assert before in text
    (root / file).write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(ContentError, match=rf"^{file}, line {line}: "):
        read_all(Shelf(root))


@pytest.mark.parametrize("file", ["rungs.toml", "sittings.toml", "questions.toml"])
def test_a_file_of_ours_that_is_gone_is_named(root: Path, file: str) -> None:
    (root / file).unlink()
    with pytest.raises(ContentError, match=file):
        read_all(Shelf(root))


def test_keys_before_the_items_of_ours_are_refused(root: Path) -> None:
    text = (root / "rungs.toml").read_text("utf-8")
    (root / "rungs.toml").write_text(f"top = 1\n{text}", "utf-8")
    with pytest.raises(ContentError, match=r"rungs\.toml, line 1"):
        read_all(Shelf(root))


def test_prompts_that_are_gone_are_named(root: Path) -> None:
    shutil.rmtree(root / "prompts")
    with pytest.raises(ContentError, match="prompts"):
        read_all(Shelf(root))


def test_a_sitting_of_ours_draws_only_from_pools_there_are(root: Path) -> None:
    (root / "prompts" / "joy.toml").unlink()
    with pytest.raises(ContentError, match=r"no such pool: joy"):
        read_all(Shelf(root))


def test_only_what_is_asked_for_is_read(root: Path) -> None:
    for file in ("rungs.toml", "principles.toml", "glossary.toml", "prompts/joy.toml"):
        (root / file).write_text("spoilt", "utf-8")
    shelf = Shelf(root)
    assert len(shelf.sittings) == 3
    assert shelf.pools["invitation"]
    assert len(shelf.questions) == 12
    assert "joy" in shelf.pools
    with pytest.raises(ContentError):
        shelf.pools["joy"]


def test_pools_are_a_plain_mapping() -> None:
    pools = Shelf().pools
    assert len(pools) == len([*pools]) == len(dict(pools))
    assert pools.get("nothing", ()) == ()
    with pytest.raises(KeyError):
        pools["nothing"]


def test_a_pool_is_read_once() -> None:
    pools = Shelf().pools
    assert pools["joy"] is pools["joy"]


def test_in_a_package_the_words_lie_inside_it(tmp_path: Path) -> None:
    package = tmp_path / "site" / "companion"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "companion", package, ignore=ignore)
    shutil.copytree(CHECKOUT / "data", package / "data")
    assert found_from(tmp_path / "site") == str(package / "data")


def test_in_a_checkout_the_words_lie_beside_the_package(tmp_path: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "companion", tmp_path / "companion", ignore=ignore)
    shutil.copytree(CHECKOUT / "data", tmp_path / "data")
    assert found_from(tmp_path) == str(tmp_path / "data")


def test_a_data_folder_where_one_stands_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert found_from(CHECKOUT, cwd=tmp_path) == str(CHECKOUT / "data")


def found_from(path: Path, cwd: Path | None = None) -> str:
    """Return where a new process that finds the package at `path` has its words."""
    code = (
        f"import sys; sys.path.insert(0, {str(path)!r})\n"
        "from companion.content import Shelf\n"
        "from companion.content.shelf import shipped\n"
        "assert len(Shelf().sittings) == 3\n"
        "print(shipped())\n"
    )
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def read_all(shelf: Shelf) -> None:
    """Read every file of ours."""
    _ = shelf.rungs, shelf.principles, shelf.questions, shelf.sittings, shelf.glossary
    for pool in shelf.pools:
        _ = shelf.pools[pool]
