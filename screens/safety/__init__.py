"""What keeps the words private, the terminal whole and the person's text text."""

from __future__ import annotations

from screens.safety.words import ROW_LIMIT, ControlFilter, plain

__all__ = ["ROW_LIMIT", "ControlFilter", "plain"]
