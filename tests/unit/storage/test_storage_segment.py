"""A segment read and verified: what is torn, what is damaged, what is still sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from companion.storage.commits import Header, encode_commit, encode_header
from companion.storage.lines import START, make
from companion.storage.segment import (
    FOREIGN,
    NEWER,
    Segment,
    is_segment_name,
    read_on,
)
from tests.disks import QuickFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from companion.storage.commits import Commit


def payload(number: int) -> bytes:
    return encode_commit(
        device="dev",
        lamport=number,
        time="",
        act="write",
        changes=[("t", str(number), f'{{"n":{number}}}')],
    )


def lines(count: int = 5, *, first: int = 1, name: str = "2026.dev") -> list[bytes]:
    """Return a header and `count` commits."""
    header = encode_header(Header("log", "dev", name, None, 0), time="")
    raw, digest = make(first, START, header)
    made = [raw]
    for number in range(1, count + 1):
        raw, digest = make(first + number, digest, payload(number))
        made.append(raw)
    return made


class Reading:
    """A segment on the disk, being read."""

    def __init__(self, folder: Path, data: bytes) -> None:
        self.files = QuickFiles()
        self.path = folder / "2026.dev.log"
        self.path.write_bytes(data)
        self.segment = Segment(self.path, self.files.open_read(self.path))

    def read(self) -> list[Commit]:
        return list(read_on(self.segment, self.files))

    def numbers(self) -> list[int]:
        return [commit.lamport for commit in self.read()]


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Callable[[bytes], Reading]]:
    opened: list[Reading] = []

    def begin(data: bytes) -> Reading:
        opened.append(Reading(tmp_path, data))
        return opened[-1]

    yield begin
    for one in opened:
        one.files.close(one.segment.fd)


def test_a_sound_segment_gives_all_its_commits(
    reading: Callable[[bytes], Reading],
) -> None:
    one = reading(b"".join(lines()))
    assert one.numbers() == [1, 2, 3, 4, 5]
    assert one.segment.faults == []
    assert one.segment.header == Header("log", "dev", "2026.dev", None, 0)
    assert one.segment.mark.size == one.path.stat().st_size
    assert one.segment.mark.sequence == 6
    assert one.segment.mark.lamport == 5
    assert (one.segment.year, one.segment.device) == (2026, "dev")


def test_reading_goes_on_where_it_ended(reading: Callable[[bytes], Reading]) -> None:
    made = lines()
    one = reading(b"".join(made[:3]))
    assert one.numbers() == [1, 2]
    assert one.numbers() == []
    with one.path.open("ab") as file:
        file.write(b"".join(made[3:]))
    assert one.numbers() == [3, 4, 5]
    assert one.segment.faults == []


def test_a_segment_goes_on_counting_from_the_one_before(
    reading: Callable[[bytes], Reading],
) -> None:
    one = reading(b"".join(lines(first=40)))
    assert [commit.sequence for commit in one.read()] == [41, 42, 43, 44, 45]
    assert one.segment.faults == []


def test_every_beginning_of_a_segment_is_read_to_its_last_whole_line(
    reading: Callable[[bytes], Reading],
) -> None:
    made = lines(3)
    whole = b"".join(made)
    ends = [sum(map(len, made[: n + 1])) for n in range(len(made))]
    for cut in range(1, len(whole) + 1):
        one = reading(whole[:cut])
        sound = sum(end <= cut for end in ends)
        assert one.numbers() == list(range(1, sound))
        if cut in ends:
            assert one.segment.faults == []
        else:
            (fault,) = one.segment.faults
            begin = ends[sound - 1] if sound else 0
            assert fault[:3] == ("2026.dev", begin, cut - begin)
            assert fault.torn == (sound > 0)


def test_an_empty_segment_is_damaged(reading: Callable[[bytes], Reading]) -> None:
    one = reading(b"")
    assert one.numbers() == []
    assert one.segment.faults == [("2026.dev", 0, 0, "it is empty", False)]


@pytest.mark.parametrize(
    ("tail", "torn"),
    [
        (b"7 12 abc", True),
        (b"\0" * 100, True),
        (b"7 12 \0\0\0\n", True),
        (b"7 12 abc \0\0\n\0\0", True),
        (b"garbage\n", False),
        (b"garbage\ngarbage\n", False),
        (b"garbage\ngarbage", True),
        (b"\n", False),
    ],
)
def test_what_a_crash_leaves_at_the_end_is_torn_and_no_other_damage_is(
    reading: Callable[[bytes], Reading], tail: bytes, *, torn: bool
) -> None:
    whole = b"".join(lines())
    one = reading(whole + tail)
    assert one.numbers() == [1, 2, 3, 4, 5]
    (fault,) = one.segment.faults
    assert (fault.offset, fault.length, fault.torn) == (len(whole), len(tail), torn)
    assert one.segment.mark.size == len(whole)


def test_a_whole_line_after_damage_shows_that_it_is_not_torn(
    reading: Callable[[bytes], Reading],
) -> None:
    made = lines()
    cut = b"".join([*made[:3], made[3][:20], b"\n", made[4], made[5][:10]])
    one = reading(cut)
    assert one.numbers() == [1, 2]
    assert not any(fault.torn for fault in one.segment.faults)


@pytest.mark.parametrize("damaged", [1, 2, 3, 4])
def test_what_is_sound_after_a_damaged_line_is_given(
    reading: Callable[[bytes], Reading], damaged: int
) -> None:
    made = lines()
    begin = sum(map(len, made[:damaged]))
    changed = bytearray(b"".join(made))
    changed[begin + len(made[damaged]) - 5] ^= 1
    one = reading(bytes(changed))
    assert one.numbers() == [n for n in range(1, 6) if n != damaged]
    (fault,) = one.segment.faults
    assert fault[:3] == ("2026.dev", begin, len(made[damaged]))
    assert not fault.torn
    assert one.segment.mark.size == begin
    assert one.segment.mark.lamport == 5


def test_damage_in_the_digest_loses_that_line_alone(
    reading: Callable[[bytes], Reading],
) -> None:
    made = lines()
    changed = bytearray(b"".join(made))
    at = sum(map(len, made[:2])) + made[2].index(b" ", 2) + 3
    changed[at] ^= 1
    one = reading(bytes(changed))
    assert one.numbers() == [1, 3, 4, 5]
    assert len(one.segment.faults) == 1


def test_two_damaged_places_are_two_faults(reading: Callable[[bytes], Reading]) -> None:
    made = lines()
    made[1] = made[1].replace(b'"n":1', b'"n":7')
    made[4] = made[4].replace(b'"n":4', b'"n":7')
    one = reading(b"".join(made))
    assert one.numbers() == [2, 3, 5]
    assert [fault.offset for fault in one.segment.faults] == [
        len(made[0]),
        sum(map(len, made[:4])),
    ]


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        (lambda made: [*made[:2], *made[3:]], [1, 4, 5]),
        (lambda made: [*made[:3], made[2], *made[3:]], [1, 2, 3, 4, 5]),
        (lambda made: [*made[:2], made[3], made[2], *made[4:]], [1]),
        (lambda made: [*made, made[5]], [1, 2, 3, 4, 5]),
        (lambda made: [made[0], *made[2:]], [3, 4, 5]),
    ],
    ids=["dropped", "copied", "swapped", "the last copied", "the first dropped"],
)
def test_lines_that_do_not_follow_are_seen(
    reading: Callable[[bytes], Reading], change: object, kept: list[int]
) -> None:
    assert callable(change)
    one = reading(b"".join(change(lines())))
    found = one.numbers()
    assert set(kept) <= set(found) <= {1, 2, 3, 4, 5}
    assert one.segment.faults
    assert not any(fault.torn for fault in one.segment.faults)


def test_a_damaged_header_does_not_hide_the_rest(
    reading: Callable[[bytes], Reading],
) -> None:
    whole = bytearray(b"".join(lines()))
    whole[50] ^= 1
    one = reading(bytes(whole))
    assert one.numbers() == [1, 2, 3, 4, 5]
    (fault,) = one.segment.faults
    assert fault.offset == 0
    assert one.segment.mark.size == 0


def test_a_segment_under_another_name_is_seen(
    reading: Callable[[bytes], Reading],
) -> None:
    one = reading(b"".join(lines(name="2025.dev")))
    one.read()
    (fault,) = one.segment.faults
    assert "2025.dev" in fault.reason


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (b'{"format":"companion-log","version":2}', NEWER),
        (b'{"format":"diary","version":1}', FOREIGN),
        (b"hello", FOREIGN),
    ],
)
def test_a_newer_or_foreign_segment_is_named_and_not_read(
    reading: Callable[[bytes], Reading], header: bytes, reason: str
) -> None:
    first, digest = make(1, START, header)
    second, _ = make(2, digest, payload(1))
    one = reading(first + second)
    assert one.numbers() == []
    (fault,) = one.segment.faults
    assert fault == ("2026.dev", 0, len(first + second), reason, False)


def test_a_line_that_verifies_and_is_no_commit_is_damage(
    reading: Callable[[bytes], Reading],
) -> None:
    made = lines(1)
    digest = bytes.fromhex(made[1].split(b" ")[2].decode())
    bad, digest = make(3, digest, b'{"no":"commit"}')
    good, _ = make(4, digest, payload(9))
    one = reading(b"".join([*made, bad, good]))
    assert one.numbers() == [1, 9]
    assert len(one.segment.faults) == 1


def test_a_file_of_another_program_is_damage(
    reading: Callable[[bytes], Reading],
) -> None:
    one = reading(b"Dear diary,\nit rained.\n")
    assert one.numbers() == []
    (fault,) = one.segment.faults
    assert not fault.torn


@pytest.mark.parametrize("name", ["2026.dev.log", "0001.a.log", "2026.0a1B.log"])
def test_names_of_segments(name: str) -> None:
    assert is_segment_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "2026.dev",
        "2026.log",
        "2026..log",
        "26.dev.log",
        "20260.dev.log",
        "2026.dev.log.bak",
        ".2026.dev.log.part",
        "2026.dev (copy).log",
        "2026.dé.log",
        "\uff12026.dev.log",
        "2026.a.b.log",
    ],
)
def test_names_that_are_no_segments(name: str) -> None:
    assert not is_segment_name(name)
