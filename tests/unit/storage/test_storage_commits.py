"""What a payload says: commits and headers, and what documents can be kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.storage.commits import (
    DEPTH_LIMIT,
    Change,
    Header,
    NewerFormatError,
    NotOurFormatError,
    decode_commit,
    decode_header,
    encode_commit,
    encode_document,
    encode_header,
)
from companion.storage.lines import START, BadLineError, make, split

if TYPE_CHECKING:
    from companion.storage.commits import Commit

WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | WORDS
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4)
    ),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(WORDS, VALUES, max_size=4)


def read(payload: bytes) -> Commit:
    raw, _ = make(5, START, payload)
    return decode_commit(payload, split(raw), raw, ("2026.dev", 100))


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(WORDS, st.none() | WORDS.filter(bool), st.none() | DOCUMENTS),
        max_size=4,
    ),
    st.none() | st.integers(1, 10**9),
)
def test_a_commit_comes_back_as_it_was(
    changes: list[tuple[str, str | None, dict[str, Any] | None]], undone: int | None
) -> None:
    changes = [
        (table, key, {} if key is None and one is not None else one)
        for table, key, one in changes
    ]
    payload = encode_commit(
        device="dev",
        lamport=9,
        time="2026-11-22T09:30:00+01:00",
        act="write",
        changes=[
            (table, key, None if one is None else encode_document(one))
            for table, key, one in changes
        ],
        undone=undone,
    )
    assert b"\n" not in payload
    commit = read(payload)
    assert commit.changes == [Change(*change) for change in changes]
    assert (commit.device, commit.lamport, commit.act) == ("dev", 9, "write")
    assert commit.undone == undone
    assert commit.stamp == (9, "dev")
    assert (commit.segment, commit.offset, commit.sequence) == ("2026.dev", 100, 5)


@given(DOCUMENTS)
def test_a_document_comes_back_as_it_was(document: dict[str, Any]) -> None:
    encoded = encode_document(document)
    assert json.loads(encoded) == document
    assert "\n" not in encoded


def nested(depth: int) -> dict[str, Any]:
    value: Any = "leaf"
    for _ in range(depth - 1):
        value = [value]
    return {"deep": value}


def test_a_document_may_be_so_deep_and_no_deeper() -> None:
    assert json.loads(encode_document(nested(DEPTH_LIMIT))) == nested(DEPTH_LIMIT)
    with pytest.raises(ValueError, match="nested"):
        encode_document(nested(DEPTH_LIMIT + 1))


def around() -> dict[str, Any]:
    value: dict[str, Any] = {}
    value["again"] = value
    return value


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ({"x": float("nan")}, ValueError),
        ({"x": float("inf")}, ValueError),
        ({"x": [{"y": float("-inf")}]}, ValueError),
        ({1: "x"}, TypeError),
        ({"x": {None: 1}}, TypeError),
        ({"x": b"bytes"}, TypeError),
        ({"x": {1, 2}}, TypeError),
        ({"x": object()}, TypeError),
        ({"x": 1j}, TypeError),
        ({"x": "\ud800"}, ValueError),
        ({"\udfff": "x"}, ValueError),
        ({"x": ["\ud800"]}, ValueError),
        ({"x": 10**5000}, ValueError),
        (around(), ValueError),
        ([], TypeError),
        ("x", TypeError),
        (None, TypeError),
    ],
)
def test_what_cannot_be_kept_is_refused(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        encode_document(value)


GOOD: dict[str, Any] = {
    "device": "dev",
    "lamport": 1,
    "time": "",
    "act": "write",
    "changes": [["t", "1", {}], ["t", None, {}], ["t", None, None], ["t", "1", None]],
}


def test_the_good_commit_is_good() -> None:
    assert len(read(json.dumps(GOOD).encode()).changes) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"device": 1},
        {"lamport": 0},
        {"lamport": True},
        {"lamport": "1"},
        {"lamport": 1.0},
        {"time": None},
        {"act": None},
        {"undo": "1"},
        {"undo": True},
        {"changes": None},
        {"changes": {}},
        {"changes": [["t", "1"]]},
        {"changes": [["t", "1", {}, {}]]},
        {"changes": [[1, "1", {}]]},
        {"changes": [["t", 1, {}]]},
        {"changes": [["t", "1", []]]},
        {"changes": [["t", "", {"a": 1}]]},
        {"changes": [["t", None, {"a": 1}]]},
        {"changes": [5]},
    ],
)
def test_a_payload_of_another_form_is_no_commit(change: dict[str, Any]) -> None:
    with pytest.raises(BadLineError):
        read(json.dumps(GOOD | change).encode())


@pytest.mark.parametrize("key", GOOD)
def test_a_payload_that_lacks_something_is_no_commit(key: str) -> None:
    with pytest.raises(BadLineError):
        read(json.dumps({name: GOOD[name] for name in GOOD if name != key}).encode())


@pytest.mark.parametrize(
    "payload", [b"", b"{}", b"[]", b"5", b"x", b"\xff", b"[" * 100_000, b'"device"']
)
def test_other_bytes_are_no_commit(payload: bytes) -> None:
    with pytest.raises(BadLineError):
        read(payload)


HEADER = Header("log", "dev", "2026.dev", ("2025.dev", 8, "ab" * 16), 7)


@pytest.mark.parametrize("header", [HEADER, HEADER._replace(after=None)])
def test_a_header_comes_back_as_it_was(header: Header) -> None:
    assert decode_header(encode_header(header, time="now")) == header


def test_a_newer_format_is_told_from_a_foreign_one() -> None:
    payload = json.loads(encode_header(HEADER, time="now"))
    with pytest.raises(NewerFormatError):
        decode_header(json.dumps(payload | {"version": 2}).encode())
    with pytest.raises(NotOurFormatError):
        decode_header(json.dumps(payload | {"format": "diary"}).encode())


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"5",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"format":"companion-log","version":"1"}',
        b'{"format":"companion-log","version":1}',
        (
            b'{"format":"companion-log","version":1,"log":"a","device":"b","segment":"c",'
            b'"after":[],"lamport":1}'
        ),
        (
            b'{"format":"companion-log","version":1,"log":"a","device":"b","segment":"c",'
            b'"after":null,"lamport":Infinity}'
        ),
    ],
)
def test_other_bytes_are_no_header(payload: bytes) -> None:
    with pytest.raises(NotOurFormatError):
        decode_header(payload)
