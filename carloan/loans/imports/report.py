"""What a file claims and what the book holds of it afterwards, to the minor unit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, CharField, Exists, F, Func, OuterRef, Sum, Value
from django.db.models.functions import Cast, Concat

from carloan.loans.models import ImportBatch, ImportRow
from carloan.loans.selectors.allocations import current_allocations

from .judging import Outcome

SUMS = ("principal", "outstanding", "overdue")
PAID = ("amount", "interest", "principal", "penalty", "other", "unallocated")


# A table of a thousand columns could be wrong in each of them, in every way.
MOST_KINDS = 200


def bucket_of(days: int, edges: Sequence[int]) -> str:
    """The name of the bucket that a number of days overdue falls into: `0`, `1-29`, …, `90+`."""
    if days < edges[0]:
        return "0" if edges[0] == 1 else f"0-{edges[0] - 1}"
    for low, high in zip(edges, [*edges[1:], 0], strict=True):
        if not high:
            return f"{low}+"
        if days < high:
            return f"{low}-{high - 1}"
    raise AssertionError


def bucket_names(edges: Sequence[int]) -> list[str]:
    return [bucket_of(days, edges) for days in (0, *edges)]


class Totals:
    """Control sums of a file, kept while its rows pass by. Rows that are rejected or older count only as rows."""

    def __init__(self, edges: Sequence[int], stored: dict[str, Any] | None = None) -> None:
        self.edges = list(edges)
        self.sums = Counter(stored["sums"] if stored else {})
        self.paid = Counter(stored["paid"] if stored else {})
        self.buckets = Counter(stored["buckets"] if stored else {})
        self.loans = stored["loans"] if stored else 0

    def add(self, outcomes: Iterable[Outcome]) -> None:
        for one in outcomes:
            if one.outcome in ("rejected", "kept"):
                continue
            values = one.record.values
            self.loans += 1
            for name in SUMS:
                self.sums[name] += values[name]
            self.buckets[bucket_of(values["days_overdue"], self.edges)] += 1
            if one.record.payment is not None:
                for name in PAID:
                    self.paid[name] += one.record.payment[name]

    def as_json(self) -> dict[str, Any]:
        return {
            "loans": self.loans,
            "sums": {name: self.sums[name] for name in SUMS},
            "paid": {name: self.paid[name] for name in PAID},
            "buckets": {name: self.buckets[name] for name in bucket_names(self.edges)},
        }


def kinds_with(stored: dict[str, Any] | None, outcomes: Iterable[Outcome]) -> dict[str, list[dict[str, Any]]]:
    """How many rows have which fault or doubt in which column: `stored` (of the rows before) and these outcomes."""
    found: dict[str, dict[tuple[str, str], dict[str, Any]]] = {
        group: {(kind["column"], kind["code"]): dict(kind) for kind in (stored or {}).get(group, ())}
        for group in ("errors", "warnings")
    }
    for one in outcomes:
        for group, told in (("errors", one.record.faults), ("warnings", one.warnings)):
            kinds = found[group]
            for place, fault in {(fault.column, fault.code): fault for fault in told}.items():
                if place in kinds:
                    kinds[place]["rows"] += 1
                elif len(kinds) < MOST_KINDS:
                    kinds[place] = {"column": place[0], "code": place[1], "message": fault.summary, "rows": 1}
    return {group: list(kinds.values()) for group, kinds in found.items()}


BOOK = """
SELECT count(*), coalesce(sum(l.principal), 0)::bigint, coalesce(sum(l.outstanding), 0)::bigint,
       coalesce(sum(l.overdue), 0)::bigint
FROM loans_importrow r JOIN loans_loan l ON l.tenant_id = r.tenant_id AND l.id = r.loan_id
WHERE r.tenant_id = %s AND r.batch_id = %s AND r.outcome NOT IN ('rejected', 'kept')
"""
BOOK_DAYS = """
SELECT l.days_overdue, count(*)
FROM loans_importrow r JOIN loans_loan l ON l.tenant_id = r.tenant_id AND l.id = r.loan_id
WHERE r.tenant_id = %s AND r.batch_id = %s AND r.outcome NOT IN ('rejected', 'kept') GROUP BY 1
"""


def book_totals(batch: ImportBatch, edges: Sequence[int]) -> dict[str, Any]:
    """The same sums out of the book, over the loans of the batch, independent of what the import counted."""
    key = [batch.tenant_id, batch.id]
    with connection.cursor() as cursor:
        cursor.execute(BOOK, key)
        loans, *sums = cursor.fetchone()
        cursor.execute(BOOK_DAYS, key)
        days = cursor.fetchall()
    buckets: Counter[str] = Counter()
    for overdue, count in days:
        buckets[bucket_of(overdue, edges)] += count
    return {
        "loans": loans,
        "sums": dict(zip(SUMS, sums, strict=True)),
        "paid": _book_paid(batch),
        "buckets": {name: buckets[name] for name in bucket_names(edges)},
    }


def _book_paid(batch: ImportBatch) -> dict[str, int]:
    """What the payments that the rows tell of pay now."""
    rows = ImportRow.objects.filter(batch=batch).exclude(outcome__in=["rejected", "kept"])
    day = Func(F("paid_on"), Value("YYYYMMDD"), function="to_char", output_field=CharField())
    told = rows.annotate(reference=Concat(Value("IMPORT-"), day)).filter(
        loan_id=OuterRef("payment__loan_id"), reference=OuterRef("payment__reference")
    )
    found = current_allocations().filter(Exists(told)).values_list("component")
    sums = dict(found.annotate(total=Cast(Sum("amount"), BigIntegerField())))
    return {name: sum(sums.values()) if name == "amount" else sums.get(name, 0) for name in PAID}


def differences(file: dict[str, Any], book: dict[str, Any]) -> list[dict[str, Any]]:
    """Every figure in which file and book differ; an exact import has none."""
    found = []
    for group in ("sums", "paid", "buckets"):
        for name, claimed in file[group].items():
            if claimed != book[group].get(name, 0):
                found.append({"figure": f"{group}.{name}", "file": claimed, "book": book[group].get(name, 0)})
    if file["loans"] != book["loans"]:
        found.append({"figure": "loans", "file": file["loans"], "book": book["loans"]})
    return found
