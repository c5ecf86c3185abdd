"""Reading from a terminal that may send anything, or go away."""

from __future__ import annotations

import time
from codecs import getincrementaldecoder
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REST: Final = 0.1
"""Seconds to rest after the terminal went, instead of asking it again at once."""


class SteadyDecoder:
    """Turns bytes of the terminal into text; invalid ones become a mark."""

    def __init__(self, on_gone: Callable[[], None]) -> None:
        """Call `on_gone` once the terminal gives nothing any more."""
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._on_gone = on_gone

    def decode(self, data: bytes, final: bool = False) -> str:  # noqa: FBT001, FBT002
        """Return the text; never raises."""
        if not data and not final:
            # A closed terminal can be read without end. Asking at full speed would
            # keep a processor busy for nobody.
            self._on_gone()
            time.sleep(REST)
            return ""
        return self._decode(data, final)


@contextmanager
def steady_input(on_gone: Callable[[], None]) -> Iterator[None]:
    """Let textual read through a `SteadyDecoder` while the app runs.

    Textual's own decoder is strict: one byte that is not UTF-8 ends the app. It takes
    the decoder from a name in the module of its driver, so that name is lent here.
    """
    from textual.drivers import linux_driver  # noqa: PLC0415 - not on every system

    strict = vars(linux_driver)["getincrementaldecoder"]

    def steady(_encoding: str) -> Callable[[], SteadyDecoder]:
        return lambda: SteadyDecoder(on_gone)

    setattr(linux_driver, "getincrementaldecoder", steady)  # noqa: B010
    try:
        yield
    finally:
        setattr(linux_driver, "getincrementaldecoder", strict)  # noqa: B010


def forbid_core_dumps() -> None:
    """Keep the memory of the app from being written to disk when it is killed."""
    import resource  # noqa: PLC0415 - not on every system

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
