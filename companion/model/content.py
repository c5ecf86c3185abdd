"""The words of the app, as values: what data/ and a person's own files hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Rung(NamedTuple):
    """One rung of the ladder, and the words at the ends of its lens."""

    id: str
    name: str
    size: str
    """How many people, in words."""
    about: str
    domination: str
    """What stands at one end of the line at this rung."""
    partnership: str
    """What stands at the other end."""


class Principle(NamedTuple):
    """One of the seven leadership principles."""

    id: str
    name: str
    meaning: str
    evidence: tuple[str, ...]
    """Dated moments that count."""
    drift: tuple[str, ...]
    """Signs worth a gentle question."""
    ask: str
    """The question to put to a person."""


class Prompt(NamedTuple):
    """One question, or one invitation to write."""

    id: str
    text: str
    pool: str
    """The pool it is drawn from; it comes again only when that pool is through."""
    hint: str = ""
    """A second, quieter line."""
    rung: str = ""
    principle: str = ""
    own: bool = False
    """Whether it is one of the person's own."""


class Step(NamedTuple):
    """One step of a sitting."""

    kind: str
    """"prompt" (draws from `pools`), "lens" or "part"."""
    pools: tuple[str, ...] = ()
    """For a prompt: the pools to draw from, one of them at each sitting."""
    text: str = ""
    """For lens and part: the words that lead in."""


class Sitting(NamedTuple):
    """A short sequence of steps to reflect by."""

    id: str
    name: str
    about: str
    minutes: int
    steps: tuple[Step, ...]
    own: bool = False


class Problem(NamedTuple):
    """One thing wrong in a person's own file; the rest of it was read."""

    file: str
    line: int
    message: str


class Content(Protocol):
    """All words the app needs, ours and the person's own; each read on first use."""

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """The five rungs, smallest first."""
        ...

    @property
    def principles(self) -> tuple[Principle, ...]:
        """The seven principles."""
        ...

    @property
    def sittings(self) -> tuple[Sitting, ...]:
        """The sittings: ours by length, then the person's own."""
        ...

    @property
    def pools(self) -> Mapping[str, tuple[Prompt, ...]]:
        """The prompts by pool, ours and the person's own."""
        ...

    @property
    def questions(self) -> tuple[Prompt, ...]:
        """The slow questions: one a month, in turn."""
        ...

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read of the person's own files (reads all of them)."""
        ...

    def say(self, key: str, /, **names: object) -> str:
        """Return words of the app, such as `say("today.empty")`.

        The key is a file of data/screens/ and a key in it; {names} are filled in.
        """
        ...

    def says(self, key: str, /) -> tuple[str, ...]:
        """Return a list of words of the app, for words that come in several."""
        ...

    def page(self, name: str, /) -> str:
        """Return a longer text, a file of data/pages/ in plain Markdown."""
        ...
