"""Measure Companion side by side with the least that could be done.

make bench ARGS="--quick --only open"

Every figure is a ratio of two things measured in turn in one run: the median of the
pairs, with the smallest and the largest. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import report
from benchmarks.measuring import CannotMeasureError, machine
from benchmarks.rows.settings import Bench
from benchmarks.sample import clear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from benchmarks.report import Figure

    Group = Callable[[Bench], Iterable[Figure]]

# Group of figures -> where it is measured; imported only when it is asked for.
GROUPS = {
    "imports": "imports:imports",
    "open": "opening:opening",
    "open.growth": "opening:growth",
    "open.instructions": "opening:counted_opening",
    "save": "saving:saving",
    "save.tinydb": "saving:beside_tinydb",
    "edit": "saving:editing",
    "capture": "commands:capture",
    "log": "commands:log",
    "search": "searching:search",
    "keys": "repainting:keys",
    "rooms": "repainting:rooms",
    "flat": "flat:flat",
    "load": "flat:load",
    "suite": "suite:suite",
}


def main(words: list[str] | None = None) -> int:
    """Measure what is asked for, print it as it comes, and keep it where told."""
    options = _parser().parse_args(words)
    if unknown := set(options.only) - set(GROUPS):
        print(f"No such group: {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    bench = Bench(quick=options.quick, entries=options.entries)
    print(machine())
    chosen = options.only or [
        name for name in GROUPS if name != "suite" or options.suite
    ]
    try:
        figures = list(_measure(chosen, bench))
    finally:
        clear()
    if options.json:
        text = report.as_json(figures, quick=options.quick)
        options.json.write_text(text + "\n", encoding="utf-8")
    if options.write:
        report.write_page(figures)
    return 0


def _measure(chosen: list[str], bench: Bench) -> Iterator[Figure]:
    for name in chosen:
        try:
            for figure in _group(name)(bench):
                print(report.line(figure), flush=True)
                yield figure
        except CannotMeasureError as error:
            figure = report.Figure(name=name, what=name, value=None, note=str(error))
            print(report.line(figure), flush=True)
            yield figure


def _group(name: str) -> Group:
    module, _, function = GROUPS[name].partition(":")
    group: Group = getattr(import_module(f"benchmarks.rows.{module}"), function)
    return group


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="GROUP",
        help=f"measure only this (may be repeated): {', '.join(GROUPS)}",
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--suite", action="store_true", help="time the tests as well")
    parser.add_argument("--entries", type=int, default=100_000, help="of the log")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    parser.add_argument(
        "--write", action="store_true", help="put the table into docs/performance.md"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
