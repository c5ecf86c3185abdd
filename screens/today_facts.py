"""What Today shows, read from the domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.record import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from companion.facade import Companion
    from companion.log import Log
    from companion.looking_back import Memory
    from companion.model.content import Prompt, Sitting
    from companion.model.entry import Entry
    from companion.ports import Draft, Notice


@record(slots=True, kw_only=True)
class Facts:
    """Everything Today shows, read from the domain."""

    now: datetime
    hours: int
    sittings: Sequence[Sitting]
    entries: Sequence[Entry]
    drafts: Sequence[Draft] = ()
    notices: Sequence[Notice] = ()
    troubles: Sequence[Notice] = ()
    """Why the log may only be read."""
    locked: bool = False
    """Whether another window writes to it."""
    is_new: bool = False
    """Whether nothing was ever written here."""
    invitation: Prompt
    question: Prompt
    memories: Sequence[Memory] | None = None
    """None while they have not been looked for."""


def read_facts(companion: Companion) -> Facts:
    """Read what is cheap to read; memories are looked for later."""
    now = companion.clock()
    today = now.date()
    log, reflection = companion.log, companion.reflection
    entries = log.of_day(today)
    return Facts(
        now=now,
        hours=companion.preferences.settings.hours,
        sittings=reflection.sittings,
        entries=entries,
        # What a window that writes has open is its own.
        drafts=() if log.is_guest else companion.drafts.waiting(),
        notices=[notice for notice in log.notices() if not notice.grave],
        troubles=log.troubles(),
        locked=log.is_guest,
        is_new=not entries and _is_new(log),
        invitation=reflection.invitation(today),
        question=reflection.question(today),
    )


def clock_notice(companion: Companion) -> Sequence[Notice]:
    """Say so where the clock stands earlier than what was written last."""
    newest = companion.log.later_than_now()
    if newest is None:
        return ()
    from companion.ports import Notice  # noqa: PLC0415 - seldom
    from screens.today_page import day_words  # noqa: PLC0415

    say = companion.content.say
    said = say("today.clock", day=day_words(newest.at))
    return (Notice(said, say("today.clock-hint")),)


def _is_new(log: Log) -> bool:
    timeline = log.timeline()
    timeline.advance(enough=1)
    return not len(timeline)
