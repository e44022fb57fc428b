"""The list of loans: searched, filtered, sorted by what is not encrypted, paged by keyset."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from carloan.core import lookup
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, Invalid
from carloan.core.listing import WRONG_CURSOR, is_nothing
from carloan.lib.text import fold
from carloan.loans.models import Loan, LoanParty, Party, Vehicle

from .loans import DETAILS, VIEW, amounts_open, borrowers_of, vehicles_of, visible_loans

PAGE = 50
# Counting a million rows takes longer than the page: above this the list says "more than".
MOST_COUNTED = 10_000
SORTS = {"number": "contract_no", "opened": "opened_on", "amount": "principal", "overdue": "days_overdue"}
DEFAULT_SORT = "-opened"
LONGEST_CURSOR = 1_000
LARGEST_NUMBER = 2**63 - 1
AMOUNT_SORTS = frozenset({"amount", "overdue"})
AGES: dict[str, tuple[int, int | None]] = {
    "0": (0, 0),
    "1-30": (1, 30),
    "31-60": (31, 60),
    "61-90": (61, 90),
    "90+": (91, None),
}


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
        loans = loans.filter(_search(filters.q))
    if filters.state:
        loans = loans.filter(state=filters.state)
    if filters.branch_id:
        loans = loans.filter(branch_id=filters.branch_id)
    if filters.mine:
        loans = loans.filter(officer_id=actor.membership_id)
    if filters.age in AGES:
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


def overdue_sums(actor: Actor, filters: Filters) -> list[tuple[str, int, int]]:
    """(currency, loans, overdue in minor units) of a filtered list, as far as the right to details goes. One query."""
    rows = loans_matching(actor, filters, DETAILS).order_by().values("currency")
    sums = rows.annotate(loans=Count("id"), owed=Sum("overdue")).order_by("currency")
    return list(sums.values_list("currency", "loans", "owed"))


def loan_page(actor: Actor, filters: Filters, *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """One page of the list behind or before a cursor. Raises Invalid for a cursor that is none."""
    matching = loans_matching(actor, filters)
    descending, column = _order(filters.sort)
    backwards = bool(before)
    rows = matching.select_related("branch", "officer")
    if cursor := before or after:
        rows = rows.filter(_beyond(column, _read(cursor, column), smaller=descending != backwards))
    sign = "-" if descending != backwards else ""
    found = list(rows.order_by(f"{sign}{column}", f"{sign}id")[: size + 1])
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
        descending, column = _order(filters.sort)
        rows = loans_matching(actor, filters, capability).select_related("branch", "officer")
        if after:
            rows = rows.filter(_beyond(column, _read(after, column), smaller=descending))
        sign = "-" if descending else ""
        found = list(rows.order_by(f"{sign}{column}", f"{sign}id")[:size])
        yield from lines_of(found)
        if len(found) < size:
            return
        after = _write(found[-1], column)


def loan_ids_found(query: str, *, limit: int = 200) -> set[UUID]:
    """The loans that a blind index leads to: through their number, their cars, or people in them."""
    matches = lookup.find(query, limit=limit)
    found = {match.loan_id for match in matches if match.loan_id is not None}
    parties = [match.object_id for match in matches if match.object_kind == "party"]
    if parties:
        found |= set(LoanParty.objects.filter(party_id__in=parties).values_list("loan_id", flat=True)[:limit])
    return found


def _search(query: str) -> Q:
    if is_nothing(query):
        return Q(pk__in=[])
    text = fold(query)
    # A range instead of LIKE: only leakproof operators reach the index under row-level security.
    prefix = Q(contract_no__gte=text, contract_no__lt=text + "\U0010ffff")
    return prefix | Q(external_no=text) | Q(id__in=loan_ids_found(text))


def _order(sort: str) -> tuple[bool, str]:
    descending = sort.startswith("-")
    return descending, SORTS.get(sort.lstrip("-"), SORTS[DEFAULT_SORT.lstrip("-")])


def _beyond(column: str, cursor: tuple[Any, UUID], *, smaller: bool) -> Q:
    """Rows behind a cursor. The outer bound lets the index of the order be entered at the right place."""
    value, row_id = cursor
    side = "lt" if smaller else "gt"
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
        elif type(value) is not int or abs(value) > LARGEST_NUMBER:
            raise ValueError(column)
        return value, UUID(row_id)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid(code="cursor", fields={"after": [WRONG_CURSOR]}) from error
