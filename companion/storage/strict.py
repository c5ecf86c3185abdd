"""JSON as it lies on the disk: what JSON does not know is refused."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any, NoReturn


def _number(word: str) -> float:
    number = float(word)
    if not isfinite(number):
        raise ValueError(word)
    return number


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


_decode = json.JSONDecoder(parse_float=_number, parse_constant=_refuse).decode


def loads(data: bytes) -> Any:
    """Return what JSON in UTF-8 says.

    Raises:
        ValueError: If it is none, is nested too deeply, or has a number that is none.
    """
    try:
        return _decode(data.decode())
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
