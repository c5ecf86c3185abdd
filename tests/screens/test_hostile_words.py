"""Any words at all go through every field of the rooms: shown as words, kept whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.events import Paste
from textual.widgets import Input

from companion.errors import InvalidEntryError
from companion.model.entry import Answer
from companion.model.names import clean_names
from companion.search import quoted
from screens.app import CompanionApp
from screens.messages import EditEntry, OpenEntry
from screens.widgets.editor import Editor
from screens.widgets.exact_document import with_line_feeds
from screens.widgets.search_line import SearchLine
from tests.screens.pilots import go_to, page, settle, shown, sit_down

if TYPE_CHECKING:
    from companion.facade import Companion
    from companion.model.entry import Entry
    from tests.regime import Regime

CORPUS = Path(__file__).parents[1] / "corpora" / "hostile-text.jsonl"
CASES = [json.loads(line) for line in CORPUS.read_text().splitlines()]
CLASSES = sorted({case["class"] for case in CASES})
WIDE, NARROW = (80, 24), (44, 12)
MOST = 20_000
"""Letters of a text that is pasted; more than a page takes is tested elsewhere."""
BIDI = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
HARMFUL = {*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029, *BIDI}


def texts(kind: str) -> list[str]:
    """Return the texts of a class; half a letter is refused, and tested below."""
    found = [case["text"] for case in CASES if case["class"] == kind]
    return [text for text in found if not _is_half(text)]


def _is_half(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def look(app: CompanionApp) -> None:
    """Look at what goes to the terminal: no control passes, nothing can be clicked."""
    for row in app.screen._compositor.render_strips():
        for part in row.apply_filter(app._gate, app.screen.background_colors[1]):
            assert not HARMFUL.intersection(map(ord, part.text))
            assert not (part.style and "@click" in part.style.meta)


def kept(companion: Companion) -> Entry:
    timeline = companion.log.timeline()
    while not timeline.advance():
        pass
    return timeline.entry(0)


@pytest.mark.parametrize("kind", CLASSES)
async def test_answers_are_kept_whole_and_shown_as_words(
    companion: Companion, kind: str, regime: Regime
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        waiting = [text[:MOST] for text in texts(kind)]
        while waiting:
            await sit_down(pilot, "five-minutes")
            wanted = []
            for text in waiting[:5]:
                page(app).post_message(Paste(text))
                await pilot.pause()
                look(app)
                await pilot.press("tab")
                wanted.append(with_line_feeds(text))
            del waiting[:5]
            await settle(pilot)
            look(app)
            await pilot.press("ctrl+s")
            await pilot.pause()
            said = [text for text in wanted if text.strip()]
            assert [answer.text for answer in kept(companion).answers] == said
        await go_to(pilot, "log")
        look(app)
        await pilot.press("end", "u")
        await settle(pilot)
        look(app)
    regime("words", texts_as_answers=len(texts(kind)))


@pytest.mark.parametrize("kind", CLASSES)
async def test_an_entry_of_such_words_is_read_and_changed(
    companion: Companion, kind: str, regime: Regime
) -> None:
    said = [text[:MOST] for text in texts(kind)]
    entry = companion.log.write(
        companion.log.new(
            text="x" + "\n".join(said),
            answers=tuple(Answer("a", text, text) for text in said),
        )
    )
    app = CompanionApp(companion)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        app.post_message(OpenEntry(entry.id))
        await settle(pilot)
        for _page in range(8):
            look(app)
            await pilot.press("pagedown")
        app.post_message(EditEntry(entry.id))
        await settle(pilot)
        for _line in range(12):
            look(app)
            await pilot.press("tab")
        page(app).focus()
        await pilot.press("ctrl+home", "home", "y")
        page(app).write("!")
        await pilot.press("ctrl+s")
        await settle(pilot)
        look(app)
    changed = companion.log.get(entry.id)
    assert changed.answers == entry.answers
    assert len(changed.text) == len(entry.text) + 2
    assert changed.text.replace("y!", "", 1) == entry.text
    regime("words", as_entries_read_and_changed=len(said))


def name_of(text: str) -> str:
    """Return as a name what can be one, or ""."""
    names = clean_names([text])
    return names[0] if names else ""


@pytest.mark.parametrize("kind", CLASSES)
async def test_names_are_taken_or_refused_with_a_sentence(
    companion: Companion, kind: str, regime: Regime
) -> None:
    app = CompanionApp(companion)
    entry = companion.log.write(companion.log.new(text="named"))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        app.post_message(EditEntry(entry.id))
        await settle(pilot)
        for text in texts(kind):
            for line in app.screen.query(Input):
                line.value = text[:2000]
            await pilot.press("ctrl+s")
            await pilot.pause()
            look(app)
            try:
                named = companion.log.new(tags=[text], text="x", part=name_of(text))
            except InvalidEntryError:
                continue
            companion.log.write(named)
        await pilot.press("escape")
        await go_to(pilot, "log")
        look(app)
        await sit_down(pilot, "fifteen-minutes")
        await pilot.press("tab", "tab")
        await settle(pilot)
        look(app)
    regime("words", as_names=len(texts(kind)))


@pytest.mark.parametrize("kind", CLASSES)
async def test_anything_can_be_looked_for(
    companion: Companion, kind: str, regime: Regime
) -> None:
    for text in texts(kind):
        if text.strip():
            companion.log.write(companion.log.new(text=text))
    app = CompanionApp(companion)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await go_to(pilot, "log")
        line = app.screen.query_one(SearchLine)
        await pilot.press("slash")
        for text in texts(kind):
            for words in (text[:500], quoted(text[:500])):
                line.value = words
                await settle(pilot)
                look(app)
        assert shown(app)
    regime("words", as_searches=len(texts(kind)), controls_let_through=0)


async def test_half_a_letter_is_refused_with_a_sentence_and_stays_on_the_page(
    companion: Companion,
) -> None:
    app = CompanionApp(companion)
    async with app.run_test(size=WIDE) as pilot:
        await sit_down(pilot, "free")
        app.screen.query_one(Editor).write("half \ud800 a letter")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "half of a character" in shown(app)
        assert page(app).text == "half \ud800 a letter"
        draft: Any = companion.drafts.waiting()[0]
        assert companion.reflection.resume(draft.state).text == "half \ud800 a letter"
