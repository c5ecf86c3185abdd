"""Commands that read: log, show, on-this-day, where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from companion.bootstrap import remarks_on_place
from companion.bootstrap import where as places_of
from companion.cli.opening import Opened
from companion.cli.rendering import as_json, as_markdown, as_plain, as_short

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from companion.cli.output import Output
    from companion.log import Log
    from companion.looking_back import Memory
    from companion.model.entry import Entry
    from companion.ports import Timeline

OK, NOTHING_FOUND, TROUBLE = 0, 1, 3
ON_A_TERMINAL: Final = 20
"""How many entries a terminal is shown if nobody says how many."""
_SLICE: Final = 0.05
_SIGILS: Final = "#@"
_YEAR: Final = 12
_NO_MORE: Final[Mapping[str, int]] = {}


def log(options: Namespace, home: Path | None, output: Output) -> int:
    """Show what is in the log, newest first."""
    with Opened(home, output) as opened:
        if opened.log is None:
            return _ended(_write((), options, output), opened, output)
        timeline = opened.log.search(_search(options))
        most = options.number
        if most is None:
            person = output.terminal and not (options.json or options.markdown)
            most = ON_A_TERMINAL if person else 0
        entries = ((entry, _NO_MORE) for entry in _newest(timeline, most))
        shown = _write(entries, options, output)
        if options.number is None and most and _has_more(timeline, most):
            output.note(f"These are the newest {most}; -n 0 shows all.")
        return _ended(shown, opened, output)


def show(options: Namespace, home: Path | None, output: Output) -> int:
    """Show one entry whole."""
    with Opened(home, output) as opened:
        _, entry = opened.entry(options.words[0])
        return _ended(_write([(entry, _NO_MORE)], options, output), opened, output)


def on_this_day(options: Namespace, home: Path | None, output: Output) -> int:
    """Show what was written on this day of earlier months and years."""
    with Opened(home, output) as opened:
        memories = _memories(opened.log, " ".join(options.words))
        entries = ((each.entry, {"months": each.months}) for each in memories)
        return _ended(_write(entries, options, output), opened, output)


def where(options: Namespace, home: Path | None, output: Output) -> int:  # noqa: ARG001
    """Say where things lie."""
    places = places_of(home)
    for name, path in (
        ("home", places.home),
        ("journal", places.home / "journal"),
        ("drafts", places.home / "drafts"),
        ("config", places.config),
        ("settings", places.config / "settings.toml"),
        ("prompts", places.config / "prompts.toml"),
        ("sittings", places.config / "sittings.toml"),
    ):
        output.data(f"{name:10}{path}\n")
    for notice in remarks_on_place(home):
        output.note(f"{notice.message} {notice.hint}")
    return OK


def _ended(shown: int, opened: Opened, output: Output) -> int:
    if not shown:
        output.note("Nothing was found.")
    if opened.grave:
        return TROUBLE
    return OK if shown else NOTHING_FOUND


def _memories(log: Log | None, words: str) -> Sequence[Memory]:
    from companion.dates import read_day

    if log is None:
        return ()
    day = log.today()
    return log.on_this_day(read_day(words, today=day) if words else day)


def _has_more(timeline: Timeline, most: int) -> bool:
    while not timeline.advance(enough=most + 1) and len(timeline) <= most:
        pass
    return len(timeline) > most


def _newest(timeline: Timeline, most: int) -> Iterator[Entry]:
    """Yield what is found as it is found; 0 is no limit."""
    given = 0
    while not most or given < most:
        done = timeline.advance(seconds=_SLICE, enough=most or None)
        for index in range(given, min(len(timeline), most or len(timeline))):
            yield timeline.entry(index)
        given = len(timeline)
        if done:
            return


def _write(
    entries: Iterable[tuple[Entry, Mapping[str, int]]],
    options: Namespace,
    output: Output,
) -> int:
    """Write entries in the form that was asked for, and return how many."""
    count = 0
    if options.json:
        for count, (entry, more) in enumerate(entries, 1):
            spelt = as_json(entry, ascii_only=not output.utf8, **more)
            output.data(f"{'[' if count == 1 else ','}\n{spelt}")
        output.data("\n]\n" if count else "[]\n")
        return count
    short = getattr(options, "short", False)
    for count, (entry, more) in enumerate(entries, 1):
        if short:
            output.data(as_short(entry))
            continue
        if count > 1:
            output.data("\n")
        if more:
            output.data(f"{'### ' if options.markdown else ''}{_ago(more['months'])}\n")
        output.data(as_markdown(entry) if options.markdown else as_plain(entry))
    return count


def _ago(months: int) -> str:
    count, unit = (months // _YEAR, "year") if months >= _YEAR else (months, "month")
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


def _search(options: Namespace) -> str:
    """Return the options in the words of a search."""
    from companion.search import quoted

    asked = [
        f"{key}:{quoted(value)}"
        for key, values in (
            ("tag", options.tag),
            ("person", options.person),
            ("kind", options.kind),
            ("principle", options.principle),
            ("rung", options.rung),
            ("from", [getattr(options, "from")]),
            ("to", [options.to]),
            ("on", [options.on]),
        )
        for value in values
        if value
    ]
    asked += [f"-{_excluded(word)}" for word in options.without]
    # The person's own words come last: a quote left open ends with them.
    return " ".join([*asked, *options.words])


def _excluded(word: str) -> str:
    from companion.search import quoted

    key, colon, value = word.partition(":")
    if (
        colon
        and value
        and key in {"tag", "person", "part", "kind", "rung", "principle"}
    ):
        return f"{key}:{quoted(value)}"
    if word[0] in _SIGILS and word[1:].strip():
        return f"{word[0]}{quoted(word[1:])}"
    return quoted(word)
