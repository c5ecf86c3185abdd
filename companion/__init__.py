"""Companion: a private peer-support companion in the terminal."""

__version__ = "0.1.0"
