"""Today, Settings, Keys, the person's own page, hiding and the palette, as drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from companion.facade import Places
from screens.app import CompanionApp
from screens.messages import OpenPage
from tests.screens.pilots import settle, until
from tests.snapshots.screen_text import ScreenText, screen_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syrupy.assertion import SnapshotAssertion
    from textual.pilot import Pilot

    from companion.facade import Companion
    from tests.doubles import MemoryLogStore

SIZES = [(80, 24), (120, 40)]
KEPT = (
    (date(2025, 11, 22), "The crew met for the first time, at the lake.", ()),
    (date(2026, 8, 22), "A long walk. Decided to hand the rota over.", ()),
    (date(2026, 10, 22), "Asked Ana what she needed. Company, she said.", ("A.",)),
    (date(2026, 11, 22), "Slept well, and woke before the alarm.", ()),
    (date(2026, 11, 22), "Told M. I had promised too much.", ("M.",)),
)


@pytest.fixture
def screens(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots as plain text."""
    return snapshot.use_extension(ScreenText)


def fill(companion: Companion) -> None:
    for day, text, shared in KEPT:
        companion.log.write(companion.log.new(day=day, text=text, shared_with=shared))


async def at(pilot: Pilot[None], keys: Sequence[str]) -> None:
    await pilot.press(*keys)
    await settle(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_today_at_the_very_first(
    companion: Companion, screens: SnapshotAssertion, size: tuple[int, int]
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert screen_text(app) == screens


@pytest.mark.parametrize("size", SIZES)
async def test_today_with_entries(
    companion: Companion, screens: SnapshotAssertion, size: tuple[int, int]
) -> None:
    fill(companion)
    app = CompanionApp(companion)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "On this day" in screen_text(app))
        await settle(pilot)
        assert screen_text(app) == screens


@pytest.mark.parametrize("size", SIZES)
async def test_today_with_a_draft(
    companion: Companion, screens: SnapshotAssertion, size: tuple[int, int]
) -> None:
    fill(companion)
    run = companion.reflection.begin("free")
    run.text = "half a thou"
    companion.drafts.save(run.id, run.state())
    app = CompanionApp(companion)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen._facts.memories)  # type: ignore[attr-defined]
        await settle(pilot)
        assert screen_text(app) == screens


@pytest.mark.parametrize("size", SIZES)
async def test_today_in_a_second_window(
    companion: Companion,
    memory_store: MemoryLogStore,
    screens: SnapshotAssertion,
    size: tuple[int, int],
) -> None:
    fill(companion)
    memory_store.writable = False
    app = CompanionApp(companion)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen._facts.memories)  # type: ignore[attr-defined]
        await settle(pilot)
        assert screen_text(app) == screens


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("where", ["top", "end"])
async def test_settings(
    companion: Companion,
    screens: SnapshotAssertion,
    size: tuple[int, int],
    where: str,
) -> None:
    places = Places(home=Path("/home/me/companion"), config=Path("/home/me/settings"))
    companion = replace(companion, places=places)
    app = CompanionApp(companion)
    async with app.run_test(size=size) as pilot:
        await at(pilot, ["f4", *(["end"] if where == "end" else [])])
        assert screen_text(app) == screens


@pytest.mark.parametrize("size", SIZES)
async def test_keys(
    companion: Companion, screens: SnapshotAssertion, size: tuple[int, int]
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=size) as pilot:
        await at(pilot, ["question_mark"])
        assert screen_text(app) == screens


@pytest.mark.parametrize("size", SIZES)
async def test_people(
    companion: Companion, screens: SnapshotAssertion, size: tuple[int, int]
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=size) as pilot:
        await at(pilot, ["f5"])
        assert screen_text(app) == screens


@pytest.mark.parametrize("size", SIZES)
async def test_hidden(
    companion: Companion, screens: SnapshotAssertion, size: tuple[int, int]
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=size) as pilot:
        await at(pilot, ["f8"])
        assert screen_text(app) == screens


@pytest.mark.parametrize("size", SIZES)
async def test_what_this_is_not(
    companion: Companion, screens: SnapshotAssertion, size: tuple[int, int]
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=size) as pilot:
        app.post_message(OpenPage("not-therapy"))
        await settle(pilot)
        assert screen_text(app) == screens


@pytest.mark.parametrize("size", SIZES)
async def test_another_day(
    companion: Companion, screens: SnapshotAssertion, size: tuple[int, int]
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=size) as pilot:
        await at(pilot, ["d"])
        await at(pilot, list("monday"))
        assert screen_text(app) == screens


async def test_too_small(companion: Companion, screens: SnapshotAssertion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(38, 9)) as pilot:
        await settle(pilot)
        assert screen_text(app) == screens
