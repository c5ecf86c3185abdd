"""A name that is to go: out of lists of people, and another word for it in words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize

from companion.errors import LogDamagedError
from companion.storage.documents import from_document
from companion.storage.rewriting import lines_with
from companion.storage.seal import seal, unseal
from companion.storage.state import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from companion.storage.commits import Document

LISTS: Final = frozenset({"people", "shared_with"})
"""Lists of names: the name goes from them."""
_WORDS: Final = frozenset({"tags"})
"""Lists in which nothing stands twice and nothing is empty."""
_FIXED: Final = frozenset(
    {"id", "kind", "at", "day", "zone", "rung", "scale", "principles", "revised"}
)
"""What is no word of the person's own, but one of the program's."""
_MARKS: Final = r"\u0300-\u036f"
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)


class Forgetting:
    """One name, and the word in its place."""

    def __init__(self, name: str, instead: str) -> None:
        """Take the name as it is written; the word must not hold it."""
        self.name = name
        self.instead = instead
        self._forms = tuple(
            dict.fromkeys((name, normalize("NFC", name), normalize("NFD", name)))
        )
        any_form = "|".join(map(re.escape, self._forms))
        self._pattern = re.compile(rf"(?<![\w{_MARKS}])(?:{any_form})(?![\w{_MARKS}])")
        self._needles = tuple(
            json.dumps(form, ensure_ascii=False)[1:-1].encode() for form in self._forms
        )

    def told(self) -> dict[str, Any]:
        """Return it as it is noted until it is done."""
        return {"name": self.name, "instead": self.instead}

    # Documents

    def is_named(self, text: str) -> bool:
        """Whether the name stands in a text, as a whole word."""
        return self._pattern.search(text) is not None

    def is_name(self, text: str) -> bool:
        """Whether a text is the very name."""
        return text in self._forms

    def document(self, table: str, document: Document) -> Document:
        """Return a document without the name."""
        altered = self._deep(document, "", self.instead)
        if table == ENTRIES and altered != document and not _is_entry(altered):
            # The word made something longer than it may be; then none takes the place.
            altered = self._deep(document, "", "")
        return dict(altered)

    def _deep(self, value: Any, key: str, instead: str) -> Any:
        if isinstance(value, str):
            return value if key in _FIXED else self._said(value, key, instead)
        if isinstance(value, list):
            return self._list(value, key, instead)
        if isinstance(value, dict):
            found = {
                name
                if name in _FIXED
                else self._pattern.sub(lambda _: instead, name): (
                    self._deep(one, name, instead)
                )
                for name, one in value.items()
            }
            # As everywhere in a document, what is empty is left out.
            return {
                name: one
                for name, one in found.items()
                if one or value.get(name) in (one, None)
            }
        return value

    def _said(self, text: str, key: str, instead: str) -> str:
        said = self._pattern.sub(lambda _: instead, text)
        return said.strip() if key in _NAMES and said != text else said

    def _list(self, value: list[Any], key: str, instead: str) -> list[Any]:
        if key in _FIXED:
            return value
        left = [
            self._deep(one, key, instead)
            for one in value
            if not (key in LISTS and one in self._forms)
        ]
        if left != value and key in LISTS | _WORDS:
            left = [one for one in dict.fromkeys(left) if one]
        return left

    # A journal

    def lines(self, name: str, data: bytes) -> set[int]:  # noqa: ARG002
        """Return where the lines begin that may have the name."""
        return lines_with(data, self._needles)

    def changes(
        self,
        where: tuple[str, int],  # noqa: ARG002
        act: str,  # noqa: ARG002
        made: list[Any],
    ) -> list[Any]:
        """Return a commit's changes without the name."""
        return [
            [table, key, document and self.document(table, document)]
            for table, key, document in made
        ]

    def compacts(self, name: str) -> bool:  # noqa: ARG002
        """Say that undo finds all versions."""
        return False

    def concerns(self, payload: bytes) -> bool:
        """Whether a payload may have the name."""
        return any(needle in payload for needle in self._needles)

    def expected(self, table: str, key: str, document: Document) -> Document:  # noqa: ARG002
        """Return what a document is to be."""
        return self.document(table, document)

    def farewell(self) -> list[tuple[str, str | None, str | None]]:
        """Return nothing: no document goes."""
        return []

    def standing(self, segments: Iterable[bytes]) -> int:  # noqa: ARG002
        """Return how many entries go: none."""
        return 0

    # Other files

    def names(self, data: bytes) -> bool:
        """Whether raw bytes have the name, spelt out or as JSON escapes it."""
        text = data.decode("utf-8", "replace")
        return self.is_named(text) or ("\\" in text and self.is_named(_spelt(text)))

    def small(self, name: str, data: bytes) -> bytes | None:  # noqa: ARG002
        """Return a draft or a capture without the name; None if it makes no sense."""
        try:
            document = json.loads(unseal(data.rstrip(b"\n")))
            altered = self._deep(document, "", self.instead)
            return seal(json.dumps(altered).encode()) + b"\n"
        except (ValueError, RecursionError):
            return None


_NAMES: Final = frozenset({"tags", "people", "shared_with", "part", "side"})


def _is_entry(document: Document) -> bool:
    try:
        from_document(document)
    except LogDamagedError:
        return False
    return True


def _spelt(text: str) -> str:
    """Return text with the escapes of JSON spelt out."""

    def one(match: re.Match[str]) -> str:
        code, sign = match.groups()
        if code is None:
            return sign if sign in '"\\/' else " "
        return chr(int(code, 16))

    spelt = _ESCAPE.sub(one, text)
    return spelt.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
