"""Reads and checks the words of the app, and the prompts a person wrote themselves.

::

    shelf.py      Shelf: everything as values, each file read on first use
    own.py        the person's own folder: what can be read, and what is wrong where
    items.py      one table of a file -> one value, or what is wrong with it
    ready.py      what was read of the words that ship, kept beside them
    document.py   a TOML file as a head and items, each knowing its line
"""

from __future__ import annotations

from companion.content.shelf import Shelf

__all__ = ["Shelf"]
