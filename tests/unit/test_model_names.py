from __future__ import annotations

import pytest

from companion.model.names import clean_names


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ([], ()),
        (["rest"], ("rest",)),
        (["#rest", "@Z"], ("rest", "Z")),
        (["  rest  ", "# walk "], ("rest", "walk")),
        (["a, b,,c ,"], ("a", "b", "c")),
        (["Rest", "rest", "REST", "walk"], ("Rest", "walk")),
        (["", " ", "#", "@ ", ","], ()),
        (["##x", "inner#sign", "a@b"], ("x", "inner#sign", "a@b")),
        (["é", "e\u0301"], ("é",)),
        (["two words"], ("two words",)),
    ],
)
def test_names_are_stripped_of_signs_and_kept_once_in_order(
    given: list[str], names: tuple[str, ...]
) -> None:
    assert clean_names(given) == names


def test_names_may_come_from_anything_that_gives_them_once() -> None:
    assert clean_names(word for word in ("b", "a", "B")) == ("b", "a")
