"""How words are compared: without regard to case and to how letters are composed."""

from __future__ import annotations

from unicodedata import normalize


def fold(text: str) -> str:
    """Return `text` as it is compared in a search: NFC, casefolded, NFC.

    "Straße", "STRASSE" and "strasse" are the same; "é" is the same composed or not.
    """
    if text.isascii():
        return text.lower()
    return normalize("NFC", normalize("NFC", text).casefold())
