from __future__ import annotations

import json
import os
import stat
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from companion import capture as module
from companion.capture import capture, put_in_spool, spell
from companion.ids import is_id, new_id
from companion.model import entry as model

if TYPE_CHECKING:
    from collections.abc import Iterator


NOON = 1_795_348_800  # 2026-11-22T12:00:00Z


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    monkeypatch.setattr(time, "time_ns", lambda: NOON * 10**9 + 123_456_789)
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "a" / "home"


def spooled(home: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in (home / "spool").iterdir()]


def test_one_line_is_a_whole_entry(home: Path) -> None:
    assert capture(["--home", str(home), "reflect", "slept well"]) == 0
    (path,) = (home / "spool").iterdir()
    document = json.loads(path.read_bytes())
    assert is_id(document["id"])
    assert path.name == f"{document['id']}.json"
    del document["id"]
    assert document == {
        "kind": "reflection",
        "at": "2026-11-22T13:00:00+01:00",
        "zone": "Europe/Berlin",
        "day": "2026-11-22",
        "text": "slept well",
    }
    assert path.read_bytes().endswith(b"}\n")
    assert path.read_bytes().count(b"\n") == 1


def test_all_plain_options_are_kept_in_any_order(home: Path) -> None:
    argv = ["reflect", "--tag", "rest", "slept", f"--home={home}", "--tag=walk"]
    argv += ["--person", "A. B.", "well", "--rung=crew", "--principle", "growing"]
    argv += ["--day", "2026-11-20", "--principle=effective", "--person=Zoë's aunt"]
    assert capture(argv) is None, "two names, not all ASCII: left to the full rules"
    argv[-1] = "--person=Z"
    assert capture(argv) == 0
    (document,) = spooled(home)
    assert document["tags"] == ["rest", "walk"]
    assert document["people"] == ["A. B.", "Z"]
    assert document["principles"] == ["growing", "effective"]
    assert document["rung"] == "crew"
    assert document["day"] == "2026-11-20"
    assert document["text"] == "slept well"


def test_the_person_and_a_program_are_told(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    capture(["--home", str(home), "reflect", "a"])
    out, err = capfd.readouterr()
    (document,) = spooled(home)
    assert out == document["id"] + "\n"
    assert err == f"Written for today: {document['id'][-6:]}\n"
    capture(["--home", str(home), "reflect", "a", "--day=2026-11-01"])
    assert capfd.readouterr().err.startswith("Written for 2026-11-01: ")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-"],
        ["a", "-"],
        ["a", "--"],
        ["--", "a"],
        [""],
        [" \n\t"],
        ["half \udcc3"],
        ["x" * (1024 * 1024 + 1)],
        ["ü" * (512 * 1024 + 1)],
        ["a", "--help"],
        ["a", "-h"],
        ["a", "--sitting", "one"],
        ["a", "--ta", "x"],
        ["a", "--tag"],
        ["a", "--tag="],
        ["a", "--tag", "--person"],
        ["a", "--tag", " x"],
        ["a", "--tag", "x,y"],
        ["a", "--tag", "#x"],
        ["a", "--person", "@x"],
        ["a", "--tag", "x", "--tag", "X"],
        ["a", "--tag", "x\ny"],
        ["a", "--tag", "x\u202ey"],
        ["a", "--tag", "x" * 81],
        ["a", "--rung", "family"],
        ["a", "--rung", "crew", "--rung", "dyad"],
        ["a", "--principle", "perfect"],
        ["a", "--principle", "growing", "--principle", "growing"],
        ["a", "--day", "yesterday"],
        ["a", "--day", "2026-11-23"],
        ["a", "--day", "2026-02-29"],
        ["a", "--day", "2026-13-01"],
        ["a", "--day", "2026-00-01"],
        ["a", "--day", "2026-11-00"],
        ["a", "--day", "0000-11-01"],
        ["a", "--day", "20261101"],
        ["a", "--day", "2026-1-001"],
        ["a", "--day", "\uff12\uff10\uff12\uff16-11-01"],
        ["a", "--day", "2026-11-01T10"],
    ],
)
def test_what_is_not_plain_is_left_alone(home: Path, arguments: list[str]) -> None:
    assert capture([f"--home={home}", "reflect", *arguments]) is None
    assert not home.exists()


@pytest.mark.parametrize(
    "argv", [["log", "reflect"], ["reflection", "x"], ["a", "reflect"], ["reflect"], []]
)
def test_other_commands_are_left_alone(home: Path, argv: list[str]) -> None:
    assert capture([f"--home={home}", *argv]) is None
    assert not home.exists()


def test_an_empty_home_is_left_to_be_explained() -> None:
    assert capture(["--home=", "reflect", "x"]) is None
    assert capture(["--home", "~nobody-of-that-name", "reflect", "x"]) is None


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
@example(2024, 2, 29)
@example(1900, 2, 29)
@example(2000, 2, 29)
@example(2100, 2, 28)
def test_a_day_is_one_of_the_calendar(year: int, month: int, number: int) -> None:
    said = f"{year:04}-{month:02}-{number:02}"
    try:
        known = bool(date(year, month, number))
    except ValueError:
        known = False
    assert module._is_past(said, "9999-99-99") == known


def test_every_day_of_some_years_is_one() -> None:
    day = date(1999, 1, 1)
    while day < date(2005, 1, 1):
        assert module._is_past(day.isoformat(), "2026-11-22")
        day += timedelta(days=1)


@given(st.text())
def test_text_is_spelt_as_json_spells_it(text: str) -> None:
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    line = spell({"text": f"x{text}", "tags": [text, "b"], "rung": "", "people": []})
    assert json.loads(line) == {"text": f"x{text}", "tags": [text, "b"]}
    assert line.count(b"\n") == 1


def test_the_words_of_the_model_are_the_same_here() -> None:
    assert module.RUNGS == model.RUNGS
    assert module.PRINCIPLES == model.PRINCIPLES
    assert module.TEXT_LIMIT == model.TEXT_LIMIT
    assert module.NAME_LIMIT == model.NAME_LIMIT


@pytest.mark.parametrize("seconds", [0, 3600, -34200, 20700, 1172, -1172])
def test_an_offset_is_spelt_as_the_calendar_spells_it(seconds: int) -> None:
    zone = timezone(timedelta(seconds=seconds))
    assert datetime(2026, 1, 1, tzinfo=zone).isoformat()[19:] == module._offset(seconds)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_nobody_else_may_look(home: Path, umask: int) -> None:
    former = os.umask(umask)
    try:
        capture(["--home", str(home), "reflect", "a"])
    finally:
        os.umask(former)
    (path,) = (home / "spool").iterdir()
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (home.parent, home, path.parent)]
    assert modes == [0o700] * 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_link_is_followed_out_of_the_home(home: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    home.mkdir(parents=True)
    (home / "spool").symlink_to(elsewhere)
    assert capture(["--home", str(home), "reflect", "a"]) is None
    assert not list(elsewhere.iterdir())


def test_a_home_behind_a_link_is_the_persons_own_choice(
    home: Path, tmp_path: Path
) -> None:
    real = tmp_path / "real"
    real.mkdir()
    home.parent.mkdir()
    home.symlink_to(real)
    assert capture(["--home", str(home), "reflect", "a"]) == 0
    assert len(spooled(real)) == 1


def test_a_home_that_is_a_file_is_left_to_be_explained(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("mine")
    assert capture(["--home", str(home), "reflect", "a"]) is None
    assert capture(["--home", str(home / "below"), "reflect", "a"]) is None
    assert home.read_text() == "mine"


@pytest.mark.parametrize("home", ["/proc/no-such-process/home", "/dev/null", "/proc"])
def test_a_home_that_nobody_can_make_is_left_to_be_explained(home: str) -> None:
    assert capture(["--home", home, "reflect", "a"]) is None


def test_every_folder_that_is_made_is_on_the_disk(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    really = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    capture(["--home", str(home), "reflect", "a"])
    assert synced[:3] == [home.parent.parent, home.parent, home]


def test_a_write_that_comes_in_pieces_is_completed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: whole(fd, data[:3]))
    put_in_spool(str(home), new_id(), b'{"text":"a long enough line"}\n')
    assert spooled(home) == [{"text": "a long enough line"}]


@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_a_disk_that_refuses_leaves_nothing_behind(
    home: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    capture(["--home", str(home), "reflect", "before"])

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, refuse)
    assert capture(["--home", str(home), "reflect", "after"]) is None
    assert [document["text"] for document in spooled(home)] == ["before"]


def test_the_file_and_both_folders_are_synced(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir(parents=True)
    synced: list[str] = []
    really = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().suffix)
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    capture(["--home", str(home), "reflect", "a"])
    assert synced == ["", ".part", ""], "the home (for its new spool), file, spool"
    synced.clear()
    capture(["--home", str(home), "reflect", "b"])
    assert synced == [".part", ""]


def test_no_descriptor_is_left_open(home: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        capture(["--home", str(home), "reflect", "a"])
    (home / "spool").rename(home / "away")
    (home / "spool").write_text("")
    assert capture(["--home", str(home), "reflect", "a"]) is None
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_an_output_that_is_gone_loses_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = os.write

    def write(descriptor: int, data: bytes) -> int:
        if descriptor in {1, 2}:
            raise BrokenPipeError
        return whole(descriptor, data)

    monkeypatch.setattr(os, "write", write)
    assert capture(["--home", str(home), "reflect", "a"]) == 0
    assert len(spooled(home)) == 1


def test_a_disk_that_takes_nothing_is_not_asked_for_ever(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", lambda *_: 0)
    with pytest.raises(OSError, match="takes nothing"):
        put_in_spool(str(home), new_id(), b"{}\n")
    assert list((home / "spool").iterdir()) == []
