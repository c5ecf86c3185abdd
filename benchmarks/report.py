"""The table of figures: on the screen, as JSON, and as a page of the docs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.measuring import ROOT, Pair, Spread, machine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PAGE = ROOT / "docs" / "performance.md"
_BEGIN = "<!-- figures: written by `make bench ARGS=--write` -->"
_END = "<!-- end of figures -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table."""

    name: str
    what: str
    value: Spread | None
    """None where it cannot be had here; then `note` says why."""
    budget: float | None = None
    """At most this much; None where nothing is promised."""
    unit: str = "x"
    note: str = ""

    @classmethod
    def ratio(
        cls,
        name: str,
        what: str,
        pair: Pair,
        *,
        budget: float | None,
        unit: str = "ms",
        word: str = "",
    ) -> Figure:
        """Return the line for two things measured in turn."""
        ours, theirs = (_short(side.median) for side in (pair.ours, pair.theirs))
        named = f" ({word})" if word else ""
        return cls(
            name=name,
            what=what,
            value=pair.ratio,
            budget=budget,
            note=f"{ours} against {theirs} {unit}{named}",
        )

    @property
    def met(self) -> str:
        """Whether the budget holds, in words."""
        if self.value is None:
            return "not measured"
        if self.budget is None:
            return "no budget"
        return "yes" if self.value.median <= self.budget else "no"

    def cells(self) -> tuple[str, str, str, str, str]:
        """Return what the table shows: what, measured, budget, met, note."""
        unit = "x" if self.unit == "x" else f" {self.unit}"
        measured = "-"
        if self.value is not None:
            low, high = _short(self.value.low), _short(self.value.high)
            measured = f"{_short(self.value.median)}{unit} ({low} to {high})"
        budget = "-" if self.budget is None else f"<= {_short(self.budget)}{unit}"
        return self.what, measured, budget, self.met, self.note

    def plain(self) -> dict[str, object]:
        """Return the line as JSON values."""
        spread = self.value
        return {
            "name": self.name,
            "what": self.what,
            "median": spread.median if spread else None,
            "low": spread.low if spread else None,
            "high": spread.high if spread else None,
            "unit": self.unit,
            "budget": self.budget,
            "met": self.met,
            "note": self.note,
        }


def _short(number: float) -> str:
    if number == int(number):
        return f"{number:,.0f}"
    if abs(number) < 0.1:
        return f"{number:.3f}"
    if abs(number) < 10:
        return f"{number:.2f}"
    return f"{number:,.1f}" if abs(number) < 1000 else f"{number:,.0f}"


HEAD = ("what", "measured (median, min to max)", "budget", "met", "figures")


def markdown(figures: Sequence[Figure]) -> str:
    """Return the figures as a table of Markdown."""
    rows = [HEAD, ("---",) * len(HEAD), *(figure.cells() for figure in figures)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def line(figure: Figure) -> str:
    """Return one line for the screen."""
    what, measured, budget, met, note = figure.cells()
    return f"{what:<58} {measured:<26} {budget:<10} {met:<12} {note}"


def as_json(figures: Sequence[Figure], *, quick: bool) -> str:
    """Return the figures and the machine as JSON."""
    return json.dumps(
        {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "quick": quick,
            "figures": [figure.plain() for figure in figures],
        },
        indent=2,
    )


def write_page(figures: Sequence[Figure], page: Path = _PAGE) -> None:
    """Put the figures into the page of the docs, in place of the former ones."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    told = f"Measured on {datetime.now(UTC).date()} on {machine()}.\n\n"
    page.write_text(
        f"{before}{_BEGIN}\n\n{told}{markdown(figures)}\n{_END}{after}",
        encoding="utf-8",
    )
