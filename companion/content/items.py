"""One table of a file becomes one value, or says what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from companion.model.content import Principle, Prompt, Rung, Sitting, Step
from companion.model.entry import PRINCIPLES, RUNGS

if TYPE_CHECKING:
    from collections.abc import Mapping

WORD_LIMIT: Final = 80
"""Most characters of an id, a name or a pool."""
LINE_LIMIT: Final = 300
"""Most characters of a hint and of what is said about a sitting."""
TEXT_LIMIT: Final = 2000
"""Most characters of a prompt."""
STEP_LIMIT: Final = 40
"""Most steps of a sitting."""
MINUTES_LIMIT: Final = 240
POOL_LIMIT: Final = 40
"""Most pools one step draws from."""


class WrongItemError(Exception):
    """An item that cannot be used: what is wrong, and the words to find it by."""

    def __init__(self, message: str, *words: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.message = message
        self.words = words


class Fields:
    """The keys of one table, taken one by one, so that what is left over is unknown."""

    def __init__(self, table: Mapping[str, object]) -> None:
        """Copy the table."""
        self._left = dict(table)

    def text(self, key: str, limit: int = LINE_LIMIT, *, default: str = "") -> str:
        """Return the text under `key`; without a default it has to be there.

        Raises:
            WrongItemError: If it is missing, empty, too long or not a text.
        """
        value = self._left.pop(key, default)
        if not isinstance(value, str):
            raise WrongItemError(f'Put {key} in quotes: {key} = "...".', key)
        if len(value) > limit:
            raise WrongItemError(f"{key} is longer than {limit:,} characters.", key)
        return value

    def need(self, key: str, limit: int = LINE_LIMIT) -> str:
        """Return the text under `key`, which has to hold words.

        Raises:
            WrongItemError: If it does not.
        """
        if key not in self._left:
            raise WrongItemError(f'{key} is missing: {key} = "...".')
        value = self.text(key, limit)
        if not value.strip():
            raise WrongItemError(f"{key} is empty.", key)
        return value

    def one_of(self, key: str, known: tuple[str, ...], default: str = "") -> str:
        """Return the text under `key`: one of `known`, or `default` without the key.

        Raises:
            WrongItemError: If it is another.
        """
        value = self.text(key, default=default)
        if value not in (*known, default):
            raise WrongItemError(f"{key} is one of: {', '.join(known)}.", key)
        return value

    def several(self, key: str, most: int) -> list[object]:
        """Return the list under `key`, of one to `most`.

        Raises:
            WrongItemError: If it is not such a list.
        """
        value = self._left.pop(key, None)
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise WrongItemError(f"{key} is a list of 1 to {most}: {key} = [...].", key)
        return value

    def texts(self, key: str, most: int) -> tuple[str, ...]:
        """Return the list of texts under `key`.

        Raises:
            WrongItemError: If it is not one.
        """
        values: list[str] = []
        for value in self.several(key, most):
            if not isinstance(value, str) or not value.strip() or value in values:
                raise WrongItemError(f"{key} holds different words in quotes.", key)
            values.append(value)
        return tuple(values)

    def number(self, key: str, most: int, default: int) -> int:
        """Return the whole number under `key`, from 1 to `most`.

        Raises:
            WrongItemError: If it is none.
        """
        value = self._left.pop(key, default)
        if type(value) is not int or not 1 <= value <= most:
            raise WrongItemError(f"{key} is a whole number from 1 to {most}.", key)
        return value

    def end(self, known: str) -> None:
        """Refuse keys that were not taken.

        Raises:
            WrongItemError: If there are any.
        """
        for key in self._left:
            raise WrongItemError(f"{key[:40]!r} is not known here; {known}.", key)


def read_head(table: Mapping[str, object], *, own: bool) -> dict[str, object]:
    """Return what the head of a file of prompts says for all of them.

    Raises:
        WrongItemError: If something is wrong with it.
    """
    fields = Fields(table)
    head = {
        "rung": fields.one_of("rung", RUNGS),
        "principle": fields.one_of("principle", PRINCIPLES),
    }
    if own and "pool" in table:
        head["pool"] = fields.need("pool", WORD_LIMIT)
    fields.end("before the first [[prompt]] stand pool, rung and principle")
    return {key: value for key, value in head.items() if value}


def read_prompt(
    table: Mapping[str, object], head: Mapping[str, object], *, pool: str, own: bool
) -> Prompt:
    """Return one prompt; `head` says what holds for the whole file.

    Raises:
        WrongItemError: If something is wrong with it.
    """
    both = {**head, **table}
    fields = Fields(both)
    if own and "pool" in both:
        pool = fields.need("pool", WORD_LIMIT)
    prompt = Prompt(
        id="" if own and "id" not in both else fields.need("id", WORD_LIMIT),
        text=fields.need("text", TEXT_LIMIT),
        pool=pool,
        hint=fields.text("hint"),
        rung=fields.one_of("rung", RUNGS),
        principle=fields.one_of("principle", PRINCIPLES),
        own=own,
    )
    fields.end("a prompt has id, text, hint, pool, rung and principle")
    return prompt


def read_sitting(table: Mapping[str, object], *, own: bool) -> Sitting:
    """Return one sitting.

    Raises:
        WrongItemError: If something is wrong with it.
    """
    fields = Fields(table)
    name = fields.need("name", WORD_LIMIT)
    steps = _read_steps(fields.several("steps", STEP_LIMIT))
    sitting = Sitting(
        id=fields.need("id", WORD_LIMIT) if "id" in table else _slug(name),
        name=name,
        about=fields.text("about"),
        minutes=fields.number("minutes", MINUTES_LIMIT, len(steps)),
        steps=steps,
        own=own,
    )
    fields.end("a sitting has id, name, about, minutes and steps")
    return sitting


def _read_steps(tables: list[object]) -> tuple[Step, ...]:
    steps: list[Step] = []
    for number, table in enumerate(tables, 1):
        try:
            steps.append(read_step(table))
        except WrongItemError as wrong:
            message = f"Step {number}: {wrong.message}"
            raise WrongItemError(message, "steps") from wrong
    return tuple(steps)


def read_step(table: object) -> Step:
    """Return one step of a sitting.

    Raises:
        WrongItemError: If something is wrong with it.
    """
    if isinstance(table, dict):
        fields = Fields(table)
        match table:
            case {"kind": "prompt", "pools": _}:
                pools = fields.texts("pools", POOL_LIMIT)
                step = Step(kind=fields.need("kind"), pools=pools)
                fields.end("a prompt step has kind and pools")
                return step
            case {"kind": "lens" | "part", "text": _}:
                step = Step(kind=fields.need("kind"), text=fields.need("text"))
                fields.end("a lens or part step has kind and text")
                return step
    raise WrongItemError(
        'A step is { kind = "prompt", pools = [...] }, { kind = "lens", text = "..." }'
        ' or { kind = "part", text = "..." }.',
    )


def read_rung(table: Mapping[str, object]) -> Rung:
    """Return one rung.

    Raises:
        WrongItemError: If something is wrong with it.
    """
    fields = Fields(table)
    rung = Rung(
        id=fields.one_of("id", RUNGS),
        name=fields.need("name"),
        size=fields.need("size"),
        about=fields.need("about"),
        domination=fields.need("domination"),
        partnership=fields.need("partnership"),
    )
    fields.end("a rung has id, name, size, about, domination and partnership")
    return rung


def read_principle(table: Mapping[str, object]) -> Principle:
    """Return one principle.

    Raises:
        WrongItemError: If something is wrong with it.
    """
    fields = Fields(table)
    principle = Principle(
        id=fields.one_of("id", PRINCIPLES),
        name=fields.need("name"),
        meaning=fields.need("meaning"),
        evidence=fields.texts("evidence", 12),
        drift=fields.texts("drift", 12),
        ask=fields.need("ask"),
    )
    fields.end("a principle has id, name, meaning, evidence, drift and ask")
    return principle


def _slug(name: str) -> str:
    """Return a name as an id: its letters and digits, small, joined by hyphens."""
    apart = "".join(sign if sign.isalnum() else " " for sign in name.casefold())
    if not apart.strip():
        raise WrongItemError('id is missing: id = "...".')
    return "-".join(apart.split())
