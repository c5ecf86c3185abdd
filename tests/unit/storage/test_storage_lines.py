"""A line of a journal: made, taken apart, checked."""

from __future__ import annotations

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.storage.lines import START, BadLineError, check, digest_of, make, split
from companion.storage.seal import seal, unseal

PAYLOADS = st.binary().filter(lambda payload: b"\n" not in payload)
DIGESTS = st.binary(min_size=16, max_size=16)


@given(st.integers(1, 10**12), DIGESTS, PAYLOADS)
def test_a_line_gives_back_what_it_was_made_of(
    sequence: int, former: bytes, payload: bytes
) -> None:
    raw, digest = make(sequence, former, payload)
    assert raw.endswith(b"\n")
    assert raw.count(b"\n") == 1
    assert split(raw) == check(raw, sequence, former) == (sequence, digest, payload)


def test_the_digest_is_that_of_the_former_digest_and_the_payload() -> None:
    raw, digest = make(7, START, b"payload")
    assert digest == blake2b(START + b"payload", digest_size=16).digest()
    assert raw == b"7 7 " + digest.hex().encode() + b" payload\n"
    assert digest_of(START, b"payload") == digest


@given(PAYLOADS, st.data())
def test_every_line_with_one_bit_changed_is_refused(
    payload: bytes, data: st.DataObject
) -> None:
    raw, _ = make(3, START, payload)
    at = data.draw(st.integers(0, len(raw) * 8 - 1))
    changed = bytearray(raw)
    changed[at // 8] ^= 1 << at % 8
    with pytest.raises(BadLineError):
        check(bytes(changed), 3, START)


@pytest.mark.parametrize("cut", range(len(make(3, START, b"payload")[0])))
def test_every_beginning_of_a_line_is_refused(cut: int) -> None:
    raw, _ = make(3, START, b"payload")
    with pytest.raises(BadLineError):
        check(raw[:cut], 3, START)


@pytest.mark.parametrize(
    ("sequence", "former"), [(2, START), (4, START), (3, bytes(15) + b"\1")]
)
def test_a_line_that_stands_elsewhere_is_refused(sequence: int, former: bytes) -> None:
    raw, _ = make(3, START, b"payload")
    with pytest.raises(BadLineError):
        check(raw, sequence, former)


D = make(3, START, b"payload")[1].hex().encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"\n",
        b"3 7\n",
        b"x 7 " + D + b" payload\n",
        b"3 x " + D + b" payload\n",
        b"+3 7 " + D + b" payload\n",
        b"03 7 " + D + b" payload\n",
        b"3 07 " + D + b" payload\n",
        b"3 6 " + D + b" payload\n",
        b"3 8 " + D + b" payload\n",
        b"0 7 " + D + b" payload\n",
        b"-3 7 " + D + b" payload\n",
        b" 3 7 " + D + b" payload\n",
        b"3  7 " + D + b" payload\n",
        b"3 7 " + D.upper() + b" payload\n",
        b"3 7 " + D[2:] + b" payload\n",
        b"3 7 " + D + b"00 payload\n",
        b"3 7 " + b"\xff" * 32 + b" payload\n",
        b"3 7 " + D + b" payload",
        b"9" * 5000 + b" 7 " + D + b" payload\n",
    ],
)
def test_only_the_exact_form_is_a_line(raw: bytes) -> None:
    with pytest.raises(BadLineError):
        split(raw)


@given(PAYLOADS)
def test_a_payload_comes_out_of_its_seal_as_it_went_in(payload: bytes) -> None:
    assert unseal(seal(payload)) == payload
    assert b"\n" not in seal(payload)
