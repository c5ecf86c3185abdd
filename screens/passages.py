"""An entry as passages to read: what was written first, then quietly what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.widgets.lens import LensWords
from screens.widgets.lines import DIM, STRONG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from companion.model.content import Content
    from companion.model.entry import Entry
    from screens.widgets.pager import Passage


def lens_words(content: Content) -> LensWords:
    """Return what the lens says about a place."""
    return LensWords(
        none=content.say("lens.none"),
        domination=content.says("lens.domination"),
        middle=content.say("lens.middle"),
        partnership=content.says("lens.partnership"),
    )


def written(entry: Entry, content: Content) -> tuple[Passage, ...]:
    """Return what was written, in the order of writing."""
    return tuple(_apart(_written(entry, content)))


def facts(entry: Entry, content: Content) -> tuple[Passage, ...]:
    """Return what belongs to an entry beside its words, a quiet line each."""
    return tuple((line, DIM) for line in _facts(entry, content))


def shared(entry: Entry, content: Content) -> str:
    """Return who has seen it, in words."""
    if entry.is_private:
        return content.say("entry.only_you")
    return content.say("entry.shared", names=", ".join(entry.shared_with))


def principle_name(content: Content, principle_id: str) -> str:
    """Return the name of a principle; its id, where the words do not know it."""
    names = {each.id: each.name for each in content.principles}
    return names.get(principle_id, principle_id)


def rung_name(content: Content, rung_id: str) -> str:
    """Return the name of a rung; its id, where the words do not know it."""
    names = {each.id: each.name for each in content.rungs}
    return names.get(rung_id, rung_id)


def _written(entry: Entry, content: Content) -> Iterator[list[Passage]]:
    if entry.text:
        yield [(entry.text, "")]
    if entry.part:
        yield [(content.say("entry.part"), DIM), (entry.part, STRONG)]
    for answer in entry.answers:
        yield [(answer.question, DIM), (answer.text, "")]
    if entry.placement is not None:
        yield _placed(entry, content)


def _placed(entry: Entry, content: Content) -> list[Passage]:
    placement = entry.placement
    assert placement is not None
    said = lens_words(content).of(placement.position)
    rung = next((r for r in content.rungs if r.id == placement.rung), None)
    lead = content.say("entry.placed", rung=rung.name if rung else placement.rung)
    ends = f"{rung.domination}  \u2194  {rung.partnership}" if rung else ""
    passages = [(lead, DIM), (said, STRONG)]
    return [*passages, (ends, DIM)] if ends else passages


def _apart(groups: Iterable[list[Passage]]) -> Iterator[Passage]:
    for number, group in enumerate(groups):
        if number:
            yield "", ""
        yield from group


def _facts(entry: Entry, content: Content) -> Iterator[str]:
    if entry.kind != "reflection":
        yield content.say("entry.kind", kind=entry.kind)
    if entry.rung:
        yield content.say("entry.rung", rung=rung_name(content, entry.rung))
    if entry.setting is not None:
        side = f", {entry.setting.side}" if entry.setting.side else ""
        yield content.say("entry.setting", setting=entry.setting.scale + side)
    if entry.principles:
        names = ", ".join(principle_name(content, each) for each in entry.principles)
        yield content.say("entry.principles", names=names)
    if entry.people:
        yield content.say("entry.people", names=", ".join(entry.people))
    if entry.tags:
        yield " ".join(f"#{tag}" for tag in entry.tags)
    yield shared(entry, content)
