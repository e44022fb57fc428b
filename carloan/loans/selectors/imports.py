"""Imports that an actor may see, and their files."""

import io
from collections.abc import Iterator, Sequence
from typing import IO
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carloan.core import vault
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, NotFound
from carloan.core.keys import Subject, unwrap_paper_key
from carloan.loans.imports.faults import Fault, told
from carloan.loans.imports.opening import first_rows, rows
from carloan.loans.imports.reading import Shape
from carloan.loans.imports.showing import masked, masks_of, sees_cells
from carloan.loans.models import ImportBatch, ImportRow

PART = "import"


def visible_batches(actor: Actor) -> "QuerySet[ImportBatch]":
    """All imports for those who may import everywhere and see clear values, their own for others."""
    batches = ImportBatch.objects.select_related("job", "uploaded_by").order_by("-number")
    if actor.branches("loans.import") is None and actor.can("sight.clear"):
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


def require_file(batch: ImportBatch) -> None:
    if not batch.stored_as:
        raise Conflict(_("The file of this import was destroyed when its time was over. Upload it again."))


def open_file(batch: ImportBatch) -> IO[bytes]:
    """The clear bytes of the file as it came, seekable; opened chunk by chunk out of its sealed container.

    Raises Conflict when the file's time is over and it was destroyed.
    """
    require_file(batch)
    key = unwrap_paper_key(Subject("import", batch.id), bytes(batch.wrapped_key), batch.id)
    return io.BufferedReader(vault.open_paper(batch.stored_as, paper_key=key, paper_id=batch.id, part=PART), 1 << 18)


def rejected_rows(batch: ImportBatch, *, after: int = 0, limit: int = 50) -> list[ImportRow]:
    """Rejected rows behind a row number, in the order of the file; each with `told`: (column, sentence) pairs."""
    found = list(ImportRow.objects.filter(batch=batch, outcome="rejected", number__gt=after).order_by("number")[:limit])
    for row in found:
        row.told = [(fault["column"], told(fault)) for fault in row.errors]  # type: ignore[attr-defined]
    return found


def sample_rows(actor: Actor, batch: ImportBatch, count: int) -> list[list[str]]:
    """The first rows of the file, as the actor may see them."""
    shape, plain = shape_of(batch), sees_cells(actor, batch)
    masks = masks_of(shape.header, batch.spec)
    with open_file(batch) as file:
        return [
            row.cells if plain else masked(row.cells, masks, damaged=_damaged(row.faults))
            for row in first_rows(file, shape, count)
        ]


def _damaged(faults: Sequence[Fault]) -> bool:
    return any(not fault.column for fault in faults)


def error_table(actor: Actor, batch: ImportBatch) -> Iterator[list[str]]:
    """The rejected rows with row number and faults in front: as they stood, to be corrected and sent again, for whoever
    brought the file; masked for others."""
    shape, plain = shape_of(batch), sees_cells(actor, batch)
    masks = masks_of(shape.header, batch.spec)
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
                cells = row.cells if plain else masked(row.cells, masks, damaged=_damaged(row.faults))
                yield [str(row.number), sentences, *cells]
