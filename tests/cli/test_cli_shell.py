from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import pytest

from companion.__main__ import main, script
from companion.cli import run
from companion.errors import LogDamagedError
from tests.cli.shells import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.cli.output import Output
    from companion.facade import Companion
    from tests.cli.shells import Shell


class App:
    """Takes the place of the app."""

    def __init__(self, code: int = 0, error: BaseException | None = None) -> None:
        self.opened: list[Companion] = []
        self._code = code
        self._error = error

    def __call__(self, companion: Companion) -> int:
        self.opened.append(companion)
        assert companion.log.writable
        if self._error is not None:
            raise self._error
        return self._code


def terminal(monkeypatch: pytest.MonkeyPatch) -> Stream:
    """Sit down at a terminal; return what is said to stderr."""
    err = Stream()
    monkeypatch.setattr(sys, "stdin", Stream(terminal=True))
    monkeypatch.setattr(sys, "stdout", Stream(terminal=True))
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setenv("TERM", "xterm")
    return err


@pytest.fixture
def collector() -> Iterator[None]:
    """Whatever a test does to the garbage collector is undone."""
    yield
    gc.enable()
    gc.unfreeze()


@pytest.mark.parametrize("words", [["--home", "{}"], ["--home={}"]])
def test_without_a_command_the_app_is_opened_in_that_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    terminal(monkeypatch)
    app = App(code=7)
    assert run([word.format(tmp_path / "home") for word in words], app) == 7
    (companion,) = app.opened
    assert companion.places.home == tmp_path / "home"
    assert companion.places.config == tmp_path / "home" / "config"
    # It let go of the log: the next one may write.
    assert run([word.format(tmp_path / "home") for word in words], App()) == 0


def test_the_app_is_not_opened_where_it_cannot_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    err = terminal(monkeypatch)
    app = App()
    with monkeypatch.context() as patch:
        patch.setenv("TERM", "dumb")
        assert run(["--home", str(tmp_path / "home")], app) == 2
    for name in ("stdin", "stdout"):
        for stream in (Stream(), None):
            with monkeypatch.context() as patch:
                patch.setattr(sys, name, stream)
                assert run(["--home", str(tmp_path / "home")], app) == 2
    assert not app.opened
    assert not (tmp_path / "home").exists()
    err.flush()
    assert err.bytes.getvalue().count(b"\n") == 5


def test_what_goes_wrong_in_the_app_has_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    err = terminal(monkeypatch)
    home = ["--home", str(tmp_path / "home")]
    assert run(home, App(error=KeyboardInterrupt())) == 130
    assert run(home, App(error=LogDamagedError("It is torn.", hint="Mend it."))) == 3
    err.flush()
    assert err.bytes.getvalue() == b"It is torn. Mend it.\n"


def test_a_folder_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    err = terminal(monkeypatch)
    (tmp_path / "home").write_text("mine")
    app = App()
    assert run(["--home", str(tmp_path / "home")], app) == 3
    assert not app.opened
    err.flush()
    assert err.bytes.getvalue().count(b"\n") == 1


@pytest.mark.parametrize(
    ("error", "code"), [(None, 0), (KeyboardInterrupt, 130)], ids=["ends", "ctrl+c"]
)
@pytest.mark.usefixtures("collector")
def test_the_script_ends_with_the_code(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException] | None, code: int
) -> None:
    def main(argv: list[str]) -> int:
        assert argv == ["where"]
        assert not gc.isenabled()
        if error is not None:
            raise error
        return 0

    monkeypatch.setattr("companion.__main__.main", main)
    monkeypatch.setattr(sys, "argv", ["companion", "where"])
    with pytest.raises(SystemExit) as ended:
        script()
    assert ended.value.code == code


def test_an_interrupt_ends_a_command_quietly(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("companion.cli.reading.log", interrupt)
    ended = shell("log")
    assert (ended.code, ended.out, ended.err) == (130, "", "")


def test_what_was_found_before_the_trouble_is_shown(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_options: object, _home: object, output: Output) -> int:
        output.data("found\n")
        raise LogDamagedError("It is torn.")

    monkeypatch.setattr("companion.cli.reading.log", fail)
    ended = shell("log")
    assert (ended.code, ended.out, ended.err) == (3, "found\n", "It is torn.\n")


def test_the_home_is_asked_for_once(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    assert main([f"--home={first}", "--home", str(second), "reflect", "a b"]) == 0
    assert second.exists()
    assert not first.exists()
