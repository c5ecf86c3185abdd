"""Sittings made for one test, and drafts of them."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

from companion.model.content import Sitting, Step
from companion.reflection import Reflection
from tests.doubles import MemoryPools, WordsDouble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from companion.log import Log


def reflection_of(log: Log, *steps: Step, **words: Any) -> Reflection:
    """Return a Reflection with one sitting, "own", of these steps."""
    sitting = Sitting(id="own", name="Own", about="", minutes=1, steps=steps)
    content = WordsDouble(sittings=(sitting,), **words)
    return Reflection(content, MemoryPools(), log, Random(1))


def as_json(state: Mapping[str, object]) -> dict[str, Any]:
    """Return the state of a run as a draft gives it back."""
    again: dict[str, Any] = json.loads(json.dumps(state))
    return again
