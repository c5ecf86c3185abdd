"""The command line, as a shell would call it, at one fixed moment."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from companion import bootstrap
from tests.cli.shells import Shell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It is half past nine in Berlin on Sunday, 22 November 2026."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    monkeypatch.setattr(bootstrap, "local_now", lambda: NOW)
    ticks = iter(range(10**9))
    start = int(NOW.timestamp()) * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: start + next(ticks) * 1_000_000)
    for name in ("VISUAL", "EDITOR", "COMPANION_HOME"):
        monkeypatch.delenv(name, raising=False)
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def shell(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Shell:
    """A shell with an empty home that is not there yet."""
    return Shell(tmp_path / "home", monkeypatch, capfd)


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Name a shell script as the editor; "$1" is the page."""

    def name(script: str) -> None:
        path = tmp_path / "own editor"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)
        monkeypatch.setenv("VISUAL", f"'{path}' --wait")
        monkeypatch.setenv("EDITOR", os.devnull)

    return name
