"""What payments pay: the version of each allocation that counts, and those before it.

Every figure that is made of allocations goes through `current_allocations`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Sum

from carloan.loans.models import Allocation, Loan, Payment
from carloan.loans.policies.allocation import UNALLOCATED, Allocated, Share, summed


def current_allocations(*, known_at: datetime | None = None) -> "QuerySet[Allocation]":
    """The rows of the newest version of each payment's allocation, as known now or at a moment."""
    rows: QuerySet[Allocation] = Allocation.objects.all()
    # Each version has exactly one row of this component (migration 0010): a short way to see whether there is one.
    newer = rows.filter(
        payment_id=OuterRef("payment_id"), version__gt=OuterRef("version"), component=UNALLOCATED, instalment=0
    )
    if known_at is not None:
        rows, newer = rows.filter(recorded_at__lte=known_at), newer.filter(recorded_at__lte=known_at)
    return rows.exclude(Exists(newer))


def allocated(loan: Loan, *, among: "QuerySet[Payment] | None" = None, known_at: datetime | None = None) -> Allocated:
    """What the payments of a loan, or those `among` them, paid, minor units, in one query.

    What was undone cancels out against the row that undid it.
    """
    rows = current_allocations(known_at=known_at).filter(payment__loan=loan)
    if among is not None:
        rows = rows.filter(payment__in=among)
    return summed(Share(*row) for row in rows.values_list("component").annotate(total=Sum("amount")))


def shares_now(payment: Payment) -> list[Share]:
    """How a payment is allocated now, share by share."""
    rows = current_allocations().filter(payment=payment).order_by("instalment", "component")
    return [_share(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a payment's allocation. `label` says why it was made."""

    number: int
    label: str
    recorded_at: datetime
    audit_event_id: UUID
    shares: Sequence[Share]

    @property
    def sums(self) -> Allocated:
        return summed(self.shares)

    @property
    def instalments(self) -> list[int]:
        """The numbers of the instalments that it pays, in order."""
        return sorted({share.instalment for share in self.shares} - {0})


def versions_of(payments: Iterable[Payment]) -> dict[UUID, list[Version]]:
    """Every version of the allocation of each payment, the one that counts first, in one query."""
    rows: dict[tuple[UUID, int], list[Allocation]] = {}
    ids = [payment.id for payment in payments]
    found = Allocation.objects.filter(payment_id__in=ids).order_by("payment_id", "-version", "instalment", "component")
    for row in found:
        rows.setdefault((row.payment_id, row.version), []).append(row)
    versions: dict[UUID, list[Version]] = {}
    for (payment_id, number), (first, *more) in rows.items():
        shares = [_share(row) for row in (first, *more)]
        version = Version(number, first.get_reason_display(), first.recorded_at, first.audit_event_id, shares)
        versions.setdefault(payment_id, []).append(version)
    return versions


def _share(row: Allocation) -> Share:
    return Share(row.component, row.amount, row.instalment)
