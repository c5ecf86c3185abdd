"""A log on the disk, open, with TinyDB over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.logs import database, open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from companion.storage.database import LogDatabase
    from companion.storage.engine import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty log, open to be written."""
    engine = open_engine(tmp_path)
    yield engine
    engine.close()


@pytest.fixture
def db(engine: Engine) -> LogDatabase:
    """TinyDB over an empty log."""
    return database(engine)
