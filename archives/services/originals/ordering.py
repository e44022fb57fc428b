"""A shredding order: drawn up for an executed batch, each original scanned, ended by the batch's witnessed record.

It is no second record: who shredded, how, on which film and before whom stands with the batch (compliance), and nothing
on paper counts as shredded before two have witnessed that.
"""

from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.archives.models import Original, ShreddingItem, ShreddingOrder, ShreddingScan
from carloan.archives.policies.originals.codes import ORIGINAL, code_of, read_code
from carloan.archives.policies.originals.shredding import MOVES
from carloan.archives.selectors.originals.originals import AT_HAND
from carloan.archives.selectors.originals.shredding import STATES, counted, originals_of_batch
from carloan.archives.services.originals.custody import original_hand
from carloan.compliance.models import DestructionBatch
from carloan.compliance.selectors.certificates import shredding_of, witnesses_of
from carloan.compliance.services.shredding import CARRY_OUT, originals_declare
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.numbers import next_number
from carloan.core.tenancy import tenant_atomic

OBJECT: Final = "archives.shreddingorder"


def shredding_draw(*, actor: Actor, batch: DestructionBatch) -> ShreddingOrder:
    """Draw up the order of an executed batch; it says by that that the batch has originals.

    Raises Conflict before the execution and behind the certificate, while another order is open, where there is nothing
    on paper, and for what somebody else still has; Forbidden without the right.
    """
    member_id = actor.require_person(CARRY_OUT)
    with tenant_atomic():
        held = DestructionBatch.objects.select_for_update(no_key=True).get(id=batch.id)
        if held.state not in STATES:
            raise Conflict(_("Originals are shredded once the batch was executed, and before it is certified."))
        if ShreddingOrder.objects.filter(batch=held, state=ShreddingOrder.State.OPEN).exists():
            raise Conflict(_("An order of this batch is open already."))
        found = originals_of_batch(held)
        if not found:
            raise Conflict(_("Nothing on paper of this batch is entered here."))
        if away := [code_of(ORIGINAL, each.number) for _place, each in found if each.state not in AT_HAND]:
            raise Conflict(_("Not here: %(codes)s. Have them given back first.") % {"codes": ", ".join(away[:20])})
        originals_declare(actor=actor, batch=held)
        order = ShreddingOrder(id=uuid7(), number=next_number("shreddings"), batch=held, drawn_by_id=member_id)
        order.audit_event_id = audit.record(
            actor=actor,
            action="archives.shredding.drawn",
            object_type=OBJECT,
            object_id=order.id,
            count=len(found),
            digest=held.list_digest,
        )
        order.save(force_insert=True)
        ShreddingItem.objects.bulk_create(
            ShreddingItem(order=order, original=each, position=place, audit_event_id=order.audit_event_id)
            for place, each in found
        )
    return order


def shredding_scan(*, actor: Actor, order: ShreddingOrder, code: str) -> ShreddingScan:
    """Count one original in at the shredder. May come twice. Raises Invalid for what is not on the order, Conflict once
    the order has ended."""
    member_id = actor.require_person(CARRY_OUT)
    with tenant_atomic():
        held = _open_order(order)
        read = read_code(code)
        items = ShreddingItem.objects.filter(order=held)
        item = items.filter(original__number=read.number).first() if read and read.letter == ORIGINAL else None
        if item is None:
            raise Invalid(fields={"code": [_("This is not on the order: put it aside.")]})
        scan, _created = ShreddingScan.objects.get_or_create(
            order=held,
            original_id=item.original_id,
            defaults={"by_id": member_id, "audit_event_id": held.audit_event_id},
        )
    return scan


def shredding_finish(*, actor: Actor, order: ShreddingOrder) -> ShreddingOrder:
    """End an order: every original was scanned, the batch's record counts as many, and its witnesses have spoken. By
    that each original is shredded.

    Raises Invalid with what is missing, Conflict once it has ended, Held for what a legal hold keeps.
    """
    actor.require_person(CARRY_OUT)
    with tenant_atomic():
        held = _open_order(order)
        MOVES.need(held.state, "finish")
        facts = counted(held)
        event_id = audit.record(
            actor=actor,
            action="archives.shredding.done",
            object_type=OBJECT,
            object_id=held.id,
            count=len(facts.listed),
        )
        step(held, MOVES, "finish", facts=facts, audit_event_id=event_id, ended_at=timezone.now())
        second = _witness(held, actor.membership_id)
        for original in Original.objects.filter(id__in=held.items.values("original_id")).order_by("number"):
            original_hand(actor=actor, original=original, event="shred", second_id=second)
    return held


def shredding_withdraw(*, actor: Actor, order: ShreddingOrder) -> ShreddingOrder:
    """Give up an order before anything went. Raises Conflict once it has ended."""
    actor.require_person(CARRY_OUT)
    with tenant_atomic():
        held = _open_order(order)
        event_id = audit.record(
            actor=actor, action="archives.shredding.withdrawn", object_type=OBJECT, object_id=held.id
        )
        step(held, MOVES, "withdraw", audit_event_id=event_id, ended_at=timezone.now())
    return held


def _open_order(order: ShreddingOrder) -> ShreddingOrder:
    held = ShreddingOrder.objects.select_for_update(no_key=True).get(id=order.id)
    MOVES.need(held.state, "withdraw")
    held.batch = DestructionBatch.objects.get(id=held.batch_id)
    return held


def _witness(order: ShreddingOrder, member_id: UUID | None) -> UUID:
    record = shredding_of(order.batch)
    assert record is not None  # the guard of the step asks for it
    return next(each.member_id for each in witnesses_of(record) if each.member_id != member_id)
