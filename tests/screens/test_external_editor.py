"""The person's own editor: started safely, its text brought back whole."""

from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from screens.app import CompanionApp
from screens.external_editor import command
from tests.screens.pilots import page, sit_down, type_words, words_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from companion.facade import Companion

    Editor = Callable[[str], Path]

SIZE = (80, 24)


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    """Make an editor of a few lines of Python, and a terminal that makes room."""
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    places = tmp_path / "places"
    places.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(places))

    def make(body: str) -> Path:
        script = tmp_path / "my editor.py"
        script.write_text(
            "import pathlib, sys\n"
            "file = pathlib.Path(sys.argv[-1])\n"
            "text = file.read_bytes().decode()\n" + body
        )
        monkeypatch.setenv("VISUAL", f"{sys.executable} '{script}'")
        return places

    return make


async def write_outside(companion: Companion, begun: str) -> tuple[str, str]:
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "free")
        page(app).write(begun)
        await pilot.press("ctrl+o")
        await pilot.pause()
        return page(app).words, words_of(app, "#notice")


async def test_what_the_editor_wrote_stands_on_the_page(
    companion: Companion, editor: Editor
) -> None:
    places = editor("file.write_text(text + ' and more\\n')")
    words, notice = await write_outside(companion, "some")
    assert words == "some and more"
    assert notice == ""
    assert list(places.iterdir()) == []


async def test_an_end_of_line_the_text_had_stays(
    companion: Companion, editor: Editor
) -> None:
    editor("file.write_text(text + 'more\\n')")
    words, _notice = await write_outside(companion, "some\n")
    assert words == "some\nmore\n"


async def test_what_was_written_outside_is_one_change_to_undo(
    companion: Companion, editor: Editor
) -> None:
    editor("file.write_text('all new\\n')")
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "free")
        await type_words(pilot, "before")
        await pilot.press("ctrl+o")
        assert page(app).text == "all new"
        await pilot.press("ctrl+z")
        assert page(app).text == "before"
        await pilot.press("ctrl+s")


async def test_only_the_owner_can_read_the_file(
    companion: Companion, editor: Editor, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    editor(
        f"pathlib.Path({str(seen)!r}).write_text("
        "f'{file.stat().st_mode:o} {file.parent.stat().st_mode:o} {file.name}')"
    )
    await write_outside(companion, "private")
    mode, folder, name = seen.read_text().split()
    assert stat.S_IMODE(int(mode, 8)) == 0o600
    assert stat.S_IMODE(int(folder, 8)) == 0o700
    assert name.endswith(".md")


async def test_what_an_editor_leaves_beside_the_text_goes_too(
    companion: Companion, editor: Editor
) -> None:
    places = editor("(file.parent / '.text.md.swp').write_text(text)")
    await write_outside(companion, "private")
    assert list(places.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "left", "said"),
    [
        ("raise SystemExit(3)", "mine", "ended with 3"),
        (
            "import os; file.write_text(text + '!'); os.kill(os.getpid(), 9)",
            "mine!",
            "was ended by signal 9",
        ),
        ("import os; os.kill(os.getpid(), 9)", "mine", "Your text is kept"),
        ("file.unlink()", "mine", "left no text"),
        (
            "file.write_text(text + '!\\n'); raise SystemExit(1)",
            "mine!",
            "ended with 1",
        ),
        (
            "file.write_bytes(b'caf\\xe9')",
            "caf\N{REPLACEMENT CHARACTER}",
            "Some letters",
        ),
        (
            "file.write_bytes(b'\\xef\\xbb\\xbfplain\\r\\nlines\\r\\n')",
            "plain\nlines",
            "",
        ),
        ("file.write_bytes(b'')", "", ""),
    ],
)
async def test_whatever_the_editor_does_is_said_and_nothing_is_lost(
    companion: Companion, editor: Editor, body: str, left: str, said: str
) -> None:
    places = editor(body)
    kept, notice = await write_outside(companion, "mine")
    assert kept == left
    assert said in notice
    assert bool(said) == bool(notice)
    assert list(places.iterdir()) == []


@pytest.mark.parametrize("named", ["no-such-editor-here", "/", "'open quote"])
async def test_an_editor_that_does_not_start_leaves_the_text_and_the_screen(
    companion: Companion, editor: Editor, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    editor("")
    monkeypatch.setenv("VISUAL", named)
    kept, notice = await write_outside(companion, "mine")
    assert kept == "mine"
    assert "did not start" in notice
    assert "Your text is kept" in notice


async def test_without_an_editor_it_is_said_how_to_name_one(
    companion: Companion, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor("")
    monkeypatch.delenv("VISUAL")
    monkeypatch.delenv("EDITOR", raising=False)
    kept, notice = await write_outside(companion, "mine")
    assert kept == "mine"
    assert "EDITOR=nano" in notice


async def test_where_the_terminal_cannot_make_room_the_text_stays(
    companion: Companion, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = editor("file.write_text('never')")
    monkeypatch.setattr(HeadlessDriver, "can_suspend", False)
    kept, notice = await write_outside(companion, "mine")
    assert kept == "mine"
    assert "cannot make room" in notice
    assert list(places.iterdir()) == []


async def test_where_there_is_no_place_for_the_file_the_text_stays(
    companion: Companion, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor("file.write_text('never')")

    def full(**_where: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    kept, notice = await write_outside(companion, "mine")
    assert kept == "mine"
    assert "No space left on device" in notice


async def test_a_text_too_long_for_a_page_is_held_and_written_outside_again(
    companion: Companion, editor: Editor
) -> None:
    editor("file.write_text('long ' * 60000 if len(text) < 9 else text + 'end')")
    app = CompanionApp(companion)
    async with app.run_test(size=SIZE) as pilot:
        await sit_down(pilot, "free")
        await type_words(pilot, "mine")
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert page(app).is_outside
        assert "too long for a page" in words_of(app, "#notice")
        await type_words(pilot, "x")
        assert page(app).words == "long " * 60000
        await pilot.press("ctrl+o", "ctrl+s")
        await pilot.pause()
    timeline = companion.log.timeline()
    timeline.advance()
    assert timeline.entry(0).text == "long " * 60000 + "end"


def test_visual_comes_before_editor_and_words_are_split() -> None:
    assert command({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]
    assert command({"VISUAL": " ", "EDITOR": "'/a b/vi' -n"}) == ["/a b/vi", "-n"]
    assert command({"EDITOR": "it's"}) == ["it's"]
    assert command({}) == []
