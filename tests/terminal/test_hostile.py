"""Text that would command a terminal never reaches one, from any screen."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from companion.ids import new_id
from companion.storage.bulk import write_log
from companion.storage.small import PageFiles
from tests.terminal.house import House, said
from tests.terminal.terminal import ROOT, Terminal, companion

if TYPE_CHECKING:
    from pathlib import Path

    from tests.regime import Regime

pytestmark = [
    pytest.mark.xdist_group("terminal"),
    pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning"),
]

_CORPUS: Final = ROOT / "tests" / "corpora" / "hostile-text.jsonl"
_MORE: Final = (
    "A\x1b]52;c;Y3VybCBldmls\x07B",
    "A\x1b]0;a title of theirs\x07B",
    "A\x1b[31mred\x1b[0mB",
    "A\u202egnp.exe\u202cB",
    "A\u200e\u200f\u061cB",
    "A\x00\x08\x7fB",
)
_HARMLESS: Final = "A plain line, and B"
_CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
"""What must not come from a text; tabs and line breaks are laid out by the app."""
_BARE: Final = re.compile(
    "[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
"""What never stands in the output of an app, whoever it comes from."""
_ESCAPE: Final = re.compile(
    r"\x1b(?:\[([?<>=]?)([0-9;:]*)([ -/]*[@-~])|([P\]^_X])([0-9]*)|(.))", re.DOTALL
)


def _payloads() -> list[str]:
    lines = _CORPUS.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    return [text for text in texts if _CONTROLS.search(text)] + list(_MORE)


def _entries(texts: list[str]) -> list[dict[str, Any]]:
    """Return entries of today that hold each text in every field that takes it."""
    now = datetime.now().astimezone().replace(microsecond=0)
    made = []
    for number, text in enumerate(texts):
        at = now - timedelta(minutes=len(texts) - number)
        name = " ".join(_CONTROLS.sub("", text).split()) or "A"
        made.append(
            {
                "id": new_id(int(at.timestamp() * 1000)),
                "kind": "reflection",
                "at": at.isoformat(),
                "day": now.date().isoformat(),
                "people": [name],
                "tags": [name],
                "text": f"nr{number:02} {text}",
                "answers": [{"prompt": "x", "question": text, "text": text}],
                "part": name,
            }
        )
    return made


def _fill(home: Path, texts: list[str]) -> None:
    write_log(home, _entries(texts))
    PageFiles(home).write("help", "\n".join(texts))


def _walk(house: House, count: int) -> str:
    """Go to every screen a text is shown on; return all that was written."""
    window = house.open()
    window.press("down")
    for _ in range(count // 6):
        window.press("pagedown")
        _rest(window)
    window.press("f3")
    window.wait_for(said("log.count_many", count=count))
    for number in reversed(range(count)):
        window.press("enter")
        window.wait_for(said("entry.only_you"), f"nr{number:02}")
        window.press("escape")
        window.wait_for("e Edit", f"nr{number:02}")
        window.press("down")
        _rest(window)
    window.press("e")
    window.wait_for("nr00", "Ctrl+S Keep")
    window.press("escape")
    window.wait_for("nr00", "e Edit")
    window.press("x")
    window.wait_for(said("log.deleted"))
    window.press("u")
    window.wait_for(" ".join(said("log.undone_delete", words="?").split()[:3]))
    window.press("/")
    window.wait_for(said("log.search"))
    window.type("nr07 A")
    window.wait_for(said("log.found_one"))
    window.press("escape")
    for key in ("f5", "f4", "f1", "f2", "ctrl+p"):
        window.press(key)
        _rest(window)
    window.type("A")
    _rest(window)
    window.press("escape")
    window.press("ctrl+q")
    assert window.ended() == 0
    return window.raw.decode(errors="replace")


def _rest(window: Terminal) -> None:
    """Read what comes, until for a moment nothing does."""
    before = -1
    while before != len(window.raw):
        before = len(window.raw)
        window.read(0.1)


def _kinds(written: str) -> set[tuple[str, ...]]:
    """Return what kinds of escapes were written, without their numbers.

    The parameters are kept where they say what is done, as for modes.
    """
    kinds: set[tuple[str, ...]] = set()
    for private, numbers, final, string, number, single in _ESCAPE.findall(written):
        kept = numbers if private or final in "nrt" else ""
        kinds.add((private, kept, final, string, number, single))
    return kinds


def _raw(text: str, written: str) -> list[str]:
    """Return the escapes of a text, with what follows them, that were written."""
    return [
        found[0]
        for found in re.finditer(r"\x1b[^\x1b]{2,}", text)
        if not found[0].startswith("\x1b[0m") and found[0] in written
    ]


def test_no_text_commands_the_terminal_from_any_screen(
    tmp_path: Path, regime: Regime
) -> None:
    texts = _payloads()
    written = {}
    for name, held in (("hostile", texts), ("plain", [_HARMLESS] * len(texts))):
        house = House(tmp_path / name)
        house.folder.mkdir()
        _fill(house.home, held)
        with house.windows:
            written[name] = _walk(house, len(texts))
    hostile, plain = written["hostile"], written["plain"]
    # The texts were shown, and would have been noticed had they come through whole.
    assert "Y3VybCBldmls" in hostile
    assert _kinds("".join(texts)) - _kinds(plain)
    assert set(_BARE.findall(hostile)) == set()
    assert _kinds(hostile) - _kinds(plain) == set()
    assert [found for text in texts for found in _raw(text, hostile)] == []
    regime("terminal", texts_through_all_rooms=len(texts), bytes_read=len(hostile))


@pytest.mark.parametrize("words", [["log"], ["log", "-n", "0", "--markdown"]])
def test_no_text_commands_the_terminal_from_a_command(
    house: House, words: list[str], regime: Regime
) -> None:
    texts = _payloads()
    _fill(house.home, texts)
    with Terminal(companion(house.home, *words), house.folder, size=(80, 24)) as window:
        assert window.ended() == 0
        written = window.raw.decode(errors="replace")
    assert "nr" in written
    assert set(_CONTROLS.findall(written)) - {"\r"} == set()
    regime("terminal", commands=1, escapes_let_through=0)


def test_a_file_is_given_every_byte_as_it_was(house: House) -> None:
    texts = _payloads()
    _fill(house.home, texts)
    found = [entry["answers"][0]["text"] for entry in house.log()]
    assert sorted(found) == sorted(texts)
