"""Reading a backup of the archive: its manifest, the items of a segment, and one unit's part of it."""

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carloan.compliance import unit_parts
from carloan.compliance.archive_format import PIECE, ROWS, Entry, SegmentBroken, index_of, root_of
from carloan.compliance.models import ArchiveBackup, ArchiveSegment
from carloan.compliance.services.archive_writing import manifest_name, place, rows_place, segment_name
from carloan.core.errors import Conflict, NotFound
from carloan.core.keys import Subject, open_bytes, secrets_of
from carloan.core.store import answering
from carloan.core.tenancy import tenant_atomic


class BackupBroken(Conflict):
    """What lies in the place of a backup is not what was written there."""

    code = "archive_backup_broken"
    default = _(
        "What lies in the place of this backup is not what was written there: its manifest or the part of this "
        "dossier is lost or was changed. Take another backup."
    )


@dataclass(frozen=True, slots=True)
class UnitCopy:
    """One unit as an open segment holds it: the rows as lines of JSON, and its containers with where each begins."""

    rows: Sequence[str]
    files: Sequence[tuple[Entry, int]]
    segment: Any

    def pieces(self, entry: Entry, at: int) -> Iterator[bytes]:
        """The bytes of a container. Raises Unavailable when the place does not answer."""
        window = Window(self.segment, at, entry.size)
        while True:
            with answering(place()):
                piece = window.read(PIECE)
            if not piece:
                return
            yield piece


@contextmanager
def unit_copy(backup: ArchiveBackup, unit: str, unit_id: UUID) -> Iterator[UnitCopy]:
    """Open one unit's part of a backup, once the manifest, the segment's index and every item of the unit are proven.

    Raises NotFound for a unit that is not in it, BackupBroken, Unavailable when the place does not answer, and
    KeyDestroyed, KeyMissing or Tampered when its key does not open it.
    """
    with tenant_atomic():
        segment = _segment_holding(backup, unit, unit_id)
    if segment is None:
        raise NotFound
    if not manifest_stands(backup):
        raise BackupBroken
    try:
        with answering(place()):
            file = place().open(segment_name(backup, segment.place), "rb")
    except FileNotFoundError as error:
        raise BackupBroken from error
    with file:
        try:
            with answering(place()):
                entries = index_of(file)
        except SegmentBroken as error:
            raise BackupBroken from error
        if root_of(entries) != segment.root:
            raise BackupBroken
        own = {
            part: found
            for (owner, part), found in places_of(entries).items()
            if owner == unit_id and found[0].unit == unit
        }
        if ROWS not in own:
            raise NotFound
        if not all(_is_whole(file, *found) for found in own.values()):
            raise BackupBroken
        with answering(place()):
            rows = rows_of(file, *own[ROWS])
        yield UnitCopy(rows, [found for part, found in own.items() if part != ROWS and found[0].sha256], file)


def manifest_stands(backup: ArchiveBackup) -> bool:
    """Whether the manifest lies there as it was written. Raises Unavailable when the place does not answer."""
    try:
        with answering(place()), place().open(manifest_name(backup), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest() == backup.manifest_digest
    except FileNotFoundError:
        return False


def places_of(entries: Sequence[Entry]) -> Mapping[tuple[UUID, str], tuple[Entry, int]]:
    """Where each item begins, behind the mark of four bytes."""
    found, at = {}, 4
    for entry in entries:
        found[entry.unit_id, entry.part] = (entry, at)
        at += entry.size
    return found


def rows_of(file: Any, entry: Entry, at: int) -> list[str]:
    """The rows of a unit, through its key."""
    file.seek(at)
    subject = Subject(entry.unit, entry.unit_id)  # type: ignore[arg-type]
    token = open_bytes(secrets_of(subject).backup, file.read(entry.size), rows_place(entry.unit, entry.unit_id))
    return [line for line in zlib.decompress(token).decode().split("\n") if line]


def _segment_holding(backup: ArchiveBackup, unit: str, unit_id: UUID) -> ArchiveSegment | None:
    """The segment in which a unit lies if it is in a backup at all: units stand in the order in which they were
    written."""
    order = {each: number for number, each in enumerate(unit_parts.units())}
    wanted = (order[unit], unit_id)
    for segment in ArchiveSegment.objects.filter(backup=backup).order_by("place"):
        if (order.get(segment.last_unit, len(order)), segment.last_id) >= wanted:
            return segment
    return None


def _is_whole(file: Any, entry: Entry, at: int) -> bool:
    own, window = hashlib.sha256(), Window(file, at, entry.size)
    with answering(place()):
        while piece := window.read(PIECE):
            own.update(piece)
    return not entry.sha256 or own.hexdigest() == entry.sha256


class Window:
    """A part of an open file, as a file of its own."""

    def __init__(self, file: Any, at: int, size: int) -> None:
        self._file, self._at, self.size, self._position = file, at, size, 0

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._position = max(0, offset + (0, self._position, self.size)[whence])
        return self._position

    def read(self, size: int = -1) -> bytes:
        left = max(0, self.size - self._position)
        self._file.seek(self._at + self._position)
        piece: bytes = self._file.read(left if size < 0 else min(size, left))
        self._position += len(piece)
        return piece

    def close(self) -> None:
        """The whole file stays open."""
