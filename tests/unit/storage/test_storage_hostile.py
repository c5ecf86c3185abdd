"""Bytes nobody wrote with Companion that still add up: refused, harming none."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest

from companion.errors import LogDamagedError
from companion.preferences import Preferences
from companion.storage.commits import (
    DEPTH_LIMIT,
    NotOurFormatError,
    decode_commit,
    decode_header,
)
from companion.storage.documents import from_document
from companion.storage.index import Index
from companion.storage.lines import START, BadLineError, Line
from companion.storage.manifest import BadManifestError, decode
from companion.storage.restoring import FOLDER, READY, finish
from companion.storage.small import SettingsFile
from companion.storage.strict import loads
from tests.disks import QuickFiles
from tests.doubles import MemoryPages
from tests.logs import content_of, document, fill, names, open_engine

if TYPE_CHECKING:
    from pathlib import Path

DEEP = "[" * 100_000
COMMIT = (
    '{"device":"a1b2","lamport":1,"time":"now","act":"change",'
    '"changes":[["crews","1",{"name":%s}]]}'
)
HEADER: dict[str, Any] = {
    "format": "companion-log",
    "version": 1,
    "log": "5f1c",
    "device": "a1b2",
    "segment": "2026.a1b2",
    "after": None,
    "lamport": 0,
}


def refused(payload: bytes) -> bool:
    try:
        decode_commit(payload, Line(1, START, payload), payload, ("2026.a1b2", 0))
    except BadLineError:
        return True
    return False


def nested(depth: int) -> str:
    """Return a value that lies so deep in its document."""
    return "[" * (depth - 1) + "]" * (depth - 1)


@pytest.mark.parametrize(
    "data", [b"NaN", b"-Infinity", b"1e999", b"\xff", b"\xed\xa0\x80"]
)
def test_what_json_does_not_know_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        loads(b"[" + data + b"]")


def test_json_too_deep_to_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="deeply"):
        loads(DEEP.encode())


@pytest.mark.parametrize(
    "value",
    ['"\\ud800"', '"\\uDC00 \\u0001"', "NaN", "-1e999", nested(DEPTH_LIMIT + 1)],
)
def test_a_commit_that_could_not_be_written_again_is_refused(value: str) -> None:
    assert refused((COMMIT % value).encode())


@pytest.mark.parametrize(
    "value",
    ['"\\u0001"', '"\\\\ud800"', '"\\ud83d\\ude00"', "1.5", nested(DEPTH_LIMIT - 1)],
)
def test_a_commit_that_can_be_written_again_is_taken(value: str) -> None:
    assert not refused((COMMIT % value).encode())


def test_brackets_and_escapes_of_many_documents_are_no_depth() -> None:
    change = '["crews","%d",{"a":[[1]],"b":"\\u0002"}]'
    many = ",".join(change % number for number in range(100))
    assert not refused(
        b'{"device":"a","lamport":1,"time":"","act":"change","changes":[%s]}'
        % many.encode()
    )
    gone = '["crews","1",null]'
    assert not refused(
        b'{"device":"a","lamport":1,"time":"","act":"change","changes":[%s]}'
        % ",".join([gone] * 50).encode()
    )


@pytest.mark.parametrize(
    "lamport", ["0", "-1", "1.0", "true", str(1 << 62), "9" * 4000]
)
def test_a_counter_no_log_could_reach_is_refused(lamport: str) -> None:
    payload = (COMMIT % "1").replace('"lamport":1', f'"lamport":{lamport}')
    assert refused(payload.encode())


@pytest.mark.parametrize(
    "wrong",
    [
        {"log": "\ud800"},
        {"log": 5},
        {"device": None},
        {"segment": ["2026.a1b2"]},
        {"after": ["2025.a1b2", "1", "00"]},
        {"after": ["2025.a1b2", 0, "00"]},
        {"after": ["2025.a1b2", 1, None]},
        {"after": ["2025.a1b2"]},
        {"lamport": -1},
        {"lamport": "1"},
        {"lamport": 1 << 62},
        {"version": True},
        {"version": "1"},
        {"version": 0},
    ],
)
def test_a_first_line_of_other_kinds_of_values_is_not_ours(wrong: Any) -> None:
    assert decode_header(json.dumps(HEADER).encode()).log == "5f1c"
    with pytest.raises(NotOurFormatError):
        decode_header(json.dumps(HEADER | wrong).encode())


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": list("0" * 26)},
        {"setting": {"scale": "one-to-one", "side": None}},
        {"answers": [{"prompt": 5, "question": "a", "text": "b"}]},
    ],
)
def test_an_entry_has_words_where_it_should(wrong: Any) -> None:
    with pytest.raises(LogDamagedError):
        from_document(document(1) | wrong)


def manifest(**changed: Any) -> bytes:
    extent = {"size": 9, "sequence": 1, "digest": "00", "crc": 5}
    said = {
        "format": "companion-backup",
        "version": 1,
        "made": "now",
        "log": "5f1c",
        "entries": 1,
        "segments": {"2026.a1b2": extent},
        "files": {"device": {"size": 4, "crc": 1}},
    } | changed
    return json.dumps(said | {"check": crc32(json.dumps(said).encode())}).encode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"made": None},
        {"log": 1},
        {"entries": "1"},
        {"entries": -1},
        {"entries": float("inf")},
        {"segments": {"2026.a1b2": {"size": 1, "sequence": 1, "digest": 0, "crc": 1}}},
        {
            "segments": {
                "2026.a1b2": {"size": "1", "sequence": 1, "digest": "", "crc": 1}
            }
        },
        {"files": {"device": {"size": 4, "crc": True}}},
        {"files": {"pages/a\0b": {"size": 4, "crc": 1}}},
        {"files": {"pages/\ud800": {"size": 4, "crc": 1}}},
    ],
)
def test_a_manifest_of_other_kinds_of_values_is_refused(wrong: Any) -> None:
    assert decode(manifest()).entries == 1
    assert decode(manifest(files={"pages/\udcff": {"size": 4, "crc": 1}})).files
    with pytest.raises(BadManifestError, match="makes no sense"):
        decode(manifest(**wrong))


@pytest.mark.parametrize(
    "aside",
    ["../elsewhere", "/elsewhere", "..", "a\0b", "\ud800", "x" * 81, 5, DEEP],
)
def test_a_plan_puts_nothing_outside_the_quarantine(tmp_path: Path, aside: Any) -> None:
    home = tmp_path / "home"
    fill(home, 2)
    before = content_of(home)
    stage = home / FOLDER
    (stage / "journal").mkdir(parents=True)
    plan = aside if aside == DEEP else json.dumps({"aside": aside})
    (stage / READY).write_text(plan)
    finish(home, QuickFiles())
    assert content_of(home) == before
    assert names(home / "quarantine") == [FOLDER]
    assert names(tmp_path) == ["home"]


@pytest.mark.parametrize("name", ["a" * 65, "a" * 5000, "é", "a b"])
def test_a_device_is_not_called_what_no_file_can_be_called(
    tmp_path: Path, name: str
) -> None:
    tmp_path.joinpath("device").write_text(name)
    fill(tmp_path, 1)
    drawn = (tmp_path / "device").read_text().strip()
    assert len(drawn) == 8
    assert names(tmp_path / "journal")[0].endswith(f".{drawn}.log")


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("order",), ["2025.a1b2"]),
        (("order",), []),
        (("serial",), "x"),
        (("lamport",), None),
        (("tables", "crews"), 5),
        (("tables",), []),
        (("segments", 0), -1),
        (("segments", 0), 1.5),
        (("segments", 2), "zz"),
        (("segments", 3), "1"),
        (("segments", 6), None),
    ],
)
def test_an_index_that_adds_up_and_makes_no_sense_is_made_anew(
    tmp_path: Path, where: tuple[Any, ...], value: object
) -> None:
    fill(tmp_path, 2)
    before = content_of(tmp_path)
    with closing(open_engine(tmp_path)) as engine:
        engine.tidy()
    path = tmp_path / "index" / "state"
    state = json.loads(path.read_bytes().split(b"\n", 1)[1])
    place: Any = state
    for key in where[:-1]:
        place = place[key]
        if key == "segments":
            (place,) = place.values()
    place[where[-1]] = value
    body = json.dumps(state).encode()
    path.write_bytes(b"%d\n" % crc32(body) + body)
    with closing(open_engine(tmp_path)) as engine:
        assert (
            Index(tmp_path, engine.files).load(engine.journal, engine.entries) is None
        )
    assert content_of(tmp_path) == before


@pytest.mark.parametrize(
    "data", [f"a = {'[' * 5000}", f"theme = 0x{'f' * 5000}", f"new = 0x{'f' * 5000}"]
)
def test_settings_that_could_not_be_written_again_are_set_aside(
    tmp_path: Path, data: str
) -> None:
    (tmp_path / "settings.toml").write_text(data)
    preferences = Preferences(SettingsFile(tmp_path), MemoryPages())
    assert preferences.settings.hours == 24
    preferences.change(hours=12)
    assert Preferences(SettingsFile(tmp_path), MemoryPages()).settings.hours == 12
    assert (tmp_path / "settings.toml.unread").read_text() == data
