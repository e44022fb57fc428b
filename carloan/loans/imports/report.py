"""What a file claims and what the book holds of it afterwards, to the minor unit."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, CharField, Exists, F, Func, OuterRef, Sum, Value
from django.db.models.functions import Cast, Concat

from carloan.loans.models import ImportBatch, ImportRow
from carloan.loans.policies.ageing import AGES, age_of
from carloan.loans.selectors.allocations import current_allocations

from .judging import Outcome

SUMS = ("principal", "outstanding", "overdue")
PAID = ("amount", "interest", "principal", "penalty", "other", "unallocated")
# What a file may leave open for some of its loans, or for all.
MAY_LACK = ("outstanding", "overdue", "days_overdue")

# A table of a thousand columns could be wrong in each of them, in every way.
MOST_KINDS = 200


class Totals:
    """Control sums of a file, kept while its rows pass by. Rows that are rejected or older count only as rows.

    A figure that a row does not say is in no sum and in no class; `unknown` counts the loans that lack it.
    """

    def __init__(self, stored: dict[str, Any] | None = None) -> None:
        self.sums = Counter({name: held or 0 for name, held in stored["sums"].items()} if stored else {})
        self.paid = Counter(stored["paid"] if stored else {})
        self.buckets = Counter(stored["buckets"] if stored else {})
        self.unknown = Counter(stored.get("unknown") if stored else {})
        self.loans = stored["loans"] if stored else 0
        # An import that began under other classes (0.1) goes on without them: half of its loans were never in these.
        self.classed = stored is None or stored["buckets"].keys() == AGES.keys()

    def add(self, outcomes: Iterable[Outcome]) -> None:
        for one in outcomes:
            if one.outcome in ("rejected", "kept"):
                continue
            values = one.record.values
            self.loans += 1
            for name in SUMS:
                self.sums[name] += values[name] or 0
            self.buckets[age_of(values["days_overdue"])] += 1
            self.unknown.update(name for name in MAY_LACK if values[name] is None)
            if one.record.payment is not None:
                for name in PAID:
                    self.paid[name] += one.record.payment[name]

    def as_json(self) -> dict[str, Any]:
        return {
            "loans": self.loans,
            "sums": _known({name: self.sums[name] for name in SUMS}, self.unknown, self.loans),
            "paid": {name: self.paid[name] for name in PAID},
            "buckets": {name: self.buckets[name] for name in AGES} if self.classed else {},
            "unknown": {name: self.unknown[name] for name in MAY_LACK},
        }


def _known(sums: Mapping[str, int], unknown: Mapping[str, int], loans: int) -> dict[str, int | None]:
    """The sums of what is known; None where no loan has the figure: a sum of nothing is not zero."""
    return {name: None if loans and unknown.get(name) == loans else held for name, held in sums.items()}


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
       coalesce(sum(l.overdue), 0)::bigint,
       count(*) - count(l.outstanding), count(*) - count(l.overdue), count(*) - count(l.days_overdue)
FROM loans_importrow r JOIN loans_loan l ON l.tenant_id = r.tenant_id AND l.id = r.loan_id
WHERE r.tenant_id = %s AND r.batch_id = %s AND r.outcome NOT IN ('rejected', 'kept')
"""
BOOK_DAYS = """
SELECT l.days_overdue, count(*)
FROM loans_importrow r JOIN loans_loan l ON l.tenant_id = r.tenant_id AND l.id = r.loan_id
WHERE r.tenant_id = %s AND r.batch_id = %s AND r.outcome NOT IN ('rejected', 'kept') GROUP BY 1
"""


def book_totals(batch: ImportBatch) -> dict[str, Any]:
    """The same sums out of the book, over the loans of the batch, independent of what the import counted."""
    key = [batch.tenant_id, batch.id]
    with connection.cursor() as cursor:
        cursor.execute(BOOK, key)
        loans, *figures = cursor.fetchone()
        cursor.execute(BOOK_DAYS, key)
        days = cursor.fetchall()
    unknown = dict(zip(MAY_LACK, figures[len(SUMS) :], strict=True))
    buckets: Counter[str] = Counter()
    for overdue, count in days:
        buckets[age_of(overdue)] += count
    return {
        "loans": loans,
        "sums": _known(dict(zip(SUMS, figures, strict=False)), unknown, loans),
        "paid": _book_paid(batch),
        "buckets": {name: buckets[name] for name in AGES},
        "unknown": unknown,
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
    for group in ("sums", "paid", "buckets", "unknown"):
        for name, claimed in file[group].items():
            if claimed != book[group].get(name, 0):
                found.append({"figure": f"{group}.{name}", "file": claimed, "book": book[group].get(name, 0)})
    if file["loans"] != book["loans"]:
        found.append({"figure": "loans", "file": file["loans"], "book": book["loans"]})
    return found
