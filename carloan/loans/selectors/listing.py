"""The list of loans: searched, filtered, sorted by what is not encrypted, paged by keyset."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from carloan.core import lookup
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, Invalid
from carloan.core.listing import WRONG_CURSOR, is_nothing
from carloan.core.tightening import unsearched
from carloan.lib.text import fold
from carloan.loans.models import Loan, LoanParty, Party, Vehicle
from carloan.loans.policies.ageing import AGES, UNKNOWN

from .loans import DETAILS, VIEW, amounts_open, borrowers_of, vehicles_of, visible_loans

PAGE = 50
# Counting a million rows takes longer than the page: above this the list says "more than".
MOST_COUNTED = 10_000
SORTS = {"number": "contract_no", "opened": "opened_on", "amount": "principal", "overdue": "days_overdue"}
DEFAULT_SORT = "-opened"
LONGEST_CURSOR = 1_000
LARGEST_NUMBER = 2**63 - 1
AMOUNT_SORTS = frozenset({"amount", "overdue"})
# Orders by figures that may be unknown: such loans come last in both directions.
UNKNOWN_LAST = frozenset({"days_overdue"})


@dataclass(frozen=True, slots=True)
class Filters:
    """What the query form asks for; empty values ask nothing. Amounts in minor units."""

    q: str = ""
    state: str = ""
    branch_id: UUID | None = None
    mine: bool = False
    age: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    least: int | None = None
    most: int | None = None
    sort: str = DEFAULT_SORT

    @property
    def by_amount(self) -> bool:
        """Whether the answer tells something about amounts, even without showing one."""
        return (
            bool(self.age) or self.least is not None or self.most is not None or self.sort.lstrip("-") in AMOUNT_SORTS
        )


@dataclass(slots=True)
class Line:
    """A row of the list, with its borrower and car, keys loaded."""

    loan: Loan
    borrower: Party | None
    vehicle: Vehicle | None


@dataclass(slots=True)
class Page:
    """One page of the list; `newer` and `older` are cursors, `total` is None where counting would take too long."""

    lines: list[Line]
    total: int | None
    newer: str = ""
    older: str = ""
    more: bool = field(default=False)


def loans_matching(actor: Actor, filters: Filters, capability: str = VIEW) -> "QuerySet[Loan]":
    """The loans within the reach of a capability that a filter leaves, unsorted.

    Raises Forbidden for a filter or an order by amounts where the reach has loans without details.
    """
    if filters.by_amount and not amounts_open(actor, capability):
        raise Forbidden(capability=DETAILS)
    loans = visible_loans(actor, capability)
    if filters.q:
        loans = loans.filter(_search(actor, filters.q))
    if filters.state:
        loans = loans.filter(state=filters.state)
    if filters.branch_id:
        loans = loans.filter(branch_id=filters.branch_id)
    if filters.mine:
        loans = loans.filter(officer_id=actor.membership_id)
    if filters.age == UNKNOWN:
        loans = loans.filter(days_overdue__isnull=True)
    elif filters.age in AGES:
        low, high = AGES[filters.age]
        loans = loans.filter(days_overdue__gte=low, **({} if high is None else {"days_overdue__lte": high}))
    for lookup_name, value in (
        ("opened_on__gte", filters.opened_from),
        ("opened_on__lte", filters.opened_to),
        ("principal__gte", filters.least),
        ("principal__lte", filters.most),
    ):
        if value is not None:
            loans = loans.filter(**{lookup_name: value})
    return loans


@dataclass(frozen=True, slots=True)
class OverdueSum:
    """What the loans of one currency owe, minor units; `unknown` of them are not in it: nobody told their amount."""

    currency: str
    loans: int
    owed: int
    unknown: int


def overdue_sums(actor: Actor, filters: Filters) -> list[OverdueSum]:
    """What is overdue in a filtered list, by currency. One query. Raises Forbidden like loans_matching."""
    rows = loans_matching(actor, filters).order_by().values("currency")
    sums = rows.annotate(
        loans=Count("id"), owed=Coalesce(Sum("overdue"), 0, output_field=BigIntegerField()), known=Count("overdue")
    )
    found = sums.order_by("currency").values_list("currency", "loans", "owed", "known")
    return [OverdueSum(currency, loans, owed, loans - known) for currency, loans, owed, known in found]


def loan_page(actor: Actor, filters: Filters, *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """One page of the list behind or before a cursor. Raises Invalid for a cursor that is none."""
    matching = loans_matching(actor, filters)
    column = _order(filters.sort)[1]
    backwards = bool(before)
    found = _stretch(matching, filters.sort, before or after, size + 1, backwards=backwards)
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    total = matching.order_by()[: MOST_COUNTED + 1].count()
    page = Page(lines_of(found), None if total > MOST_COUNTED else total, more=total > MOST_COUNTED)
    if found:
        page.newer = _write(found[0], column) if (more if backwards else bool(after)) else ""
        page.older = _write(found[-1], column) if (backwards or more) else ""
    return page


def lines_of(loans: list[Loan]) -> list[Line]:
    """Loans with their borrowers and cars: two queries and at most two of the key store, however many loans."""
    ids = [loan.id for loan in loans]
    borrowers, vehicles = borrowers_of(ids), vehicles_of(ids)
    return [Line(loan, borrowers.get(loan.id), vehicles.get(loan.id)) for loan in loans]


def all_lines(actor: Actor, filters: Filters, capability: str, *, size: int = 500) -> Iterator[Line]:
    """Every line of a filtered list, page by page, for exports. Needs an open tenant while it is consumed."""
    after = ""
    while True:
        found = _stretch(loans_matching(actor, filters, capability), filters.sort, after, size)
        yield from lines_of(found)
        if len(found) < size:
            return
        after = _write(found[-1], _order(filters.sort)[1])


def loan_ids_found(actor: Actor, query: str, *, limit: int = 200) -> set[UUID]:
    """The loans that a blind index leads to: through their number, their cars, or people in them."""
    matches = lookup.find(query, without=unsearched(actor), limit=limit)
    found = {match.loan_id for match in matches if match.loan_id is not None}
    parties = [match.object_id for match in matches if match.object_kind == "party"]
    if parties:
        found |= set(LoanParty.objects.filter(party_id__in=parties).values_list("loan_id", flat=True)[:limit])
    return found


def _search(actor: Actor, query: str) -> Q:
    if is_nothing(query):
        return Q(pk__in=[])
    text = fold(query)
    # A range instead of LIKE: only leakproof operators reach the index under row-level security.
    prefix = Q(contract_no__gte=text, contract_no__lt=text + "\U0010ffff")
    return prefix | Q(external_no=text) | Q(id__in=loan_ids_found(actor, text))


def _order(sort: str) -> tuple[bool, str]:
    descending = sort.startswith("-")
    return descending, SORTS.get(sort.lstrip("-"), SORTS[DEFAULT_SORT.lstrip("-")])


def _stretch(matching: "QuerySet[Loan]", sort: str, cursor: str, size: int, *, backwards: bool = False) -> list[Loan]:
    """Loans from a cursor on (none: from the end of the list where one begins), in the direction that is read.

    An order by a figure that may be unknown is read in two parts, the known one first: each by the order's own index,
    which has the unknown ones at one end only. The second is asked only where the first does not fill the page.
    """
    descending, column = _order(sort)
    smaller = descending != backwards
    sign = "-" if smaller else ""
    rows = matching.select_related("branch", "officer").order_by(f"{sign}{column}", f"{sign}id")
    start = _read(cursor, column) if cursor else None
    if column not in UNKNOWN_LAST:
        return list((rows.filter(_beyond(column, start, smaller=smaller)) if start else rows)[:size])
    found: list[Loan] = []
    for unknown in (True, False) if backwards else (False, True):
        part = rows.filter(**{f"{column}__isnull": unknown})
        if start is not None:
            if (start[0] is None) != unknown:
                continue
            part, start = part.filter(_beyond(column, start, smaller=smaller)), None
        found += part[: size - len(found)]
        if len(found) == size:
            break
    return found


def _beyond(column: str, cursor: tuple[Any, UUID], *, smaller: bool) -> Q:
    """Rows behind a cursor. The outer bound lets the index of the order be entered at the right place."""
    value, row_id = cursor
    side = "lt" if smaller else "gt"
    if value is None:
        return Q(**{f"id__{side}": row_id})
    return Q(**{f"{column}__{side}e": value}) & (Q(**{f"{column}__{side}": value}) | Q(**{f"id__{side}": row_id}))


def _write(loan: Loan, column: str) -> str:
    value = getattr(loan, column)
    plain = value.isoformat() if isinstance(value, date) else value
    return base64.urlsafe_b64encode(json.dumps([plain, loan.id.hex]).encode()).decode().rstrip("=")


def _read(cursor: str, column: str) -> tuple[Any, UUID]:
    try:
        value, row_id = json.loads(base64.urlsafe_b64decode(cursor[:LONGEST_CURSOR] + "=" * (-len(cursor) % 4)))
        if column == "opened_on":
            value = date.fromisoformat(value)
        elif column == "contract_no":
            if not isinstance(value, str) or "\0" in value:
                raise ValueError(column)
            value.encode()  # half a character is no text
        elif value is None and column in UNKNOWN_LAST:
            pass
        elif type(value) is not int or abs(value) > LARGEST_NUMBER:
            raise ValueError(column)
        return value, UUID(row_id)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid(code="cursor", fields={"after": [WRONG_CURSOR]}) from error
