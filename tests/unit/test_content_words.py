"""The words that ship: all there, all distinct, and in the voice of a host."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from companion.content import Shelf
from companion.content.ready import FILE, made, sign
from companion.content.shelf import shipped
from companion.errors import ContentError
from companion.model.entry import PRINCIPLES, RUNGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.model.content import Prompt

SHELF = Shelf()
POOLS = (
    *("parts", "inner-boss", "inner-friend", "host-or-boss", "weight"),
    *("inviting", "invitation", "one-to-one", "one-to-many", "many-to-many"),
    *("joy", "arriving", "looking-back", "letting-go", "dyad", "crew", "wider"),
)
PAGES = ("credits", "help-page", "not-therapy", "welcome")
UNWELCOME = re.compile(
    r"!|\b(streaks?|badges?|levels?|scores?|should|must|overdue|missed|failed|failure"
    r"|journey|amazing|are you sure)\b",
    re.IGNORECASE,
)


def every_prompt() -> tuple[Prompt, ...]:
    pools = SHELF.pools
    return (*(prompt for pool in pools for prompt in pools[pool]), *SHELF.questions)


def drawn() -> set[str]:
    steps = (step for sitting in SHELF.sittings for step in sitting.steps)
    return {pool for step in steps for pool in step.pools}


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def shipped_words() -> Iterator[tuple[str, str]]:
    for file in sorted(shipped().rglob("*.toml")):
        for text in texts(tomllib.loads(file.read_text("utf-8"))):
            yield file.name, text
    for name in PAGES:
        yield name, SHELF.page(name)


def test_there_are_prompts_enough() -> None:
    assert len(every_prompt()) >= 190


@pytest.mark.parametrize("principle", PRINCIPLES)
def test_each_principle_has_a_pool_of_at_least_nine(principle: str) -> None:
    prompts = SHELF.pools[principle]
    assert len(prompts) >= 9
    assert {prompt.principle for prompt in prompts} == {principle}


def test_each_pool_has_at_least_eight() -> None:
    pools = SHELF.pools
    assert {*POOLS} <= {*pools}
    assert [pool for pool in pools if len(pools[pool]) < 8] == []


def test_every_pool_is_drawn_from() -> None:
    assert drawn() == {*SHELF.pools} - {"invitation"}


def test_there_is_a_slow_question_for_every_month() -> None:
    assert len(SHELF.questions) == 12


def test_three_sittings_take_one_five_and_fifteen_minutes() -> None:
    assert [(sitting.id, sitting.minutes) for sitting in SHELF.sittings] == [
        ("one-minute", 1),
        ("five-minutes", 5),
        ("fifteen-minutes", 15),
    ]
    assert {step.kind for sitting in SHELF.sittings for step in sitting.steps} == {
        "prompt",
        "lens",
        "part",
    }


def test_the_five_rungs_have_words_at_both_ends_of_the_lens() -> None:
    assert tuple(rung.id for rung in SHELF.rungs) == RUNGS
    for rung in SHELF.rungs:
        assert 0 < len(rung.domination) <= 60
        assert 0 < len(rung.partnership) <= 60


def test_the_seven_principles_say_what_counts_and_what_to_ask() -> None:
    assert tuple(principle.id for principle in SHELF.principles) == PRINCIPLES
    for principle in SHELF.principles:
        assert len(principle.evidence) >= 3
        assert len(principle.drift) >= 2
        assert principle.ask.endswith("?")


def test_ids_are_unique_and_never_look_like_a_persons_own() -> None:
    ids = [prompt.id for prompt in every_prompt()]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", each) for each in ids)


def test_every_id_begins_with_its_pool() -> None:
    assert [p.id for p in every_prompt() if not p.id.startswith(f"{p.pool}-")] == []


def test_no_prompt_says_what_another_says() -> None:
    words = Counter(
        re.sub(r"\W+", " ", prompt.text).casefold().strip() for prompt in every_prompt()
    )
    assert [text for text, count in words.items() if count > 1] == []


def test_prompts_do_not_sound_alike() -> None:
    openings = Counter(
        " ".join(prompt.text.split()[:3]).casefold() for prompt in every_prompt()
    )
    opening, count = openings.most_common(1)[0]
    assert count <= 10, opening


def test_a_prompt_asks_one_thing_and_fits_its_lines() -> None:
    for prompt in every_prompt():
        assert len(prompt.text) <= 140, prompt.id
        assert len(prompt.hint) <= 100, prompt.id
        assert prompt.text.count("?") <= 1, prompt.id
        assert prompt.text[-1] in "?.", prompt.id


def test_no_words_of_a_boss_are_used() -> None:
    found = [
        (name, match[0], text[:60])
        for name, text in shipped_words()
        # The glossary and the page on parts may name what a part does.
        if (match := UNWELCOME.search(text.replace("keeps score", "")))
    ]
    assert found == []


def test_no_words_are_double_spaced_or_padded() -> None:
    for name, text in shipped_words():
        assert text == text.strip() or name in PAGES, (name, text)
        assert not re.search(r"\S {2,}\S|\t|\u00a0", text), (name, text)
        assert text.isprintable() or name in PAGES or "\n" in text, (name, text)


def test_every_file_of_words_for_screens_is_read() -> None:
    for file in sorted((shipped() / "screens").glob("*.toml")):
        with pytest.raises(ContentError, match="has no"):
            SHELF.say(f"{file.stem}.there-is-no-such-key")


def test_the_help_page_gives_no_numbers() -> None:
    assert not re.search(r"\d", SHELF.page("help-page"))


def test_the_welcome_is_short_and_says_this_is_not_therapy() -> None:
    welcome = SHELF.page("welcome")
    assert "not therapy" in welcome
    assert len(welcome) < 600


def test_the_ideas_are_credited() -> None:
    credits_page = SHELF.page("credits")
    for name in ("Bartlett", "Eisler", "Irving", "Schwartz", "Enspiral", "Loomio"):
        assert name in credits_page


def test_the_glossary_explains_every_rung() -> None:
    names = {rung.name for rung in SHELF.rungs} - {"Self"}
    assert names <= {*SHELF.glossary}
    assert all(len(meaning) <= 110 for meaning in SHELF.glossary.values())


def test_what_is_kept_ready_is_what_the_words_say() -> None:
    kept = json.loads((shipped() / FILE).read_text(encoding="utf-8"))
    for path in shipped().rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert kept.get(sign(text), tomllib.loads(text)) == tomllib.loads(text)


@pytest.mark.parametrize(
    "name",
    ["sittings", "questions", "prompts/invitation", "screens/app", "screens/today"],
)
def test_what_opening_reads_is_kept_ready(name: str) -> None:
    kept = json.loads((shipped() / FILE).read_text(encoding="utf-8"))
    text = (shipped() / f"{name}.toml").read_text(encoding="utf-8")
    assert sign(text) in kept, "`make words` brings it up to date"


def test_a_text_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    (tmp_path / "screens").mkdir()
    text = tmp_path / "screens" / "a.toml"
    text.write_text('word = "old"')
    (tmp_path / FILE).write_text(made(tmp_path))
    assert Shelf(tmp_path).say("a.word") == "old"
    text.write_text('word = "new"')
    assert Shelf(tmp_path).say("a.word") == "new"


@pytest.mark.parametrize("kept", ["", "{", "[]", "\x00"])
def test_words_are_read_where_nothing_is_kept_ready(tmp_path: Path, kept: str) -> None:
    (tmp_path / "screens").mkdir()
    (tmp_path / "screens" / "a.toml").write_text('word = "a"')
    (tmp_path / FILE).write_text(kept)
    assert Shelf(tmp_path).say("a.word") == "a"
