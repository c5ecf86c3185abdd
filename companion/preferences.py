"""How the person likes the app to look and behave, and their own help page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from companion.errors import InvalidSettingError
from companion.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from companion.ports import PageStore, SettingsStore

WEEK_STARTS: Final = ("monday", "sunday", "saturday")
HOURS: Final = (24, 12)
MOTIONS: Final = ("full", "reduced")

_THEME_LIMIT: Final = 80
_HELP_PAGE: Final = "people"


@record(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, each with a value that works."""

    theme: str = "companion-dark"
    """Name of a theme; the app falls back where it knows none of that name."""
    week_start: str = "monday"
    """One of `WEEK_STARTS`."""
    hours: int = 24
    """One of `HOURS`: how the time of day is told."""
    motion: str = "full"
    """One of `MOTIONS`."""


class Preferences:
    """The person's settings and their own help page."""

    def __init__(self, store: SettingsStore, pages: PageStore) -> None:
        """Stand on two stores; nothing is read before it is needed."""
        self._store = store
        self._pages = pages
        self._settings: Settings | None = None
        self._problems: tuple[str, ...] = ()

    @property
    def settings(self) -> Settings:
        """The settings as they are; a kept value that cannot be is the default."""
        if self._settings is None:
            self._settings, self._problems = _read(self._store.load())
        return self._settings

    @property
    def problems(self) -> tuple[str, ...]:
        """What was kept and could not be used, one sentence each."""
        _ = self.settings
        return self._problems

    def change(self, **values: object) -> Settings:
        """Keep new values of some settings and return all of them.

        Raises:
            InvalidSettingError: If there is no such setting, or it cannot have that
                value; nothing was changed.
            WriteFailedError: If the disk refused; nothing was changed.
        """
        settings = self.settings
        for name, value in values.items():
            settings = _with(settings, name, value)
        # What we do not know may belong to a newer Companion: it stays.
        kept = dict(self._store.load())
        kept.update({name: getattr(settings, name) for name in _RULES})
        self._store.save(kept)
        self._settings, self._problems = settings, ()
        return settings

    def help_page(self) -> str:
        """Return the page of the person's own people and numbers, "" while empty."""
        return self._pages.read(_HELP_PAGE)

    def write_help_page(self, text: str) -> None:
        """Keep the page of the person's own people and numbers.

        Raises:
            WriteFailedError: If the disk refused.
        """
        self._pages.write(_HELP_PAGE, text)


def _is_theme(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= _THEME_LIMIT
        and value.isprintable()
        and value == value.strip()
    )


def _is_one_of(choices: tuple[object, ...]) -> Callable[[object], bool]:
    # 24.0 and True equal numbers without being ones a person would have written.
    return lambda value: any(
        value == choice and type(value) is type(choice) for choice in choices
    )


_RULES: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "theme": (_is_theme, "the name of a theme"),
    "week_start": (_is_one_of(WEEK_STARTS), ", ".join(WEEK_STARTS)),
    "hours": (_is_one_of(HOURS), ", ".join(map(str, HOURS))),
    "motion": (_is_one_of(MOTIONS), ", ".join(MOTIONS)),
}


def _with(settings: Settings, name: str, value: object) -> Settings:
    if name not in _RULES:
        raise InvalidSettingError(
            f"There is no setting {name!r}.", hint=f"There are: {', '.join(_RULES)}."
        )
    fits, choices = _RULES[name]
    if not fits(value):
        raise InvalidSettingError(
            f"{name} cannot be {value!r}.", hint=f"It can be: {choices}."
        )
    return replace(settings, **{name: value})  # type: ignore[arg-type]


def _read(kept: Mapping[str, object]) -> tuple[Settings, tuple[str, ...]]:
    settings, problems = Settings(), []
    for name in _RULES.keys() & kept.keys():
        try:
            settings = _with(settings, name, kept[name])
        except InvalidSettingError as error:
            problems.append(
                f"{error.message} {error.hint}"
                f" Until it is changed, {getattr(settings, name)} is used."
            )
    return settings, tuple(sorted(problems))
