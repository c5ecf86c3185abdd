"""The pinned versions: all of them, and no place they would have to come from."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.installing import ROOT

LINES: Final = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINNED: Final = {
    canonicalize_name(name): version
    for name, _, version in (line.partition("==") for line in LINES)
}


def _declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [
        Requirement(words)
        for words in (
            *project["build-system"]["requires"],
            *project["project"]["dependencies"],
            *project["dependency-groups"]["dev"],
        )
    ]


def _needed() -> set[str]:
    waiting = [(found.name, found.extras) for found in _declared()]
    seen: set[str] = set()
    while waiting:
        name, extras = waiting.pop()
        if canonicalize_name(name) in seen:
            continue
        seen.add(canonicalize_name(name))
        try:
            further = [Requirement(words) for words in requires(name) or ()]
        except PackageNotFoundError:
            continue
        waiting += [
            (found.name, found.extras)
            for found in further
            if found.marker is None
            or any(found.marker.evaluate({"extra": extra}) for extra in {"", *extras})
        ]
    return seen


def test_every_line_is_a_name_and_a_version_and_no_address() -> None:
    odd = [line for line in LINES if not re.fullmatch(r"[\w.-]+==[\w.]+", line)]
    assert odd == []


def test_everything_that_is_needed_is_pinned() -> None:
    assert _needed() - set(PINNED) == set()


def test_what_is_pinned_is_what_we_say_we_need() -> None:
    for wanted in _declared():
        version = PINNED[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(version), wanted
