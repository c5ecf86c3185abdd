"""A log beside a backup: what would come back, what would change, what is newer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from companion.storage.entries import Record
from companion.storage.state import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from companion.storage.copies import Held, ReadCopy
    from companion.storage.engine import Engine
    from companion.storage.rows import Place


class Plan(NamedTuple):
    """What bringing a backup back would do, by table and id."""

    back: list[tuple[str, str]]
    earlier: list[tuple[str, str]]
    since: list[tuple[str, str]]

    def entries(self, keys: list[tuple[str, str]]) -> tuple[str, ...]:
        """Return the ids of the entries among some keys."""
        return tuple(sorted(key for table, key in keys if table == ENTRIES))


def compare(engine: Engine, copy: ReadCopy) -> Plan:
    """Compare a sound log with a backup."""
    plan = Plan([], [], [])
    for table in sorted({ENTRIES, *engine.tables, *copy.tables}):
        kept = copy.standing(table)
        now = dict(places(engine, table))
        for key, place in kept.items():
            if key not in now:
                plan.back.append((table, key))
            # Of the very same line no document need be read.
            elif now[key] != place and (
                engine.document(table, key) != copy.document(place)
            ):
                plan.earlier.append((table, key))
        plan.since.extend((table, key) for key in now if key not in kept)
    return plan


def places(engine: Engine, table: str) -> Iterator[tuple[str, Place | None]]:
    """Give the ids of a table in one go, and where an entry stands."""
    if table != ENTRIES:
        yield from ((key, None) for key in engine.ids(table))
        return
    for run in engine.entries.snapshot().runs:
        if isinstance(run, Record):
            yield run.order[2], run.place
        else:
            for row in range(run.first, run.last):
                yield run.partition.id(row), run.partition.place(row)


def compare_damaged(damaged: ReadCopy, copy: ReadCopy) -> Plan:
    """Compare what is sound of a damaged log with a backup: the later word stands."""
    plan = Plan([], [], [])
    for table, kept in copy.tables.items():
        now = damaged.tables.get(table, {})
        for key, held in kept.items():
            other = now.get(key)
            if held.place is None or _is_newer(other, held):
                continue
            if other is None or other.place is None:
                plan.back.append((table, key))
            elif other.stamp != held.stamp:
                plan.earlier.append((table, key))
    plan.since.extend(
        (table, key)
        for table, key, held in newer(damaged, copy)
        if held.place is not None
    )
    return plan


def _is_newer(one: Held | None, other: Held) -> bool:
    return one is not None and one.stamp > other.stamp


def newer(damaged: ReadCopy, copy: ReadCopy) -> Iterator[tuple[str, str, Held]]:
    """Give what a damaged log says later than the backup: put, or taken away."""
    for table, now in damaged.tables.items():
        kept = copy.tables.get(table, {})
        for key, held in now.items():
            other = kept.get(key)
            if other is None or _is_newer(held, other):
                yield table, key, held
