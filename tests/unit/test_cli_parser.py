from __future__ import annotations

import argparse
import shlex
from pathlib import Path

import pytest

from companion import capture
from companion.cli.commands import COMMANDS
from companion.cli.parser import UsageError, parse, whole_parser

MAN_PAGE = Path(__file__).parents[2] / "docs" / "companion.1"


def parsers() -> dict[str, argparse.ArgumentParser]:
    whole = whole_parser()
    (commands,) = (
        action
        for action in whole._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return {"": whole, **commands.choices}


def test_the_man_page_tells_every_command_and_option() -> None:
    page = MAN_PAGE.read_text(encoding="utf-8").replace("\\-", "-")
    for name, parser in parsers().items():
        head = f"'companion {name}'" if name else ".SH OPTIONS"
        _, found, told = page.partition(head)
        assert found
        for action in parser._actions[1:]:  # all but --help, which is everywhere
            for option in action.option_strings:
                assert option in told, (name, option, "run `make man`")
            if action.help and action.option_strings and "%" not in action.help:
                said = " ".join(told.split())
                assert " ".join(action.help.split()) in said, (name, "run `make man`")
    for command in COMMANDS.values():
        assert command.about in page


def test_each_parser_alone_takes_what_it_takes_among_the_others() -> None:
    for name, parser in parsers().items():
        if not name:
            continue
        alone = parse([name, "word"], None, [name, "word"]) if _takes(parser) else None
        among = whole_parser().parse_args([name, "word"] if alone else [name])
        assert among.command == name
        if alone:
            assert set(vars(among)) == set(vars(alone))


def _takes(parser: argparse.ArgumentParser) -> bool:
    return any(action.dest == "words" for action in parser._actions)


def test_the_examples_in_the_help_can_be_read() -> None:
    examples = "\n".join(command.examples for command in COMMANDS.values())
    lines = [line.strip() for line in examples.splitlines()]
    assert len(lines) > 15
    for line in lines:
        name, *words = shlex.split(line.partition(" < ")[0])
        assert name == "companion"
        options = parse(words, None, words)
        assert options.command == words[0]


@pytest.mark.parametrize("name", ["--tag", "--person", "--principle", "--rung"])
def test_quick_capture_knows_the_options_of_reflect(name: str) -> None:
    known = {*capture._SINGLE, *capture._SEVERAL}
    reflect = parsers()["reflect"]
    strings = {word for action in reflect._actions for word in action.option_strings}
    assert name in known
    assert known <= strings
    assert strings - known == {"-h", "--help", "--sitting"}


def test_a_mistake_is_one_sentence_with_the_way_to_the_help() -> None:
    with pytest.raises(UsageError) as caught:
        parse(["log", "-n", "x"], None, ["log", "-n", "x"])
    assert caught.value.message.startswith("companion log: argument -n/--number: 'x'")
    assert caught.value.hint == "`companion log --help` says what it takes."
    assert caught.value.exit_code == 2
