"""Sizes of texts, as one says them."""

from __future__ import annotations


def in_words(size: int) -> str:
    """Return a number of bytes as "800 bytes", "12 kB" or "1.2 MB"."""
    if size < 1000:  # noqa: PLR2004 - a thousand bytes are a kilobyte
        return f"{size} bytes"
    if size < 999_500:  # noqa: PLR2004 - from here it would read "1000 kB"
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"
