"""Every target on what is saved of it, and on what chance makes of that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.regime import Regime

CORPUS = Path(__file__).parent / "corpus"
MOST = 400_000
"""Most bytes that all saved inputs may take."""
SLOW = {"segment", "journal", "commands", "conversation"}

Edit = tuple[int, int, bytes]


def saved(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]


def edited(data: bytes, edits: list[Edit]) -> bytes:
    """Put bytes in place of others, here and there."""
    for at, length, new in edits:
        begin = at % (len(data) + 1)
        data = data[:begin] + new + data[begin + length :]
    return data


def variations(name: str) -> st.SearchStrategy[bytes]:
    """Return saved inputs with a few pieces taken out, put in or swapped."""
    seeds = saved(name)
    pieces = [
        b"null", b"{}", b"[]", b'""', b"-1", b"1e999", b"NaN", b"true", b"\0", b"\n",
        b'"\\ud800"', b"9" * 5000, b"[" * 3000, b"\xed\xa0\x80", b"\xff", b"\x1b[2J",
        b'{"a":', b"../", b"0x1", b":", b'"', b"-", b" ",
    ]  # fmt: skip
    piece = st.sampled_from(pieces) | st.binary(max_size=8) | st.just(b"")
    edit = st.tuples(st.integers(0, 1 << 16), st.integers(0, 24), piece)
    return st.builds(edited, st.sampled_from(seeds), st.lists(edit, max_size=4))


@pytest.mark.parametrize("name", TARGETS)
def test_what_was_saved_breaks_no_promise(name: str, regime: Regime) -> None:
    for data in saved(name):
        TARGETS[name](data)
    regime("fuzzing", readers=1, saved_inputs=len(saved(name)), broken=0)


@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_break_a_promise(name: str, regime: Regime) -> None:
    count = 12 if name in SLOW else 40
    _try(TARGETS[name], variations(name), count)
    regime("fuzzing", others=count)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_break_a_promise_for_long(name: str, regime: Regime) -> None:
    count = 150 if name in SLOW else 1000
    _try(TARGETS[name], variations(name), count)
    regime("fuzzing", readers=1, inputs=count, broken=0)


def _try(
    target: Callable[[bytes], None], some: st.SearchStrategy[bytes], count: int
) -> None:
    @settings(
        max_examples=count,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(data=some)
    def tried(data: bytes) -> None:
        target(data)

    tried()


def test_the_corpus_is_small_and_every_target_has_one() -> None:
    assert {path.name for path in CORPUS.iterdir()} == set(TARGETS)
    assert sum(len(data) for name in TARGETS for data in saved(name)) < MOST
