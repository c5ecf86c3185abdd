"""How each room is built; none is imported before it is opened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.binding import ActiveBinding
    from textual.screen import Screen

    from companion.facade import Companion

    Asked = Callable[[], Mapping[str, ActiveBinding]]

FIRST: Final = "today"
ASIDE: Final = frozenset({"hide", "small"})
"""What stands in front of a room for a while."""


@runtime_checkable
class Room(Protocol):
    """A screen that is kept, and reads the log again when it has changed."""

    def reread(self) -> None:
        """Show the log as it is now."""
        ...


@runtime_checkable
class HoldsLog(Protocol):
    """A screen that does something with the log which nothing may go on beside."""

    @property
    def holds_log(self) -> bool:
        """Whether it does now."""
        ...


def builders(
    companion: Companion, asked: Asked
) -> dict[str, Callable[[], Screen[None]]]:
    """Return what builds each room.

    Args:
        companion: What rooms are given.
        asked: Returns the keys of the screen from which the help was asked for.
    """
    return {
        "today": partial(_today, companion),
        "log": partial(_log, companion),
        "settings": partial(_settings, companion),
        "keys": partial(_keys, companion, asked),
        "people": partial(_people, companion),
        "care": partial(_care, companion),
        "hide": partial(_hide, companion),
        "small": partial(_small, companion),
    }


# Imports stand inside, since what is not opened must not cost the start anything.
# ruff: noqa: PLC0415


def _today(companion: Companion) -> Screen[None]:
    from screens.today import TodayScreen

    return TodayScreen(companion)


def _log(companion: Companion) -> Screen[None]:
    from screens.log import LogScreen

    return LogScreen(companion)


def _settings(companion: Companion) -> Screen[None]:
    from screens.settings import SettingsScreen

    return SettingsScreen(companion)


def _keys(companion: Companion, asked: Asked) -> Screen[None]:
    from screens.keys import KeysScreen

    return KeysScreen(companion, asked)


def _people(companion: Companion) -> Screen[None]:
    from screens.people import PeopleScreen

    return PeopleScreen(companion)


def _care(companion: Companion) -> Screen[None]:
    from screens.recovery import RecoveryScreen

    return RecoveryScreen(companion)


def _hide(companion: Companion) -> Screen[None]:
    from screens.hide import HideScreen

    return HideScreen(companion)


def _small(companion: Companion) -> Screen[None]:
    from screens.small import SmallScreen

    return SmallScreen(companion)
