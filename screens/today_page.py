"""What stands on Today's page, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from screens.safety import ROW_LIMIT, plain
from screens.widgets.lines import ACCENT, DIM, STRONG
from screens.widgets.wrapping import rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from companion.looking_back import Memory
    from companion.model.content import Content as Words
    from companion.model.content import Prompt
    from companion.model.entry import Entry
    from companion.ports import Draft
    from screens.today_facts import Facts

LABEL: Final = 18
"""Cells of the left column, in which a name or a time stands."""
KEYS: Final = 9
"""How many sittings have a number key."""


class Begin:
    """Choosing the line begins a sitting."""

    __match_args__ = ("sitting",)

    def __init__(self, sitting: str) -> None:
        """Name the sitting."""
        self.sitting = sitting
        self.key = ("begin", sitting)


class Resume:
    """Choosing the line goes on with a draft."""

    __match_args__ = ("draft",)

    def __init__(self, draft: Draft) -> None:
        """Say which draft."""
        self.draft = draft
        self.key = ("resume", draft.id)


class Open:
    """Choosing the line opens an entry."""

    __match_args__ = ("entry",)

    def __init__(self, entry: Entry) -> None:
        """Say which entry."""
        self.entry = entry
        self.key = ("open", entry.id)


class LookAfter:
    """Choosing the line opens what looks after the log."""

    def __init__(self) -> None:
        """There is but one."""
        self.key = ("care", "")


Act = Begin | Resume | Open | LookAfter
Row = tuple[Content, Act | None]
"""One line, and what choosing it does."""


class Page:
    """The lines of Today at one width; fulfils `LineSource`."""

    def __init__(self, rows: list[Row]) -> None:
        """Keep the lines."""
        self.rows = rows

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self.rows)

    def line(self, index: int, _width: int, /) -> Content:
        """Return one line."""
        return self.rows[index][0]

    def can_choose(self, index: int, /) -> bool:
        """Return whether choosing the line does something."""
        return self.rows[index][1] is not None

    def index_of(self, act: Act) -> int:
        """Return the line that does the same, or -1 where there is none."""
        for index, (_content, other) in enumerate(self.rows):
            if other is not None and other.key == act.key:
                return index
        return -1


def clock_time(moment: datetime, hours: int) -> str:
    """Return the time of day, in 24 hours or in 12."""
    if hours == 24:  # noqa: PLR2004 - that many hours a day has
        return f"{moment:%H:%M}"
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"  # noqa: PLR2004


def day_words(day: date) -> str:
    """Return the day with its weekday and year."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def lay_out(facts: Facts, words: Words, width: int) -> Page:
    """Return the page for lines of `width` cells."""
    return _Layout(facts, words, width).page()


class _Layout:
    def __init__(self, facts: Facts, words: Words, width: int) -> None:
        self.facts, self.words, self.width = facts, words, max(20, width)
        self.rows: list[Row] = []

    def page(self) -> Page:
        self._greet()
        self._tell()
        self._offer_drafts()
        if self.facts.is_new:
            self._welcome()
        self._offer_sittings()
        if not self.facts.is_new:
            self._written()
            self._look_back()
        self._ask("today.heading-invitation", self.facts.invitation, "invitation")
        if not self.facts.is_new:
            month = f"{self.facts.now:%B}"
            self._ask("today.heading-question", self.facts.question, "question", month)
        return Page(self.rows)

    def _add(self, content: Content, act: Act | None = None) -> None:
        self.rows.append((content, act))

    def _gap(self) -> None:
        self._add(Content(""))

    def _wrapped(self, text: str, style: str = "", act: Act | None = None) -> None:
        for line in text.splitlines() or [""]:
            for row in rows(line, self.width):
                self._add(plain(row.rstrip()).stylize(style), act)
                act = None

    def _heading(self, key: str, **names: object) -> None:
        self._gap()
        self._add(Content(self.words.say(key, **names)).stylize(ACCENT))

    def _greet(self) -> None:
        hour = self.facts.now.hour
        part = (
            "night"
            if hour < 5 or hour >= 23  # noqa: PLR2004 - hours of a day
            else "morning"
            if hour < 12  # noqa: PLR2004
            else "day"
            if hour < 18  # noqa: PLR2004
            else "evening"
        )
        self._gap()
        self._add(
            Content.assemble(
                (self.words.say(f"today.{part}"), STRONG),
                "  ",
                (f"{day_words(self.facts.now)}.", DIM),
            )
        )

    def _tell(self) -> None:
        if self.facts.notices or self.facts.locked or self.facts.troubles:
            self._gap()
        if self.facts.locked:
            self._wrapped(self.words.say("app.locked"), DIM)
        if self.facts.troubles:
            self._wrapped(self.words.say("care.unsound"), STRONG)
            for trouble in self.facts.troubles:
                self._wrapped(trouble.message)
            self._add(Content(self.words.say("care.name")), LookAfter())
        for notice in self.facts.notices:
            self._wrapped(notice.message)
            if notice.hint:
                self._wrapped(notice.hint, DIM)

    def _offer_drafts(self) -> None:
        if self.facts.drafts:
            self._gap()
        for draft in self.facts.drafts:
            said = self.words.say(
                "today.draft",
                day=f"{draft.saved:%A}",
                time=clock_time(draft.saved, self.facts.hours),
            )
            self._add(Content(said).stylize(STRONG), Resume(draft))
        if self.facts.drafts:
            self._wrapped(self.words.say("today.draft-words"), DIM)

    def _welcome(self) -> None:
        for paragraph in _paragraphs(self.words.page("welcome")):
            self._gap()
            self._wrapped(paragraph)

    def _offer_sittings(self) -> None:
        self._gap()
        for number, sitting in enumerate(self.facts.sittings, 1):
            key = str(number) if number <= KEYS else " "
            self._choice(key, sitting.name, sitting.about, Begin(sitting.id))
        say = self.words.say
        name, about = say("today.free-name"), say("today.free-about")
        self._choice("w", name, about, Begin("free"))

    def _choice(self, key: str, name: str, about: str, act: Act) -> None:
        named = plain(name, limit=LABEL - 2)
        self._add(
            Content.assemble(
                (f"{key} ", ACCENT),
                named,
                " " * max(1, LABEL - named.cell_length),
                plain(about, limit=ROW_LIMIT).stylize(DIM),
            ),
            act,
        )

    def _written(self) -> None:
        self._heading("today.heading-today")
        for entry in self.facts.entries:
            self._entry(clock_time(entry.at, self.facts.hours), entry)
        if not self.facts.entries:
            self._wrapped(self.words.say("today.empty"), DIM)

    def _look_back(self) -> None:
        if not self.facts.memories:
            return
        self._heading("today.heading-memories")
        for memory in self.facts.memories:
            self._entry(self._how_long(memory), memory.entry)

    def _how_long(self, memory: Memory) -> str:
        years, months = divmod(memory.months, 12)
        if years:
            key, names = (
                ("year-ago", {}) if years == 1 else ("years-ago", {"years": years})
            )
        else:
            key, names = (
                ("month-ago", {}) if months == 1 else ("months-ago", {"months": months})
            )
        return self.words.say(f"today.{key}", **names)

    def _entry(self, label: str, entry: Entry) -> None:
        shared = ""
        if entry.shared_with:
            shared = self.words.say("today.shared", names=", ".join(entry.shared_with))
        mark = plain(shared, limit=LABEL).stylize(DIM)
        column = len(label) + 2 if len(label) < LABEL // 2 else LABEL + 2
        room = self.width - column - (mark.cell_length + 2 if shared else 0)
        # Measuring costs; letters without a width of their own are few among others.
        limit = min(ROW_LIMIT, max(20, 2 * room))
        said = plain(self._first_words(entry), limit=limit)
        said = said.truncate(max(1, room), ellipsis=True, pad=bool(shared))
        self._add(
            Content.assemble((label.ljust(column), DIM), said, "  ", mark)
            if shared
            else Content.assemble((label.ljust(column), DIM), said),
            Open(entry),
        )

    def _first_words(self, entry: Entry) -> str:
        texts = [entry.text, *(answer.text for answer in entry.answers), entry.part]
        for text in texts:
            if text.strip():
                return text.lstrip().split("\n", 1)[0]
        return self.words.say("today.placed")

    def _ask(self, heading: str, prompt: Prompt, sitting: str, month: str = "") -> None:
        self._heading(heading, month=month)
        self._wrapped(prompt.text, act=Begin(sitting))


def _paragraphs(page: str) -> Iterable[str]:
    """Return the paragraphs of a page, each as one line, without its title."""
    for block in page.split("\n\n"):
        text = " ".join(line.strip() for line in block.splitlines())
        if text and not text.startswith("#"):
            yield text
