"""A sitting in plain lines: for screen readers, braille and dumb terminals."""

from __future__ import annotations

import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from companion.bootstrap import open_companion
from companion.cli.console import Back, Console, Ended, Stop, end_by_signal
from companion.cli.writing import day_of, say_kept
from companion.errors import CompanionError, InvalidEntryError, WriteFailedError
from companion.model.entry import REACH
from companion.reflection import FREE
from companion.reflection.stages import LENS, PAGE, PART

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from companion.cli.output import Output
    from companion.facade import Companion
    from companion.model.content import Rung
    from companion.model.entry import Entry
    from companion.reflection import Run

OK: Final = 0
SIGNALS: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
PLACES: Final = 7
"""How many places the line has here; the screen has finer ones."""
_KNOWN_PARTS: Final = 5


def converse(options: Namespace, home: Path | None, output: Output) -> int:
    """Hold a sitting."""
    companion = open_companion(home)
    try:
        for notice in companion.log.notices():
            output.note(f"{notice.message} {notice.hint}".rstrip())
        newest = companion.log.later_than_now()
        if newest is not None:
            output.note(
                "The clock of this machine stands earlier than your newest entry, of "
                f"{newest.at:%Y-%m-%d}. What you write now is kept under the day the "
                "clock shows."
            )
        for problem in companion.content.problems:
            where = (
                f"{problem.file}, line {problem.line}" if problem.line else problem.file
            )
            output.note(f"{where}: {problem.message}")
        console = Console(output, companion.content.say("linear.bytes"))
        former = {each: signal.signal(each, end_by_signal) for each in SIGNALS}
        try:
            return _Conversation(companion, console, options, output).hold()
        except Ended as ended:
            return ended.code
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)
    finally:
        companion.close()


class _Conversation:
    """One sitting, asked and answered line by line."""

    def __init__(
        self,
        companion: Companion,
        console: Console,
        options: Namespace,
        output: Output,
    ) -> None:
        self._companion = companion
        self._output = output
        self._console = console
        self._options = options
        self._day = day_of(options, companion.log.today())

    def hold(self) -> int:
        """Hold it, and return the exit code."""
        try:
            run = self._draft() or self._begin()
        except (EOFError, Stop):
            return OK
        self._say("begin")
        try:
            self._go_through(run)
        except EOFError:
            self._console.say("")
        except Stop:
            pass
        except BaseException as error:
            # The terminal may be gone, and that must not cost the words.
            self._output.expect_no_reader()
            self._console.say("")
            self._save_somewhere(run)
            if not isinstance(error, Ended):
                raise
            return error.code
        return self._keep(run)

    def _say(self, key: str, **names: object) -> None:
        self._console.say(self._companion.content.say(f"linear.{key}", **names))

    # Beginning

    def _draft(self) -> Run | None:
        """Offer what was not finished, unless the app may have it open."""
        log, drafts = self._companion.log, self._companion.drafts
        if self._options.sitting or not log.writable:
            return None
        for draft in drafts.waiting()[:1]:
            try:
                run = self._companion.reflection.resume(draft.state)
            except InvalidEntryError:
                return None
            self._say("draft", day=run.day.isoformat())
            if self._console.line().strip().casefold() in {"y", "yes"}:
                return run
        return None

    def _begin(self) -> Run:
        reflection = self._companion.reflection
        run = reflection.begin(self._sitting(), day=self._day)
        for what, names in (
            ("tags", self._options.tag),
            ("people", self._options.person),
            ("principles", self._options.principle),
        ):
            run.name(what, names)
        return run

    def _sitting(self) -> str:
        sittings = self._companion.reflection.sittings
        said = self._options.sitting
        if said is not None:
            fits = [each.id for each in sittings if each.id.startswith(said.casefold())]
            return fits[0] if len(fits) == 1 else str(said)
        self._say("which")
        for number, each in enumerate(sittings, 1):
            self._say("sitting", number=number, name=each.name, about=each.about)
        self._say("free", number=len(sittings) + 1)
        chosen = self._number(len(sittings) + 1) or 1
        return [*(each.id for each in sittings), FREE][chosen - 1]

    # Asking

    def _go_through(self, run: Run) -> None:
        while True:
            try:
                self._ask(run)
            except Back:
                if not run.back():
                    self._say("first")
                continue
            self._save(run)
            if not run.next():
                return

    def _ask(self, run: Run) -> None:
        """Ask what this stage asks."""
        stage = run.stage
        if stage.kind == PAGE:
            self._say("page")
            self._write(run, end=".")
            return
        self._say("asked", here=run.index + 1, all=run.stages, question=stage.question)
        if stage.prompt is not None and stage.prompt.hint:
            self._console.say(stage.prompt.hint)
        if stage.kind == PART:
            self._name_part(run)
        elif stage.kind == LENS:
            self._say("lens_words")
        self._write(run, end="")
        if stage.kind == LENS:
            self._place(run)

    def _write(self, run: Run, *, end: str) -> None:
        """Take an answer in; what is written stays if it is broken off."""
        if run.text:
            self._say("before")
            self._console.say(run.text)
        lines: list[str] = []
        try:
            while (line := self._console.line()) != end:
                if line == "/help":
                    for words in self._companion.content.says("linear.help"):
                        self._console.say(words)
                elif line == "/clear":
                    lines.clear()
                    run.text = ""
                    self._say("cleared")
                else:
                    lines.append(line)
        except Ended:
            lines += filter(None, [self._console.half_line()])
            raise
        finally:
            if lines:
                run.text = "\n".join(lines)

    def _name_part(self, run: Run) -> None:
        known = self._companion.log.names("parts")[:_KNOWN_PARTS]
        if known:
            self._say("part_known", names=", ".join(known))
        self._say("part_name")
        name = self._console.line().strip()
        if name:
            run.part = name
        self._say("part_words")

    def _place(self, run: Run) -> None:
        rung = self._among(run)
        if rung is None:
            return
        middle = PLACES // 2 + 1
        self._say("lens_place", most=PLACES)
        self._say("lens_domination", words=rung.domination)
        self._say("lens_middle", middle=middle)
        self._say("lens_partnership", most=PLACES, words=rung.partnership)
        place = self._number(PLACES)
        if place is not None:
            run.rung = rung.id
            run.placement = round((place - middle) * REACH / (PLACES // 2))

    def _among(self, run: Run) -> Rung | None:
        """Return the rung whose words stand at the ends; asked, if not given."""
        rungs = self._companion.content.rungs
        if self._options.rung and not run.resumed:
            return next(rung for rung in rungs if rung.id == self._options.rung)
        self._say("lens_rung")
        for number, rung in enumerate(rungs, 1):
            self._console.say(f"{number}. {rung.name}")
        chosen = self._number(len(rungs))
        return None if chosen is None else rungs[chosen - 1]

    def _number(self, most: int) -> int | None:
        """Take in a number from 1 to `most`, or None for an empty line."""
        while line := self._console.line().strip():
            if line.isascii() and line.isdigit() and 1 <= int(line) <= most:
                return int(line)
            self._say("number", most=most)
        return None

    # Ending

    def _save(self, run: Run) -> bool:
        """Save the draft, where anything was said; True if it lies there now."""
        drafts = self._companion.drafts
        try:
            if run.has_words:
                drafts.save(run.id, run.state())
                return True
            drafts.remove(run.id)
        except WriteFailedError as error:
            self._console.say(f"{error.message} {error.hint}")
        return False

    def _save_somewhere(self, run: Run) -> None:
        """Leave a draft; where that cannot be, a file outside of the log."""
        if self._save(run):
            self._say("waits")
        elif run.has_words:
            path = self._companion.drafts.carry_out(run.spelt())
            self._say("carried", path=path)

    def _keep(self, run: Run) -> int:
        entry = self._kept(run)
        self._companion.drafts.remove(run.id)
        if entry is None:
            self._say("nothing")
        else:
            say_kept(entry, self._companion.log.today())
        return OK

    def _kept(self, run: Run) -> Entry | None:
        try:
            rung = self._options.rung
            if rung and run.has_words and not run.resumed and run.placement is None:
                entry = replace(run.entry(self._companion.log), rung=rung)
                return self._companion.log.write(entry)
            return self._companion.reflection.keep(run)
        except CompanionError:
            self._save_somewhere(run)
            raise
