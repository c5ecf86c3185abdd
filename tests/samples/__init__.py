"""Logs of each format that was ever released, as they were written then.

They stay for good: whatever Companion becomes, it reads them.
"""

from __future__ import annotations

from pathlib import Path

SAMPLES = Path(__file__).parent
