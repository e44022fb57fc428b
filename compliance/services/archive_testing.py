"""The restore test of a backup of the archive: every checksum, and a sample opened and read through its keys.

It looks at what lies in the place of the backups and at the key store, not at what was written: rows must come back
into today's tables as they are told, their sealed columns open, containers give the bytes of their papers.
"""

import hashlib
import json
import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import connection

from carloan.compliance import unit_parts
from carloan.compliance.archive_format import ROWS, Entry, SegmentBroken, index_of, read_through, root_of
from carloan.compliance.models import ArchiveBackup, ArchiveSegment
from carloan.compliance.policies.archive_backups import sample_size
from carloan.compliance.services.archive_reading import Window, places_of, rows_of
from carloan.compliance.services.archive_writing import place, segment_name
from carloan.core.keys import KeyDestroyed, KeyMissing, Subject, Tampered, is_destroyed
from carloan.core.sealed import clear, sealed_fields
from carloan.core.store import answering
from carloan.core.tenancy import tenant_atomic

logger = logging.getLogger(__name__)
_CHANCE: Final = SystemRandom()
# What tells that an item does not open: its key, its seal, its form, or bytes that are not its paper's.
_UNREADABLE: Final = (Tampered, KeyMissing, SegmentBroken, zlib.error, ValueError, KeyError, LookupError)


@dataclass(frozen=True, slots=True)
class Found:
    """What the test of a segment found: items opened, and faults."""

    opened: int
    faults: int


def segment_test(backup: ArchiveBackup, segment: ArchiveSegment) -> Found:
    """Hash a segment and each of its items, and open a sample. A lost or broken segment is one fault an item.

    Raises Unavailable when the place does not answer.
    """
    name = segment_name(backup, segment.place)
    try:
        with answering(place()), place().open(name, "rb") as file:
            entries = index_of(file)
            digest, wrong = read_through(file, entries)
            faults = len(wrong) + (digest != segment.digest) + (root_of(entries) != segment.root)
            opened, unreadable = _sample(file, [entry for entry in entries if entry not in wrong])
    except (FileNotFoundError, SegmentBroken):
        logger.error("a segment of a backup is lost or broken: %s", name)
        return Found(0, max(1, segment.items))
    for entry in (*wrong, *unreadable):
        logger.error("an item of a backup is damaged: %s %s %s", name, entry.unit_id, entry.part)
    return Found(opened, faults + len(unreadable))


def _sample(file: Any, entries: Sequence[Entry]) -> tuple[int, list[Entry]]:
    """Open some of the items, rows and containers both where there are any; how many opened, and which did not."""
    places = places_of(entries)
    kinds = [[each for each in entries if (each.part == ROWS) is rows and each.sha256] for rows in (True, False)]
    chosen = [each for kind in kinds for each in _CHANCE.sample(kind, sample_size(len(kind)))]
    opened, unreadable = 0, []
    for entry in chosen:
        try:
            with tenant_atomic():
                _open(file, places, entry)
        except KeyDestroyed:
            continue  # destroyed since it was written: nobody can open it, as it must be
        except _UNREADABLE:
            if not is_destroyed(Subject(entry.unit, entry.unit_id)):  # type: ignore[arg-type]
                unreadable.append(entry)
            continue
        opened += 1
    return opened, unreadable


def _open(file: Any, places: Mapping[tuple[UUID, str], tuple[Entry, int]], entry: Entry) -> None:
    told = rows_of(file, *places[entry.unit_id, ROWS])
    if entry.part == ROWS:
        _rows_come_back(told)
        return
    files = unit_parts.files_of_unit(entry.unit)
    if files is None:
        raise LookupError(entry.unit)
    rows: dict[str, list[dict[str, Any]]] = {}
    for line in told:
        label, row = json.loads(line)
        rows.setdefault(label, []).append(row)
    digest = hashlib.sha256()
    for piece in files.opened(entry.part, rows, Window(file, places[entry.unit_id, entry.part][1], entry.size)):
        digest.update(piece)
    if digest.hexdigest() != files.digest(entry.part, rows):
        raise Tampered(entry.part)


def _rows_come_back(told: Sequence[str]) -> None:
    """Every row fits today's table with nothing lost, and its sealed columns open. Raises Tampered or KeyMissing."""
    for line in told:
        label, text = line[2:].split('",', 1)
        model = apps.get_model(label)
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT to_jsonb(r) @> x, r.* FROM (SELECT %s::jsonb) j (x),"
                f" jsonb_populate_record(NULL::{table}, x) r",
                [text[:-1]],
            )
            same, *values = cursor.fetchone()
            if not same:
                raise SegmentBroken(label)
            names = {field.column: field.attname for field in model._meta.concrete_fields}
            columns = [column.name for column in cursor.description[1:]]
            row = model(**{names[column]: value for column, value in zip(columns, values, strict=True)})
            for name in sealed_fields(model):
                clear(row, name)
