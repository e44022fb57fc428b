"""The execution of a destruction and its proof. Both may be killed anywhere and run again: they converge.

Of each thing on the list: look under lock whether it may still go, destroy its key and empty its rows in one
transaction, remove its files, then say so. The proof looks at what lies there, with nothing in mind of what was done.
"""

import logging
from typing import Final
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from carloan.compliance import destroying
from carloan.compliance.holds import holdable
from carloan.compliance.models import DestructionBatch, DestructionItem, RetentionRecord
from carloan.compliance.policies import destruction_items
from carloan.compliance.policies.destruction import MOVES
from carloan.compliance.policies.retention import Phase
from carloan.compliance.retention import classes_of
from carloan.compliance.selectors.destruction import cooling_of
from carloan.compliance.selectors.holds import require_unheld
from carloan.compliance.selectors.retention import may_go, standing_of
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.answers import is_held
from carloan.core.errors import Held
from carloan.core.keys import Subject, forget_keys, is_destroyed
from carloan.core.moves import step
from carloan.core.tenancy import tenant_atomic

logger = logging.getLogger(__name__)
State = DestructionItem.State
# Things of one message: far less than the broker's patience.
TURN: Final = 40


def batch_execute(*, actor: Actor, batch_id: UUID, most: int = TURN) -> bool:
    """Go on with a destruction whose cooling-off is over; whether things are left for another turn.

    Raises Invalid while it is cooling off, also by the time of the authority that stamps the ledger, Conflict in any
    other state, Forbidden for anybody but the installation.
    """
    actor.require_installation()
    with tenant_atomic():
        batch = DestructionBatch.objects.select_for_update().get(id=batch_id)
        if batch.state != DestructionBatch.State.EXECUTING:
            _begin(actor, batch)
        listed = DestructionItem.objects.filter(batch=batch, state=State.LISTED).order_by("place")
        ids = list(listed.values_list("id", flat=True)[: most + 1])
    for item_id in ids[:most]:
        _item_execute(actor, item_id)
    if len(ids) > most:
        return True
    with tenant_atomic():
        batch = DestructionBatch.objects.select_for_update().get(id=batch_id)
        rest = DestructionItem.objects.filter(batch=batch, state=State.LISTED).exists()
        if not rest and batch.state == DestructionBatch.State.EXECUTING:
            _finish(actor, batch)
    return rest


def _begin(actor: Actor, batch: DestructionBatch) -> None:
    facts = cooling_of(batch)
    MOVES.need(batch.state, "execute")
    event_id = audit.record(
        actor=actor,
        action="compliance.destruction.begun",
        object_type="compliance.destructionbatch",
        object_id=batch.id,
        digest=batch.list_digest,
    )
    step(batch, MOVES, "execute", facts=facts, audit_event_id=event_id)


def _finish(actor: Actor, batch: DestructionBatch) -> None:
    gone = DestructionItem.objects.filter(batch=batch, state=State.DESTROYED).count()
    spared = DestructionItem.objects.filter(batch=batch, state=State.SPARED).count()
    event_id = audit.record(
        actor=actor,
        action="compliance.destruction.executed",
        object_type="compliance.destructionbatch",
        object_id=batch.id,
        after={"destroyed": gone, "spared": spared},
        count=gone,
        digest=batch.list_digest,
    )
    step(batch, MOVES, "finish", audit_event_id=event_id, executed_at=timezone.now())


def _item_execute(actor: Actor, item_id: UUID) -> None:
    with tenant_atomic():
        item = DestructionItem.objects.get(id=item_id)
    if _destroyed(actor, item):
        _tell(actor, item, files=destroying.clean(item.unit, item.object_id))


def _destroyed(actor: Actor, item: DestructionItem) -> bool:
    """Destroy one thing, or keep it back and say why. One whose key is gone already was destroyed by a run that died:
    it is not asked again whether it may go."""
    subject = Subject(item.unit, item.object_id)  # type: ignore[arg-type]  # units are kinds of keys
    why = ""
    try:
        with tenant_atomic():
            if not is_destroyed(subject):
                why = _why_not(item)
            if not why:
                destroying.destroy(actor, item.unit, item.object_id)
    except IntegrityError as error:
        if not is_held(error):
            raise
        why = DestructionItem.Spared.HELD
    if why:
        _spare(actor, item, why)
    return not why


def _tell(actor: Actor, item: DestructionItem, *, files: int) -> None:
    """The thing on the list becomes its tombstone."""
    with tenant_atomic():
        event_id = audit.record(
            actor=actor,
            action="compliance.destruction.item_destroyed",
            object_type="compliance.destructionitem",
            object_id=item.id,
            after={"files": files},
            digest=item.digest,
        )
        step(
            item,
            destruction_items.MOVES,
            "destroy",
            audit_event_id=event_id,
            files=files,
            destroyed_at=timezone.now(),
        )
        codes = [each.code for each in classes_of(item.unit)]
        RetentionRecord.objects.filter(record_class__in=codes, object_id=item.object_id).update(
            phase=Phase.DESTROYED, next_on=None
        )


def _why_not(item: DestructionItem) -> str:
    """Looked at while the thing is locked against new holds until the transaction ends."""
    try:
        require_unheld(holdable(item.unit).around(item.object_id))
    except Held:
        return DestructionItem.Spared.HELD
    if not may_go(item.unit, standing_of(item.unit, [item.object_id])[item.object_id]):
        return DestructionItem.Spared.EARLY
    return ""


def _spare(actor: Actor, item: DestructionItem, why: str) -> None:
    with tenant_atomic():
        event_id = audit.record(
            actor=actor,
            action="compliance.destruction.item_spared",
            object_type="compliance.destructionitem",
            object_id=item.id,
            reason_code=why,
            digest=item.digest,
        )
        step(item, destruction_items.MOVES, "spare", audit_event_id=event_id, spared=why)


def batch_verify(*, actor: Actor, batch_id: UUID) -> list[tuple[int, list[str]]]:
    """Prove that everything a batch destroyed is gone; what is not, by its place and what is left of it.

    With the keys that this process remembers forgotten, so that it asks the key store. Once nothing is left the batch
    is verified. Raises Conflict in any other state, Forbidden for anybody but the installation.
    """
    actor.require_installation()
    forget_keys()
    with tenant_atomic():
        batch = DestructionBatch.objects.select_for_update().get(id=batch_id)
        MOVES.need(batch.state, "verify")
        items = list(DestructionItem.objects.filter(batch=batch, state=State.DESTROYED).order_by("place"))
        found = []
        for item in items:
            left = destroying.left_of(item.unit, item.object_id)
            if not is_destroyed(Subject(item.unit, item.object_id)):  # type: ignore[arg-type]
                left.insert(0, "key")
            if left:
                found.append((item.place, left))
        if found:
            logger.error("destruction %d: %d things are not gone", batch.number, len(found))
            return found
        event_id = audit.record(
            actor=actor,
            action="compliance.destruction.verified",
            object_type="compliance.destructionbatch",
            object_id=batch.id,
            count=len(items),
            digest=batch.list_digest,
        )
        for item in items:
            step(item, destruction_items.MOVES, "verify", audit_event_id=event_id, verified_at=timezone.now())
        step(batch, MOVES, "verify", audit_event_id=event_id, verified_at=timezone.now())
    return []
