"""What stands on the pages of the care of the log, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from screens.safety import plain
from screens.today_page import clock_time, day_words
from screens.widgets.lines import ACCENT, DIM, STRONG
from screens.widgets.wrapping import rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from companion.model.content import Content as Words
    from companion.model.keeping import Preview, Report, Rescued, Restored
    from screens.recovery_facts import State

LABEL: Final = 38
"""Cells of the left column, in which stands what can be done."""
LEAST: Final = 66
"""With fewer cells the right column is left out."""
_BAR: Final = 30
_COMMAND: Final = "`"
"""Stands in hints that are for the command line; here lines to choose say it."""

Act = tuple[str, str]
"""What choosing a line does, and to what."""


class Sheet:
    """One page that is being laid out."""

    def __init__(self, words: Words, width: int, hours: int) -> None:
        """Begin empty; days and times are told as the person likes them."""
        self._words = words
        self._width = max(20, width)
        self._hours = hours
        self.lines: list[Content] = []
        self.acts: dict[int, Act] = {}

    def say(self, key: str, **names: object) -> str:
        """Return words of this page."""
        return self._words.say(f"care.{key}", **names)

    def text(self, words: str, style: str = "") -> None:
        """Add a sentence or more, broken into lines."""
        for line in words.splitlines():
            for row in rows(plain(line).plain, self._width):
                self.lines.append(Content(row.rstrip()).stylize(style))

    def heading(self, key: str, style: str = ACCENT, **names: object) -> None:
        """Add a heading, apart from what stands above it."""
        self.lines.append(Content(""))
        self.text(self.say(key, **names), style)

    def choice(self, act: Act, label: str, about: str = "") -> None:
        """Add a line that can be chosen."""
        self.acts[len(self.lines)] = act
        name = plain(label, limit=200)
        if about and self._width >= LEAST:
            gap = " " * max(2, LABEL - name.cell_length)
            name = Content.assemble(name, gap, (about, DIM))
        self.lines.append(name)

    def offer(self, act: str, what: str = "", key: str = "") -> None:
        """Add a line for something that can be done, with a word about it."""
        name = key or f"do-{act}"
        self.choice((act, what), self.say(name), self.say(f"{name}-about"))

    def entries(self, count: int) -> str:
        """Return a number of entries in words."""
        size = {0: "none", 1: "one"}.get(count, "many")
        return self.say(f"entries-{size}", count=f"{count:,}")

    def when(self, moment: datetime | None) -> dict[str, str]:
        """Return the day and the time of something."""
        if moment is None:
            return {"day": "?", "time": "?"}
        return {
            "day": day_words(moment),
            "time": clock_time(moment, self._hours),
        }


def overview(sheet: Sheet, state: State) -> None:
    """Say how the log is, what is safe, and what can be done."""
    if state.troubles:
        sheet.heading("unsound", STRONG)
        sheet.text(sheet.say("unsound-about"), DIM)
        sheet.heading("found")
        for trouble in state.troubles:
            sheet.text(trouble.message)
            if _COMMAND not in trouble.hint:
                sheet.text(trouble.hint, DIM)
    else:
        sheet.heading("guest" if state.is_guest else "sound", STRONG)
    sheet.heading("safe" if state.troubles else "kept")
    if state.entries is None:
        sheet.text(sheet.say("looking"), DIM)
    else:
        _tell_kept(sheet, state)
    sheet.heading("todo")
    _offer(sheet, state)


def _tell_kept(sheet: Sheet, state: State) -> None:
    sheet.text(sheet.say("readable", entries=sheet.entries(state.entries or 0)))
    if state.sound:
        newest = state.sound[0]
        size = "one" if len(state.sound) == 1 else "many"
        count, entries = len(state.sound), sheet.entries(newest.entries)
        told = {"count": count, "entries": entries, **sheet.when(newest.made)}
        sheet.text(sheet.say(f"backups-{size}", **told))
    else:
        sheet.text(sheet.say(f"backups-none{'-unsound' if state.troubles else ''}"))
    if state.bad:
        names = ", ".join(one.name for one in state.bad)
        sheet.text(sheet.say("backups-bad", names=names), DIM)


def _offer(sheet: Sheet, state: State) -> None:
    if state.troubles:
        if state.sound:
            sheet.offer("preview", state.sound[0].name, "do-newest")
        if len(state.sound) > 1:
            sheet.offer("list")
        sheet.offer("check")
        sheet.offer("rescue")
        sheet.offer("read")
        return
    sheet.offer("backup")
    sheet.offer("check")
    if state.sound:
        about = sheet.say("do-list-about")
        sheet.choice(("list", ""), sheet.say("do-restore"), about)
    sheet.offer("rescue")


def backups(sheet: Sheet, state: State) -> None:
    """List the backups to choose from."""
    sheet.heading("list", STRONG)
    sheet.lines.append(Content(""))
    for one in state.sound:
        label = sheet.say("list-row", **sheet.when(one.made))
        sheet.choice(("preview", one.name), label, sheet.entries(one.entries))
    for one in state.bad:
        sheet.text(sheet.say("list-bad", name=one.name, fault=one.fault), DIM)


def preview(sheet: Sheet, seen: Preview) -> None:
    """Say what bringing a backup back would change."""
    sheet.heading("preview", STRONG, **sheet.when(seen.backup.made))
    for holds, key in (
        (seen.damaged and not seen.why_not, "preview-damaged"),
        (not seen.same_log, "preview-other"),
    ):
        if holds:
            sheet.text(sheet.say(key), DIM)
    sheet.lines.append(Content(""))
    for key, ids in (
        ("back", seen.back),
        ("earlier", seen.earlier),
        ("since", seen.since),
    ):
        if ids:
            sheet.text(sheet.say(f"preview-{key}", entries=sheet.entries(len(ids))))
    if seen.others:
        sheet.text(sheet.say("preview-others", count=sum(seen.others.values())))
    if seen.pages:
        sheet.text(sheet.say("preview-pages", names=", ".join(seen.pages)))
    if not seen.changes:
        sheet.text(sheet.say("preview-nothing"))
    if seen.why_not:
        sheet.lines.append(Content(""))
        sheet.text(seen.why_not, STRONG)
    sheet.lines.append(Content(""))
    if seen.changes and not seen.why_not:
        about = sheet.say("preview-do-key")
        sheet.choice(("restore", seen.backup.name), sheet.say("preview-do"), about)
    sheet.choice(("overview", ""), sheet.say("preview-leave"))


def working(sheet: Sheet, what: str, share: float, told: str, *, stops: bool) -> None:
    """Say what is being done, and how far it is."""
    sheet.heading(f"working-{what}", STRONG)
    sheet.lines.append(Content(""))
    full = round(share * _BAR)
    bar = "\u2501" * full
    rest = "\u2500" * (_BAR - full)
    sheet.lines.append(
        Content.assemble((bar, ACCENT), (rest, DIM), f"  {share:.0%}")
        if share
        else Content(sheet.say("looking")).stylize(DIM)
    )
    sheet.text(told, DIM)
    sheet.lines.append(Content(""))
    sheet.text(sheet.say("working-stop" if stops else "working-wait"), DIM)


def report(sheet: Sheet, found: Report) -> None:
    """Say what a check found."""
    count = len(found.faults)
    size = {0: "check-sound", 1: "check-faults-one"}.get(count, "check-faults-many")
    sheet.heading(size, STRONG, count=count)
    read = {"commits": f"{found.commits:,}", "backups": found.backups}
    entries = sheet.entries(found.entries)
    sheet.text(sheet.say("check-read", entries=entries, **read), DIM)
    if found.faults:
        sheet.heading("found")
        _listed(sheet, found.faults)
    if found.remarks:
        sheet.heading("check-remarks")
        _listed(sheet, found.remarks)
    sheet.lines.append(Content(""))
    sheet.choice(("overview", ""), sheet.say("done-more"))


def _listed(sheet: Sheet, sentences: Sequence[str]) -> None:
    for sentence in sentences:
        sheet.text(f"\u2022 {sentence}")


def restored(sheet: Sheet, done: Restored, *, writable: bool) -> None:
    """Say what bringing a backup back has done, and how to take it back."""
    in_place = "-in-place" if done.in_place and writable else ""
    sheet.heading(f"restored{in_place}", STRONG)
    sheet.lines.append(Content(""))
    for key in ("back", "earlier", "kept"):
        count = getattr(done, key)
        if count:
            sheet.text(sheet.say(f"restored-{key}", entries=sheet.entries(count)))
    if not done.in_place:
        sheet.text(sheet.say("restored-undo"))
    if done.before:
        sheet.text(sheet.say("restored-before", name=done.before), DIM)
    if done.aside is not None:
        sheet.text(sheet.say("restored-aside", folder=done.aside), DIM)
    if not writable:
        sheet.lines.append(Content(""))
        sheet.text(sheet.say("restored-still"), STRONG)
    _leave(sheet)


def rescued(sheet: Sheet, found: Rescued) -> None:
    """Say what was brought to safety, and where it lies."""
    sheet.heading("rescued", STRONG, folder=found.folder)
    sheet.lines.append(Content(""))
    counts = {"drafts": found.drafts, "pages": found.pages}
    entries = sheet.entries(found.entries)
    sheet.text(sheet.say("rescued-count", entries=entries, **counts))
    if found.backups:
        names = ", ".join(found.backups)
        sheet.text(sheet.say("rescued-backups", names=names))
    if found.raw:
        sheet.text(sheet.say("rescued-raw", count=found.raw))
    for missed in found.missed:
        sheet.text(sheet.say("rescued-missed", name=missed))
    _leave(sheet)


def _leave(sheet: Sheet) -> None:
    sheet.lines.append(Content(""))
    sheet.choice(("read", ""), sheet.say("done-go"))
    sheet.choice(("overview", ""), sheet.say("done-more"))
