"""Targets that read a journal: lines, payloads, segments and whole folders of them."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING

from companion.errors import LogDamagedError, NothingToUndoError
from companion.model.query import Query
from companion.storage.commits import (
    Change,
    NewerFormatError,
    NotOurFormatError,
    decode_commit,
    decode_header,
    encode_commit,
    encode_document,
    encode_header,
)
from companion.storage.copies import ReadCopy
from companion.storage.lines import START, BadLineError, Line, check, make, split
from companion.storage.segment import is_segment_name
from companion.storage.state import ENTRIES
from companion.storage.store import EngineLogStore
from tests.disks import QuickFiles
from tests.fuzz.bench import DEVICE, chained, files_in, folder, promise, put
from tests.logs import content, document, id_of, open_engine

if TYPE_CHECKING:
    from pathlib import Path

    from companion.storage.commits import Commit
    from companion.storage.engine import Engine
    from tests.logs import Content

_NEW = 77


def line(data: bytes) -> None:
    """A line is what it was made of, to the byte, or refused."""
    try:
        found = split(data)
    except BadLineError:
        return
    sizes = b"%d %d " % (found.sequence, len(found.payload))
    spelt = sizes + found.digest.hex().encode() + b" " + found.payload + b"\n"
    promise(data == spelt, "a line is spelt in one way only")
    with suppress(BadLineError):
        checked = check(data, found.sequence, START)
        made = make(found.sequence, START, found.payload)
        promise(made == (data, checked.digest), "a line is made again")


def _commit(payload: bytes) -> Commit:
    return decode_commit(payload, Line(1, START, payload), payload, ("2026.a1b2", 0))


def commit(data: bytes) -> None:
    """A payload that is taken as a commit can be written again and says the same."""
    try:
        found = _commit(data)
    except BadLineError:
        return
    again = encode_commit(
        device=found.device,
        lamport=found.lamport,
        time=found.time,
        act=found.act,
        changes=[
            (table, key, None if one is None else encode_document(one))
            for table, key, one in found.changes
        ],
        undone=found.undone,
    )
    promise(b"\n" not in again, "a payload is one line")
    promise(
        _commit(again)._replace(length=0, crc=0) == found._replace(length=0, crc=0),
        "what is read is what was written",
    )


def header(data: bytes) -> None:
    """A first line is understood whole, or refused by name."""
    with suppress(NewerFormatError, NotOurFormatError):
        found = decode_header(data)
        again = decode_header(encode_header(found, time=""))
        promise(again == found, "what is read is what was written")


def segment(data: bytes) -> None:
    """A segment of any bytes: read as it stands, or its faults are named."""
    _journal({f"2026.{DEVICE}.log": data})


def journal(data: bytes) -> None:
    """A folder of segments whose digests fit, whatever their payloads say."""
    _journal({f"{name}.log": each for name, each in chained(data).items()})


def _journal(segments: dict[str, bytes]) -> None:
    with folder() as home:
        put(home, {"device": DEVICE.encode()})
        for name, data in segments.items():
            if is_segment_name(name) and len(name) < 50:
                put(home / "journal", {name: data})
        before = files_in(home / "journal")
        _open(home, before, whole=_read_whole(home, before))


def _read_whole(home: Path, before: dict[str, bytes]) -> bool:
    """Read it without engine or lock; return whether all of it verifies."""
    copy = ReadCopy(home, QuickFiles())
    try:
        faults = copy.journal.faults
        for one in copy.journal.segments.values():
            data = before[f"{one.name}.log"]
            if not any(fault.segment == one.name for fault in faults):
                promise(one.mark.size == len(data), "every byte is read, or a fault")
                promise(one.header is not None, "an empty file is a fault")
        for table in copy.tables:
            for place in copy.standing(table).values():
                copy.document(place)
        return not faults and not copy.journal.missing_before()
    finally:
        copy.close()


def _open(home: Path, before: dict[str, bytes], *, whole: bool) -> None:
    """Open it as the app does: what is there is kept, seen again and added to."""
    with closing(open_engine(home)) as engine:
        promise(whole or engine.notices, "what does not verify is said")
        found = content(engine)
        _look(engine)
        if engine.writable:
            _change(engine, found)
            engine.tidy()
        found = content(engine)
    _check_bytes(home, before)
    with closing(open_engine(home)) as engine:
        promise(content(engine) == found, "what was read is read again")
        _look(engine)


def _look(engine: Engine) -> None:
    """Look at entries as the services do."""
    store = EngineLogStore(engine)
    timeline = store.find(Query(words=("e",)))
    while not timeline.advance():
        pass
    everything = store.find(Query())
    years = {everything.day(index).year for index in range(len(everything))}
    days = sum(sum(store.days(year).values()) for year in years)
    promise(days == engine.count(ENTRIES), "each entry has its day")
    for index in range(len(everything)):
        with suppress(LogDamagedError):
            everything.entry(index)
    for what in ("tags", "people", "parts"):
        store.names(what)


def _change(engine: Engine, found: Content) -> None:
    """Write one more and take it back."""
    engine.commit([Change(ENTRIES, id_of(_NEW), document(_NEW))], act="write")
    promise(engine.document(ENTRIES, id_of(_NEW)) == document(_NEW), "it is kept")
    engine.undo()
    promise(content(engine) == found or id_of(_NEW) in found[ENTRIES], "it is undone")
    with suppress(NothingToUndoError, LogDamagedError):
        engine.undo()
        engine.commit([], act="change")


def _check_bytes(home: Path, before: dict[str, bytes]) -> None:
    """Nothing of a journal is lost: it was added to, or a torn end is set aside."""
    after = files_in(home / "journal")
    aside = [b"", *files_in(home / "quarantine").values()]
    for name, data in before.items():
        kept = any(
            data.endswith(piece) and after[name].startswith(data.removesuffix(piece))
            for piece in aside
        )
        promise(kept, "no byte of a journal is lost")
