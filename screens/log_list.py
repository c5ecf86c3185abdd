"""The list of the log: what is wanted is looked for bit by bit, newest first."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import work
from textual.message import Message

from screens.timeline_rows import TimelineRows
from screens.widgets.lines import Lines

if TYPE_CHECKING:
    from datetime import date

    from textual import events

    from companion.facade import Companion
    from companion.model.entry import Entry
    from companion.ports import Timeline

_SLICE: Final = 0.006
"""Seconds of looking before keys and painting have their turn."""
_PAUSE: Final = 0.001
_NEAR: Final = 3
"""How many rows away an entry is looked for when the log has changed."""
_ABOVE: Final = 2
"""Rows that stay in sight above a day one goes to."""
_AHEAD: Final = 200
"""How many rows beyond what is seen are found before the screen is painted."""


class LogList(Lines):
    """Shows the whole log, or what a search found in it so far."""

    @dataclass
    class Counted(Message):
        """More was found, or all of it."""

        count: int
        done: bool

    @dataclass
    class Typed(Message):
        """A letter for the search came while the search line opens."""

        character: str

    class Early(Message):
        """A day before the first entry was wanted."""

    def __init__(self, companion: Companion) -> None:
        """Stand on the log; nothing is read before `look`."""
        super().__init__(id="timeline")
        self._companion = companion
        self._wanted: date | None = None
        self._searching = False

    def on_key(self, event: events.Key) -> None:
        """Let what follows a slash go to the search, however fast it is typed.

        Until the search line has the focus, letters still come here, and some of
        them are keys that change an entry.
        """
        if event.character == "/":
            self._searching = True
        elif self._searching and event.is_printable and event.character:
            event.stop()
            self.post_message(self.Typed(event.character))

    def on_blur(self) -> None:
        """Take letters as keys again when one comes back."""
        self._searching = False

    @property
    def rows(self) -> TimelineRows | None:
        """What is shown, once something was looked for."""
        return self.source if isinstance(self.source, TimelineRows) else None

    def chosen(self) -> Entry | None:
        """Return the entry under the cursor, where there is one."""
        rows, index = self.rows, self.cursor
        if rows is None or not 0 <= index < len(rows):
            return None
        return rows.entry(index)

    def day(self) -> date:
        """Return the day under the cursor, or today."""
        rows, index = self.rows, self.cursor
        if rows is None or not 0 <= index < len(rows):
            return self._companion.log.today()
        return rows.timeline.day(index)

    def look(self, words: str, *, keep: bool) -> None:
        """Look for words from now on; a search under way ends.

        Args:
            words: What the person typed; "" for the whole log.
            keep: Whether the cursor stays where it is.

        Raises:
            InvalidQueryError: If the words cannot be read as a search.
        """
        log, settings = self._companion.log, self._companion.preferences.settings
        timeline = log.search(words) if words else log.timeline()
        enough = _AHEAD + (max(0, self.cursor) if keep else 0)
        timeline.advance(seconds=_SLICE, enough=enough)
        rows = TimelineRows(
            timeline,
            today=log.today(),
            hours=settings.hours,
            unreadable=self._companion.content.say("log.unreadable"),
        )
        here = self.chosen() if keep else None
        self.show(rows, keep_cursor=keep)
        if here is not None:
            self._stay_on(here.id, rows)
        self._tell(timeline)
        self._look_on(timeline)

    def _stay_on(self, entry_id: str, rows: TimelineRows) -> None:
        """Follow an entry that moved a little, since others came or went above it."""
        for index in range(max(0, self.cursor - _NEAR), self.cursor + _NEAR + 1):
            entry = rows.entry(index) if index < len(rows) else None
            if entry is not None and entry.id == entry_id:
                self.rest_on(index)
                return

    @work(exclusive=True, group="search")
    async def _look_on(self, timeline: Timeline) -> None:
        while not timeline.done:
            await asyncio.sleep(_PAUSE)
            timeline.advance(seconds=_SLICE)
            self.recount()
            self._tell(timeline)
            self._reach()
        self._reach()

    def _tell(self, timeline: Timeline) -> None:
        self.post_message(self.Counted(len(timeline), timeline.done))

    def go_to(self, day: date) -> None:
        """Go to the newest entry of a day, or of the nearest day before it."""
        self._wanted = day
        self._reach()

    def _reach(self) -> None:
        """Go to the wanted day, once it is known where that is."""
        rows, day = self.rows, self._wanted
        if rows is None or day is None:
            return
        found = rows.timeline
        index = found.index_of(day)
        if index < len(found):
            self._wanted = None
            self.recount()
            self.rest_on(index)
            self.scroll_to(y=max(0, index - _ABOVE), animate=False, immediate=True)
        elif found.done:
            self._wanted = None
            self.rest_on(len(found) - 1)
            self.post_message(self.Early())
