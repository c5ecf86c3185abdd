"""What the walks in a terminal share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.terminal.house import House

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A home of its own; its windows are closed in the end."""
    made = House(tmp_path)
    with made.windows:
        yield made
