"""What a shell does with the command line, without the price of a process."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Any

from companion.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The entries it printed as JSON."""
        found: list[dict[str, Any]] = json.loads(self.out)
        return found


class Stream(TextIOWrapper):
    """A stream in memory that may say it is a terminal."""

    def __init__(
        self, content: bytes = b"", *, terminal: bool = False, encoding: str = "utf-8"
    ) -> None:
        self.bytes = BytesIO(content)
        self._terminal = terminal
        super().__init__(self.bytes, encoding=encoding, newline="\n")

    def isatty(self) -> bool:
        return self._terminal


class Shell:
    """Runs commands with a home of its own."""

    def __init__(
        self,
        home: Path,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        self.home = home
        self._monkeypatch = monkeypatch
        self._capfd = capfd

    def __call__(
        self, *words: str, stdin: bytes = b"", terminal: bool = False
    ) -> Ended:
        """Run a command; `terminal` says whether it speaks to a person."""
        out = Stream(terminal=terminal)
        err = Stream()
        with self._monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", Stream(stdin))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            self._capfd.readouterr()
            code = main(["--home", str(self.home), *words])
        for stream in (out, err):
            stream.flush()
        # Quick capture writes past the streams.
        past = self._capfd.readouterr()
        return Ended(
            code,
            out.bytes.getvalue().decode() + past.out,
            err.bytes.getvalue().decode() + past.err,
        )

    def entries(self, *words: str) -> list[dict[str, Any]]:
        """Return what the log shows, newest first."""
        ended = self("log", "--json", *words)
        assert ended.err in {"", "Nothing was found.\n"}
        return ended.entries

    def write(self, *words: str) -> str:
        """Write an entry and return its id."""
        ended = self("reflect", *words)
        assert ended.code == 0, ended.err
        return ended.out.strip()

    def state(self) -> dict[str, bytes]:
        """Return all that a person wrote, as it lies on the disk."""
        return {
            str(path.relative_to(self.home)): path.read_bytes()
            for folder in ("journal", "spool", "drafts")
            for path in (self.home / folder).glob("*")
        }
