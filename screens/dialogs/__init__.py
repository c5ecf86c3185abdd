"""Dialogs: they return a value and write nothing."""
