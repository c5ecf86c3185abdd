"""Every action by its name: what keys do, the rooms, the sittings and the pages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from textual.binding import Binding
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from screens import messages
from screens.at_hand import AT_HAND
from screens.safety import plain
from screens.widgets.bar import ROOMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.content import Content
    from textual.message import Message

    from screens.app import CompanionApp

PAGES = ("credits", "not-therapy", "welcome")


class Found(NamedTuple):
    """One thing that can be done."""

    name: str
    about: str
    do: Callable[[], Any]


class EveryAction(Provider):
    """Offers what can be done on the screen behind the palette, and everywhere."""

    async def discover(self) -> Hits:
        """Offer everything while nothing is typed."""
        for found in self._everything():
            yield DiscoveryHit(
                plain(found.name, limit=60), found.do, text=found.name, help=found.about
            )

    async def search(self, query: str) -> Hits:
        """Offer what fits the letters typed."""
        matcher = self.matcher(query)
        for found in self._everything():
            score = matcher.match(found.name)
            if score > 0:
                yield Hit(
                    score,
                    self._marked(found.name, query),
                    found.do,
                    text=found.name,
                    help=found.about,
                )

    def _marked(self, name: str, query: str) -> Content:
        shown = plain(name, limit=60)
        _score, offsets = self.matcher(query).fuzzy_search.match(query, shown.plain)
        for offset in offsets:
            shown = shown.stylize("bold underline", offset, offset + 1)
        return shown

    def _everything(self) -> Iterator[Found]:
        app = cast("CompanionApp", self.app)
        say = app.companion.content.say
        names: set[str] = set()
        for found in (*self._actions(), *self._places()):
            if found.name not in names:
                names.add(found.name)
                yield found
        yield Found(
            say("app.pick-theme"), say("app.pick-theme-about"), app.search_themes
        )

    def _actions(self) -> Iterator[Found]:
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.system or not binding.tooltip or not active.enabled:
                continue
            run = partial(self.app.run_action, binding.action, active.node)
            yield Found(binding.description, binding.tooltip, run)
        # The key may mean something else where one writes; the action is there.
        for always in AT_HAND:
            if isinstance(always, Binding) and always.tooltip:
                run = partial(self.app.run_action, always.action, self.app)
                yield Found(always.description, always.tooltip, run)

    def _places(self) -> Iterator[Found]:
        app = cast("CompanionApp", self.app)
        say = app.companion.content.say
        for room, label in ROOMS:
            yield Found(label, "", self._posting(messages.OpenRoom(room)))
        looking_after = self._posting(messages.OpenRoom("care"))
        yield Found(say("care.name"), say("care.about"), looking_after)
        for sitting in app.companion.reflection.sittings:
            begin = self._posting(messages.BeginSitting(sitting.id))
            yield Found(sitting.name, "", begin)
        for page in PAGES:
            yield Found(
                say(f"app.page-{page}"), "", self._posting(messages.OpenPage(page))
            )

    def _posting(self, message: Message) -> Callable[[], Any]:
        return partial(self.app.post_message, message)


class EveryActionPalette(CommandPalette):
    """The palette, offering what can be done here."""

    CSS_PATH = "palette.tcss"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        """Offer every action, and nothing of textual's own."""
        super().__init__(providers=[EveryAction], placeholder="\u2026", id=id)
