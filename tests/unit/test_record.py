"""A record is what a dataclass is, only cheaper to make."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError, dataclass, fields, is_dataclass, replace
from typing import Any

import pytest

from companion.record import FEW, record


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """What a record is measured by."""

    name: str
    count: int = 3
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("less than nothing")


@record(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record that does not change."""

    name: str
    count: int = 3
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("less than nothing")

    @property
    def twice(self) -> int:
        return 2 * self.count


@record(slots=True)
class Loose:
    """A record that may change."""

    name: str
    count: int = 0


def test_it_holds_shows_and_compares_its_fields() -> None:
    for number in range(2 * FEW):  # before and after its `__init__` is compiled
        kept, like = Kept(name="a", count=number), Like(name="a", count=number)
        assert (kept.name, kept.count, kept.parts) == (like.name, like.count, ())
        assert kept.twice == 2 * number
        assert repr(kept) == repr(like).replace("Like", "Kept")
        assert kept == Kept(name="a", count=number)
        assert hash(kept) == hash(Kept(name="a", count=number))
        assert kept != Kept(name="b", count=number)


@pytest.mark.parametrize("kind", [Like, Kept])
@pytest.mark.parametrize("made_before", [0, 2 * FEW])
def test_it_takes_only_what_fits(kind: Any, made_before: int) -> None:
    for _ in range(made_before):
        kind(name="a")
    for given in ((), ("a",)):
        with pytest.raises(TypeError):
            kind(*given)
    with pytest.raises(TypeError):
        kind(name="a", other=1)
    with pytest.raises(ValueError, match="less than nothing"):
        kind(name="a", count=-1)


@pytest.mark.parametrize("kind", [Like, Kept])
def test_what_is_frozen_does_not_change(kind: Any) -> None:
    value = kind(name="a")
    with pytest.raises(FrozenInstanceError):
        value.name = "b"
    with pytest.raises(FrozenInstanceError):
        del value.name
    assert value.name == "a"
    assert not hasattr(value, "__dict__")


def test_what_is_not_frozen_changes_and_has_no_hash() -> None:
    loose = Loose("a", 1)
    loose.count = 2
    assert loose == Loose(name="a", count=2)
    with pytest.raises(TypeError):
        hash(loose)
    match loose:
        case Loose(name, count):
            assert (name, count) == ("a", 2)


def test_the_functions_of_dataclasses_know_it() -> None:
    assert is_dataclass(Kept)
    shown = [(field.name, field.default, field.kw_only) for field in fields(Kept)]
    assert shown == [
        (field.name, field.default, field.kw_only) for field in fields(Like)
    ]
    assert replace(Kept(name="a", count=1), name="b") == Kept(name="b", count=1)
    with pytest.raises(TypeError):
        replace(Kept(name="a"), other=1)  # type: ignore[call-arg]


def test_making_one_loads_no_dataclasses() -> None:
    said = (
        "import sys; from companion.record import record\n"
        "@record(frozen=True, slots=True)\n"
        "class Value:\n"
        "    name: str\n"
        "Value(name='a') == Value(name='b')\n"
        "print('dataclasses' in sys.modules)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"
