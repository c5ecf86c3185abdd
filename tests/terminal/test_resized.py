"""A terminal that is pulled to every size while a person writes."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import pytest

from tests.terminal.house import House, said
from tests.terminal.terminal import Terminal, companion

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.xdist_group("terminal"),
    pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning"),
]

USUAL = (80, 24)
ROOMY = [(40, 10), (79, 23), (120, 40), (41, 30), USUAL]
ANY = [(1, 1), (40, 10), (0, 0), (300, 100), (2, 60), (200, 1), USUAL]


def _begin(house: House) -> Terminal:
    window = house.open()
    window.press("w")
    window.wait_for(said("reflect.page"))
    return window


def _pull(house: House, times: int) -> None:
    """Write while the size changes; then change it to what no page fits in, too."""
    window = _begin(house)
    words = [f"w{number}" for number in range(times // 10)]
    for number, size in zip(range(times // 2), cycle(ROOMY), strict=False):
        window.resize(*size)
        window.read(0.01)
        if number % 5 == 0:
            window.type(f"{words[number // 5]} ")
    for _, size in zip(range(times // 2), cycle(ANY), strict=False):
        window.resize(*size)
        window.read(0.01)
    window.resize(*USUAL)
    calm = _begin(House(house.folder / "calm", house.windows))
    calm.type(" ".join([*words, ""]))
    # Either may be in the middle of drawing, so both are read until they are alike.
    window.wait_until(
        lambda text: calm.read() and words[-1] in text and text == calm.text,
        "to be as one that was never changed",
    )
    window.press("ctrl+q")
    assert window.ended() == 0
    assert window.held() == []
    (draft,) = (house.home / "drafts").glob("*.draft")
    assert " ".join(words) in draft.read_text()


def test_no_change_of_size_costs_a_letter(house: House, tmp_path: Path) -> None:
    (tmp_path / "calm").mkdir()
    _pull(house, 100)


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_five_hundred_changes_of_size_cost_no_letter(
    house: House, tmp_path: Path
) -> None:
    (tmp_path / "calm").mkdir()
    _pull(house, 500)


@pytest.mark.parametrize(
    "size", [(1, 1), pytest.param((40, 10), marks=pytest.mark.soak)]
)
def test_what_begins_too_small_can_grow(house: House, size: tuple[int, int]) -> None:
    with Terminal(companion(house.home), house.folder, size=size) as window:
        # Before it has drawn anything there is nothing to be made larger.
        window.wait_until(lambda _: b"?1049h" in window.raw, "the app")
        window.read(1)
        window.resize(*USUAL)
        window.wait_for(said("today.free-name"))
        window.press("w")
        window.wait_for(said("reflect.page"))
        window.type("slept well")
        window.wait_for("slept well")
        window.press("ctrl+s")
        window.wait_for(said("reflect.kept"))
        window.press("ctrl+q")
        assert window.ended() == 0
        assert window.held() == []
    assert house.log()[0]["text"] == "slept well"
