"""Targets that read the files beside the journal."""

from __future__ import annotations

import json
from contextlib import closing, suppress
from random import Random
from typing import TYPE_CHECKING
from zlib import crc32

from companion.errors import InvalidEntryError, LogDamagedError
from companion.model.entry import Answer, Entry, Placement, Setting
from companion.reflection import Reflection
from companion.storage import manifest as manifests
from companion.storage.commits import Change
from companion.storage.documents import from_document, to_document
from companion.storage.manifest import BadManifestError
from companion.storage.restoring import FOLDER, READY, finish
from companion.storage.small import DraftFiles, PoolFile
from companion.storage.spool import decode_entry
from companion.storage.state import ENTRIES
from tests.disks import QuickFiles
from tests.doubles import MemoryPools, WordsDouble
from tests.fuzz.bench import DEVICE, files_in, folder, promise, put, summed
from tests.logs import content, content_of, document, fill, id_of, open_engine

if TYPE_CHECKING:
    from pathlib import Path

    from companion.ports import Draft
    from companion.storage.manifest import Manifest

_FILES = QuickFiles()
_NEW = 77


def _home(home: Path) -> dict[str, bytes]:
    """Fill a log of three entries; return its journal."""
    fill(home, 3)
    return files_in(home / "journal")


def _opens(home: Path, *, entries: int = 3) -> None:
    """The log opens with all its entries, and one more can be written."""
    with closing(open_engine(home)) as engine:
        promise(engine.count(ENTRIES) == entries, "no entry is lost")
        promise(engine.writable, "it can be written on")
        engine.commit([Change(ENTRIES, id_of(_NEW), document(_NEW))], act="write")
        found = content(engine)
    promise(content_of(home) == found, "what was written is read again")


def head(data: bytes) -> None:
    """The head mark is a help: whatever it says, the log opens whole."""
    with folder() as home:
        _home(home)
        put(home, {"head": data})
        _opens(home)


def device(data: bytes) -> None:
    """Whatever stands for the device's name, the log opens whole and can be written."""
    with folder() as home:
        _home(home)
        put(home, {"device": data})
        _opens(home)


def spool(data: bytes) -> None:
    """A quick capture is an entry and is taken in, or is set aside whole."""
    found = decode_entry(data, id_of(1))
    with folder() as home:
        put(home, {f"spool/{id_of(1)}.json": data})
        with closing(open_engine(home)) as engine:
            kept = engine.document(ENTRIES, id_of(1))
            promise(kept == found, "what is an entry is in the log, and nothing else")
        aside = files_in(home / "quarantine").values()
        promise(found is not None or data in aside, "what is none is kept aside")
        promise(not files_in(home / "spool"), "it is taken in once")


def entry(data: bytes) -> None:
    """A document is an entry whose every field is of its kind, or refused by name."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(said, dict):
        return
    with suppress(LogDamagedError):
        found = from_document(said)
        _check_kinds(found)
        promise(from_document(to_document(found)) == found, "it is kept as it is")
        json.dumps(to_document(found), ensure_ascii=False).encode()


def _check_kinds(found: Entry) -> None:
    words = [found.id, found.kind, found.zone, found.rung, found.text, found.part]
    words += [found.sitting, *found.principles, *found.people, *found.tags]
    words += found.shared_with
    for answer in found.answers:
        promise(type(answer) is Answer, "an answer is one")
        words += [answer.prompt, answer.question, answer.text]
    if found.setting is not None:
        promise(type(found.setting) is Setting, "a setting is one")
        words += [found.setting.scale, found.setting.side]
    if found.placement is not None:
        promise(type(found.placement) is Placement, "a placement is one")
        promise(type(found.placement.position) is int, "a place is a number")
        words.append(found.placement.rung)
    promise(all(type(word) is str for word in words), "words are text")


def draft(data: bytes) -> None:
    """A draft is taken up as it was left, or set aside whole."""
    name = f"{id_of(1)}.draft"
    with folder() as home:
        put(home, {f"drafts/{name}": data})
        store = DraftFiles(home, _FILES)
        found = store.all()
        kept = files_in(home / "drafts") or files_in(home / "quarantine")
        promise(list(kept.values()) == [data], "no byte of a draft is lost")
        promise(
            bool(found) == (home / "drafts" / name).exists(), "it waits, or is aside"
        )
        for one in found:
            store.save(one)
            promise(store.all() == [one], "it is kept as it is")
            _take_up(one)


def _take_up(one: Draft) -> None:
    reflection = Reflection(WordsDouble(), MemoryPools(), None, Random(1))  # type: ignore[arg-type]
    with suppress(InvalidEntryError):
        run = reflection.resume(one.state)
        again = reflection.resume(json.loads(json.dumps(run.state())))
        promise(again.state() == run.state(), "a run goes on where it was left")


def manifest(data: bytes) -> None:
    """A manifest says what a backup holds, or is refused by name."""
    with suppress(BadManifestError):
        _look_at(manifests.decode(data))


def manifest_summed(data: bytes) -> None:
    """The same with a sum that fits, whatever it says."""
    with suppress(ValueError, RecursionError):
        said = json.loads(data)
        if not isinstance(said, dict):
            return
        said.pop("check", None)
        data = json.dumps(said | {"check": crc32(json.dumps(said).encode())}).encode()
    manifest(data)


def _look_at(found: Manifest) -> None:
    again = manifests.decode(manifests.encode(found))
    promise(again == found, "what is read is what was written")
    promise(found.size >= 0, "it has a size")
    with folder() as root:
        (root / "journal").mkdir()
        promise(
            not (found.segments or found.files)
            or list(manifests.quick_faults(root, found, _FILES)),
            "what is not there is missed",
        )


def plan(data: bytes) -> None:
    """Whatever the plan of a restore says, the journal stays within the log."""
    with folder() as outer:
        home = outer / "home"
        journal = _home(home)
        put(home / FOLDER, {READY: data, "journal/2026.a1b2.log": b"the new one"})
        finish(home, _FILES)
        everything = [each for each in files_in(home).values() if each]
        kept = all(one in everything for one in journal.values())
        promise(kept or _erases(data), "the former is kept")
        promise(b"the new one" in everything, "the new one is kept")
        promise([one.name for one in outer.iterdir()] == ["home"], "all stays inside")
        promise(not (home / FOLDER / READY).exists(), "it is done once")


def _erases(data: bytes) -> bool:
    """Whether a plan says that the former journal is to go, and not aside."""
    return str(json.loads(data)["aside"]) == ""


def index(data: bytes) -> None:
    """An index of any bytes changes nothing that is read."""
    with folder() as home:
        _indexed(home)
        (home / "index" / "state").write_bytes(data)
        _opens(home)


def index_summed(data: bytes) -> None:
    """An index whose sum fits opens, or the log says why it is only read."""
    with folder() as home:
        _indexed(home)
        state = home / "index" / "state"
        inode = str((home / "journal" / f"2026.{DEVICE}.log").stat().st_ino)
        changed = str((home / "journal" / f"2026.{DEVICE}.log").stat().st_mtime_ns)
        part = json.dumps(
            json.loads(state.read_bytes().split(b"\n", 1)[1])["partitions"]
        )
        for name, value in (
            ("~inode~", inode),
            ("~changed~", changed),
            ("~parts~", part),
        ):
            data = data.replace(f'"{name}"'.encode(), value.encode())
        state.write_bytes(summed(data))
        journal = files_in(home / "journal")
        with closing(open_engine(home)) as engine, suppress(LogDamagedError):
            content(engine)
        for name, kept in journal.items():
            promise(files_in(home / "journal")[name] == kept, "the journal stays")


def _indexed(home: Path) -> None:
    put(home, {"device": DEVICE.encode()})
    fill(home, 3)
    with closing(open_engine(home)) as engine:
        engine.tidy()


def partition(data: bytes) -> None:
    """A year of the index of any bytes changes nothing that is read."""
    with folder() as home:
        _indexed(home)
        (path,) = (home / "index").glob("*.part")
        whole = path.read_bytes()
        path.write_bytes((data + whole[len(data) :])[: len(whole)])
        _opens(home)


def pools(data: bytes) -> None:
    """What came of each pool is told as ids, whatever the file says."""
    with folder() as home:
        put(home, {"pools.json": data})
        file = PoolFile(home, _FILES)
        promise(all(type(one) is str for one in file.came("day")), "ids are text")
        before = file.came("crew")
        file.note("day", ("a", "b"))
        promise(file.came("day") == ("a", "b"), "what came is noted")
        promise(file.came("crew") == before, "the others stay")
