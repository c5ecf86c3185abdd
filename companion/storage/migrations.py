"""The steps that lift a log of an earlier format to today's.

Each step is a pure function from the payload of a commit of one version to that of the
next: the same commit, said as the next version says it. It stays for good, and so does
the sample log of each version, in tests/samples.

There has been one version of the journal so far, so there is no step yet. Version 0,
plain TinyDB, was no journal; `version0` reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STEPS: Final[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {}
"""By the version a step begins at."""
