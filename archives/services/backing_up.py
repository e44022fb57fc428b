"""The originals of a loan's papers for a backup of the archive: which they are, and how one opens from there.

Pictures of pages are left out: they are drawn again.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from carloan.archives.models import Paper, PaperField
from carloan.compliance.unit_parts import Row, Rows
from carloan.core import vault
from carloan.core.keys import Subject, unwrap_paper_key
from carloan.core.models import AuditEvent

_PAPERS = Paper._meta.label_lower


def names_of_loans(ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Where the originals lie, by loan."""
    names: dict[UUID, list[str]] = {}
    papers = Paper.objects.filter(loan_id__in=ids).exclude(stored="").order_by("id")
    for loan_id, name in papers.values_list("loan_id", "stored"):
        names.setdefault(loan_id, []).append(name)
    return names


def opened(name: str, rows: Rows, file: Any) -> Iterator[bytes]:
    """The clear bytes of an original, by the key that its loan's rows hold. Raises Tampered, KeyMissing, KeyDestroyed;
    LookupError when no row knows it."""
    row = _row(name, rows)
    wrapped = bytes.fromhex(row["wrapped_key"].removeprefix("\\x"))
    key = unwrap_paper_key(Subject("loan", UUID(row["loan_id"])), wrapped, UUID(row["id"]))
    reader = vault.reader_of(file, name, paper_key=key)
    while piece := reader.read(vault.CHUNK):
        yield piece


def digest(name: str, rows: Rows) -> str:
    """The SHA-256 that its bytes had when they came."""
    found: str = _row(name, rows)["sha256"]
    return found


def read_anew(rows: Sequence[Row]) -> set[str]:
    """Pages and values of a reading that a later one replaced, as the trail knows; what a person entered stays."""
    papers = {UUID(row["paper_id"]) for row in rows}
    read = AuditEvent.objects.filter(action="archives.paper.recognised", object_id__in=papers)
    last = dict(read.order_by("object_id", "-id").distinct("object_id").values_list("object_id", "id"))
    return {
        row["id"]
        for row in rows
        if row.get("source") != PaperField.Source.PERSON
        and (later := last.get(UUID(row["paper_id"]))) is not None
        and later > UUID(row["audit_event_id"])
    }


def _row(name: str, rows: Rows) -> Any:
    paper_id = str(vault.paper_of(name))
    for row in rows.get(_PAPERS, ()):
        if row["id"] == paper_id:
            return row
    raise LookupError(name)
