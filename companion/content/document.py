"""A TOML file as a head and a row of items that know their lines.

A file is a few keys that hold for all, then `[[prompt]]` (or another word), again and
again. Where one item breaks the syntax of TOML, the others are still read.
"""

from __future__ import annotations

import os
import re
import stat
from functools import cached_property
from typing import TYPE_CHECKING, Final

from companion.model.content import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

FILE_LIMIT: Final = 1024 * 1024
"""Most bytes a file of words may have."""

_PLACE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class UnreadableError(Exception):
    """A file that cannot be read: why, and the line where that shows."""

    def __init__(self, message: str, line: int = 0) -> None:
        """Keep both; line 0 is the file as a whole."""
        super().__init__(message)
        self.message = message
        self.line = line


def read_text(path: Path) -> str:
    """Return the text of a file, if it is one that can be read whole.

    Raises:
        UnreadableError: If it is not.
    """
    try:
        # A pipe must not make us wait for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            regular = stat.S_ISREG(os.fstat(handle).st_mode)
            data = _bytes(handle) if regular else b""
        finally:
            os.close(handle)
    except OSError as error:
        reason = (error.strerror or "the system gives no reason").lower()
        raise UnreadableError(f"It cannot be read: {reason}.") from error
    if not regular:
        raise UnreadableError("It is not a file.")
    if len(data) > FILE_LIMIT:
        raise UnreadableError("It is longer than 1 MiB and was left out.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError("This is not UTF-8; save it as UTF-8.", line) from error


def parse(text: str) -> dict[str, object]:
    """Return TOML as plain values.

    Raises:
        UnreadableError: If it is not TOML.
    """
    import tomllib  # noqa: PLC0415 - costs 5 ms, only paid where there is a file

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise UnreadableError("It is nested too deep", 1) from error
    except ValueError as error:
        message = str(error)
        place = _PLACE.search(message)
        if place is None:
            raise UnreadableError(message, 1) from error
        end = text.rstrip("\n").count("\n") + 1
        raise UnreadableError(
            message[: place.start()], int(place[1]) if place[1] else end
        ) from error


class Document:
    """One file: its head, its items, and what is wrong with its syntax."""

    def __init__(
        self,
        name: str,
        kind: str,
        text: str,
        read: Callable[[str], dict[str, object]] = parse,
    ) -> None:
        """Read `text`; `kind` is the word in the double brackets."""
        self.name = name
        self.kind = kind
        self.text = text
        self._count: int | None = None
        self.head: Mapping[str, object] = {}
        self.items: list[tuple[int, Mapping[str, object]]] = []
        """Each with the number of its block."""
        self.problems: list[Problem] = []
        try:
            found = read(text)
        except UnreadableError as error:
            self._salvage(error)
        else:
            self._take(found)

    @cached_property
    def blocks(self) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """The first line's number and the lines of the head and of each item.

        Where the headers seen are not as many as the items (a list in place of
        headers, or a text with a line like one), the first line stands for all.
        """
        header = re.compile(rf"\s*\[\[?\s*[\"']?{re.escape(self.kind)}[\"']?\s*\]")
        lines = self.text.split("\n")
        starts = [0, *(at for at, line in enumerate(lines) if header.match(line))]
        if self._count is not None and len(starts) != self._count + 1:
            return ((1, ()),) * (self._count + 1)
        ends = [*starts[1:], len(lines)]
        return tuple(
            (start + 1, tuple(lines[start:end]))
            for start, end in zip(starts, ends, strict=True)
        )

    def line(self, block: int, *words: str) -> int:
        """Return the line of the first of `words` that is a key or quoted in a block.

        That is the line the block begins with where there is none.
        """
        first, lines = self.blocks[block]
        for word in words:
            sought = re.compile(
                rf"\s*\[*(?:\w+\.)*[\"']?{re.escape(word)}[\"']?\s*[=\]]"
                rf"|.*[\"']{re.escape(word)}[\"']"
            )
            for number, line in enumerate(lines, first):
                if sought.match(line):
                    return number
        return first

    def problem(self, block: int, message: str, *words: str) -> Problem:
        """Return what is wrong in a block, with its line."""
        return Problem(file=self.name, line=self.line(block, *words), message=message)

    def _take(self, found: dict[str, object]) -> None:
        """Sort what was read into head and items."""
        items = found.pop(self.kind, [])
        self.head = found
        tables = tuple(_tables(items))
        self._count = len(tables)
        for number, item in enumerate(tables, 1):
            self._add(number, item)

    def _add(self, number: int, item: Mapping[str, object] | None) -> None:
        """Take one item, or say how one begins."""
        if item is not None:
            self.items.append((number, item))
            return
        advice = f"Begin each one with [[{self.kind}]], in double brackets."
        self.problems.append(self.problem(number, advice))

    def _salvage(self, whole: UnreadableError) -> None:
        """Read the blocks one by one, so that one slip does not hide the rest."""
        for number, (first, lines) in enumerate(self.blocks):
            try:
                found = parse("\n".join(lines))
            except UnreadableError as error:
                self._broken(error.message, first + error.line - 1)
                continue
            if number == 0:
                self.head = found
                continue
            for item in _tables(found.get(self.kind)):
                self._add(number, item)
        if not self.problems:
            self._broken(whole.message, whole.line)

    def _broken(self, message: str, line: int) -> None:
        self.problems.append(
            Problem(file=self.name, line=line, message=f"This is not TOML: {message}.")
        )


def _tables(found: object) -> Iterator[Mapping[str, object] | None]:
    """Yield the tables of a list, and None for whatever is not one."""
    for item in found if isinstance(found, list) else [found]:
        yield item if isinstance(item, dict) and isinstance(found, list) else None


def _bytes(handle: int) -> bytes:
    """Return what a file holds, or as much as shows that it is too long."""
    data = bytearray()
    while len(data) <= FILE_LIMIT and (more := os.read(handle, FILE_LIMIT + 1)):
        data += more
    return bytes(data)
