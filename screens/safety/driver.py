"""Textual's way to the terminal, made to stand a terminal that stops or goes."""

from __future__ import annotations

import os
import select
import sys
from queue import Empty, Full
from typing import TYPE_CHECKING, Any, Final

from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

PATIENCE: Final = 0.5
"""Seconds to wait once for a terminal that takes nothing; then it is let be."""
FAREWELL: Final = 2.0
"""Seconds a terminal has in the end to take what it still has to be told."""


class SteadyWriter(WriterThread):
    """Writes to a terminal, and holds nobody up where that takes nothing any more.

    Textual's own (8.2.8) lets the whole app wait for a terminal that stands still: no
    draft is saved, and no signal is heard. Once the terminal is gone it waits for ever.
    """

    def __init__(self, on_behind: Callable[[], None], file: TextIO) -> None:
        """Write to `file`.

        Args:
            on_behind: Called, from the thread, once a terminal that had stood still
                takes something again; what it shows is not whole then.
            file: Gives the number of the file and the alphabet.
        """
        super().__init__(file)
        self._on_behind = on_behind
        self._behind = self._gone = False
        self._alphabet = file.encoding or "utf-8"

    def write(self, text: str) -> None:
        """Hand over what is to be written; left out where nothing is taken."""
        try:
            self._queue.put(text, timeout=0 if self._behind else PATIENCE)
        except Full:
            self._behind = True

    def take_all(self) -> None:
        """Leave nothing out from now on: what comes now puts the terminal right."""
        self._queue.maxsize = 0

    def run(self) -> None:
        """Write until told to stop."""
        while (text := self._queue.get()) is not None:
            last = self._and_the_rest(text)
            if self._behind and self._queue.empty() and not last:
                self._behind = False
                self._on_behind()
            if last:
                break

    def _and_the_rest(self, text: str) -> bool:
        """Write this and what else waits; True if nothing comes after it."""
        parts, last = [text], False
        try:
            while not last:
                more = self._queue.get_nowait()
                last = more is None
                parts.append(more or "")
        except Empty:
            pass
        self._send("".join(parts).encode(self._alphabet, "replace"))
        return last

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view and not self._gone:
            try:
                view = view[os.write(self.fileno(), view) :]
            except BlockingIOError:
                # Another program that shares the terminal may have asked for this.
                select.select([], [self.fileno()], [])
            except OSError:
                self._gone = True

    def stop(self) -> None:
        """End, without waiting long for a terminal that stands still."""
        self.take_all()
        self._queue.put(None)
        self.join(FAREWELL)


class SteadyDriver(LinuxDriver):
    """Draws where the person looks, and stops and goes on as they ask."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Draw on stdout: a file that stderr is led to must hold no screens."""
        super().__init__(*args, **options)
        if sys.__stdout__ is not None:
            self._file = sys.__stdout__

    def stop_application_mode(self) -> None:
        """Restore the terminal, also one that stands still."""
        if isinstance(self._writer_thread, SteadyWriter):
            self._writer_thread.take_all()
        super().stop_application_mode()
