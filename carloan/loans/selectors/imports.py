"""Imports that an actor may see, and their files."""

import io
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from django.db.models import QuerySet

from carloan.core import vault
from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.core.keys import Subject, unwrap_paper_key
from carloan.core.tenancy import current_tenant_id
from carloan.loans.imports.faults import told
from carloan.loans.imports.reading import Shape, rows
from carloan.loans.models import ImportBatch, ImportRow

PART = "import"


def visible_batches(actor: Actor) -> "QuerySet[ImportBatch]":
    """All imports for those who may import everywhere, their own for others."""
    batches = ImportBatch.objects.select_related("job", "uploaded_by").order_by("-number")
    if actor.branches("loans.import") is None:
        return batches
    return batches.filter(uploaded_by_id=actor.membership_id) if actor.membership_id else batches.none()


def get_batch_for(actor: Actor, batch_id: UUID) -> ImportBatch:
    """One import, in one query. Raises NotFound to everybody else."""
    batch = visible_batches(actor).filter(id=batch_id).first() if actor.can("loans.import") else None
    if batch is None:
        raise NotFound
    return batch


def shape_of(batch: ImportBatch) -> Shape:
    return Shape(**batch.shape)


def open_file(batch: ImportBatch) -> IO[bytes]:
    """The clear bytes of the file as it came, seekable; opened chunk by chunk out of its sealed container."""
    key = unwrap_paper_key(Subject("tenant", current_tenant_id()), bytes(batch.wrapped_key), batch.id)
    return io.BufferedReader(vault.open_paper(batch.stored_as, paper_key=key, paper_id=batch.id, part=PART), 1 << 18)


def rejected_rows(batch: ImportBatch, *, after: int = 0, limit: int = 50) -> list[ImportRow]:
    """Rejected rows behind a row number, in the order of the file; each with `told`: (column, sentence) pairs."""
    found = list(ImportRow.objects.filter(batch=batch, outcome="rejected", number__gt=after).order_by("number")[:limit])
    for row in found:
        row.told = [(fault["column"], told(fault)) for fault in row.errors]  # type: ignore[attr-defined]
    return found


def error_table(batch: ImportBatch) -> Iterator[list[str]]:
    """The rejected rows as they stood in the file, with row number and faults in front: to correct and send again."""
    shape = shape_of(batch)
    wrong = dict(ImportRow.objects.filter(batch=batch, outcome="rejected").values_list("number", "errors"))
    yield ["row", "errors", *shape.header]
    if not wrong:
        return
    with open_file(batch) as file:
        for row in rows(file, shape):
            if row.number in wrong:
                sentences = "; ".join(
                    f"{fault['column']}: {told(fault)}" if fault["column"] else told(fault)
                    for fault in wrong[row.number]
                )
                yield [str(row.number), sentences, *row.cells]
