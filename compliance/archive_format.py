"""One file of a backup of the archive: items in a row and their index at the end, all of it ciphertext.

    "CLQ1" | item … | index (JSON) | length of the index, 8 bytes

An item is what the rows of a unit say, sealed with the unit's key, or one of its containers as it lies in the store of
papers. The index names of each the unit, the part, the size and the SHA-256; the leaves of the segment's tree are made
of these lines, so that a page of paper with the root on it proves every item.
"""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from carloan.lib import merkle

MAGIC: Final = b"CLQ1"
LENGTH: Final = 8
ROWS: Final = "rows"
# An index of the largest segment is far smaller.
MOST_INDEX: Final = 64 * 1024 * 1024
PIECE: Final = 1024 * 1024


class SegmentBroken(Exception):
    """What lies there is no segment as it was written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item: `part` is ROWS or the name of a container; an empty `sha256` says that the store had lost it."""

    unit: str
    unit_id: UUID
    part: str
    size: int
    sha256: str

    def line(self) -> list[Any]:
        return [self.unit, str(self.unit_id), self.part, self.size, self.sha256]

    def leaf(self) -> bytes:
        return merkle.leaf_hash(_told(self.line()))


def root_of(entries: Iterable[Entry]) -> str:
    return merkle.root([entry.leaf() for entry in entries]).hex()


def root_of_roots(roots: Sequence[str]) -> str:
    """The root of a backup, over those of its segments in their order."""
    return merkle.root([merkle.leaf_hash(bytes.fromhex(each)) for each in roots]).hex()


def tail(entries: Iterable[Entry]) -> bytes:
    """What stands behind the items."""
    index = _told([entry.line() for entry in entries])
    return index + len(index).to_bytes(LENGTH, "big")


def index_of(file: Any) -> list[Entry]:
    """The index of a segment in an open, seekable file. Raises SegmentBroken."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    if size < len(MAGIC) + LENGTH:
        raise SegmentBroken
    file.seek(size - LENGTH)
    length = int.from_bytes(file.read(LENGTH), "big")
    if length > min(MOST_INDEX, size - LENGTH - len(MAGIC)):
        raise SegmentBroken
    file.seek(size - LENGTH - length)
    try:
        lines = json.loads(file.read(length))
        entries = [Entry(unit, UUID(unit_id), part, int(much), digest) for unit, unit_id, part, much, digest in lines]
    except (ValueError, TypeError, AttributeError) as error:
        raise SegmentBroken from error
    if len(MAGIC) + sum(entry.size for entry in entries) + length + LENGTH != size:
        raise SegmentBroken
    return entries


def read_through(file: Any, entries: Sequence[Entry]) -> tuple[str, list[Entry]]:
    """The SHA-256 of the whole file, and the items whose own is not what the index says, in one pass."""
    whole, wrong = sha256(), []
    file.seek(0)
    whole.update(file.read(len(MAGIC)))
    for entry in entries:
        own, left = sha256(), entry.size
        while left and (piece := file.read(min(left, PIECE))):
            own.update(piece)
            whole.update(piece)
            left -= len(piece)
        if entry.sha256 and (left or own.hexdigest() != entry.sha256):
            wrong.append(entry)
    while piece := file.read(PIECE):
        whole.update(piece)
    return whole.hexdigest(), wrong


def _told(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode()
