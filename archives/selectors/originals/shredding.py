"""Shredding orders: which batches need one, what is on one, and what still stands in its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count

from carloan.archives.models import Original, ShreddingItem, ShreddingOrder, ShreddingScan
from carloan.archives.policies.originals.shredding import Counted, papers_recorded
from carloan.compliance.models import DestructionBatch, DestructionItem
from carloan.compliance.policies.destruction import WITNESSES
from carloan.compliance.selectors.certificates import shredding_of, witnesses_of
from carloan.compliance.selectors.destruction import VIEW
from carloan.core.actors import Actor
from carloan.core.errors import NotFound

MOST: Final = 200
# A list is final once everything on it was executed, and papers go before the certificate.
STATES: Final = (DestructionBatch.State.EXECUTED, DestructionBatch.State.VERIFIED)
# What is not there to be shredded: gone, or nobody knows where.
_ABSENT: Final = (
    Original.State.RELEASED,
    Original.State.SHREDDED,
    Original.State.VOIDED,
    Original.State.MISSING,
)


def orders_for(actor: Actor) -> list[ShreddingOrder]:
    """The newest first, each with the number of its originals (`listed`)."""
    actor.require(VIEW)
    rows = ShreddingOrder.objects.select_related("batch", "drawn_by").annotate(listed=Count("items"))
    return list(rows.order_by("-number")[:MOST])


def get_order_for(actor: Actor, order_id: UUID) -> ShreddingOrder:
    """Raises NotFound."""
    actor.require(VIEW)
    order = ShreddingOrder.objects.select_related("batch__proposed_by", "drawn_by").filter(id=order_id).first()
    if order is None:
        raise NotFound
    return order


def batches_to_shred(actor: Actor) -> list[DestructionBatch]:
    """Executed batches of which originals are still here and on no open order."""
    actor.require(VIEW)
    on_order = ShreddingOrder.objects.filter(state=ShreddingOrder.State.OPEN).values("batch_id")
    rows = DestructionBatch.objects.filter(state__in=STATES).exclude(id__in=on_order).order_by("number")
    return [batch for batch in rows[:MOST] if originals_of_batch(batch)]


def originals_of_batch(batch: DestructionBatch) -> list[tuple[int, Original]]:
    """(place on the list, original) of everything on paper that still exists of what a batch destroyed."""
    gone = DestructionItem.objects.filter(batch=batch, unit="loan", state__in=("destroyed", "verified"))
    places = dict(gone.values_list("object_id", "place"))
    rows = Original.objects.select_related("loan", "holder", "place").filter(loan_id__in=list(places))
    found = [(places[row.loan_id], row) for row in rows.exclude(state__in=_ABSENT)]
    return sorted(found, key=lambda pair: (pair[0], pair[1].number))


@dataclass(frozen=True, slots=True)
class Line:
    """An original of an order, and when it was scanned."""

    item: ShreddingItem
    scan: ShreddingScan | None


def lines_of(order: ShreddingOrder) -> list[Line]:
    scans = {scan.original_id: scan for scan in ShreddingScan.objects.select_related("by").filter(order=order)}
    items = ShreddingItem.objects.select_related(
        "original__loan", "original__place__parent__parent__parent", "original__holder"
    )
    rows: Sequence[ShreddingItem] = list(items.filter(order=order).order_by("position", "original__number"))
    return [Line(item, scans.get(item.original_id)) for item in rows]


def counted(order: ShreddingOrder) -> Counted:
    """What decides whether an order may end, as it stands."""
    record = shredding_of(order.batch)
    return Counted(
        listed=list(ShreddingItem.objects.filter(order=order).values_list("position", flat=True)),
        scanned=ShreddingScan.objects.filter(order=order).count(),
        recorded=papers_recorded(record.counts) if record else None,
        witnesses=len(witnesses_of(record)) if record else 0,
        needed=WITNESSES,
    )


def paper_left(loan_id: UUID) -> bool:
    """Whether something on paper of a loan is still here or with somebody."""
    return Original.objects.filter(loan_id=loan_id).exclude(state__in=_ABSENT).exists()
