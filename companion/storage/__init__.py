"""The log on disk: the only place that knows TinyDB, files and their format."""

from __future__ import annotations

from companion.storage.store import open_log

__all__ = ["open_log"]
