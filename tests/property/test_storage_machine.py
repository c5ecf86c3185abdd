"""The whole engine against a plain dict: every rule, crashes inside writes included."""

from __future__ import annotations

import gc
import json
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from companion.errors import NothingToUndoError
from companion.storage.engine import Engine
from companion.storage.state import ENTRIES
from tests.disks import StoppedError, StoppingFiles
from tests.logs import content, database, day, document, id_of, plant, segments

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from companion.storage.table import LogTable
    from tests.regime import Regime

SMALL = ("people", "letters")
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["x" * 3000, "\0", "\r\n", "\u2028", '"entries"']
)
NUMBERS = st.integers(0, 9)
State = dict[str, dict[str, Any]]


class LogMachine(RuleBasedStateMachine):
    """Does to a log and to a dict the same, and compares them after every step."""

    engine: Engine
    files: StoppingFiles

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.home = Path(self.folder.name)
        self.state: State = {}
        self.waiting: dict[str, Any] = {}
        """What lies in the spool."""
        self.history: list[tuple[str, Any]] = []
        """What undo brings back, newest last: an id and what was there before."""
        self.number = 0
        self.open()

    def open(self) -> None:
        self._open()
        self._fold()

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.engine.close()
            self.files.end()
            self.folder.cleanup()

    # What should be

    @property
    def entries(self) -> dict[str, Any]:
        return self.state.get(ENTRIES, {})

    @property
    def table(self) -> LogTable:
        return cast("LogTable", self.database.table(ENTRIES))

    def _put(self, key: str, value: Any, *, undoable: bool = True) -> None:
        if undoable:
            self.history.append((key, self.entries.get(key)))
        table = self.state.setdefault(ENTRIES, {})
        if value is None:
            del table[key]
        else:
            table[key] = value
        if not table:
            del self.state[ENTRIES]

    def _fold(self) -> None:
        for key in sorted(self.waiting):
            self._put(key, self.waiting.pop(key))

    def _new(self, text: str, back: int = 0) -> dict[str, Any]:
        self.number += 1
        return document(self.number, text=text, day=_day(back))

    def _pick(self, number: int) -> str | None:
        keys = sorted(self.entries)
        return keys[number % len(keys)] if keys else None

    # Rules

    @rule(text=TEXTS, back=NUMBERS)
    def insert(self, text: str, back: int) -> None:
        one = self._new(text, back)
        assert self.table.insert(one) == one["id"]
        self._put(one["id"], one)

    @rule(number=NUMBERS, text=TEXTS, back=NUMBERS)
    def update(self, number: int, text: str, back: int) -> None:
        if (key := self._pick(number)) is not None:
            change = {"text": text, "day": _day(back).isoformat()}
            assert self.table.update(change, doc_ids=[key]) == [key]
            self._put(key, self.entries[key] | change)

    @rule(number=NUMBERS)
    def remove(self, number: int) -> None:
        if (key := self._pick(number)) is not None:
            self.table.remove(doc_ids=[key])
            self._put(key, None)

    @rule(name=st.sampled_from(SMALL), value=TEXTS)
    def insert_small(self, name: str, value: str) -> None:
        table = self.database.table(name)
        key = table.insert({"value": value})
        self.state.setdefault(name, {})[str(key)] = {"value": value}

    @rule(name=st.sampled_from(SMALL), number=NUMBERS, value=TEXTS)
    def update_small(self, name: str, number: int, value: str) -> None:
        table = self.state.get(name, {})
        if table:
            key = sorted(table)[number % len(table)]
            self.database.table(name).update({"more": [value]}, doc_ids=[int(key)])
            table[key] = table[key] | {"more": [value]}

    @rule(name=st.sampled_from(SMALL), number=NUMBERS)
    def remove_small(self, name: str, number: int) -> None:
        table = self.state.get(name, {})
        if table:
            key = sorted(table)[number % len(table)]
            self.database.table(name).remove(doc_ids=[int(key)])
            del table[key]

    @rule(name=st.sampled_from(SMALL))
    def truncate(self, name: str) -> None:
        self.database.table(name).truncate()
        self.state[name] = {}

    @rule(name=st.sampled_from(SMALL))
    def drop(self, name: str) -> None:
        self.database.drop_table(name)
        self.state.pop(name, None)

    @rule()
    def empty_the_entries(self) -> None:
        self.table.truncate()
        self.state.pop(ENTRIES, None)
        self.history.clear()

    @rule(bad=st.sampled_from([float("nan"), {1}, {1: 2}, "\ud800", b"x"]), key=NUMBERS)
    def refuse(self, bad: Any, key: int) -> None:
        one = document(99, text="x") | {"extra": bad}
        with pytest.raises((TypeError, ValueError)):
            self.table.insert(one)
        with pytest.raises((TypeError, ValueError)):
            self.database.table("people").insert_multiple([{"good": 1}, {"bad": bad}])

    @rule()
    def undo(self) -> None:
        if not self.history:
            with pytest.raises(NothingToUndoError):
                self.engine.undo()
            return
        self.engine.undo()
        key, before = self.history.pop()
        self._put(key, before, undoable=False)

    @rule(text=TEXTS)
    def capture(self, text: str) -> None:
        one = self._new(text)
        plant(self.home, self.number, text=text)
        self.waiting[one["id"]] = one

    @rule()
    def refresh(self) -> None:
        self.engine._spool.look_again()
        assert self.engine.refresh() == bool(self.waiting)
        self._fold()

    @rule()
    def tidy(self) -> None:
        self.engine.tidy()

    @rule()
    def open_again(self) -> None:
        self.engine.close()
        self.open()

    @rule(tidy=st.booleans(), text=TEXTS)
    def guest(self, text: str, *, tidy: bool) -> None:
        if tidy:
            self.engine.tidy()
        guest = Engine(self.home, files=StoppingFiles())
        assert guest.is_guest
        expected = deepcopy(self.state)
        if self.waiting:
            expected.setdefault(ENTRIES, {}).update(deepcopy(self.waiting))
        assert content(guest) == expected
        one = self._new(text)
        guest.add_beside(one["id"], one)
        assert guest.document(ENTRIES, one["id"]) == one
        guest.close()
        self.waiting[one["id"]] = one

    @rule(text=TEXTS)
    def leave_to_the_guest(self, text: str) -> None:
        files = StoppingFiles()
        guest = Engine(self.home, files=files)
        one = self._new(text)
        guest.add_beside(one["id"], one)
        self.waiting[one["id"]] = one
        self.engine.close()
        assert guest.refresh()
        assert guest.writable
        self.engine, self.files = guest, files
        self.database = database(guest)
        self._fold()

    @rule()
    def lose_the_index(self) -> None:
        self.engine.close()
        for path in (self.home / "index").glob("*"):
            path.unlink()
        self.open()

    @rule(cut=st.integers(1, 400))
    @precondition(lambda self: bool(segments(self.home)))
    def tear(self, cut: int) -> None:
        """Cut the journal inside its last line, as if it had never been whole."""
        self.engine.close()
        path = segments(self.home)[-1]
        data = path.read_bytes()
        lines = data.splitlines(keepends=True)
        cut = min(cut, len(lines[-1]) - 1)
        path.write_bytes(data + b"9" + lines[-1][:-cut])
        self.open()
        assert self.engine.writable
        assert any("cut off" in notice.message for notice in self.engine.notices)
        assert path.read_bytes().startswith(data)

    @rule(data=st.data(), written=st.none() | st.integers(0, 900))
    def crash(self, data: st.DataObject, written: int | None) -> None:
        """End the process at some step, or after some bytes, of some change."""
        steps = None if written is not None else data.draw(st.integers(0, 12))
        before = deepcopy((self.state, self.history, self.waiting))
        act = data.draw(st.sampled_from([self.insert, self.undo, self.tidy, self.drop]))
        self.files.stop_after(steps=steps, written=written)
        try:
            self._do(act)
            stopped = False
        except StoppedError:
            stopped = True
        after = self._after(act, before) if stopped else None
        self._end()
        if stopped:
            self.state, self.history, self.waiting = before
        self._open()
        if after is not None and content(self.engine) == after[0]:
            self.state, self.history = after
            self.waiting.clear()
        self._fold()
        assert content(self.engine) == self.state
        assert self.engine.writable

    def _do(self, act: Callable[..., None]) -> None:
        if act == self.insert:
            self.insert("crash", 0)
        elif act == self.drop:
            self.drop("people")
        else:
            act()

    def _after(self, act: Callable[..., None], before: Any) -> Any:
        """Return the state and the history if the change had reached the disk."""
        self.state, self.history, self.waiting = deepcopy(before)
        if act == self.insert:
            self._put(id_of(self.number), document(self.number, text="crash"))
        elif act == self.drop:
            self.state.pop("people", None)
        elif act == self.undo and self.history:
            key, former = self.history.pop()
            self._put(key, former, undoable=False)
        self._fold()
        return self.state, self.history

    def _end(self) -> None:
        self.engine.journal.segments.clear()
        self.engine.journal.head._fd = None
        self.engine._lock._fd = None
        self.files.end()
        del self.engine, self.database
        gc.collect(0)

    def _open(self) -> None:
        self.files = StoppingFiles()
        self.engine = Engine(self.home, files=self.files)
        self.database = database(self.engine)

    # What holds always

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "engine"):
            return
        assert content(self.engine) == self.state
        assert self.engine.count(ENTRIES) == len(self.entries)
        ordered = sorted(
            self.entries.values(), key=lambda one: (one["day"], one["at"], one["id"])
        )
        assert list(self.engine.ids(ENTRIES)) == [one["id"] for one in ordered]
        assert self.engine.writable
        assert json.loads(json.dumps(self.state)) == self.state


def _day(number: int) -> date:
    return day(-100 * number)


PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]


def test_the_log_against_a_dict(regime: Regime) -> None:
    run_state_machine_as_test(
        LogMachine,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
        ),
    )
    regime("machine", histories=60, of_steps="30 steps each", differences=0)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_the_log_against_a_dict_for_long(regime: Regime) -> None:
    run_state_machine_as_test(
        LogMachine,
        settings=settings(
            max_examples=400,
            stateful_step_count=40,
            deadline=None,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
        ),
    )
    regime("machine", histories=400, of_steps="40 steps each", differences=0)
