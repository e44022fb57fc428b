"""Imports that an actor may see, and their files."""

import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carloan.core import vault
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, NotFound
from carloan.core.keys import Subject, unwrap_paper_key
from carloan.core.sealed import clear, warm
from carloan.core.sight import SIGHT
from carloan.loans.imports.faults import Fault, told
from carloan.loans.imports.opening import OutOfTime, first_rows, rows
from carloan.loans.imports.reading import Shape
from carloan.loans.imports.showing import masked, masks_of, sees_cells
from carloan.loans.models import ImportBatch, ImportRow

PART = "import"
# Of a cell beside its fault; the CSV has it whole.
LONGEST_SHOWN = 60
# Somebody waits for the page: as far as this a file is read for it.
LOOKING_SECONDS = 3.0


def visible_batches(actor: Actor) -> "QuerySet[ImportBatch]":
    """All imports for those who may import everywhere and see clear values, their own for others."""
    batches = ImportBatch.objects.select_related("job", "uploaded_by").order_by("-number")
    if actor.branches("loans.import") is None and actor.can(SIGHT):
        return batches
    return batches.filter(uploaded_by_id=actor.membership_id) if actor.membership_id else batches.none()


def get_batch_for(actor: Actor, batch_id: UUID) -> ImportBatch:
    """One import, in one query. Raises NotFound to everybody else."""
    batch = visible_batches(actor).filter(id=batch_id).first() if actor.can("loans.import") else None
    if batch is None:
        raise NotFound
    return batch


def get_batch_of_answer(batch_id: UUID) -> ImportBatch:
    """An import that the caller's own request made, which a key may not look up otherwise. Raises NotFound."""
    if (batch := ImportBatch.objects.filter(id=batch_id).first()) is None:
        raise NotFound
    return batch


def shape_of(batch: ImportBatch) -> Shape:
    """How the file is laid out, as found at upload."""
    return Shape(**batch.shape)


def require_file(batch: ImportBatch) -> None:
    """Raise Conflict when the file's time is over and it was destroyed."""
    if not batch.stored_as:
        raise Conflict(_("The file of this import was destroyed when its time was over. Upload it again."))


def open_file(batch: ImportBatch) -> IO[bytes]:
    """The clear bytes of the file as it came, seekable; opened chunk by chunk out of its sealed container.

    Raises Conflict when the file's time is over and it was destroyed.
    """
    require_file(batch)
    key = unwrap_paper_key(Subject("import", batch.id), bytes(batch.wrapped_key), batch.id)
    return io.BufferedReader(vault.open_paper(batch.stored_as, paper_key=key, paper_id=batch.id, part=PART), 1 << 18)


@dataclass(frozen=True, slots=True)
class Said:
    """What is wrong with one cell; `cell` is what stands there, masked, None where it is not shown."""

    column: str
    sentence: str
    cell: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A row of one group (`errors`: refused, `warnings`: accepted with doubts) and what is said of it."""

    number: int
    told: list[Said]


@dataclass(frozen=True, slots=True)
class Kind:
    """One fault or doubt in one column, and how many rows have it; `key` names it in an address."""

    key: str
    column: str
    sentence: str
    rows: int


GROUPS = ("errors", "warnings")


def told_rows(batch: ImportBatch, group: str, *, kind: str = "", after: int = 0, limit: int = 50) -> list[Told]:
    """Rows of a group behind a row number, in the order of the file; with `kind` those that have this fault.

    What stands in their cells is read from the sealed file again: outside of it no value is kept. It is masked as the
    fields say, also for whoever brought the file; the CSV is for clear values, and leaves an event.
    """
    rows_told = ImportRow.objects.filter(batch=batch, number__gt=after)
    rows_told = rows_told.filter(outcome="rejected") if group == "errors" else rows_told.exclude(warnings=[])
    if kind:
        code, _dot, column = kind.partition(".")
        rows_told = rows_told.filter(**{f"{group}__contains": [{"column": column, "code": code}]})
    found = rows_told.order_by("number").values_list("number", group)[:limit]
    cells = _cells_of(batch, {number for number, _faults in found})
    return [
        Told(number, [Said(one["column"], told(one), cells.get(number, {}).get(one["column"])) for one in faults])
        for number, faults in found
    ]


def _cells_of(batch: ImportBatch, numbers: Collection[int]) -> dict[int, dict[str, str]]:
    """The cells of some rows by column, masked and cut short; without those that take too long to reach."""
    found: dict[int, dict[str, str]] = {}
    if not numbers or not batch.stored_as:
        return found
    shape, last = shape_of(batch), max(numbers)
    masks = masks_of(shape.header, batch.spec)
    with suppress(OutOfTime), open_file(batch) as file, closing(rows(file, shape, seconds=LOOKING_SECONDS)) as stream:
        for row in stream:
            if row.number in numbers:
                given = [row.refused.get(name, cell) for name, cell in zip(shape.header, row.cells, strict=False)]
                cells = masked(given, masks, damaged=_damaged(row.faults))
                found[row.number] = dict(zip(shape.header, map(_short, cells), strict=False))
            if row.number >= last:
                break
    return found


def _short(cell: str) -> str:
    return cell if len(cell) <= LONGEST_SHOWN else f"{cell[: LONGEST_SHOWN - 1]}…"


def kinds_of(batch: ImportBatch, group: str) -> list[Kind]:
    """What is wrong or doubtful in how many rows, most frequent first."""
    found = [
        Kind(f"{kind['code']}.{kind['column']}", kind["column"], told(kind), kind["rows"])
        for kind in batch.report.get("told", {}).get(group, ())
    ]
    return sorted(found, key=lambda kind: -kind.rows)


def file_name_of(batch: ImportBatch) -> str:
    """What the file was called; its key goes with the file, and the name with it."""
    if not batch.stored_as:
        return gettext("destroyed")
    return clear(batch, "file_name") or str(batch)


def file_names_of(batches: Sequence[ImportBatch]) -> list[str]:
    """The names of many files, their keys loaded with one query."""
    warm([batch for batch in batches if batch.stored_as])
    return [file_name_of(batch) for batch in batches]


def sample_rows(actor: Actor, batch: ImportBatch, count: int) -> list[list[str]]:
    """The first rows of the file, as the actor may see them. Raises OutOfTime for one that takes too long to open."""
    shape, plain = shape_of(batch), sees_cells(actor, batch)
    masks = masks_of(shape.header, batch.spec)
    with open_file(batch) as file:
        return [
            row.cells if plain else masked(row.cells, masks, damaged=_damaged(row.faults))
            for row in first_rows(file, shape, count, seconds=LOOKING_SECONDS)
        ]


def _damaged(faults: Sequence[Fault]) -> bool:
    return any(not fault.column for fault in faults)


def error_table(actor: Actor, batch: ImportBatch) -> Iterator[list[str]]:
    """The rejected and the doubtful rows with row number, faults and doubts in front: as they stood, to be corrected
    and sent again, for whoever brought the file; masked for others."""
    shape, plain = shape_of(batch), sees_cells(actor, batch)
    masks = masks_of(shape.header, batch.spec)
    marked = ImportRow.objects.filter(batch=batch).filter(Q(outcome="rejected") | ~Q(warnings=[]))
    wrong = {number: told_of for number, *told_of in marked.values_list("number", *GROUPS)}
    yield [gettext("Row"), gettext("Fault"), gettext("Doubt"), *shape.header]
    if not wrong:
        return
    last = max(wrong)
    with open_file(batch) as file, closing(rows(file, shape)) as stream:
        for row in stream:
            if row.number in wrong:
                cells = row.cells if plain else masked(row.cells, masks, damaged=_damaged(row.faults))
                yield [str(row.number), *(_sentences(faults) for faults in wrong[row.number]), *cells]
            if row.number >= last:
                break


def _sentences(faults: Sequence[dict[str, Any]]) -> str:
    return "; ".join(f"{fault['column']}: {told(fault)}" if fault["column"] else told(fault) for fault in faults)
