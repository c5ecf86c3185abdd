"""Reading from a terminal that may send anything, or go away."""

from __future__ import annotations

import os
import signal
import time
from codecs import getincrementaldecoder
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType

REST: Final = 0.1
"""Seconds to rest after the terminal went, instead of asking it again at once."""
BURST: Final = 256
"""Letters in one read that nobody typed."""
BURST_SECONDS: Final = 0.5
"""For how long after a burst what comes is taken for its rest."""
ESCAPE: Final = "\x1b"
PASTE_BEGINS: Final = "\x1b[200~"
PASTE_ENDS: Final = "\x1b[201~"


class SteadyDecoder:
    """Turns bytes of the terminal into text; invalid ones become a mark."""

    def __init__(self, on_gone: Callable[[], None]) -> None:
        """Call `on_gone` once the terminal gives nothing any more."""
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._on_gone = on_gone
        self._end = ""
        self._in_paste = False
        self._burst_until = 0.0

    def decode(self, data: bytes, final: bool = False) -> str:  # noqa: FBT001, FBT002
        """Return the text; never raises."""
        if not data and not final:
            # A closed terminal can be read without end. Asking at full speed would
            # keep a processor busy for nobody.
            self._on_gone()
            time.sleep(REST)
            return ""
        text = self._decode(data, final)
        was_in_paste = self._follow_paste(text)
        if was_in_paste or ESCAPE in text or not self._is_burst(text):
            return text
        return f"{PASTE_BEGINS}{text}{PASTE_ENDS}"

    def _follow_paste(self, text: str) -> bool:
        """Remember whether a paste that says so is under way; True if it was."""
        was_in_paste = self._in_paste
        seen = self._end + text
        begun, ended = seen.rfind(PASTE_BEGINS), seen.rfind(PASTE_ENDS)
        if begun != ended:
            self._in_paste = begun > ended
        self._end = seen[1 - len(PASTE_ENDS) :]
        return was_in_paste

    def _is_burst(self, text: str) -> bool:
        """Whether this is more at once than anyone types, or the rest of that.

        A terminal that does not mark what is pasted sends it as if it were typed. Each
        key is work for the whole app: a long text would keep it busy for hours, and a
        control character in it would be a command.
        """
        now = time.monotonic()
        if len(text) < BURST and now > self._burst_until:
            return False
        self._burst_until = now + BURST_SECONDS
        return bool(text)


@contextmanager
def steady_terminal(
    on_gone: Callable[[], None], on_behind: Callable[[], None]
) -> Iterator[None]:
    """Let textual read and write through our own pieces while the app runs.

    Textual's own decoder is strict: one byte that is not UTF-8 ends the app. And its
    writer waits for ever for a terminal that is gone. It takes both from names in the
    module of its driver, so those names are lent here.

    Args:
        on_gone: Called, from a thread, once the terminal gives nothing any more.
        on_behind: Called, from a thread, once all has to be drawn anew.
    """
    from textual.drivers import linux_driver  # noqa: PLC0415 - not on every system

    from screens.safety.driver import SteadyWriter  # noqa: PLC0415

    lent = {
        "getincrementaldecoder": lambda _encoding: partial(SteadyDecoder, on_gone),
        "WriterThread": partial(SteadyWriter, on_behind),
    }
    own = {name: vars(linux_driver)[name] for name in lent}
    _give(linux_driver, lent)
    try:
        yield
    finally:
        _give(linux_driver, own)


def _give(module: ModuleType, names: Mapping[str, object]) -> None:
    for name, value in names.items():
        setattr(module, name, value)


def stand_still() -> None:
    """Stop, with all that was started along with us, until the shell goes on.

    Where no shell would go on with us, the system takes no notice and we go on at once.
    """
    for number in (signal.SIGTSTP, signal.SIGCONT):
        signal.signal(number, signal.SIG_DFL)
    # To the whole group: what stands between us and the shell, such as make, would
    # wait for us, and the shell for it.
    os.kill(0, signal.SIGTSTP)
