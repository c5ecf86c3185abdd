"""docs/file-format.md: its example verifies, and its reader reads a real log."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
import time_machine

from companion.model.entry import KINDS, PRINCIPLES, RUNGS, SCALES, Entry
from companion.storage.commits import VERSION, Change, decode_header
from companion.storage.lines import START, check
from companion.storage.segment import Segment, read_on
from companion.storage.state import ENTRIES
from tests.disks import QuickFiles
from tests.logs import content_of, document, fill, id_of, open_engine, plant, segments
from tests.unit.storage.test_storage_journal import another, setting

PAGE = Path(__file__).parents[3] / "docs" / "file-format.md"
WORDS = PAGE.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", WORDS, re.DOTALL | re.MULTILINE)


READER = blocks("python")[-1]


def read(home: Path) -> tuple[dict[str, Any], str]:
    """Run the reader of the page over a log, as somebody without Companion would."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", READER, str(home)],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1"},
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return {name: table for name, table in found.items() if table}, done.stderr


def test_the_reader_is_short() -> None:
    assert len(READER.splitlines()) <= 40


def test_the_reader_reads_a_log_of_all_sorts(tmp_path: Path) -> None:
    for year in (2024, 2026):
        with time_machine.travel(datetime(year, 6, 1, tzinfo=UTC), tick=False):
            fill(tmp_path, 3, first=10 * year)
            engine = open_engine(tmp_path)
            engine.commit([Change(ENTRIES, id_of(10 * year), None)], act="delete")
            engine.undo()
            engine.commit([Change(ENTRIES, id_of(10 * year + 1), None)], act="delete")
            engine.commit([Change("people", str(year), {"name": "Ä. \u2028\0\r\n"})])
            engine.commit([Change("gone", "1", {"a": 1})])
            engine.commit([Change("gone", None, None)])
            engine.commit([Change("emptied", "1", {"a": 1})])
            engine.commit([Change("emptied", None, {})])
            engine.tidy()
            engine.close()
    another(tmp_path, "zz", [(3, [setting(20240, "theirs"), setting(7, "new")])])
    found, said = read(tmp_path)
    assert said == ""
    expected = content_of(tmp_path)
    assert expected.pop("emptied") == {}
    assert found == expected
    assert len(found[ENTRIES]) == 5


def test_the_reader_reads_the_spool(tmp_path: Path) -> None:
    writer = open_engine(tmp_path)
    writer.commit([Change(ENTRIES, id_of(1), document(1))])
    writer.commit([Change(ENTRIES, id_of(1), None)])
    plant(tmp_path, 1)
    plant(tmp_path, 2)
    found, _ = read(tmp_path)
    assert found == {ENTRIES: {id_of(2): document(2)}}
    writer.close()


def test_the_reader_stops_at_damage_and_says_so(tmp_path: Path) -> None:
    fill(tmp_path, 5)
    (path,) = segments(tmp_path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    found, said = read(tmp_path)
    assert "damaged" in said
    assert 0 < len(found[ENTRIES]) < 5
    path.write_bytes(path.read_bytes()[:-3])
    assert read(tmp_path)[0] == found


def test_the_reader_refuses_another_format(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    (path,) = segments(tmp_path)
    payload = b'{"format":"diary","version":1}'
    digest = blake2b(START + payload, digest_size=16).hexdigest().encode()
    path.write_bytes(b"1 %d %s %s\n" % (len(payload), digest, payload))
    with pytest.raises(subprocess.CalledProcessError):
        read(tmp_path)


def test_the_example_is_a_real_segment(tmp_path: Path) -> None:
    (example,) = blocks("log")
    raw = example.encode()
    former = START
    for number, line in enumerate(raw.splitlines(keepends=True), 1):
        former = check(line, number, former).digest
    path = tmp_path / "2026.a1b2.log"
    path.write_bytes(raw)
    files = QuickFiles()
    segment = Segment(path, files.open_read(path))
    write, undo = read_on(segment, files)
    files.close(segment.fd)
    assert segment.faults == []
    assert write.changes[0].document is not None
    assert write.changes[0].document["text"] == "Schön."
    assert undo.undone == write.sequence
    assert undo.changes == [Change(ENTRIES, write.changes[0].id, None)]


def test_the_worked_digest_is_right() -> None:
    (example,) = blocks("log")
    payload = example.splitlines()[1].split(" ", 3)[3].encode()
    assert len(payload) == 256
    exec(blocks("python")[0], {"payload": payload})  # the page's own words


def test_the_page_names_every_field_and_word() -> None:
    for field in fields(Entry):
        assert f"| `{field.name}` |" in WORDS
    for word in (*KINDS, *RUNGS, *PRINCIPLES, *SCALES):
        assert word in WORDS
    assert f"version {VERSION} of the format" in WORDS


def test_the_page_names_every_field_of_a_header_and_a_commit(tmp_path: Path) -> None:
    plant(tmp_path, 1)
    engine = open_engine(tmp_path)
    engine.undo()
    engine.close()
    (path,) = segments(tmp_path)
    payloads = [line.split(b" ", 3)[3] for line in path.read_bytes().splitlines()]
    decode_header(payloads[0])
    for payload in payloads:
        for name in json.loads(payload):
            assert f"| `{name}` |" in WORDS
