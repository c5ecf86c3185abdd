"""The shelf: every word of the app as a value, each file read when first asked for."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from companion.content.document import Document, UnreadableError, read_text
from companion.content.items import (
    WrongItemError,
    read_head,
    read_principle,
    read_prompt,
    read_rung,
    read_sitting,
)
from companion.content.own import OWN_POOL, OwnWords
from companion.content.pools import Pools
from companion.content.ready import Ready
from companion.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from companion.model.content import Principle, Problem, Prompt, Rung, Sitting

QUESTION_POOL: Final = "question"
"""The pool of the slow questions, which no sitting draws from."""
INVITATION_POOL: Final = "invitation"
"""The pool Today draws from."""
RESERVED: Final = frozenset({"free", INVITATION_POOL, QUESTION_POOL})
"""What begins a run without being a sitting, so no sitting may be called that."""

_T = TypeVar("_T")
_Words = str | tuple[str, ...]


def shipped() -> Path:
    """Return the folder of words: inside the package, or beside it in a checkout."""
    packaged = Path(__file__).parents[1] / "data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data"


class Shelf:
    """All words the app needs, ours and the person's own.

    A file of ours that is wrong raises ContentError when it is first needed; what is
    wrong in a person's own files is told by `problems`.
    """

    def __init__(self, root: Path | None = None, own: Path | None = None) -> None:
        """Read our words from `root` and the person's from `own`, when asked."""
        self._root = shipped() if root is None else root
        self._own = OwnWords(own)
        self._ready = Ready(self._root)
        self._screens: dict[str, Mapping[str, _Words]] = {}
        self._pages: dict[str, str] = {}

    @cached_property
    def rungs(self) -> tuple[Rung, ...]:
        """The five rungs, smallest first."""
        return self._values("rungs.toml", "rung", read_rung)

    @cached_property
    def principles(self) -> tuple[Principle, ...]:
        """The seven principles."""
        return self._values("principles.toml", "principle", read_principle)

    @cached_property
    def questions(self) -> tuple[Prompt, ...]:
        """The slow questions: one a month, in turn; ours, then the person's own."""
        ours = self._prompts("questions.toml", QUESTION_POOL)
        return (*ours, *self._own.pools.get(QUESTION_POOL, ()))

    @cached_property
    def pools(self) -> Mapping[str, tuple[Prompt, ...]]:
        """The prompts by pool; one file is one pool, read when it is asked for."""
        folder = self._root / "prompts"
        try:
            ours = sorted(
                name.removesuffix(".toml")
                for name in os.listdir(folder)  # noqa: PTH208 - lean
                if name.endswith(".toml")
            )
        except OSError as error:
            raise ContentError(f"The folder {folder} cannot be read.") from error
        own = {
            pool: prompts
            for pool, prompts in self._own.pools.items()
            if pool != QUESTION_POOL
        }
        return Pools(
            ours, own, lambda pool: self._prompts(f"prompts/{pool}.toml", pool)
        )

    @cached_property
    def sittings(self) -> tuple[Sitting, ...]:
        """The sittings: ours by length, then the person's own."""
        ours = self._values(
            "sittings.toml", "sitting", lambda table: read_sitting(table, own=False)
        )
        taken = {*RESERVED, *(sitting.id for sitting in ours)}
        own = self._own.sittings(pools=self.pools, taken=taken)
        ours = tuple(sorted(map(self._open, ours), key=lambda each: each.minutes))
        return (*ours, *own)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read of the person's own files (reads all of them)."""
        drawn = {
            pool
            for sitting in self.sittings
            for step in sitting.steps
            for pool in step.pools
        }
        return self._own.problems({QUESTION_POOL, INVITATION_POOL, *drawn})

    @cached_property
    def glossary(self) -> Mapping[str, str]:
        """The words of this house, and what each means."""
        return {
            word: meaning
            for word, meaning in self._toml("glossary.toml").items()
            if isinstance(meaning, str)
        }

    def say(self, key: str, /, **names: object) -> str:
        """Return words of the app, such as `say("today.empty")`.

        Raises:
            ContentError: If there are none, or a name they ask for was not given.
        """
        words = self._words(key)
        if not isinstance(words, str):
            raise ContentError(f"{key} is a list of words, not one text.")
        try:
            return words.format_map(names)
        except (LookupError, ValueError, AttributeError) as error:
            raise ContentError(f"{key} cannot be filled in: {error}.") from error

    def says(self, key: str, /) -> tuple[str, ...]:
        """Return a list of words of the app, as it stands.

        Raises:
            ContentError: If there is no such list.
        """
        words = self._words(key)
        if isinstance(words, str):
            raise ContentError(f"{key} is one text, not a list of words.")
        return words

    def page(self, name: str, /) -> str:
        """Return a longer text, in plain Markdown.

        Raises:
            ContentError: If there is none of that name.
        """
        if name not in self._pages:
            self._pages[name] = self._text(f"pages/{_plain(name)}.md")
        return self._pages[name]

    def _open(self, sitting: Sitting) -> Sitting:
        """Return one of our sittings with the pools there are.

        Raises:
            ContentError: If it draws from one there is not.
        """
        steps = []
        for step in sitting.steps:
            pools = tuple(pool for pool in step.pools if pool in self.pools)
            missing = {*step.pools} - {*pools, OWN_POOL}
            if missing:
                names = ", ".join(sorted(missing))
                raise ContentError(f"sittings.toml draws from no such pool: {names}.")
            steps.append(step._replace(pools=pools))
        return sitting._replace(steps=tuple(steps))

    def _words(self, key: str) -> _Words:
        screen, _, rest = key.partition(".")
        if screen not in self._screens:
            name = f"screens/{_plain(screen)}.toml"
            self._screens[screen] = dict(_flat(self._toml(name), name))
        try:
            return self._screens[screen][rest]
        except KeyError as error:
            raise ContentError(
                f"data/screens/{screen}.toml has no {rest!r}."
            ) from error

    def _prompts(self, name: str, pool: str) -> tuple[Prompt, ...]:
        document = self._document(name, "prompt")
        try:
            head = read_head(document.head, own=False)
        except WrongItemError as wrong:
            raise _wrong(document, 0, wrong) from wrong
        return tuple(
            _each(
                document,
                lambda table: read_prompt(table, head, pool=pool, own=False),
            )
        )

    def _values(
        self, name: str, kind: str, read: Callable[[Mapping[str, object]], _T]
    ) -> tuple[_T, ...]:
        document = self._document(name, kind)
        if document.head:
            wrong = WrongItemError(f"Begin with [[{kind}]].", *document.head)
            raise _wrong(document, 0, wrong)
        return tuple(_each(document, read))

    def _document(self, name: str, kind: str) -> Document:
        document = Document(name, kind, self._text(name), self._ready.parse)
        for problem in document.problems:
            raise _error(problem)
        return document

    def _toml(self, name: str) -> Mapping[str, object]:
        try:
            return self._ready.parse(self._text(name))
        except UnreadableError as error:
            raise ContentError(f"{name}, line {error.line}: {error.message}") from error

    def _text(self, name: str) -> str:
        try:
            return read_text(self._root / name)
        except UnreadableError as error:
            raise ContentError(f"{self._root / name}: {error.message}") from error


def _each(
    document: Document, read: Callable[[Mapping[str, object]], _T]
) -> Iterator[_T]:
    """Read every item of a file of ours; the first that is wrong ends it."""
    for block, table in document.items:
        try:
            yield read(table)
        except WrongItemError as wrong:
            raise _wrong(document, block, wrong) from wrong


def _flat(
    table: Mapping[str, object], name: str, before: str = ""
) -> Iterator[tuple[str, _Words]]:
    """Yield the words of a table and of those in it, under dotted keys."""
    for key, value in table.items():
        match value:
            case str():
                yield before + key, value
            case list() if all(isinstance(each, str) for each in value):
                yield before + key, tuple(value)
            case dict():
                yield from _flat(value, name, f"{before}{key}.")
            case _:
                raise ContentError(f"{name}: {before}{key} is neither text nor texts.")


def _plain(name: str) -> str:
    """Return a name that leads out of no folder."""
    if not name.replace("-", "").replace("_", "").isalnum():
        raise ContentError(f"There are no words under {name!r}.")
    return name


def _wrong(document: Document, block: int, wrong: WrongItemError) -> ContentError:
    return _error(document.problem(block, wrong.message, *wrong.words))


def _error(problem: Problem) -> ContentError:
    return ContentError(f"{problem.file}, line {problem.line}: {problem.message}")
