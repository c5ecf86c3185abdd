"""The sample log: ten years of somebody's entries, the same for everybody.

    python -m benchmarks.sample [-n 100000]

Seeded, so that every machine measures the same log. The texts are chance words with
the frequencies of a natural language, some with accents, other scripts and emoji; known
needles are strewn in for the searches.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from benchmarks import words
from companion.model.entry import KINDS, PRINCIPLES, RUNGS, SCALES
from companion.storage import open_log
from companion.storage.bulk import write_log

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION: Final = 2
"""Counts up whenever the same n would give another log."""
WORK: Final = Path(__file__).with_name(".work")
RUN: Final = WORK / f"run-{os.getpid()}"
"""What this process writes to; another one may be measuring as well."""
SIZE: Final = 100_000
END: Final = datetime(2026, 11, 22, 7, 55, tzinfo=UTC)
SPAN: Final = timedelta(days=3651)

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_HOME: Final = ZoneInfo("Europe/Berlin")
_AWAY: Final = ZoneInfo("Asia/Tokyo")
_KIND_WEIGHTS: Final = (60, 10, 5, 4, 8, 6, 3, 2, 2)
_VOCABULARY: Final = words.PLAIN + words.SPICE
_FREQUENCIES: Final = [1 / (rank + 2) for rank in range(len(words.PLAIN))] + [
    0.012
] * len(words.SPICE)
_CUMULATIVE: Final = [
    sum(_FREQUENCIES[: index + 1]) for index in range(len(_FREQUENCIES))
]

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample log on disk, in three forms of the same entries."""

    entries: int
    home: Path
    """A home of Companion."""
    documents: Path
    """One JSON document a line, oldest first."""
    text: Path
    """What can be searched, one entry a line, oldest first."""

    def copy(self) -> Path:
        """Return a fresh copy of the home, to be written to; `clear` takes it away."""
        RUN.mkdir(parents=True, exist_ok=True)
        target = Path(tempfile.mkdtemp(dir=RUN)) / "home"
        shutil.copytree(self.home, target)
        _open_once(target)
        return target


def needles(n: int) -> int:
    """Return how many of `n` entries hold the needle."""
    return max(1, n // 10_000)


def documents(n: int = SIZE, *, seed: int = 7) -> Iterator[Document]:
    """Yield `n` entries as the log keeps them, oldest first."""
    chance = random.Random(seed)
    marked = {
        int((index + 0.5) * n / needles(n)) for index in range(needles(n) if n else 0)
    }
    for index in range(n):
        at = END - SPAN * (n - 1 - index) / n - timedelta(seconds=chance.randrange(60))
        yield _document(chance, index, at, marked=index in marked)


def searchable(document: Document) -> str:
    """Return the words of a document that a search looks at, as one line."""
    parts = [
        document.get("text", ""),
        *(answer["text"] for answer in document.get("answers", ())),
        *(f"#{tag}" for tag in document.get("tags", ())),
        *(f"@{person}" for person in document.get("people", ())),
        document.get("part", ""),
    ]
    return " ".join(" ".join(parts).split())


def sample(n: int = SIZE) -> Sample:
    """Return the sample log of `n` entries, made on first use."""
    folder = WORK / f"sample-{VERSION}-{n}"
    found = Sample(
        entries=n,
        home=folder / "home",
        documents=folder / "entries.jsonl",
        text=folder / "text.txt",
    )
    if not folder.exists():
        WORK.mkdir(exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix="making-", dir=WORK))
        _write(making, n)
        try:
            making.rename(folder)
        except OSError:  # another process made the same one meanwhile
            shutil.rmtree(making)
    return found


def clear() -> None:
    """Take away the copies this process made."""
    shutil.rmtree(RUN, ignore_errors=True)


def _write(folder: Path, n: int) -> None:
    with (
        (folder / "entries.jsonl").open("w", encoding="utf-8") as lines,
        (folder / "text.txt").open("w", encoding="utf-8") as text,
    ):
        for document in documents(n):
            lines.write(json.dumps(document, ensure_ascii=False) + "\n")
            text.write(searchable(document) + "\n")
    with (folder / "entries.jsonl").open(encoding="utf-8") as lines:
        write_log(folder / "home", (json.loads(line) for line in lines))


def _open_once(home: Path) -> None:
    """Have what is derived from the journal made, as it is on any day but the first."""
    store = open_log(home)
    store.tidy()
    store.close()


def _document(
    chance: random.Random, index: int, at: datetime, *, marked: bool
) -> Document:
    away = chance.random() < 0.02
    local = at.astimezone(_AWAY if away else _HOME).replace(microsecond=0)
    day = local.date() - timedelta(days=chance.random() < 0.03)
    document: Document = {
        "id": _id(at, chance),
        "kind": chance.choices(KINDS, _KIND_WEIGHTS)[0],
        "at": local.isoformat(),
        "zone": "Asia/Tokyo" if away else "Europe/Berlin",
        "day": day.isoformat(),
    }
    _add_marks(document, chance)
    spoken = _words(chance)
    if marked:
        spoken[len(spoken) // 2] = words.NEEDLE
    if index % 997 == 0:
        spoken[1] = words.SHARP[index // 997 % 2]
    _add_words(document, spoken, chance)
    _add_rest(document, chance, local)
    return document


def _add_marks(document: Document, chance: random.Random) -> None:
    if chance.random() < 0.7:
        document["rung"] = chance.choice(RUNGS)
    if chance.random() < 0.2:
        document["setting"] = {"scale": chance.choice(SCALES), "side": "host"}
    for key, names, most in (
        ("principles", PRINCIPLES, 2),
        ("people", words.PEOPLE, 2),
        ("tags", words.TAGS, 3),
    ):
        chosen = chance.sample(names, chance.randint(0, most))
        if chosen:
            document[key] = chosen
    if document.get("people") and chance.random() < 0.1:
        document["shared_with"] = document["people"][:1]


def _add_words(document: Document, spoken: list[str], chance: random.Random) -> None:
    if chance.random() >= 0.3:
        document["text"] = " ".join(spoken)
        return
    count = chance.randint(1, 3)
    share = -(-len(spoken) // count)
    document["answers"] = [
        {
            "prompt": prompt,
            "question": question,
            "text": " ".join(spoken[number * share : (number + 1) * share]),
        }
        for number, (prompt, question) in enumerate(
            chance.sample(words.QUESTIONS, count)
        )
    ]
    document["sitting"] = ("one", "five", "fifteen")[count - 1]


def _add_rest(document: Document, chance: random.Random, local: datetime) -> None:
    if document["kind"] == "moment" or chance.random() < 0.05:
        rung = document.get("rung") or "self"
        document["placement"] = {"position": chance.randint(-10, 10), "rung": rung}
    if chance.random() < 0.06:
        document["part"] = chance.choice(words.PARTS)
    # Last in the document, as the log writes it.
    if "sitting" in document:
        document["sitting"] = document.pop("sitting")
    if chance.random() < 0.02:
        document["revised"] = (local + timedelta(hours=1)).isoformat()


def _words(chance: random.Random) -> list[str]:
    count = max(6, min(900, int(chance.lognormvariate(0, 0.55) * 57)))
    spoken = chance.choices(_VOCABULARY, cum_weights=_CUMULATIVE, k=count)
    for start in range(0, count, 11):
        spoken[start] = spoken[start].capitalize()
    return spoken


def _id(at: datetime, chance: random.Random) -> str:
    number = (int(at.timestamp() * 1000) << 80) | chance.getrandbits(80)
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def main() -> None:
    """Make the sample log and say where it is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sample")
    parser.add_argument("-n", type=int, default=SIZE, help="how many entries")
    made = sample(parser.parse_args().n)
    size = made.documents.stat().st_size
    print(
        f"{made.home}: {made.entries} entries, {size / max(1, made.entries):.0f} bytes"
    )


if __name__ == "__main__":
    main()
