"""From a key to the picture: in the editor, in the list, and from room to room."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.measuring import COMPANION, PYTHON, ROOT, Pair, Spread
from benchmarks.report import Figure
from benchmarks.rows.opening import LINE
from benchmarks.sample import WORK
from benchmarks.terminal import Terminal
from benchmarks.words import PLAIN
from companion.bootstrap import open_companion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.rows.settings import Bench

_QUIT: Final = "\x11"
_F2: Final = "\x1bOQ"
_F3: Final = "\x1bOR"
_DOWN: Final = "\x1b[B"
_QUIET: Final = 0.06
_LAST: Final = "Here it ends."
_BARE: Final = ROOT / "benchmarks" / "bare"


def keys(bench: Bench) -> Iterator[Figure]:
    """Type in a long text, and walk down a long list."""
    rounds, typed = bench.rounds(6), 20 if bench.quick else 60
    text = long_text(10_000)
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        file = Path(folder, "page.txt")
        file.write_text(text, encoding="utf-8")
        home = Path(folder, "home")
        _leave_draft(home, text)
        # The page fills the screen, as the bare one does, and keeps its draft too.
        today = [*COMPANION, "--home", str(home)]

        def page() -> float:
            with _running(today, "Just write") as app:
                app.type("\r")
                app.wait_for(_LAST)
                app.settle(0.4)
                return per_key(app, "a", typed)

        def bare_page() -> float:
            with _running([PYTHON, str(_BARE / "page.py"), str(file)], _LAST) as app:
                return per_key(app, "a", typed)

        yield Figure.ratio(
            "keys.editor",
            "a key in a text of 10,000 words, against a bare text area",
            _pair(page, bare_page, rounds),
            budget=1.3,
        )
    full, small = bench.home, bench.small_home

    def line() -> float:
        with _running(LINE.command, LINE.paint) as app:
            return per_key(app, "a", typed)

    yield Figure.ratio(
        "keys.list",
        "a step in the list of the whole log, against a list of 100",
        _pair(lambda: step(full, typed), lambda: step(small, typed), rounds),
        budget=1.1,
    )
    yield Figure.ratio(
        "keys.list.line",
        "a step in the list of the whole log, against a key in a bare input",
        _pair(lambda: step(full, typed), line, rounds),
        budget=1.0,
    )


def rooms(bench: Bench) -> Iterator[Figure]:
    """Go from room to room and back."""
    home = bench.home
    turns = 10 if bench.quick else 25
    ours, theirs, line = [], [], []
    for _ in range(bench.rounds(6)):
        with _log(home) as app:
            ours.append(per_turn(app, turns))
        with _running([PYTHON, str(_BARE / "rooms.py")], "first room") as app:
            theirs.append(per_turn(app, turns))
        with _running(LINE.command, LINE.paint) as app:
            line.append(per_key(app, "a", turns * 2))
    pair = Pair.of(ours, theirs)
    yield Figure(
        name="rooms.switch",
        what="work to switch between rooms, more than a bare switch of screens",
        value=Spread.of([a - b for a, b in zip(ours, theirs, strict=True)]),
        budget=33,
        unit="ms",
        note=f"{pair.ours.median:.1f} against {pair.theirs.median:.1f} ms",
    )
    yield Figure.ratio(
        "rooms.line",
        "work to switch between rooms, against a key in a bare input",
        Pair.of(ours, line),
        budget=6.0,
    )
    with _log(home) as app:
        per_turn(app, 10)
        before = app.memory().resident
        per_turn(app, 100)
        after = app.memory().resident
    yield Figure(
        name="rooms.memory",
        what="memory after 200 switches, against before",
        value=Spread.of([after / before]),
        budget=1.03,
        note=f"{after:.1f} against {before:.1f} MiB",
    )


def _leave_draft(home: Path, text: str) -> None:
    """Leave a page half written; Today offers it first."""
    companion = open_companion(home)
    run = companion.reflection.begin("free")
    run.text = text
    companion.drafts.save(run.id, run.state())
    companion.close()


def long_text(words: int) -> str:
    """Return a text of so many words, in paragraphs of eighty."""
    many = [PLAIN[index * index % len(PLAIN)] for index in range(words)]
    paragraphs = [" ".join(many[at : at + 80]) for at in range(0, words, 80)]
    return "\n\n".join([*paragraphs, _LAST])


def step(home: Path, count: int) -> float:
    """Return the processor time of one step in the list of a log, in milliseconds."""
    with _log(home) as app:
        return per_key(app, _DOWN, count)


def per_key(app: Terminal, key: str, count: int) -> float:
    """Return the processor time of one key, in milliseconds, from many."""
    return _per(app, [key], count)


def per_turn(app: Terminal, turns: int) -> float:
    """Return the processor time of one switch of rooms, in milliseconds."""
    return _per(app, [_F2, _F3], turns)


def _per(app: Terminal, typed: Sequence[str], count: int) -> float:
    for key in list(typed) * 3:
        app.type(key)
        app.settle(0.2)
    before = app.processor()
    for key in list(typed) * count:
        app.type(key)
        app.settle(_QUIET)
    return (app.processor() - before) / (count * len(typed))


def _pair(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> Pair:
    figures = [(ours(), theirs()) for _ in range(rounds)]
    return Pair.of([a for a, _ in figures], [b for _, b in figures])


@contextmanager
def _running(command: Sequence[str], shown: str) -> Iterator[Terminal]:
    app = Terminal.run(command)
    try:
        app.wait_for(shown)
        app.settle(0.4)
        yield app
    finally:
        app.close(_QUIT)


@contextmanager
def _log(home: Path) -> Iterator[Terminal]:
    with _running([*COMPANION, "--home", str(home)], "Just write") as app:
        app.type(_F3)
        app.settle(0.5)
        yield app
