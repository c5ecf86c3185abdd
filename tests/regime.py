"""What the tests of reliability did, gathered from them and put on a page of the docs.

A test that belongs to the regime asks for the fixture `regime` and, when all held, says
what it did, under a name from `ROWS`:

    def test_nothing_is_lost(tmp_path: Path, regime: Regime) -> None:
        ...
        regime("kill", seed=SEED, kills=300, acknowledged=saved, lost=0)

The names of the figures are the words of the page ("300 kills, 41,233 acknowledged, 0
lost"; `_` is a blank). Whole numbers of all tests of a row are added up; a text stands
as it is ("saves 1.05x"). A test that fails says nothing: its former figures are gone.
A test marked `soak` counts for the column of `make soak`, any other for `make test`.

What has no test says it on the command line, and `--write` renews the page:

    python -m tests.regime --say coverage "100 % of the branches of ..." --write
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.measuring import machine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / ".regime"
PAGE: Final = ROOT / "docs" / "reliability.md"
BEGIN: Final = "<!-- figures: written by `make soak` -->"
END: Final = "<!-- end of figures -->"

ROWS: Final = {
    "kill": "`kill -9` while it writes",
    "kill-captures": "`kill -9` beside two that capture",
    "kill-care": "`kill -9` at each step of bringing a backup back",
    "kill-rewrite": "`kill -9` at each step of rewriting the log",
    "tinydb": "TinyDB's own storage under the same kills",
    "syscalls": "each call to the system fails, or is the last",
    "prefixes": "the log cut off after each byte",
    "damage": "runs zeroed, lines dropped, copied, swapped",
    "flips": "one bit changed",
    "power": "the power goes (a model of the disk)",
    "power-cut": "the power goes (a real file system, its disk copied meanwhile)",
    "disk": "a small disk, rights lost, a clock that is wrong",
    "machine": "random histories against a plain dictionary",
    "found": "what a search finds, against its meaning",
    "two": "two processes at once",
    "words": "hostile words in every field",
    "terminal": "hostile words through a real terminal",
    "fuzzing": "random bytes to each reader",
    "rights": "rights of files, and links planted",
    "crash": "crashes forced, looked through for words of one's own",
    "network": "calls to the network",
    "drafts": "drafts when the app is ended",
    "sizes": "much of everything",
    "controls": "faults planted in the product",
    "coverage": "branches the tests go through",
    "mutation": "small changes of the product that tests notice",
}
HEAD: Final = ("what", "in `make test`", "in `make soak`", "seed", "time", "on")


@dataclass
class Regime:
    """What one test did, as it says itself; nothing until it is called."""

    row: str = ""
    seed: int | None = None
    figures: dict[str, int | str] = field(default_factory=dict)

    def __call__(
        self, row: str, *, seed: int | None = None, **figures: int | str
    ) -> None:
        """Say what was done; whole numbers of several calls are added up."""
        assert row in ROWS, f"{row} is no row of the page"
        self.row, self.seed = row, seed
        _add(self.figures, figures)


@dataclass(frozen=True, slots=True)
class Told:
    """What one test said in its last run."""

    row: str
    soak: bool
    figures: dict[str, int | str]
    seed: int | None
    seconds: float
    day: str


def _add(figures: dict[str, int | str], more: dict[str, int | str]) -> None:
    for name, value in more.items():
        former = figures.get(name)
        if isinstance(former, int) and isinstance(value, int):
            figures[name] = former + value
        else:
            figures[name] = value


def _file(name: str, folder: Path) -> Path:
    # One file a test, so that processes that run side by side never meet.
    return folder / f"{blake2b(name.encode(), digest_size=8).hexdigest()}.json"


def forget(name: str, folder: Path = FOLDER) -> None:
    """Drop what a test said before."""
    _file(name, folder).unlink(missing_ok=True)


def forget_long(folder: Path = FOLDER) -> None:
    """Drop what all long tests said before."""
    for path in folder.glob("*.json"):
        if json.loads(path.read_text(encoding="utf-8"))["soak"]:
            path.unlink()


def keep(
    name: str, said: Regime, *, soak: bool, seconds: float, folder: Path = FOLDER
) -> None:
    """Keep what a test said, if it said anything."""
    if not said.row:
        return
    folder.mkdir(exist_ok=True)
    told = {
        "row": said.row,
        "soak": soak,
        "figures": said.figures,
        "seed": said.seed,
        "seconds": seconds,
        "day": str(datetime.now(UTC).date()),
    }
    _file(name, folder).write_text(json.dumps(told), encoding="utf-8")


def told(folder: Path = FOLDER) -> list[Told]:
    """Return what was said by all tests, each in its last run."""
    files = sorted(folder.glob("*.json"))
    return [Told(**json.loads(path.read_text(encoding="utf-8"))) for path in files]


# The page


def _words(tests: Iterable[Told]) -> str:
    figures: dict[str, int | str] = {}
    for test in tests:
        _add(figures, test.figures)
    parts = []
    for name, value in figures.items():
        word = name.replace("_", " ")
        parts.append(f"{value:,} {word}" if isinstance(value, int) else _beside(value))
    return ", ".join(parts)


def _beside(value: str) -> str:
    return value.replace("|", "/")


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds > 90 else f"{seconds:.0f} s"


def row(what: str, tests: Sequence[Told]) -> tuple[str, ...]:
    """Return the cells of one row."""
    soak = [test for test in tests if test.soak]
    seeds = sorted({test.seed for test in tests if test.seed is not None})
    seconds = sum(test.seconds for test in soak)
    return (
        what,
        _words(test for test in tests if not test.soak) or "-",
        _words(soak) or "-",
        ", ".join(map(str, seeds)) or "-",
        _span(seconds) if seconds else "-",
        max(test.day for test in tests),
    )


def former_rows(text: str) -> dict[str, tuple[str, ...]]:
    """Return the rows a page has, by what they are about."""
    table = text.partition(BEGIN)[2].partition(END)[0]
    found = re.findall(r"^\| (.*) \|$", table, re.MULTILINE)
    cells = [tuple(line.split(" | ")) for line in found]
    return {one[0]: one for one in cells if len(one) == len(HEAD) and one != HEAD}


def page(text: str, tests: Sequence[Told], today: date) -> str:
    """Return the page with what was said in place of the former figures.

    A row of which nothing was said stays as it was, with the day it was written.
    """
    former = former_rows(text)
    rows = []
    for name, what in ROWS.items():
        own = [test for test in tests if test.row == name]
        rows += [row(what, own)] if own else [former[what]] if what in former else []
    lines = [HEAD, ("---",) * len(HEAD), *rows]
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    ran = (
        f"Written on {today} on {machine()}, TinyDB {version('tinydb')}, Hypothesis "
        f"{version('hypothesis')}.\n\n"
    )
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{ran}{table}\n{END}{after}"


def main(words: list[str] | None = None) -> None:
    """Print the table, or write it to the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.regime")
    parser.add_argument("--write", action="store_true", help="renew the page")
    parser.add_argument(
        "--say",
        nargs=2,
        action="append",
        default=[],
        metavar=("ROW", "TEXT"),
        help=f"what is measured apart; rows: {', '.join(ROWS)}",
    )
    parser.add_argument(
        "--forget", action="store_true", help="drop what all long tests said"
    )
    options = parser.parse_args(words)
    if options.forget:
        forget_long()
        return
    for name, text in options.say:
        said = Regime()
        said(name, said=text)
        keep(f"said: {name}", said, soak=True, seconds=0)
    renewed = page(PAGE.read_text(encoding="utf-8"), told(), datetime.now(UTC).date())
    if options.write:
        PAGE.write_text(renewed, encoding="utf-8")
    else:
        print(renewed.partition(BEGIN)[2].partition(END)[0].strip())  # noqa: T201


if __name__ == "__main__":
    main()
