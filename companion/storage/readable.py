"""An entry as a person reads it, without any program of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from companion.storage.commits import Document

_NAMES = ("part", "people", "tags", "principles", "shared_with", "rung")


def as_page(document: Document) -> str:
    """Return the document of an entry as Markdown.

    Its own words are set in, so that no line of them looks like the head of another
    entry.
    """
    written = str(document.get("at", ""))[:16].replace("T", " ")
    head = f"## {document.get('day', '')} (written {written})"
    parts = [head]
    for answer in document.get("answers", ()):
        parts += [f"> {_one_line(answer.get('question'))}", _set_in(answer.get("text"))]
    if document.get("text"):
        parts.append(_set_in(document["text"]))
    parts.extend(
        f"- {name.replace('_', ' ')}: {_listed(document[name])}"
        for name in _NAMES
        if document.get(name)
    )
    placement = document.get("placement")
    if placement:
        parts.append(
            f"- on the line: {placement.get('position')} ({placement.get('rung')})"
        )
    return "\n\n".join(parts) + "\n\n"


def _set_in(text: object) -> str:
    return "\n".join(f"    {line}" for line in str(text or "").splitlines())


def _one_line(text: object) -> str:
    return " ".join(str(text or "").split())


def _listed(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_one_line(one) for one in value)
    return _one_line(value)
