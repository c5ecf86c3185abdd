"""The person's own prompts and sittings: what can be read, and what is wrong where."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Final

from companion.content.document import Document, UnreadableError, read_text
from companion.content.items import (
    WrongItemError,
    read_head,
    read_prompt,
    read_sitting,
)
from companion.model.content import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from companion.model.content import Prompt, Sitting

OWN_POOL: Final = "own"
"""Where a prompt goes that names no pool."""
FILES_LIMIT: Final = 100
"""Most files read of one folder."""


class OwnWords:
    """What a person wrote in their own folder, read on first use.

    Prompts lie in prompts.toml or in any .toml file of prompts/, sittings in the same
    way. Whatever cannot be used is named with its file and line; the rest is.
    """

    def __init__(self, root: Path | None) -> None:
        """Take the folder; None, or a folder that is not there, holds nothing."""
        self._root = root
        self._prompt_problems: list[Problem] = []
        self._sitting_problems: list[Problem] = []
        self._first: dict[str, tuple[Document, int]] = {}

    @cached_property
    def prompts(self) -> tuple[Prompt, ...]:
        """The prompts that can be used; their ids begin with "own:"."""
        found: dict[str, tuple[Prompt, str]] = {}
        problems = self._prompt_problems
        for document in self._documents("prompt", problems):
            head = _head(document, problems)
            for block, table in document.items:
                try:
                    prompt = _named(read_prompt(table, head, pool=OWN_POOL, own=True))
                    _refuse_twice(prompt, found, table)
                except WrongItemError as wrong:
                    problems.append(_problem(document, block, wrong))
                    continue
                found[prompt.id] = prompt, document.name
                self._first.setdefault(prompt.pool, (document, block))
        return tuple(prompt for prompt, _ in found.values())

    @cached_property
    def pools(self) -> Mapping[str, tuple[Prompt, ...]]:
        """The same prompts by pool."""
        pools: dict[str, list[Prompt]] = {}
        for prompt in self.prompts:
            pools.setdefault(prompt.pool, []).append(prompt)
        return {pool: tuple(prompts) for pool, prompts in pools.items()}

    def sittings(
        self, *, pools: Collection[str], taken: Collection[str]
    ) -> tuple[Sitting, ...]:
        """Return the sittings that can be used.

        Args:
            pools: Names of the pools there are.
            taken: Ids that sittings have already.
        """
        found: dict[str, Sitting] = {}
        problems = self._sitting_problems
        problems.clear()
        for document in self._documents("sitting", problems):
            if document.head:
                wrong = WrongItemError("Begin with [[sitting]].", *document.head)
                problems.append(_problem(document, 0, wrong))
            for block, table in document.items:
                try:
                    sitting = read_sitting(table, own=True)
                    _check(sitting, pools=pools, taken={*taken, *found})
                except WrongItemError as wrong:
                    problems.append(_problem(document, block, wrong))
                    continue
                found[sitting.id] = sitting
        return tuple(found.values())

    def problems(self, drawn: Collection[str]) -> tuple[Problem, ...]:
        """Return what could not be used, and the pools that nothing draws from.

        Args:
            drawn: Names of the pools that sittings draw from.
        """
        idle: list[Problem] = []
        for pool in self.pools:
            if pool not in drawn:
                message = f"No sitting draws from the pool {pool!r} yet."
                document, block = self._first[pool]
                idle.append(document.problem(block, message, pool))
        return (*self._prompt_problems, *self._sitting_problems, *idle)

    def _documents(self, kind: str, problems: list[Problem]) -> Iterator[Document]:
        """Yield the files of a kind; say which cannot be read."""
        for name in self._names(kind, problems):
            assert self._root is not None
            shown = os.fsencode(name).decode("utf-8", "replace")
            try:
                document = Document(shown, kind, read_text(self._root / name))
            except UnreadableError as error:
                problems.append(
                    Problem(file=shown, line=error.line, message=error.message)
                )
                continue
            problems.extend(document.problems)
            yield document

    def _names(self, kind: str, problems: list[Problem]) -> Iterator[str]:
        """Yield the names of the files of a kind, under the person's folder."""
        if self._root is None:
            return
        folder = f"{kind}s"
        if os.path.lexists(self._root / f"{folder}.toml"):
            yield f"{folder}.toml"
        try:
            names = sorted(
                name
                for name in os.listdir(self._root / folder)  # noqa: PTH208 - lean
                if name.endswith(".toml") and not name.startswith(".")
            )
        except FileNotFoundError:
            return
        except OSError as error:
            reason = (error.strerror or "it is not a folder").lower()
            message = f"This folder cannot be read: {reason}."
            problems.append(Problem(file=folder, line=0, message=message))
            return
        for name in names[:FILES_LIMIT]:
            yield f"{folder}/{name}"
        if len(names) > FILES_LIMIT:
            message = f"Only the first {FILES_LIMIT} files are read."
            problems.append(Problem(file=folder, line=0, message=message))


def _head(document: Document, problems: list[Problem]) -> Mapping[str, object]:
    try:
        return read_head(document.head, own=True)
    except WrongItemError as wrong:
        problems.append(_problem(document, 0, wrong))
        return {}


def _named(prompt: Prompt) -> Prompt:
    """Return the prompt with an id that no prompt of ours can have.

    Without an id of its own it is known by its words.
    """
    if prompt.id:
        return prompt._replace(id=f"own:{prompt.id}")
    from hashlib import blake2b  # noqa: PLC0415 - only where there are such prompts

    words = f"{prompt.pool}\n{prompt.text}".encode()
    return prompt._replace(id=f"own:{blake2b(words, digest_size=8).hexdigest()}")


def _refuse_twice(
    prompt: Prompt,
    found: Mapping[str, tuple[Prompt, str]],
    table: Mapping[str, object],
) -> None:
    if prompt.id in found:
        file = found[prompt.id][1]
        if "id" in table:
            message = f"The id {table['id']!r} is already used in {file}."
        else:
            message = f"The same prompt stands already in {file}."
        raise WrongItemError(message, "id", "text")


def _check(sitting: Sitting, *, pools: Collection[str], taken: Collection[str]) -> None:
    """Refuse a sitting that clashes, or that draws from pools there are not."""
    if sitting.id in taken:
        message = (
            f"There is already a sitting {sitting.id!r}; give this one another id."
        )
        raise WrongItemError(message, "id", "name")
    for number, step in enumerate(sitting.steps, 1):
        for pool in step.pools:
            if pool not in pools:
                known = ", ".join(sorted(pools))
                message = (
                    f"Step {number}: no pool is called {pool[:40]!r}, only {known}."
                )
                raise WrongItemError(message, pool, "steps")


def _problem(document: Document, block: int, wrong: WrongItemError) -> Problem:
    return document.problem(block, wrong.message, *wrong.words)
