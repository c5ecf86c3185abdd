from __future__ import annotations

import unicodedata

import pytest
from rich.cells import cell_len

from companion.visible import CONTROLS, blank_controls

EVERY = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]


def test_exactly_the_controls_are_taken_out() -> None:
    assert set(EVERY) - set(blank_controls("".join(EVERY))) == CONTROLS


def test_no_character_that_commands_or_turns_the_writing_is_left() -> None:
    left = {c for c in EVERY if blank_controls(c)}
    assert {c for c in left if unicodedata.category(c) == "Cc"} == {"\t", "\n"}
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert not {c for c in left if unicodedata.bidirectional(c) in turning}


@pytest.mark.parametrize("control", sorted(CONTROLS))
def test_the_width_stays_the_same(control: str) -> None:
    text = f"a{control}ü{control}漢"
    assert cell_len(blank_controls(text)) == cell_len(text)


@pytest.mark.parametrize(
    "text", ["", "plain", "tab\tand\nline", "שלום", "👩🏽‍🚀 é e\u0301", "नमस्ते"]
)
def test_words_stay_as_they_are(text: str) -> None:
    assert blank_controls(text) == text


def test_an_escape_sequence_is_only_letters() -> None:
    assert blank_controls("\x1b]52;c;Zm9v\x07\x9b31mred") == "]52;c;Zm9v31mred"
