"""Looking after the log, where something is wrong and where all is well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from companion.care import Care
from companion.model.keeping import Backup, Preview, Report
from companion.ports import Notice
from screens.app import CompanionApp
from tests.doubles import MemoryKeeper
from tests.screens.pilots import go_to, settle
from tests.snapshots.screen_text import ScreenText, screen_text

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from companion.facade import Companion
    from companion.ports import Progress
    from tests.conftest import FixedClock
    from tests.doubles import MemoryLogStore

SIZES = [(80, 24), (120, 40)]
DAMAGED = Notice(
    "2026.1f0c2a9b.log is damaged: 355 bytes from byte 14027 on do not verify (its "
    "digest does not fit).",
    "What is sound is shown. `companion restore` brings a backup back.",
    grave=True,
)


class TellingKeeper(MemoryKeeper):
    """Tells of a damaged log, and of what a backup would bring back."""

    def preview(self, which: str, progress: Progress | None) -> Preview:
        return Preview(
            backup=self.known[0], back=("a",), since=("b", "c"), damaged=True
        )

    def check(self, progress: Progress | None) -> Report:
        return Report(
            faults=("journal/2026.1f0c2a9b.log: 355 bytes do not verify.",),
            remarks=("notes.txt is not of the log and was not read.",),
            commits=1204,
            entries=1180,
            backups=2,
        )


@pytest.fixture
def screens(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(ScreenText)


@pytest.fixture
def cared(companion: Companion, clock: FixedClock) -> Companion:
    backups = [
        Backup(
            name=f"2026-11-{day}",
            folder=Path("/somewhere"),
            made=clock() - timedelta(days=22 - day),
            entries=1160 + day,
            fault="" if day > 19 else "it has no manifest",
        )
        for day in (21, 20, 19)
    ]
    keeper = TellingKeeper(*backups)
    companion.log.write(companion.log.new(text="slept well"))
    return replace(companion, care=Care(lambda: keeper))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "keys",
    ["", "enter", "down enter", "down down enter"],
    ids=["found", "preview", "list", "report"],
)
async def test_a_damaged_log(
    cared: Companion,
    memory_store: MemoryLogStore,
    screens: SnapshotAssertion,
    size: tuple[int, int],
    keys: str,
) -> None:
    memory_store.writable = False
    memory_store.troubled = [DAMAGED]
    app = CompanionApp(cared)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press(*keys.split())
        await settle(pilot)
        assert screen_text(app) == screens


@pytest.mark.parametrize("size", SIZES)
async def test_a_sound_log(
    cared: Companion, screens: SnapshotAssertion, size: tuple[int, int]
) -> None:
    app = CompanionApp(cared)
    async with app.run_test(size=size) as pilot:
        await go_to(pilot, "care")
        assert screen_text(app) == screens
