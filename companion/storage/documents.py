"""Entries and the documents they are kept as."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from companion.errors import InvalidEntryError, LogDamagedError
from companion.model.entry import Answer, Entry, Placement, Setting

if TYPE_CHECKING:
    from companion.storage.commits import Document

_NAMES = ("principles", "people", "tags", "shared_with")
_WORDS = ("zone", "rung", "text", "part", "sitting")
_KINDS: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(_WORDS, str),
    **dict.fromkeys(_NAMES, (list, tuple)),
}


def to_document(entry: Entry) -> Document:
    """Return an entry as it is kept; what is empty is left out."""
    document: Document = {
        "id": entry.id,
        "kind": entry.kind,
        "at": entry.at.isoformat(),
        "day": entry.day.isoformat(),
    }
    for name in _WORDS:
        if value := getattr(entry, name):
            document[name] = value
    for name in _NAMES:
        if values := getattr(entry, name):
            document[name] = list(values)
    if entry.setting is not None:
        document["setting"] = {"scale": entry.setting.scale, "side": entry.setting.side}
    if entry.answers:
        document["answers"] = [
            {"prompt": answer.prompt, "question": answer.question, "text": answer.text}
            for answer in entry.answers
        ]
    if entry.placement is not None:
        document["placement"] = {
            "position": entry.placement.position,
            "rung": entry.placement.rung,
        }
    if entry.revised is not None:
        document["revised"] = entry.revised.isoformat()
    return document


def _check_kinds(document: Document, placement: Document | None) -> None:
    """Refuse what the model takes on trust, because its own code made it."""
    for name, value in document.items():
        if name in _KINDS and not isinstance(value, _KINDS[name]):
            raise TypeError(name)
    if placement is not None and type(placement["position"]) is not int:
        raise TypeError("position")
    words = [document["id"], (document.get("setting") or {}).get("side", "")]
    words += [answer["prompt"] for answer in document.get("answers", ())]
    if not all(isinstance(word, str) for word in words):
        raise TypeError("words")


def from_document(document: Document) -> Entry:
    """Return the entry a document keeps.

    Raises:
        LogDamagedError: If it is not the document of an entry.
    """
    try:
        setting = document.get("setting")
        placement = document.get("placement")
        revised = document.get("revised")
        _check_kinds(document, placement)
        return Entry(
            id=document["id"],
            at=datetime.fromisoformat(document["at"]),
            day=date.fromisoformat(document["day"]),
            kind=document.get("kind", "reflection"),
            zone=document.get("zone", ""),
            rung=document.get("rung", ""),
            setting=None
            if setting is None
            else Setting(setting["scale"], setting.get("side", "")),
            principles=tuple(document.get("principles", ())),
            people=tuple(document.get("people", ())),
            tags=tuple(document.get("tags", ())),
            shared_with=tuple(document.get("shared_with", ())),
            text=document.get("text", ""),
            answers=tuple(
                Answer(answer["prompt"], answer["question"], answer["text"])
                for answer in document.get("answers", ())
            ),
            placement=None
            if placement is None
            else Placement(placement["position"], placement["rung"]),
            part=document.get("part", ""),
            sitting=document.get("sitting", ""),
            revised=None if revised is None else datetime.fromisoformat(revised),
        )
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        InvalidEntryError,
    ) as error:
        raise LogDamagedError(
            f"The entry {str(document.get('id'))!r} cannot be read."
        ) from error
