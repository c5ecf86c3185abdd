"""Words stay words, and a fault of ours tells nothing of the person's."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.content import Content
from textual.drivers import linux_driver
from textual.notifications import Notification
from textual.widgets import Static
from textual.widgets._toast import Toast

from companion.crash import describe, write_report
from companion.visible import CONTROLS
from screens.app import CompanionApp
from screens.environment import KEPT, clear
from screens.safety import ControlFilter, plain
from screens.safety.terminal import SteadyDecoder, steady_terminal
from tests.screens.pilots import shown

if TYPE_CHECKING:
    from datetime import datetime

    from companion.facade import Companion

CORPUS = Path(__file__).parents[1] / "corpora" / "hostile-text.jsonl"
CASES = [json.loads(line) for line in CORPUS.read_text().splitlines()]
SENTINEL = "what Ana told me at the lake"
BLACK = Color(0, 0, 0)


def ids(case: dict[str, str]) -> str:
    return case["id"]


# plain


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_any_text_becomes_plain_words(case: dict[str, str]) -> None:
    for limit in (None, 200):
        content = plain(case["text"], limit=limit)
        assert isinstance(content, Content)
        assert not content.spans
        assert not CONTROLS.intersection(content.plain)
        content.plain.encode()


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_in_a_row_it_is_one_line_of_at_most_the_limit(case: dict[str, str]) -> None:
    line = plain(case["text"], limit=200).plain
    assert len(line) <= 200
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "limit", "said"),
    [
        ("as it is", None, "as it is"),
        ("as it is", 8, "as it is"),
        ("as it is", 7, "as it\u2026"),
        ("one\ntwo\tthree", 20, "one two three"),
        ("one\ntwo", None, "one\ntwo"),
        ("\x1b[31mred\x7f", None, "\u241b[31mred\u2421"),
        ("a\u202eb\u2066c\x9bd\ufeff", None, "a\ufffdb\ufffdc\ufffdd\ufffd"),
        ("two\u2028lines", None, "two\u2424lines"),
        ("half \ud800", None, "half \ufffd"),
        ("famil\U0001f468\u200d\U0001f469y", None, "famil\U0001f468\u200d\U0001f469y"),
        ("x" * 1000, 3, "xx\u2026"),
        (" " * 1000, 3, "\u2026"),
    ],
)
def test_what_steers_becomes_a_mark(text: str, limit: int | None, said: str) -> None:
    assert plain(text, limit=limit).plain == said


# The gate


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_nothing_that_steers_passes_the_gate(case: dict[str, str]) -> None:
    passed = ControlFilter().apply([Segment(case["text"])], BLACK)
    for segment in passed:
        assert not CONTROLS.intersection(segment.text)
        assert "\n" not in segment.text
        assert segment.control is None
        segment.text.encode()


@pytest.mark.parametrize(
    "code", [*range(32), *range(0x7F, 0xA0), 0x202E, 0x2066, 0xD800]
)
def test_the_gate_keeps_the_width(code: int) -> None:
    before = Segment(f"a{chr(code)}b")
    (after,) = ControlFilter().apply([before], BLACK)
    assert after.cell_length == before.cell_length


def test_harmless_lines_pass_as_they_are() -> None:
    line = [Segment("caf\u00e9 \U0001f468\u200d\U0001f469"), Segment("plain")]
    assert [part.text for part in ControlFilter().apply(line, BLACK)] == [
        part.text for part in line
    ]


async def test_the_gate_stands_in_the_app(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test():
        assert isinstance(app.get_line_filters()[-1], ControlFilter)


@pytest.mark.parametrize("kind", sorted({case["class"] for case in CASES}))
async def test_notes_show_any_text_as_words(companion: Companion, kind: str) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 40), notifications=True) as pilot:
        for case in CASES:
            if case["class"] == kind and len(case["text"]) < 5000:
                app.notify(case["text"], title=case["text"], timeout=0.2)
                app.screen.notify(case["text"], title=case["text"], timeout=0.2)
        await pilot.pause(0.1)
        for row in app.screen._compositor.render_strips():
            assert not any(part.style and "@click" in part.style.meta for part in row)


@pytest.mark.timeout(30)
async def test_a_note_whose_time_is_over_before_it_is_drawn_stops_nothing(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        late = Toast(Notification("late", timeout=-1))
        assert late._timeout < 0
        await app.screen.mount(late)
        while late.is_attached:
            await pilot.pause(0.01)


async def test_a_note_is_never_styled_by_its_words(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.notify("[b]loud[/b]", markup=True)
        await pilot.pause()
        assert "[b]loud[/b]" in shown(app)


async def test_a_note_shows_brackets_as_they_are(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.notify("[@click=app.quit]tap[/] [/b]", markup=True)
        await pilot.pause()
        assert "[@click=app.quit]tap[/] [/b]" in shown(app)


@pytest.mark.parametrize("kind", sorted({case["class"] for case in CASES}))
async def test_today_shows_any_text_as_words(companion: Companion, kind: str) -> None:
    for case in CASES:
        if case["class"] == kind and case["text"].strip():
            text = case["text"].encode(errors="replace").decode()
            companion.log.write(companion.log.new(text=text))
    app = CompanionApp(companion)
    async with app.run_test(size=(80, 60)) as pilot:
        await pilot.press("end")
        await pilot.pause()
        for row in app.screen._compositor.render_strips():
            assert not any(part.style and "@click" in part.style.meta for part in row)


# The environment


def test_what_would_write_keys_or_pictures_is_cleared() -> None:
    environment = {
        "TEXTUAL": "devtools,debug",
        "TEXTUAL_LOG": "/tmp/keys",
        "TEXTUAL_DEBUG": "1",
        "TEXTUAL_DEVTOOLS_HOST": "example.org",
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_DRIVER": "other:Driver",
        "TEXTUALLY": "stays",
        "PATH": "/bin",
        **dict.fromkeys(KEPT, "stays"),
    }
    clear(environment)
    assert set(environment) == {"TEXTUALLY", "PATH", *KEPT}


# Reading


def test_a_byte_that_is_no_letter_becomes_a_mark() -> None:
    decoder = SteadyDecoder(lambda: None)
    assert decoder.decode(b"caf\xe9 caf\xc3") == "caf\ufffd caf"
    assert decoder.decode(b"\xa9\xff") == "\u00e9\ufffd"
    assert decoder.decode(b"\xc3", final=True) == "\ufffd"


def test_a_terminal_that_went_is_told_once_a_read() -> None:
    gone: list[bool] = []
    decoder = SteadyDecoder(lambda: gone.append(True))
    assert decoder.decode(b"") == ""
    assert gone == [True]
    assert decoder.decode(b"", final=True) == ""
    assert gone == [True]


def test_textual_reads_through_it_only_while_the_app_runs() -> None:
    strict = vars(linux_driver)["getincrementaldecoder"]
    with steady_terminal(lambda: None, lambda: None):
        lent = vars(linux_driver)["getincrementaldecoder"]("utf-8")()
        assert lent.decode(b"\xff") == "\ufffd"
    assert vars(linux_driver)["getincrementaldecoder"] is strict
    names = linux_driver.LinuxDriver.run_input_thread.__code__.co_names
    assert "getincrementaldecoder" in names


# Signals


async def test_a_signal_keeps_what_is_half_written(companion: Companion) -> None:
    app = CompanionApp(companion)
    kept: list[str] = []
    async with app.run_test() as pilot:
        app.watch_signals()
        monkey = pytest.MonkeyPatch()
        monkey.setattr(app, "keep_drafts", lambda: kept.append("kept"))
        os.kill(os.getpid(), signal.SIGTERM)
        await pilot.pause(0.1)
        app.unwatch_signals()
        monkey.undo()
    assert kept == ["kept"]
    assert app.return_code == 128 + signal.SIGTERM


async def test_a_screen_that_fails_to_keep_does_not_cost_what_another_holds(
    companion: Companion, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = CompanionApp(companion)
    async with app.run_test() as pilot:
        await pilot.press("f5")
        await pilot.pause()
        await pilot.press("A")

        def fail() -> None:
            raise RuntimeError

        today = app._screen_stacks["today"][0]
        monkeypatch.setattr(today, "keep_draft", fail, raising=False)
        app.keep_drafts()
        assert companion.preferences.help_page().startswith("A")


async def test_a_terminal_that_went_ends_it(companion: Companion) -> None:
    app = CompanionApp(companion)
    async with app.run_test() as pilot:
        await asyncio.to_thread(app.hang_up)
        await pilot.pause(0.1)
    assert app.return_code == 128 + signal.SIGHUP


# Crashes


def fail_with(secret: str) -> None:
    inner = secret.upper()
    try:
        int(inner)
    except ValueError as error:
        raise RuntimeError(secret) from error


def caught() -> RuntimeError:
    try:
        fail_with(SENTINEL)
    except RuntimeError as error:
        return error
    raise AssertionError


def test_a_report_tells_types_and_lines_and_nothing_else() -> None:
    words = describe(caught())
    assert "builtins.RuntimeError" in words
    assert "builtins.ValueError" in words
    assert "test_safety.py:" in words
    assert SENTINEL not in words
    assert SENTINEL.upper() not in words


def test_a_loop_of_causes_ends() -> None:
    one, other = RuntimeError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert describe(one).splitlines() == [
        "builtins.RuntimeError",
        "builtins.ValueError",
    ]


def test_a_report_is_for_its_owner_alone(tmp_path: Path, now: datetime) -> None:
    place = Path(write_report(caught(), str(tmp_path), now) or "")
    assert place.parent == tmp_path / "reports"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert SENTINEL not in place.read_text()


def test_where_the_home_refuses_it_lies_elsewhere(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "a file"
    home.write_text("")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    place = write_report(caught(), str(home), now)
    assert place is not None
    assert Path(place).parent == tmp_path
    assert write_report(caught(), str(home), now) is None


@pytest.mark.parametrize("where", ["handler", "timer", "worker", "thread", "render"])
async def test_a_fault_of_ours_tells_nothing_of_the_persons(
    companion: Companion, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = CompanionApp(companion)

    async def fail_later() -> None:
        fail_with(SENTINEL)

    with pytest.raises(Exception) as caught_error:  # noqa: PT011, PT012 - a whole run
        async with app.run_test() as pilot:
            if where == "handler":
                app.call_later(fail_with, SENTINEL)
            elif where == "timer":
                app.set_timer(0.01, lambda: fail_with(SENTINEL))
            elif where == "worker":
                app.run_worker(fail_later())
            elif where == "thread":
                app.run_worker(lambda: fail_with(SENTINEL), thread=True)
            else:
                await app.screen.mount(Failing())
            await pilot.pause(0.3)
    assert caught_error.value is not None
    assert app.return_code == 1
    assert "closed; what you wrote is kept" in app.last_words
    (report,) = (companion.places.home / "reports").iterdir()
    assert str(report) in app.last_words
    assert SENTINEL not in report.read_text()
    said = capsys.readouterr()
    assert SENTINEL not in said.out + said.err


class Failing(Static):
    """Fails when it is drawn."""

    def render(self) -> Any:
        fail_with(SENTINEL)


def test_what_waits_to_be_printed_at_the_end_is_thrown_away(
    companion: Companion, capsys: pytest.CaptureFixture[str]
) -> None:
    app = CompanionApp(companion)
    app._exit_renderables.append(SENTINEL)
    app._print_error_renderables()
    said = capsys.readouterr()
    assert SENTINEL not in said.out + said.err


async def test_what_textual_would_print_of_a_panic_is_not_printed(
    companion: Companion, capsys: pytest.CaptureFixture[str]
) -> None:
    app = CompanionApp(companion)
    async with app.run_test():
        app.panic(SENTINEL)
    said = capsys.readouterr()
    assert SENTINEL not in said.out + said.err
    assert app.return_code == 1
    assert app.last_words
