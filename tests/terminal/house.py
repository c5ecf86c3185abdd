"""A person's home, the windows they open on it, and what the app says there."""

from __future__ import annotations

import json
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from companion.content import Shelf
from tests.terminal.terminal import Terminal, companion, surroundings

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class House:
    """One person's home, and every window they open on it."""

    folder: Path
    windows: ExitStack = field(default_factory=ExitStack)

    @property
    def home(self) -> Path:
        """Where the log is."""
        return self.folder / "home"

    def open(
        self, *before: str, size: tuple[int, int] = (80, 24), **environment: str
    ) -> Terminal:
        """Open the app, after the words `before`, and wait until it can be used."""
        command = [*before, *companion(self.home)]
        window = self.windows.enter_context(
            Terminal(command, self.folder, size=size, **environment)
        )
        window.wait_for(said("today.free-name"))
        return window

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command that is no window."""
        return subprocess.run(
            companion(self.home, *words),
            cwd=self.folder,
            env=surroundings(self.folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def log(self, *words: str) -> list[dict[str, Any]]:
        """Return what the command line finds in the log, newest first."""
        ended = self.run("log", *words, "--json")
        assert ended.returncode in {0, 1}, ended.stderr
        found: list[dict[str, Any]] = json.loads(ended.stdout or "[]")
        return found


def said(key: str, **names: object) -> str:
    """Return what the app says, as far as it surely stands on one line."""
    return " ".join(Shelf().say(key, **names).splitlines()[0].split()[:6])
