"""A plugin of pytest that writes down how each test ended, and whose code it ran."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

OURS = ("companion", "screens", "tests", "benchmarks")
RIGHT = (AssertionError, pytest.fail.Exception)
"""What a test says when it sees something wrong; anything else went wrong in it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--witness", type=Path, required=True)


class Witness:
    """Sees how tests end."""

    def __init__(self, path: Path, root: Path) -> None:
        self._path = path
        self._root = root
        self._ended: list[dict[str, Any]] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.when == "call" or report.outcome != "passed":
            error = call.excinfo.value if call.excinfo else None
            self._ended.append(
                {
                    "test": item.nodeid,
                    "when": report.when,
                    "outcome": report.outcome,
                    "error": ""
                    if error is None
                    else f"{type(error).__name__}: {error}",
                    "right": _is_right(error),
                }
            )
        return report

    def pytest_sessionfinish(self) -> None:
        foreign = sorted(
            name
            for name, module in sys.modules.items()
            if name.partition(".")[0] in OURS
            and (file := getattr(module, "__file__", None)) is not None
            and not Path(file).resolve().is_relative_to(self._root)
        )
        said = {"ended": self._ended, "foreign": foreign}
        self._path.write_text(json.dumps(said), encoding="utf-8")


def _is_right(error: BaseException | None) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(map(_is_right, error.exceptions))
    return isinstance(error, RIGHT)


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("--witness")
    config.pluginmanager.register(Witness(path, config.rootpath.resolve()))
