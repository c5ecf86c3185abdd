"""Whether a run with a fault kept what was promised: what it said, what is left."""

from __future__ import annotations

import errno
import signal
import time
from typing import TYPE_CHECKING, Any

from companion.storage.backup import Backups
from companion.storage.check import check
from companion.storage.restore import restore
from companion.storage.small import DraftFiles
from tests.disks import QuickFiles
from tests.faults.steps import CAPTURED, DRAFT, NO_BACKUP, texts
from tests.logs import open_engine

if TYPE_CHECKING:
    from pathlib import Path

    from companion.storage.engine import Engine
    from tests.faults.tracing import Fault

State = dict[str, str]
CAPTURE = str(CAPTURED)
LAST = "12"
_WRITES = {"put", "remove", "undo"}


class Outcome:
    """What a log may hold after a run, followed step by step."""

    def __init__(
        self, home: Path, kind: str, fault: Fault, first: State, restored: State
    ) -> None:
        self.home = home
        self.fault = fault
        self.damaged = kind == "damaged"
        self.restored = restored
        self.allowed = [first]
        """The states the log may be in; one, as long as all is certain."""
        self.history: list[State] = []
        self.backup: State = {}
        self.done: set[str] = set()
        self.stale = False
        """Whether the engine is to be opened anew before its state counts."""
        self.silent = False
        """Whether nothing more may be written in this run."""

    @property
    def state(self) -> State:
        """The state as far as it is known."""
        return self.allowed[0]

    def judge(self, code: int, said: list[dict[str, Any]], errors: str) -> None:
        """Compare what a program said and left with what was promised.

        Raises:
            AssertionError: If it was not kept.
        """
        killed = code == -signal.SIGKILL
        assert killed or (code, errors) == (0, ""), errors
        assert killed == (self.fault.code == 0)
        asked = [one for one in said if "step" in one]
        answers = {one["number"]: one for one in said if "why" in one}
        for one in asked:
            answer = answers.get(one["number"])
            if answer is None:
                assert one is asked[-1]
                self.allowed = [self.state, self._after(one["step"])]
            else:
                self._take(one["step"], answer)
        self._must_be_refused(asked, answers)
        self._look()

    def _must_be_refused(
        self, asked: list[dict[str, Any]], answers: dict[int, dict[str, Any]]
    ) -> None:
        """Demand that no step is said to be done whose line was not written or synced.

        What is taken in from the spool only waits for the next time.
        """
        point = self.fault.point
        number = (point.said - 1) // 2
        if not (self.fault.code and point.in_journal and point.said):
            return
        if point.call in {"write", "fdatasync"} and number in answers:
            name = asked[number]["step"].split(maxsplit=1)[0]
            refused = answers[number]["why"] is not None
            assert refused or name not in _WRITES, f"{asked[number]} was not refused"

    # Step by step

    def _after(self, step: str) -> State:
        """Return the state a step leads to."""
        name, *words = step.split()
        if name == "put":
            return self.state | {words[0]: words[1]}
        if name == "remove":
            return {key: self.state[key] for key in self.state if key != words[0]}
        if name == "undo":
            # In the journal of the backup, the last that was written is LAST.
            before = {key: self.state[key] for key in self.state if key != LAST}
            return self.history[-1] if self.history else before
        if name == "capture":
            return self.state | {CAPTURE: "captured"}
        if name == "restore":
            return self.restored if self.damaged else self.state | self.backup
        return self.state

    def _take(self, step: str, answer: dict[str, Any]) -> None:
        """Take in how a step went."""
        name = step.split(maxsplit=1)[0]
        why = answer["why"]
        if name == "open":
            self.stale = self.silent = False
        if why is None:
            self._done(name, step)
        elif why != "nothing":
            self._refused(name, step, why, broken=answer["broken"])
        state = answer["state"]
        if state is None or self.stale:
            return
        seen = [one for one in self.allowed if _plain(one) == _plain(state)]
        assert seen, f"after {step}: {state} and not one of {self.allowed}"
        if name == "open" and why is None:
            self.allowed = seen[:1]

    def _done(self, name: str, step: str) -> None:
        assert not (self.silent and name in _WRITES), f"{step} after the disk failed"
        if name in _WRITES | {"capture", "restore"}:
            after = self._after(step)
            if name == "undo":
                del self.history[-1:]
            elif name in _WRITES or (
                # A backup put in place is no change that could be taken back.
                name == "restore" and after != self.state and not self.damaged
            ):
                self.history.append(self.state)
            self.allowed = [after]
        self.done.add(name)
        if name == "back":
            self.backup = dict(self.state)
        self.stale = self.stale or (self.damaged and name == "restore")

    def _refused(self, name: str, step: str, why: str, *, broken: bool) -> None:
        nothing = "There is nothing in the log yet" in why and not self.history
        if nothing or why.startswith(NO_BACKUP):
            return
        if self.damaged:
            self._uncertain(step)
            return
        reason = self.fault.reason
        assert reason in why, f"{step}: {why!r} does not name {reason!r}"
        if broken and name in _WRITES | {"restore"}:
            self._uncertain(step)
        if self.fault.code == errno.EIO and self.fault.point.in_journal and broken:
            self.silent = True

    def _uncertain(self, step: str) -> None:
        """Allow both: the disk took part of it, and could not be asked for it back."""
        if len(self.allowed) == 1 and (broken_off := self._after(step)) != self.state:
            self.allowed.append(broken_off)

    # What is left

    def _look(self) -> None:
        """Look at the log with fresh eyes."""
        report = check(self.home)
        engine = self._opened()
        damage = engine.damage()
        found = texts(engine)
        told = [one.message for one in engine.notices]
        if self.damaged and damage:
            kept = next(one for one in (self.home / "backups").glob("*T*"))
            restore(engine, kept)
            self.allowed = [self._after("restore")]
            engine.close()
            engine = self._opened()
            found = texts(engine)
        assert engine.writable, engine.notices
        engine.close()
        assert found in self.allowed, f"left: {found} and not one of {self.allowed}"
        grave = [one for one in report.faults if "is not whole" not in one]
        assert self.damaged or not grave, (report.faults, told)
        assert check(self.home).faults == ()
        self._look_beside()

    def _opened(self) -> Engine:
        """Open the log, once no process that was just begun has our lock any more."""
        for _ in range(500):
            engine = open_engine(self.home)
            if not engine.is_guest:
                break
            engine.close()
            time.sleep(0.01)
        return engine

    def _look_beside(self) -> None:
        backups = Backups(self.home, QuickFiles())
        for one in backups.all():
            backups.verified(one.folder)
        drafts = DraftFiles(self.home).all()
        assert [one.id for one in drafts] == [DRAFT] * len(drafts)
        assert drafts or "draft" not in self.done


def _plain(state: State) -> State:
    """Leave out what another process left, which is seen when it is next looked for."""
    return {key: state[key] for key in state if key != CAPTURE}
