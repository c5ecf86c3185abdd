"""Widgets: they get values, post messages and know no service."""
