from __future__ import annotations

import pytest

from companion.folding import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Slept WELL", "slept well"),
        ("Straße", "STRASSE"),
        ("é", "e\u0301"),
        ("ÉTÉ", "e\u0301te\u0301"),
        ("ΟΔΟΣ", "οδος"),
        ("\u212b", "å"),
        ("ﬁne", "FINE"),
    ],
)
def test_the_same_to_a_reader_is_the_same_folded(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("e", "é"), ("a b", "ab"), ("\u0131", "i")])
def test_what_a_reader_tells_apart_stays_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_plain_ascii_is_only_lowered() -> None:
    assert fold("A\tB\nC-1") == "a\tb\nc-1"
