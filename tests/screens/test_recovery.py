"""Looking after the log: told what is wrong, and bringing a backup back."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input

from companion.bootstrap import open_companion
from companion.care import Care
from companion.errors import LogDamagedError, LogError
from companion.model.keeping import Backup, Preview, Report, Restored
from companion.ports import Notice
from screens.app import CompanionApp
from screens.widgets.lines import Lines
from tests.doubles import MemoryKeeper
from tests.screens.pilots import go_to, settle, shown, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from textual.pilot import Pilot

    from companion.facade import Companion
    from companion.ports import Progress
    from tests.conftest import FixedClock
    from tests.doubles import MemoryLogStore

DAMAGED = Notice("A line does not verify.", "`companion restore` helps.", grave=True)


@pytest.fixture
def home(tmp_path: Path, clock: FixedClock) -> Path:
    """A log of twelve entries, ten of them in a backup."""
    home = tmp_path / "real"
    with closing(open_companion(home, clock=clock)) as companion:
        for number in range(12):
            if number == 10:
                companion.care.back_up()
            companion.log.write(companion.log.new(text=f"line {number}"))
    return home


@pytest.fixture
def opened(home: Path, clock: FixedClock) -> Iterator[Companion]:
    """That log, as it is found."""
    with closing(open_companion(home, clock=clock)) as companion:
        yield companion


@pytest.fixture
def damaged(home: Path, clock: FixedClock) -> Iterator[Companion]:
    """That log, with a byte of the fifth line turned over."""
    (segment,) = (home / "journal").glob("*.log")
    lines = segment.read_bytes().splitlines(keepends=True)
    lines[5] = lines[5].replace(b"line 4", b"LINE 4")
    segment.write_bytes(b"".join(lines))
    with closing(open_companion(home, clock=clock)) as companion:
        yield companion


def told(app: CompanionApp) -> list[str]:
    """Return the passing notes that are shown."""
    return [note.message for note in app._notifications]


async def choose(pilot: Pilot[Any], words: str) -> None:
    """Choose the line that begins so, with the keys."""
    lines = pilot.app.screen.query_one(Lines)
    texts = [str(lines.source.line(n, 80)) for n in range(len(lines.source))]
    index = next(n for n, text in enumerate(texts) if text.startswith(words))
    lines.rest_on(index)
    await pilot.press("enter")
    await settle(pilot)


def texts(companion: Companion) -> list[str]:
    timeline = companion.log.timeline()
    while not timeline.advance():
        pass
    return sorted(timeline.entry(index).text for index in range(len(timeline)))


async def test_it_opens_by_itself_where_the_log_cannot_be_written(
    damaged: Companion,
) -> None:
    app = CompanionApp(damaged)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        words = shown(app)
        assert damaged.content.say("care.unsound") in words
        assert "is damaged" in words
        assert "11 entries" in words
        assert "10 entries" in words
        await pilot.press("escape")
        await settle(pilot)
        assert app.current_mode == "today"
        assert damaged.content.say("care.name") in shown(app)
        await choose(pilot, damaged.content.say("care.name"))
        assert app.current_mode == "care"


async def test_it_stays_away_where_all_is_well(opened: Companion) -> None:
    app = CompanionApp(opened)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert app.current_mode == "today"
        await go_to(pilot, "care")
        assert opened.content.say("care.sound") in shown(app)
        assert "12 entries" in shown(app)


async def test_a_backup_takes_the_place_of_a_damaged_journal(
    damaged: Companion,
) -> None:
    say = damaged.content.say
    app = CompanionApp(damaged)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert say("care.preview-back", entries="one entry") in shown(app)
        # Enter once more does nothing: it is done with another key.
        await pilot.press("enter")
        await settle(pilot)
        assert damaged.log.troubles()
        await choose(pilot, say("care.do-newest"))
        await pilot.press("y")
        await settle(pilot)
        assert say("care.restored-in-place") in shown(app)
        assert not damaged.log.troubles()
        assert texts(damaged) == sorted(f"line {number}" for number in range(12))
        await pilot.press("enter")
        await settle(pilot)
        assert app.current_mode == "today"
        assert say("care.unsound") not in shown(app)
        # The log of this very run can be written again.
        damaged.log.write(damaged.log.new(text="after"))
        app.look_again()
        await go_to(pilot, "log")
        assert "13 entries" in shown(app)
        assert "after" in shown(app)


async def test_a_backup_brought_back_into_a_sound_log_can_be_undone(
    opened: Companion,
) -> None:
    say = opened.content.say
    timeline = opened.log.timeline()
    timeline.advance()
    opened.log.delete(timeline.entry(11).id)
    app = CompanionApp(opened)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "care")
        await choose(pilot, say("care.do-restore"))
        assert say("care.list") in shown(app)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert say("care.restored-undo") in shown(app)
        assert len(texts(opened)) == 12
        await go_to(pilot, "log")
        await pilot.press("u")
        await settle(pilot)
        assert len(texts(opened)) == 11


async def test_everything_is_checked_and_the_faults_are_listed(
    damaged: Companion,
) -> None:
    say = damaged.content.say
    app = CompanionApp(damaged)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await choose(pilot, say("care.do-check"))
        assert say("care.check-faults-one") in shown(app)
        assert "its digest does not fit" in " ".join(shown(app).split())
        await pilot.press("escape")
        await settle(pilot)
        assert say("care.unsound") in shown(app)


async def test_a_backup_is_made_by_hand(opened: Companion) -> None:
    say = opened.content.say
    before = len(opened.care.backups())
    app = CompanionApp(opened)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "care")
        await choose(pilot, say("care.do-backup"))
        await settle(pilot)
        assert len(opened.care.backups()) == before + 1
        assert told(app) == [say("care.backed-up", entries="12 entries")]


async def test_what_can_be_read_is_put_in_a_folder(
    damaged: Companion, tmp_path: Path
) -> None:
    say = damaged.content.say
    app = CompanionApp(damaged)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await choose(pilot, say("care.do-rescue"))
        line = app.screen.query_one(Input)
        assert line.has_focus
        assert "rescued" in line.value
        line.value = str(tmp_path / "safe")
        await pilot.press("enter")
        await settle(pilot)
        # The backup was read too: what is damaged in the journal is whole there.
        assert say("care.rescued-count", entries="12 entries", drafts=0, pages=0) in (
            shown(app)
        )
        assert (tmp_path / "safe").is_dir()
        await choose(pilot, say("care.done-more"))
        await choose(pilot, say("care.do-rescue"))
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen.query_one(Lines).has_focus


class SlowKeeper(MemoryKeeper):
    """Waits in the middle of its work until a test lets it go on."""

    def __init__(self, backup: Backup) -> None:
        super().__init__(backup)
        self.go_on = threading.Event()
        self.in_place = False
        self.fails = False

    def preview(self, which: str, progress: Progress | None) -> Preview:
        return Preview(backup=self.known[0], back=("a",))

    def check(self, progress: Progress | None) -> Report:
        assert progress is not None
        while not self.go_on.wait(0.01):
            progress(0.5, "Reading the journal")
        return Report(faults=("One.", "Two."), remarks=("By the way.",))

    def restore(
        self, which: str, progress: Progress | None, *, exactly: bool = False
    ) -> Restored:
        assert progress is not None
        progress(1.0, "Reading")
        self.go_on.wait()
        if self.fails:
            raise LogDamagedError("It does not verify.", hint="Try another.")
        return Restored(
            backup=self.known[0], before="2026-before", in_place=self.in_place
        )


@pytest.fixture
def keeper(tmp_path: Path, clock: FixedClock) -> SlowKeeper:
    made = clock().replace(day=20)
    return SlowKeeper(Backup(name="2026-11-20", folder=tmp_path, made=made, entries=3))


@pytest.fixture
def careful(companion: Companion, keeper: SlowKeeper) -> Companion:
    return replace(companion, care=Care(lambda: keeper))


async def begin(pilot: Pilot[Any], companion: Companion, key: str) -> None:
    """Begin something that does not end by itself."""
    lines = pilot.app.screen.query_one(Lines)
    texts = [str(lines.source.line(n, 80)) for n in range(len(lines.source))]
    wanted = companion.content.say(key)
    lines.rest_on(next(n for n, text in enumerate(texts) if text.startswith(wanted)))
    await pilot.press("enter")


async def test_what_only_reads_can_be_stopped(
    careful: Companion, keeper: SlowKeeper
) -> None:
    say = careful.content.say
    app = CompanionApp(careful)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "care")
        await begin(pilot, careful, "care.do-check")
        await until(pilot, lambda: "50%" in shown(app))
        assert say("care.working-stop") in shown(app)
        await pilot.press("escape")
        await until(pilot, lambda: say("care.sound") in shown(app))
        assert told(app) == [say("care.stopped")]


async def test_nothing_goes_on_beside_it(
    careful: Companion, keeper: SlowKeeper, memory_store: MemoryLogStore
) -> None:
    say = careful.content.say
    app = CompanionApp(careful)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "care")
        await choose(pilot, say("care.do-restore"))
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("y", "y")
        await until(pilot, lambda: say("care.working-wait") in shown(app))
        memory_store.arriving = [careful.log.new(text="from outside")]
        app.look_again()
        await pilot.press("f3", "escape", "f2")
        await pilot.pause()
        assert app.current_mode == "care"
        assert memory_store.entries == {}
        # Hiding works whatever goes on.
        await pilot.press("f8")
        await pilot.pause()
        assert app.current_mode == "hide"
        await pilot.press("f8")
        keeper.go_on.set()
        await until(pilot, lambda: say("care.restored") in shown(app))
        assert "2026-before" in shown(app)
        app.look_again()
        assert len(memory_store.entries) == 1


async def test_why_it_could_not_be_brought_back_is_said(
    careful: Companion, keeper: SlowKeeper
) -> None:
    say = careful.content.say
    keeper.fails = True
    keeper.go_on.set()
    app = CompanionApp(careful)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "care")
        await choose(pilot, say("care.do-restore"))
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("y")
        await until(pilot, lambda: told(app) == ["It does not verify. Try another."])
        assert say("care.sound") in shown(app)


async def test_a_log_that_cannot_be_opened_anew_closes_the_app(
    careful: Companion,
    keeper: SlowKeeper,
    memory_store: MemoryLogStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    say = careful.content.say
    keeper.in_place = True
    keeper.go_on.set()

    def refuse(progress: Progress | None = None) -> None:
        raise LogError("The folder cannot be used.", hint="Look after it.")

    monkeypatch.setattr(memory_store, "reopen", refuse)
    app = CompanionApp(careful)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "care")
        await choose(pilot, say("care.do-restore"))
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("y")
        await until(pilot, lambda: app.return_code is not None)
    assert app.return_code == 3
    assert app.last_words == "The folder cannot be used. Look after it."


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 40)])
async def test_it_can_be_read_to_its_end_at_any_size(
    companion: Companion, memory_store: MemoryLogStore, size: tuple[int, int]
) -> None:
    memory_store.writable = False
    memory_store.troubled = [DAMAGED, Notice("Another, too.", "Mend it.", grave=True)]
    app = CompanionApp(companion)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert app.current_mode == "care"
        await pilot.press("end")
        await settle(pilot)
        seen = shown(app)
        for _ in range(25):
            await pilot.press("up")
            seen += f" {shown(app)}"
        seen = " ".join(seen.split())
        assert "A line does not verify." in seen
        assert companion.content.say("care.do-read") in seen
        assert "`" not in seen


async def test_the_mouse_is_enough(opened: Companion) -> None:
    say = opened.content.say
    app = CompanionApp(opened)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "care")
        row = next(
            number
            for number, line in enumerate(shown(app).splitlines())
            if say("care.do-check") in line
        )
        await pilot.click(offset=(8, row))
        await settle(pilot)
        assert say("care.check-sound") in shown(app)


async def test_a_backup_that_cannot_be_brought_back_says_why(
    careful: Companion, keeper: SlowKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    say = careful.content.say
    seen = Preview(
        backup=keeper.known[0], back=("a",), damaged=True, why_not="Update Companion."
    )
    monkeypatch.setattr(keeper, "preview", lambda _which, _progress: seen)
    app = CompanionApp(careful)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "care")
        await choose(pilot, say("care.do-restore"))
        await pilot.press("enter")
        await settle(pilot)
        assert "Update Companion." in shown(app)
        assert say("care.preview-do") not in shown(app)
        # The key that would do it does nothing, too.
        await pilot.press("y")
        await settle(pilot)
        assert say("care.preview-leave") in shown(app)
        await pilot.press("enter")
        await settle(pilot)
        assert say("care.sound") in shown(app)
