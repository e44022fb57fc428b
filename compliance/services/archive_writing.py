"""Writing a backup of the archive: segments of whole units, and the manifest that names them."""

import hashlib
import logging
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.translation import gettext_lazy as _

from carloan.compliance import unit_parts
from carloan.compliance.archive_format import MAGIC, PIECE, ROWS, Entry, root_of, root_of_roots, tail
from carloan.compliance.models import ArchiveBackup, ArchiveSegment
from carloan.compliance.selectors.archive_backups import archived_ids, rows_told
from carloan.core.audit import canonical
from carloan.core.errors import Conflict, Unavailable
from carloan.core.keys import KeyDestroyed, Subject, is_destroyed, seal_bytes, secrets_of, warm_keys
from carloan.core.store import Streamed, answering, papers_store
from carloan.core.tenancy import tenant_atomic

logger = logging.getLogger(__name__)

# Far less than a worker's patience at the speed of a slow disk; one unit is never divided.
MOST_BYTES, MOST_UNITS = 128 * 1024 * 1024, 500
AT_ONCE: Final = 50
Cursor = tuple[str, UUID]


class PlaceAway(Unavailable):
    """What stands in the place of the archive's backups lacks those that rows name, or nothing stands there."""

    code = "archive_backups_away"
    audited = True
    default = _(
        "The place for backups of the archive is not there, or is another one. Nothing was lost. Tell whoever runs "
        "this installation."
    )


def place() -> Any:
    """Where the backups lie: a folder or a bucket of their own."""
    return storages["archive_backups"]


@contextmanager
def place_answering() -> Iterator[None]:
    """Raises PlaceAway when it is not there, Unavailable when it is full or does not answer."""
    try:
        with answering(place()):
            yield
    except FileNotFoundError as error:
        raise PlaceAway from error


def require_place(before: ArchiveBackup | None) -> None:
    """Make the place when it is new; where an earlier backup should lie in it, find that first. Raises PlaceAway."""
    with place_answering():
        if before is None:
            place().make()
        elif not place().exists(manifest_name(before)):
            raise PlaceAway


def folder_of(backup: ArchiveBackup) -> str:
    return f"{backup.tenant_id}/{backup.quarter}-{backup.id.hex[-12:]}"


def segment_name(backup: ArchiveBackup, number: int) -> str:
    return f"{folder_of(backup)}/{number:05d}.segment"


def manifest_name(backup: ArchiveBackup) -> str:
    return f"{folder_of(backup)}/manifest.json"


def segment_write(
    *, backup: ArchiveBackup, last: ArchiveSegment | None, beat: Callable[[], None]
) -> ArchiveSegment | None:
    """Write the next segment behind `last` and return its row, which the caller saves; None, and no file, when nothing
    is left. `beat` is called between units.

    Raises Unavailable or PlaceAway; what a dead run left under the same name is written anew.
    """
    number = last.place + 1 if last else 1
    body = _Body(_contents((last.last_unit, last.last_id) if last else None), beat)
    if body.is_empty():
        return None
    name = segment_name(backup, number)
    with place_answering():
        place().delete(name)
        stored = place().save(name, Streamed(body.chunks()))
    if stored != name:
        with place_answering():
            place().delete(stored)
        raise Conflict
    assert body.last is not None
    with tenant_atomic():
        return ArchiveSegment(
            backup=backup,
            place=number,
            last_unit=body.last[0],
            last_id=body.last[1],
            units=body.units,
            items=len(body.entries),
            gone=body.gone,
            missing=body.missing,
            size=body.size,
            digest=body.digest.hexdigest(),
            root=root_of(body.entries),
        )


def manifest_write(backup: ArchiveBackup, segments: Sequence[ArchiveSegment]) -> tuple[str, str]:
    """Write what names every segment; returns the root of the backup and the SHA-256 of the manifest. The same
    segments give the same bytes."""
    root = root_of_roots([each.root for each in segments])
    told = canonical(
        {
            "v": 1,
            "lender": str(backup.tenant_id),
            "backup": str(backup.id),
            "quarter": backup.quarter,
            "policy": backup.policy_version,
            "units": sum(each.units for each in segments),
            "items": sum(each.items for each in segments),
            "gone": sum(each.gone for each in segments),
            "missing": sum(each.missing for each in segments),
            "root": root,
            "segments": [
                {
                    "name": segment_name(backup, each.place).rpartition("/")[2],
                    "size": each.size,
                    "sha256": each.digest,
                    "items": each.items,
                    "root": each.root,
                }
                for each in segments
            ],
        }
    )
    with place_answering():
        place().delete(manifest_name(backup))
        place().save(manifest_name(backup), ContentFile(told))
    return root, hashlib.sha256(told).hexdigest()


def files_remove(backup: ArchiveBackup, numbers: Iterable[int]) -> None:
    """Remove a backup's files, also those that are gone, the manifest last. Raises Unavailable."""
    with place_answering():
        for number in numbers:
            place().delete(segment_name(backup, number))
        place().delete(manifest_name(backup))


@dataclass(frozen=True, slots=True)
class _Content:
    unit: str
    unit_id: UUID
    rows: Sequence[str]
    names: Sequence[str]


def _contents(after: Cursor | None) -> Iterator[_Content]:
    """Every archived unit behind a place, unit by unit in the order of registration."""
    units = unit_parts.units()
    begin = units.index(after[0]) if after else 0
    for position, unit in enumerate(units[begin:]):
        start = after[1] if after and position == 0 else None
        files = unit_parts.files_of_unit(unit)
        while True:
            with tenant_atomic():
                ids = archived_ids(unit, start, AT_ONCE)
                rows = rows_told(unit, ids)
                names = files.names(ids) if files else {}
            if not ids:
                break
            warm_keys(Subject(unit, each) for each in ids)  # type: ignore[arg-type]  # units are kinds of keys
            for each in ids:
                yield _Content(unit, each, rows[each], names.get(each, ()))
            start = ids[-1]


class _Body:
    """The bytes of a segment, and what is known of them when the last one has left."""

    def __init__(self, contents: Iterator[_Content], beat: Callable[[], None]) -> None:
        self._contents, self._beat = contents, beat
        self._first = next(contents, None)
        self.entries: list[Entry] = []
        self.digest = hashlib.sha256()
        self.size = self.units = self.gone = self.missing = 0
        self.last: Cursor | None = None

    def is_empty(self) -> bool:
        return self._first is None

    def chunks(self) -> Iterator[bytes]:
        yield self._counted(MAGIC)
        content = self._first
        while content is not None:
            yield from self._unit(content)
            self.last = (content.unit, content.unit_id)
            self._beat()
            if self.size >= MOST_BYTES or self.units + self.gone >= MOST_UNITS:
                break
            content = next(self._contents, None)
        yield self._counted(tail(self.entries))

    def _counted(self, piece: bytes) -> bytes:
        self.size += len(piece)
        self.digest.update(piece)
        return piece

    def _unit(self, content: _Content) -> Iterator[bytes]:
        subject = Subject(content.unit, content.unit_id)  # type: ignore[arg-type]
        told = zlib.compress("\n".join(content.rows).encode(), 6)
        try:
            token = seal_bytes(secrets_of(subject).backup, told, rows_place(content.unit, content.unit_id))
        except KeyDestroyed:
            self.gone += 1
            return
        self.units += 1
        yield from self._item(content, ROWS, iter([token]))
        for name in content.names:
            try:
                with answering():
                    file = papers_store().open(name, "rb")
            except FileNotFoundError:
                if not is_destroyed(subject):
                    logger.error("a file is missing in the store: %s", name)
                    self.missing += 1
                    self.entries.append(Entry(content.unit, content.unit_id, name, 0, ""))
                continue
            with file:
                yield from self._item(content, name, _pieces(file))

    def _item(self, content: _Content, part: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
        own, size = hashlib.sha256(), 0
        for piece in pieces:
            own.update(piece)
            size += len(piece)
            yield self._counted(piece)
        self.entries.append(Entry(content.unit, content.unit_id, part, size, own.hexdigest()))


def _pieces(file: Any) -> Iterator[bytes]:
    while True:
        with answering():
            piece = file.read(PIECE)
        if not piece:
            return
        yield piece


def rows_place(unit: str, unit_id: UUID) -> str:
    """Where a unit's rows are bound to: its backups may be read in any quarter, as another unit's never."""
    return f"archive_backup|{unit}|{unit_id}"
