"""Looking back through the journal: newest first, or for one document."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from companion.storage.journal import decode_line
from companion.storage.lines import BadLineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from companion.storage.commits import Commit
    from companion.storage.files import Files
    from companion.storage.journal import Journal
    from companion.storage.segment import Segment

_BLOCK: Final = 1 << 16


def backwards(journal: Journal, files: Files) -> Iterator[Commit]:
    """Give this device's commits, newest first."""
    for segment in reversed(journal.own):
        end = segment.mark.size
        rest = b""
        while end > 0:
            begin = max(0, end - _BLOCK)
            block = files.read_at(segment.fd, end - begin, begin) + rest
            cut = 0 if begin == 0 else block.find(b"\n") + 1
            if begin and not cut:
                rest, end = block, begin
                continue
            yield from _block_backwards(segment, block[cut:], begin + cut)
            rest, end = block[:cut], begin


def _block_backwards(segment: Segment, block: bytes, base: int) -> Iterator[Commit]:
    end = len(block)
    while end > 0:
        begin = block.rfind(b"\n", 0, end - 1) + 1
        if base + begin > 0:
            with suppress(BadLineError):
                yield decode_line(segment, block[begin:end], base + begin)
        end = begin


def mentions(
    journal: Journal, files: Files, entry_id: str, *, years: int = 9999
) -> Iterator[Commit]:
    """Give every commit whose line names an id, by segment, oldest first.

    Only the segments of the newest `years` are looked through.
    """
    sought = f'"{entry_id}"'.encode()
    newest = max((one.year for one in journal.segments.values()), default=0)
    for segment in journal.segments.values():
        if segment.year <= newest - years:
            continue
        data = files.read_at(segment.fd, segment.mark.size, 0)
        at = data.find(sought)
        while at >= 0:
            begin = data.rfind(b"\n", 0, at) + 1
            end = data.find(b"\n", at) + 1
            if begin > 0:
                yield decode_line(segment, data[begin:end], begin)
            at = data.find(sought, end)
