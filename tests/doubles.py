"""The ports kept in memory, for tests: the same promises, no disk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from companion.errors import (
    AmbiguousIdError,
    EntryNotFoundError,
    LogLockedError,
    LogReadOnlyError,
    NothingToUndoError,
    WriteFailedError,
)
from companion.model.content import (
    Principle,
    Problem,
    Prompt,
    Rung,
    Sitting,
    Step,
)
from companion.model.entry import PRINCIPLES, RUNGS
from companion.model.keeping import Backup, Preview, Report, Rescued, Restored
from companion.ports import Draft, Notice, Undone
from companion.search import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from companion.model.entry import Entry
    from companion.model.query import Query
    from companion.ports import Progress

_SHORTEST_ENDING = 4


class MemoryTimeline:
    """Entries that match, newest first; finds nothing before `advance`."""

    def __init__(self, entries: Sequence[Entry], query: Query) -> None:
        self._query = query
        self._waiting = iter([each for each in entries if matches(each, query)])
        self._found: list[Entry] = []
        self._done = False

    @property
    def query(self) -> Query:
        return self._query

    @property
    def done(self) -> bool:
        return self._done

    def advance(self, *, seconds: float = 0.006, enough: int | None = None) -> bool:
        while not self._done and (enough is None or len(self._found) < enough):
            entry = next(self._waiting, None)
            if entry is None:
                self._done = True
            else:
                self._found.append(entry)
        return self._done

    def __len__(self) -> int:
        return len(self._found)

    def entry(self, index: int) -> Entry:
        return self._found[index]

    def day(self, index: int) -> date:
        return self._found[index].day

    def index_of(self, day: date) -> int:
        found = (i for i, entry in enumerate(self._found) if entry.day <= day)
        return next(found, len(self._found))


class MemoryLogStore:
    """Keeps entries in a dict; fulfils `LogStore`."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self.writable = True
        """Set it to False to be the second window."""
        self.told: list[Notice] = []
        """What `notices` gives."""
        self.arriving: list[Entry] = []
        """What others wrote; `refresh` takes it in."""
        self.troubled: list[Notice] = []
        """Why it may only be read; `writable` is to be False, too."""
        self.tidied = 0
        self.reopened = 0
        self.closed = False
        self._history: list[Undone] = []

    @property
    def is_guest(self) -> bool:
        return not (self.writable or self.troubled)

    def troubles(self) -> Sequence[Notice]:
        return tuple(self.troubled)

    def add(self, entry: Entry) -> None:
        assert entry.id not in self.entries
        if self.troubled:
            raise LogReadOnlyError(self.troubled[0].message, hint="Look after it.")
        self._do("write", None, entry)

    def replace(self, entry: Entry) -> None:
        self._only_writer()
        self._do("edit", self.get(entry.id), entry)

    def remove(self, entry_id: str) -> None:
        self._only_writer()
        self._do("delete", self.get(entry_id), None)

    def undo(self) -> Undone:
        self._only_writer()
        if not self._history:
            raise NothingToUndoError
        undone = self._history.pop()
        self._put(undone.after, undone.before)
        return undone

    def get(self, entry_id: str) -> Entry:
        try:
            return self.entries[entry_id]
        except KeyError:
            raise EntryNotFoundError(entry_id) from None

    def resolve(self, ending: str) -> str:
        found = [each for each in self.entries if each.endswith(ending)]
        if not found or len(ending) < _SHORTEST_ENDING:
            raise EntryNotFoundError(ending)
        if len(found) > 1:
            raise AmbiguousIdError(ending, len(found))
        return found[0]

    def find(self, query: Query) -> MemoryTimeline:
        return MemoryTimeline(self._newest_first(), query)

    def days(self, year: int) -> Mapping[date, int]:
        days = (entry.day for entry in self.entries.values())
        return Counter(day for day in days if day.year == year)

    def names(self, what: str) -> Sequence[str]:
        latest_first = sorted(self.entries.values(), key=lambda e: e.id, reverse=True)
        found: dict[str, None] = {}
        for entry in latest_first:
            named = {
                "parts": (entry.part,) if entry.part else (),
                "people": entry.people,
                "tags": entry.tags,
            }[what]
            found |= dict.fromkeys(named)
        return tuple(found)

    def notices(self) -> Sequence[Notice]:
        told, self.told = self.told, []
        return told

    def refresh(self) -> bool:
        arriving, self.arriving = self.arriving, []
        for entry in arriving:
            self._do("write", None, entry)
        return bool(arriving)

    def tidy(self) -> None:
        self.tidied += 1

    def reopen(self, progress: Progress | None = None) -> None:
        self.reopened += 1

    def close(self) -> None:
        self.closed = True

    def _newest_first(self) -> list[Entry]:
        return sorted(
            self.entries.values(), key=lambda e: (e.day, e.at, e.id), reverse=True
        )

    def _only_writer(self) -> None:
        if not self.writable:
            raise LogLockedError("Another window of Companion is writing to this log.")

    def _do(self, act: str, before: Entry | None, after: Entry | None) -> None:
        self._history.append(Undone(act, before, after))
        self._put(before, after)

    def _put(self, before: Entry | None, after: Entry | None) -> None:
        if before is not None:
            del self.entries[before.id]
        if after is not None:
            self.entries[after.id] = after


class MemoryKeeper:
    """Knows the backups it is given; fulfils `LogKeeper`."""

    def __init__(self, *backups: Backup) -> None:
        self.known = backups
        self.asked: list[tuple[object, ...]] = []
        """What it was asked to do."""

    def backups(self) -> Sequence[Backup]:
        return self.known

    def back_up(self, to: Path | None) -> Backup:
        self.asked.append(("back_up", to))
        return self.known[0]

    def preview(self, which: str, progress: Progress | None) -> Preview:
        self.asked.append(("preview", which))
        return Preview(backup=self.known[0])

    def restore(
        self, which: str, progress: Progress | None, *, exactly: bool
    ) -> Restored:
        self.asked.append(("restore", which, exactly))
        return Restored(backup=self.known[0])

    def check(self, progress: Progress | None) -> Report:
        self.asked.append(("check",))
        return Report()

    def rescue(self, to: Path, progress: Progress | None) -> Rescued:
        self.asked.append(("rescue", to))
        return Rescued(folder=to)


class MemoryDrafts:
    """Keeps drafts in a dict; fulfils `DraftStore`."""

    def __init__(self) -> None:
        self.drafts: dict[str, Draft] = {}
        self.outside: dict[Path, str] = {}
        self.full = False
        """Set it to True to have nothing written any more."""

    def save(self, draft: Draft) -> None:
        if self.full:
            raise WriteFailedError("The draft could not be written.", hint="Wait.")
        self.drafts.pop(draft.id, None)
        self.drafts[draft.id] = draft

    def all(self) -> Sequence[Draft]:
        latest_first = list(reversed(self.drafts.values()))
        return sorted(latest_first, key=lambda draft: draft.saved, reverse=True)

    def remove(self, draft_id: str) -> None:
        self.drafts.pop(draft_id, None)

    def put_outside(self, folder: Path, name: str, words: str) -> Path:
        if self.full:
            raise WriteFailedError("It could not be put there.", hint="Elsewhere?")
        path = folder / f"{name}.txt"
        self.outside[path] = words
        return path


class MemoryPools:
    """Keeps in a dict which prompts came; fulfils `PoolStore`."""

    def __init__(self) -> None:
        self.pools: dict[str, tuple[str, ...]] = {}

    def came(self, pool: str) -> tuple[str, ...]:
        return self.pools.get(pool, ())

    def note(self, pool: str, came: tuple[str, ...]) -> None:
        self.pools[pool] = came


class MemorySettings:
    """Keeps settings in a dict; fulfils `SettingsStore`."""

    def __init__(self, **values: object) -> None:
        self.values: dict[str, object] = values

    def load(self) -> Mapping[str, object]:
        return dict(self.values)

    def save(self, values: Mapping[str, object]) -> None:
        self.values = dict(values)


class MemoryPages:
    """Keeps pages in a dict; fulfils `PageStore`."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}

    def read(self, name: str) -> str:
        return self.pages.get(name, "")

    def write(self, name: str, text: str) -> None:
        self.pages[name] = text


def prompt(
    prompt_id: str, pool: str = "day", *, rung: str = "", principle: str = ""
) -> Prompt:
    """Return a prompt whose text is made from its id."""
    text = f"What about {prompt_id}?"
    return Prompt(id=prompt_id, text=text, pool=pool, rung=rung, principle=principle)


def _pools() -> dict[str, tuple[Prompt, ...]]:
    return {
        "day": tuple(prompt(f"day-{n}") for n in range(5)),
        "crew": tuple(
            prompt(f"crew-{n}", "crew", rung="crew", principle="liberatory")
            for n in range(3)
        ),
        "single": (prompt("single-0", "single", principle="growing"),),
        "none": (),
        "invitation": tuple(prompt(f"invite-{n}", "invitation") for n in range(7)),
    }


def _sittings() -> tuple[Sitting, ...]:
    day, crew = (Step(kind="prompt", pools=(pool,)) for pool in ("day", "crew"))
    lens = Step(kind="lens", text="Place one moment on the line.")
    part = Step(kind="part", text="Which part is here?")
    return (
        Sitting(id="one", name="One minute", about="", minutes=1, steps=(day,)),
        Sitting(
            id="five", name="Five minutes", about="", minutes=5, steps=(day, crew, lens)
        ),
        Sitting(
            id="fifteen",
            name="Fifteen minutes",
            about="",
            minutes=15,
            steps=(day, crew, lens, part, Step(kind="prompt", pools=("day", "single"))),
        ),
    )


@dataclass
class WordsDouble:
    """A few words in place of data/; fulfils `Content`."""

    pools: Mapping[str, tuple[Prompt, ...]] = field(default_factory=_pools)
    sittings: tuple[Sitting, ...] = field(default_factory=_sittings)
    questions: tuple[Prompt, ...] = tuple(
        prompt(f"month-{n}", "questions") for n in range(1, 13)
    )
    rungs: tuple[Rung, ...] = tuple(
        Rung(
            id=rung,
            name=rung.title(),
            size="some",
            about=f"About the {rung}.",
            domination="power over",
            partnership="power with",
        )
        for rung in RUNGS
    )
    principles: tuple[Principle, ...] = tuple(
        Principle(
            id=principle,
            name=principle.title(),
            meaning=f"What {principle} means.",
            evidence=("A dated moment.",),
            drift=("A sign.",),
            ask="How was it?",
        )
        for principle in PRINCIPLES
    )
    problems: tuple[Problem, ...] = ()

    def say(self, key: str, /, **names: object) -> str:
        return " ".join([key, *(f"{name}={value}" for name, value in names.items())])

    def says(self, key: str, /) -> tuple[str, ...]:
        return (f"{key} 1", f"{key} 2")

    def page(self, name: str, /) -> str:
        return f"# {name}\n"
