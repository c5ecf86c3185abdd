"""Writes many entries at once, as if each had been written at its own time.

For imports of a whole life's journal and for samples: a segment a year, a line an
entry, one sync a segment.
"""

from __future__ import annotations

import os
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from companion.errors import LogError
from companion.storage.commits import (
    Header,
    encode_commit,
    encode_document,
    encode_header,
)
from companion.storage.engine import Engine
from companion.storage.files import Files
from companion.storage.lines import START, make
from companion.storage.seal import seal
from companion.storage.segment import ENDING
from companion.storage.state import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from companion.storage.commits import Document


def write_log(
    home: Path,
    documents: Iterable[Document],
    *,
    progress: Callable[[float, str], None] | None = None,
) -> None:
    """Make a new log in an empty folder and fill it.

    The documents are of entries, sorted by the time they were written.

    Raises:
        LogError: If there is a log already.
    """
    files = Files()
    folder = home / "journal"
    if files.names(folder):
        raise LogError(f"There is a log in {home} already.")
    files.make_folder(folder)
    device, log_id = os.urandom(4).hex(), os.urandom(8).hex()
    after: tuple[str, int, str] | None = None
    lamport = 0
    year = ""

    def year_begun(document: Document) -> str:
        # Near the turn of a year, travel makes the written year go back and forth.
        nonlocal year
        year = max(year, str(document["at"])[:4])
        return year

    for begun, group in groupby(documents, key=year_begun):
        name = f"{begun}.{device}"
        header = Header(log_id, device, name, after, lamport)
        lines, after, lamport = _segment(header, group)
        files.write_whole(folder / f"{name}{ENDING}", b"".join(lines))
    files.write_whole(home / "device", f"{device}\n".encode())
    engine = Engine(home, progress=progress)
    engine.tidy()
    engine.close()


def _segment(
    header: Header, documents: Iterator[Document]
) -> tuple[list[bytes], tuple[str, int, str], int]:
    sequence = header.after[1] + 1 if header.after else 1
    lamport = header.lamport
    time = datetime.now().astimezone().isoformat(timespec="seconds")
    line, digest = make(sequence, START, seal(encode_header(header, time=time)))
    lines = [line]
    for document in documents:
        sequence += 1
        lamport += 1
        payload = encode_commit(
            device=header.device,
            lamport=lamport,
            time=document["at"],
            act="write",
            changes=[(ENTRIES, document["id"], encode_document(document))],
        )
        line, digest = make(sequence, digest, seal(payload))
        lines.append(line)
    return lines, (header.segment, sequence, digest.hex()), lamport
