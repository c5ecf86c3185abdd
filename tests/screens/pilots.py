"""What tests of screens share: sitting down, typing, and looking at what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widgets import Static

from screens.messages import BeginSitting, OpenRoom
from screens.widgets.editor import Editor

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    import pytest
    from textual.app import App
    from textual.pilot import Pilot

_KEYS = {" ": "space", "\n": "enter", ".": "full_stop", ",": "comma", "-": "minus"}


async def type_words(pilot: Pilot[Any], words: str) -> None:
    """Press the keys of `words` one after the other."""
    await pilot.press(*(_KEYS.get(letter, letter) for letter in words))


async def sit_down(
    pilot: Pilot[Any], sitting: str = "five-minutes", day: date | None = None
) -> None:
    """Begin a sitting."""
    pilot.app.post_message(BeginSitting(sitting, day))
    await pilot.pause()


async def go_to(pilot: Pilot[Any], room: str) -> None:
    """Open a room, and let it finish reading."""
    pilot.app.post_message(OpenRoom(room))
    await settle(pilot)


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until everything that was begun is done."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def until(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    """Wait until something holds; the time limit of the test ends a wait in vain."""
    while not holds():
        await pilot.pause(0.02)


def shown(app: App[Any]) -> str:
    """Return the screen as plain text, without blanks at the ends of lines."""
    compositor = app.screen._compositor
    rows = compositor.render_strips()
    return "\n".join("".join(part.text for part in row).rstrip() for row in rows)


def words_of(app: App[Any], selector: str) -> str:
    """Return what a line of words says."""
    return str(app.screen.query_one(selector, Static).visual)


def page(app: App[Any]) -> Editor:
    """Return the page that is written on."""
    return app.screen.query_one(Editor)


def calls(
    monkeypatch: pytest.MonkeyPatch, place: object, name: str
) -> list[tuple[Any, ...]]:
    """Return what something is called with from now on; it works as before."""
    told: list[tuple[Any, ...]] = []
    before = getattr(place, name)

    def call(*given: Any) -> Any:
        told.append(given)
        return before(*given)

    monkeypatch.setattr(place, name, call)
    return told
