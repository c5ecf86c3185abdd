"""An app that keeps its terminal whole and the person's words to itself."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from textual.app import App
from textual.widget import Widget
from textual.widgets._toast import Toast

from screens.safety.terminal import stand_still
from screens.safety.words import ControlFilter, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from rich.console import RenderableType
    from textual.filter import LineFilter
    from textual.notifications import SeverityLevel
    from textual.screen import Screen
    from textual.timer import Timer

SIGNALS: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
SIGNALLED: Final = 128
"""Added to the number of a signal, by custom, for the exit code."""
CRASHED: Final = 1


_SOON: Final = 0.01


def _in_time(toast: Toast, delay: float, *args: Any, **kwargs: Any) -> Timer:
    """Start the timer of a note, whose time may be over before it is drawn.

    Textual's timers count for ever, and nothing else goes on, where they are to wait
    less than nothing.
    """
    return Widget.set_timer(toast, max(delay, _SOON), *args, **kwargs)


setattr(Toast, "set_timer", _in_time)  # noqa: B010 - a method of a class of textual's


@runtime_checkable
class KeepsDraft(Protocol):
    """A screen in which something may be half written."""

    def keep_draft(self) -> None:
        """Save at once what is not saved yet."""
        ...


class Shield(App[None]):
    """Everything of safety that an app of textual's has to override."""

    def __init__(self) -> None:
        """Put the last gate before the terminal in place."""
        super().__init__()
        self._gate = ControlFilter()
        self.last_words = ""
        """One sentence for the terminal after the app has ended."""

    def report_place(self) -> tuple[Path, datetime]:
        """Return under which folder a report lies, and the time now."""
        raise NotImplementedError

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return textual's filters with the gate after them, as one."""
        before = tuple(super().get_line_filters())
        if before != self._gate.before:
            self._gate = ControlFilter(before)
        return [self._gate]

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 - markup is never read
    ) -> None:
        """Show a passing note; its words are never read as markup."""
        super().notify(
            plain(message).plain,
            title=plain(title).plain,
            severity=severity,
            timeout=timeout,
            markup=False,
        )

    def keep_drafts(self) -> None:
        """Let every screen that is open save what is half written."""
        for stack in list(self._screen_stacks.values()):
            for screen in stack:
                if isinstance(screen, KeepsDraft):
                    # One screen that fails must not cost what another holds.
                    with suppress(Exception):
                        screen.keep_draft()

    def watch_signals(self) -> None:
        """Leave in good order when told to: drafts kept, the terminal restored."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self.leave, SIGNALLED + number)
        self._watch_pauses()
        loop.set_exception_handler(self._quiet)

    def _watch_pauses(self) -> None:
        # Textual's own answer (8.2.8) stops in the middle of whatever is done just
        # then, and after a stop it was not told of it reads each key twice.
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTSTP, self.action_pause)
        loop.add_signal_handler(signal.SIGCONT, self.take_terminal)

    def unwatch_signals(self) -> None:
        """Give the signals back."""
        loop = asyncio.get_running_loop()
        for number in (*SIGNALS, signal.SIGTSTP, signal.SIGCONT):
            loop.remove_signal_handler(number)

    def action_pause(self) -> None:
        """Leave the terminal to the shell until it calls us back."""
        if self._driver is not None and self._driver.can_suspend:
            self.keep_drafts()
            with self.suspend():
                stand_still()
                self._watch_pauses()

    def take_terminal(self) -> None:
        """Set the terminal up anew, after a stop that nobody announced."""
        if self._driver is not None and self._driver.can_suspend and not self._exit:
            with self.suspend():
                pass

    def draw_anew(self) -> None:
        """Draw everything again; may be called from any thread."""
        # The loop may be over by now, and then there is nothing left to draw.
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._draw_anew)

    def _draw_anew(self) -> None:
        if self._running and not self._exit and self._screen_stack:
            self.refresh(layout=True)

    def leave(self, code: int) -> None:
        """Keep what is half written and end."""
        self.keep_drafts()
        self.exit(return_code=code)

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """Leave alone what stands behind a screen one cannot see through.

        It is laid out when it comes forth again. Laid out behind another screen, two
        sizes of the terminal that are on their way to it chase each other without end
        (textual 8.2.8), and nothing else is done any more.
        """
        if self.screen.styles.background.a == 1:
            return []
        return super()._background_screens

    async def action_quit(self) -> None:
        """Leave because the person says so; what is half written is kept."""
        self.leave(0)

    def hang_up(self) -> None:
        """Leave because the terminal went; may be called from any thread."""
        loop = self._loop
        if loop is not None and not self._exit:
            loop.call_soon_threadsafe(self.leave, SIGNALLED + signal.SIGHUP)

    def _quiet(
        self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]
    ) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            self._handle_exception(error)

    def panic(self, *renderables: RenderableType) -> None:
        """End after a failure; what was to be printed may hold private words."""
        del renderables
        self._return_code = CRASHED
        self._fatal_error()

    def _fatal_error(self) -> None:
        error = sys.exception() or self._exception
        self.keep_drafts()
        if not self.last_words:
            self.last_words = self._report(error)
        self._close_messages_no_wait()

    def _report(self, error: BaseException | None) -> str:
        from companion.crash import write_report  # noqa: PLC0415

        home, now = self.report_place()
        place = None if error is None else write_report(error, str(home), now)
        said = "Companion met a fault of its own and closed; what you wrote is kept."
        return f"{said} A report without your words: {place}" if place else said

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()
