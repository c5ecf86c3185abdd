from __future__ import annotations

import pytest

from companion.ids import LENGTH, is_id, new_id


def test_an_id_is_26_small_letters_and_digits() -> None:
    made = new_id()
    assert len(made) == LENGTH == 26
    assert made == made.lower()
    assert is_id(made)


def test_ids_sort_by_time() -> None:
    moments = [0, 1, 31, 32, 1_000_000, 1_764_000_000_000, 2**48 - 1]
    made = [new_id(moment) for moment in moments]
    assert made == sorted(made)


def test_ids_of_one_moment_differ() -> None:
    assert len({new_id(5) for _ in range(100)}) == 100


def test_an_id_begins_with_its_time_and_nothing_else() -> None:
    assert new_id(2**48 - 1).startswith("7zzzzzzzzz")
    assert new_id(0).startswith("0000000000")


@pytest.mark.parametrize(
    "text", ["", "0" * 25, "0" * 27, "i" * 26, "A" * 26, "é" * 26, "../" + "0" * 23]
)
def test_other_texts_are_no_ids(text: str) -> None:
    assert not is_id(text)
