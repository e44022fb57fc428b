"""The trail as a file: what was filtered, with a manifest that says what it is and under which checkpoint it stands.

One zip that leaves as it is written: the list as CSV or XLSX, and `manifest.json` with filters, number of events, first
and last, the list's SHA-256 and the ledger's last checkpoint. Two events tell of it: one before the first byte leaves,
one with the digest before the last does, so that a file that is shown later can be held against the trail.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import IO, Any, Final
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import LedgerLeaf
from carloan.compliance.names import field_label, reason_label, type_label
from carloan.compliance.selectors.trail import Entry, entries_of, events_matching
from carloan.compliance.selectors.tree import last_checkpoint
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.acts import act_label
from carloan.core.errors import Invalid
from carloan.core.tenancy import tenant_atomic
from carloan.lib.spreadsheet import SHEET_ROWS, Cell, Sink, csv_lines, xlsx_chunks

FORMAT: Final = "carloan-trail-export/1"
CAPABILITY: Final = "trail.export"
EXPORTED, WRITTEN = "compliance.trail.exported", "compliance.trail.export_written"
KINDS: Final = ("csv", "xlsx")
BATCH: Final = 1_000
MOST_IN_XLSX: Final = SHEET_ROWS - 1


@dataclass(slots=True)
class TrailExport:
    """An export that is allowed and on record. `count` is how many events matched when it began."""

    actor: Actor
    filters: Mapping[str, Any]
    told: Sequence[tuple[str, str]]
    kind: str
    zone: str
    lender: str
    event_id: UUID
    count: int
    checkpoint: dict[str, Any] | None
    written: int = 0
    first: Entry | None = None
    last: Entry | None = None
    digest: Any = field(default_factory=sha256)
    size: int = 0


def trail_export_begin(
    *, actor: Actor, filters: Mapping[str, Any], told: Sequence[tuple[str, str]], kind: str, zone: str, lender: str
) -> TrailExport:
    """Allow and record an export of the filtered trail; only then it may be written.

    `told` are the filters in words, for the manifest; the event names the filters and none of their values. It ends
    with its own event: what happens later is not in it. Raises Forbidden without the right, Invalid for a number of
    events that no sheet holds.
    """
    actor.require(CAPABILITY)
    with tenant_atomic():
        events = events_matching(actor, filters, zone=zone)
        count = 0 if events is None else events.count()
        if kind == "xlsx" and count > MOST_IN_XLSX:
            raise Invalid(
                code="too_many_rows",
                message=_(
                    "A spreadsheet holds at most %(most)s events, and the list has %(count)s. "
                    "Narrow the filter, or export CSV, which has no limit."
                )
                % {"most": f"{MOST_IN_XLSX:,}", "count": f"{count:,}"},
            )
        names = sorted(name for name, value in filters.items() if value)
        event_id = audit.record(
            actor=actor, action=EXPORTED, object_type="core.auditevent", count=count,
            after={"kind": kind, **({"filters": names} if names else {})},
        )  # fmt: skip
        return TrailExport(actor, filters, told, kind, zone, lender, event_id, count, _last_checkpoint())


def _last_checkpoint() -> dict[str, Any] | None:
    found = last_checkpoint()
    if found is None:
        return None
    return {"size": found.size, "root": bytes(found.root).hex(), "note": found.note, "key": found.signed_by}


def trail_export_chunks(export: TrailExport) -> Iterator[bytes]:
    """The zip in pieces as it is written. Each batch of events is read in a transaction of its own."""
    sink, name = Sink(), f"trail.{export.kind}"
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        # A spreadsheet is packed already.
        how = ZIP_STORED if export.kind == "xlsx" else ZIP_DEFLATED
        with _entry(archive, name, how) as listed:
            for piece in _pieces(export, name):
                export.digest.update(piece)
                export.size += len(piece)
                listed.write(piece)
                yield sink.take()
        archive.writestr("manifest.json", json.dumps(_manifest(export, name), ensure_ascii=False, indent=2))
        with tenant_atomic(export.actor.tenant_id):
            audit.record(
                actor=export.actor, action=WRITTEN, object_type="core.auditevent", object_id=export.event_id,
                count=export.written, digest=export.digest.hexdigest(),
            )  # fmt: skip
    yield sink.take()


def _entry(archive: ZipFile, name: str, how: int) -> IO[bytes]:
    info = ZipInfo(name, timezone.localtime().timetuple()[:6])
    info.compress_type = how
    return archive.open(info, "w", force_zip64=True)


def _pieces(export: TrailExport, name: str) -> Iterator[bytes]:
    if export.kind == "xlsx":
        return xlsx_chunks(_rows(export), title=name)
    return (line.encode() for line in csv_lines(_rows(export)))


def _rows(export: TrailExport) -> Iterator[Sequence[Cell]]:
    yield [
        _("Time"),
        _("Who"),
        _("Way in"),
        _("Act"),
        _("Code"),
        _("Outcome"),
        _("Kind of object"),
        _("Object"),
        _("Loan"),
        _("Field"),
        _("Reason"),
        _("How many"),
        _("Event"),
        _("Request"),
        _("Place in the ledger"),
        _("Hash of the leaf"),
    ]
    zone = ZoneInfo(export.zone)
    below = export.event_id
    while below is not None:
        with tenant_atomic(export.actor.tenant_id):
            events = events_matching(export.actor, export.filters, zone=export.zone)
            batch = [] if events is None else list(events.filter(id__lt=below).order_by("-id")[:BATCH])
            entries = entries_of(export.actor, batch)
            places = dict(
                LedgerLeaf.objects.filter(event_id__in=[event.id for event in batch]).values_list("event_id", "index")
            )
        for entry in entries:
            export.written += 1
            # Newest first, as on the page.
            export.last, export.first = export.last or entry, entry
            yield _row(entry, places.get(entry.event.id), zone)
        if len(batch) < BATCH:
            return
        below = batch[-1].id


def _row(entry: Entry, place: int | None, zone: ZoneInfo) -> list[Cell]:
    event = entry.event
    return [
        _moment(event.created_at, zone),
        entry.actor_name or {"system": _("System"), "visitor": _("One-time link")}.get(event.actor_kind, _("Unknown")),
        {"person": _("Page"), "key": "API", "system": _("System"), "visitor": _("One-time link")}.get(
            event.actor_kind, event.actor_kind
        ),
        act_label(event.action),
        event.action,
        event.get_outcome_display(),
        type_label(event.object_type),
        entry.target.label if entry.target else "",
        entry.loan.label if entry.loan else "",
        field_label(event.object_type, event.field) if event.field else "",
        reason_label(event.reason_code) if event.reason_code else "",
        entry.count,
        str(event.id),
        str(event.request_id or ""),
        place,
        bytes(event.leaf).hex(),
    ]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(sep=" ", timespec="milliseconds")


def _manifest(export: TrailExport, name: str) -> dict[str, Any]:
    def place(entry: Entry | None) -> dict[str, str] | None:
        if entry is None:
            return None
        return {"id": str(entry.event.id), "at": _moment(entry.event.created_at, ZoneInfo(export.zone))}

    return {
        "format": FORMAT,
        "lender": export.lender,
        "tenant": str(export.actor.tenant_id),
        "exported_by": export.actor.name,
        "event": str(export.event_id),
        "filters": [{"filter": label, "value": text} for label, text in export.told],
        "count": export.written,
        "first": place(export.first),
        "last": place(export.last),
        "file": {"name": name, "size": export.size, "sha256": export.digest.hexdigest()},
        "checkpoint": export.checkpoint,
    }
