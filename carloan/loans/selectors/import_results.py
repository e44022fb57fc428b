"""What an import did to each row, and from a loan back to the imports that wrote it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from carloan.core.actors import Actor
from carloan.core.errors import Invalid
from carloan.core.listing import WRONG_CURSOR
from carloan.loans.imports.faults import told
from carloan.loans.imports.outcomes import OUTCOMES, field_label, outcome_label
from carloan.loans.models import ImportBatch, ImportRow, Loan
from carloan.loans.policies.batches import RUN

from .imports import visible_batches
from .loans import visible_loans

DOUBTFUL = "doubtful"
SHOWN = (*OUTCOMES, DOUBTFUL)
PAGE = 50
MOST_IMPORTS = 10
_COLUMNS = ("number", "contract_no", "outcome", "changed", "errors", "warnings", "loan_id")


@dataclass(frozen=True, slots=True)
class Result:
    """One row of a file: what became of it, which fields of a known loan it changed (None: not told), and what is said
    of it. `loan_id` is None where the reader may not see the loan, or there is none."""

    number: int
    contract_no: str
    outcome: str
    label: str
    changed: list[str] | None
    said: list[str]
    doubts: list[str]
    loan_id: UUID | None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Some results in the order of the file; `previous` and `next` are cursors, "" at the ends."""

    rows: list[Result]
    previous: str
    next: str


def is_dry(batch: ImportBatch) -> bool:
    """Whether its counts tell what would be: nothing of it was booked by its last pass."""
    return batch.job is None or batch.job.kind != RUN


def results_page(
    actor: Actor,
    batch: ImportBatch,
    *,
    shown: str = "",
    contract_no: str = "",
    after: str = "",
    before: str = "",
    size: int = PAGE,
) -> ResultPage:
    """One page of the rows of an import that the actor has open. Two queries: the rows, and which of their loans the
    actor may see. Raises Invalid for a cursor that is none."""
    found = _rows(batch, shown, contract_no)
    if before:
        rows = list(found.filter(number__lt=_number(before)).order_by("-number").values_list(*_COLUMNS)[: size + 1])
        more_before, more_after = len(rows) > size, True
        rows = rows[:size][::-1]
    else:
        rows = list(found.filter(number__gt=_number(after)).order_by("number").values_list(*_COLUMNS)[: size + 1])
        more_before, more_after = bool(after), len(rows) > size
        rows = rows[:size]
    ids = {loan_id for *_rest, loan_id in rows if loan_id is not None}
    seen = set(visible_loans(actor).filter(id__in=ids).values_list("id", flat=True)) if ids else set()
    dry = is_dry(batch)
    results = [_result(row, dry, seen) for row in rows]
    return ResultPage(
        results,
        str(results[0].number) if results and more_before else "",
        str(results[-1].number) if results and more_after else "",
    )


def results_table(batch: ImportBatch, *, shown: str = "") -> Iterator[list[str]]:
    """The results as a table in the reader's language, header first; rows come as they are read."""
    yield [
        gettext("Row"),
        gettext("Contract number"),
        gettext("Result"),
        gettext("Changed fields"),
        gettext("Fault"),
        gettext("Doubt"),
    ]
    dry = is_dry(batch)
    for row in _rows(batch, shown, "").order_by("number").values_list(*_COLUMNS).iterator(chunk_size=2_000):
        one = _result(row, dry, frozenset())
        yield [
            str(one.number),
            one.contract_no,
            one.label,
            "; ".join(one.changed or ()),
            "; ".join(one.said),
            "; ".join(one.doubts),
        ]


def imports_of(actor: Actor, loan: Loan) -> list[tuple[ImportBatch, int, str]]:
    """The imports that wrote a loan, newest first, of those the actor may see: (import, row, what it did)."""
    if not actor.can("loans.import"):
        return []
    written = ImportRow.objects.filter(loan_id=loan.id, outcome__in=("created", "updated"))
    found = {
        batch_id: (number, outcome)
        for batch_id, number, outcome in written.order_by("-batch_id").values_list("batch_id", "number", "outcome")[
            :MOST_IMPORTS
        ]
    }
    batches = visible_batches(actor).filter(id__in=list(found)) if found else []
    return [
        (batch, found[batch.id][0], str(outcome_label(found[batch.id][1], dry=False)))
        for batch in batches
        if not is_dry(batch)
    ]


def _rows(batch: ImportBatch, shown: str, contract_no: str) -> "QuerySet[ImportRow]":
    rows = ImportRow.objects.filter(batch=batch)
    if shown == DOUBTFUL:
        rows = rows.exclude(warnings=[])
    elif shown:
        rows = rows.filter(outcome=shown)
    return rows.filter(contract_no=contract_no) if contract_no else rows


def _number(cursor: str) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Invalid(fields={"after": [WRONG_CURSOR]})
    return int(cursor)


def _result(row: tuple[Any, ...], dry: bool, seen: "set[UUID] | frozenset[UUID]") -> Result:
    number, contract_no, outcome, changed, errors, warnings, loan_id = row
    return Result(
        number,
        contract_no,
        outcome,
        str(outcome_label(outcome, dry=dry)),
        None if changed is None else [field_label(name) for name in changed],
        [_said(fault) for fault in errors],
        [_said(doubt) for doubt in warnings] if outcome not in ("rejected", "kept") else [],
        loan_id if loan_id in seen else None,
    )


def _said(fault: dict[str, Any]) -> str:
    return f"{fault['column']}: {told(fault)}" if fault["column"] else told(fault)
