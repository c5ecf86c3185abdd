"""What of an entry's document is searched: its folded words and its facets.

It must agree with `companion.search`, which says what a search means; a property test
holds the two together. It works on the document, because building an entry of each
of a hundred thousand documents would take longer than the search.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from companion.folding import fold

if TYPE_CHECKING:
    from companion.storage.commits import Document

RECORD: Final = b"\xff"
"""Stands between two records of a text; no byte of UTF-8, so never inside one."""
FACET: Final = b"\xfe"
"""Stands before, between and after facets; no byte of UTF-8 either."""
FACETS: Final = {"tags": "tag", "people": "person", "parts": "part"}
"""The facets that names of each sort are found by."""


def words_of(document: Document) -> bytes:
    """Return the folded words of a document, in which a search looks for words."""
    parts = [document.get("text", "")]
    parts += [answer["text"] for answer in document.get("answers", ())]
    parts += ["#" + tag for tag in document.get("tags", ())]
    parts += ["@" + person for person in document.get("people", ())]
    parts.append(document.get("part", ""))
    return folded("\n".join(parts))


def folded(text: str) -> bytes:
    """Return text as it is compared, as bytes."""
    return fold(text).encode("utf-8", "replace")


@lru_cache(maxsize=4096)
def facet(name: str, value: str) -> bytes:
    """Return one facet between its marks, as it is looked for."""
    return FACET + folded(f"{name}={value}") + FACET


def facets_of(document: Document) -> bytes:
    """Return the facets of a document, one after another between their marks."""
    found = [facet("kind", document.get("kind", "reflection"))]
    if rung := document.get("rung"):
        found.append(facet("rung", rung))
    found += [facet("principle", name) for name in document.get("principles", ())]
    found += [facet("tag", name) for name in document.get("tags", ())]
    found += [facet("person", name) for name in document.get("people", ())]
    if part := document.get("part"):
        found.append(facet("part", part))
    return b"".join(found).replace(FACET + FACET, FACET)


def order_of(document: Document) -> tuple[int, int, str]:
    """Return where a document stands in time: day, moment and id.

    Raises:
        ValueError: If its times cannot be read.
        KeyError: If it lacks one of them.
    """
    return (
        date.fromisoformat(document["day"]).toordinal(),
        int(datetime.fromisoformat(document["at"]).timestamp()),
        document["id"],
    )
