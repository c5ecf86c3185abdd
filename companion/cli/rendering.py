"""An entry as plain lines, as Markdown or as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from companion.capture import SHORT_ID
from companion.visible import CONTROLS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from companion.model.entry import Entry, Placement

SHORT_LINE: Final = 100
"""How many characters of an entry its one line holds."""
_SIGNS: Final = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
_PUNCTUATION: Final = str.maketrans({sign: f"\\{sign}" for sign in _SIGNS})
_UNSEEN: Final = {
    ord(sign): f"\\u{ord(sign):04x}" for sign in CONTROLS if ord(sign) > ord(" ")
}
_STEPS: Final = ((3, "a little "), (6, "some way "), (9, "well "))


def as_plain(entry: Entry) -> str:
    """Return an entry as plain lines: a head, then what was said, set in by two."""
    lines = [_head(entry)]
    lines += _set_in(entry.text, 2)
    for answer in entry.answers:
        lines.append(f"  {one_line(answer.question)}")
        lines += _set_in(answer.text, 4)
    lines += [f"  {what}: {words}" for what, words in _details(entry)]
    return "\n".join(lines) + "\n"


def as_short(entry: Entry) -> str:
    """Return an entry as one line: its day, the end of its id, and how it begins."""
    said = [entry.text, *(answer.text for answer in entry.answers), entry.part]
    beginning = next((one_line(text) for text in said if text.strip()), "")
    if not beginning and entry.placement is not None:
        beginning = place(entry.placement)
    if len(beginning) > SHORT_LINE:
        beginning = f"{beginning[: SHORT_LINE - 1]}…"
    return f"{entry.day.isoformat()}  {ending(entry)}  {beginning}\n"


def as_markdown(entry: Entry) -> str:
    """Return an entry as Markdown; what was said is quoted.

    So no line of it can be taken for the heading of an entry.
    """
    parts = [f"## {_day_and_time(entry)}"]
    details = [("kind", entry.kind), ("id", entry.id), *_details(entry)]
    parts.append("\n".join(f"- {what}: {_escaped(words)}" for what, words in details))
    if entry.text:
        parts.append(_quoted(entry.text))
    for answer in entry.answers:
        parts += [f"**{_escaped(one_line(answer.question))}**", _quoted(answer.text)]
    return "\n\n".join(parts) + "\n"


def as_json(entry: Entry, *, ascii_only: bool = False, **more: object) -> str:
    """Return an entry as a JSON object with all of its fields.

    Args:
        entry: The entry.
        ascii_only: Whether every other character is escaped.
        more: Further fields.
    """
    setting, placement = entry.setting, entry.placement
    fields = {
        "id": entry.id,
        "kind": entry.kind,
        "at": entry.at.isoformat(),
        "zone": entry.zone,
        "day": entry.day.isoformat(),
        "text": entry.text,
        "answers": [
            {"prompt": each.prompt, "question": each.question, "text": each.text}
            for each in entry.answers
        ],
        "tags": entry.tags,
        "people": entry.people,
        "principles": entry.principles,
        "rung": entry.rung,
        "setting": setting and {"scale": setting.scale, "side": setting.side},
        "shared_with": entry.shared_with,
        "placement": placement
        and {"position": placement.position, "rung": placement.rung},
        "part": entry.part,
        "sitting": entry.sitting,
        "revised": entry.revised and entry.revised.isoformat(),
        **more,
    }
    spelt = json.dumps(fields, ensure_ascii=ascii_only)
    # A terminal must not be sent these, and JSON may as well spell them out.
    return spelt if CONTROLS.isdisjoint(spelt) else spelt.translate(_UNSEEN)


def ending(entry: Entry) -> str:
    """Return the end of an id, by which a person names the entry."""
    return entry.id[-SHORT_ID:]


def one_line(text: str) -> str:
    """Return text with every break and run of blanks as one blank."""
    return " ".join(text.split())


def place(placement: Placement) -> str:
    """Return in words where a moment stands on the line."""
    side = "partnership" if placement.position > 0 else "domination"
    if placement.position == 0:
        return f"somewhere in the middle ({placement.rung})"
    for most, how_far in _STEPS:
        if abs(placement.position) <= most:
            return f"{how_far}toward {side} ({placement.rung})"
    return f"at the end of {side} ({placement.rung})"


def _head(entry: Entry) -> str:
    return f"{_day_and_time(entry)}  {entry.kind}  {ending(entry)}"


def _day_and_time(entry: Entry) -> str:
    written = entry.at.strftime("%H:%M")
    if entry.at.date() == entry.day:
        return f"{entry.day.isoformat()} {written}"
    return f"{entry.day.isoformat()} (written {entry.at.date().isoformat()} {written})"


def _details(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.placement is not None:
        yield "on the line", place(entry.placement)
    if entry.part:
        yield "part", entry.part
    if entry.setting is not None:
        side = f", {entry.setting.side}" if entry.setting.side else ""
        yield "setting", f"{entry.setting.scale}{side}"
    if entry.rung and entry.placement is None:
        yield "rung", entry.rung
    for what, names in (
        ("principles", entry.principles),
        ("people", entry.people),
        ("tags", entry.tags),
        ("shared with", entry.shared_with),
    ):
        if names:
            yield what, ", ".join(names)


def _set_in(text: str, width: int) -> list[str]:
    return [f"{'':{width}}{line}" if line else "" for line in text.splitlines()]


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.splitlines())


def _escaped(words: str) -> str:
    return words.translate(_PUNCTUATION)
