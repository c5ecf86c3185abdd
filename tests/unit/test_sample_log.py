"""The log that speed is measured on is what it is said to be."""

from __future__ import annotations

import json
from itertools import islice

from benchmarks import words
from benchmarks.sample import documents, needles, searchable
from companion.folding import fold
from companion.storage.documents import from_document, to_document

N = 2000


def test_it_is_the_same_for_everybody() -> None:
    assert list(documents(300)) == list(documents(300))
    assert list(documents(300)) != list(documents(300, seed=8))


def test_every_entry_is_one_that_the_log_keeps_as_it_is() -> None:
    for document in documents(N):
        assert to_document(from_document(document)) == document


def test_it_goes_through_ten_years_in_order() -> None:
    made = list(documents(N))
    assert [entry["id"] for entry in made] == sorted(entry["id"] for entry in made)
    days = [entry["day"] for entry in made]
    assert min(days).startswith("2016-11-2")
    assert max(days) == "2026-11-22"


def test_an_entry_takes_about_six_hundred_bytes() -> None:
    made = [
        json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
        for entry in documents(N)
    ]
    assert 560 < sum(map(len, made)) / N < 640


def test_the_needles_are_where_they_should_be() -> None:
    texts = [searchable(entry) for entry in documents(N)]
    assert sum(words.NEEDLE in text for text in texts) == needles(N)
    sharp = [sum(word in text.split() for text in texts) for word in words.SHARP]
    assert sharp == [2, 1]
    assert sum("strasse" in fold(text) for text in texts) == 3
    assert sum(" the " in text for text in texts) > 0.9 * N


def test_no_entries_is_a_sample_too() -> None:
    assert list(documents(0)) == []
    assert len(list(islice(documents(1), 2))) == 1
