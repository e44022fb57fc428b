"""Reads of destruction: what may be proposed, batches with their lists and voices."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef
from django.utils import timezone

from carloan.compliance.holds import holdable
from carloan.compliance.models import DestructionBatch, DestructionItem, DestructionVoice, RetentionRecord
from carloan.compliance.policies.destruction import APPROVERS, PARTS, RIGHTS, Cooling, cooled, item_facts
from carloan.compliance.policies.retention import Phase
from carloan.compliance.retention import classes_of
from carloan.compliance.selectors.days import outside_time
from carloan.compliance.selectors.holds import notices_on
from carloan.compliance.selectors.retention import Held, may_go, standing_of
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.core.keys import Subject, is_destroyed
from carloan.core.models import Tenant
from carloan.core.tenancy import current_tenant_id

VIEW: Final = "destruction.view"
MOST: Final = 200
MOST_LOOKED_AT: Final = 20_000
OPEN: Final = DestructionItem.State.LISTED


def due_units(actor: Actor, unit: str, most: int) -> list[UUID]:
    """Units that may be proposed, the longest due first: all of their records are past their time as counted now, no
    hold is in force on them, and they stand on no open list."""
    actor.require(VIEW)
    anchors = [each.code for each in classes_of(unit) if each.anchor]
    listed = DestructionItem.objects.filter(unit=unit, state=OPEN).values("object_id")
    rows = RetentionRecord.objects.filter(record_class__in=anchors, phase=Phase.DUE).exclude(object_id__in=listed)
    ordered = rows.order_by("keep_until", "object_id").values_list("object_id", flat=True)
    found: list[UUID] = []
    # What is held stays at the head of this order for as long as it is held, and must not hide what is behind it.
    for start in range(0, MOST_LOOKED_AT, most):
        ids = list(ordered[start : start + most])
        held = standing_of(unit, ids)
        found += [each for each in ids if may_go(unit, held[each]) and not is_held(unit, each)]
        if len(ids) < most or len(found) >= most:
            break
    return found[:most]


def is_held(unit: str, unit_id: UUID) -> bool:
    return bool(notices_on(holdable(unit).around(unit_id)))


def obstacles(unit: str, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Why units may not be proposed: `held`, `early`, or `gone` when they were destroyed before. Nothing: they may."""
    held = standing_of(unit, ids)
    found = {}
    for each in ids:
        if is_destroyed(Subject(unit, each)):  # type: ignore[arg-type]  # units are kinds of keys
            found[each] = "gone"
        elif is_held(unit, each):
            found[each] = "held"
        elif not may_go(unit, held[each]):
            found[each] = "early"
    return found


def records_of(held: Sequence[Held]) -> list[dict[str, str]]:
    """What a list says of a unit's records: classes and days."""
    return [
        {
            "class": each.record_class,
            "trigger": each.trigger,
            "since": each.since.isoformat(),
            "keep_until": each.keep_until.isoformat() if each.keep_until else "",
        }
        for each in held
    ]


def listed_facts(batch: DestructionBatch, item: DestructionItem) -> bytes:
    """What the hash of a thing on a list is made of."""
    return audit.canonical(
        item_facts(
            batch=batch.number,
            place=item.place,
            unit=item.unit,
            object_id=str(item.object_id),
            policy=batch.policy_version,
            records=item.records,
        )
    )


def batches_for(actor: Actor, *, ids: Collection[UUID] | None = None) -> list[DestructionBatch]:
    """The newest first, of `ids` alone where they are given, each with the number of things on its list (`listed`)."""
    actor.require(VIEW)
    rows = DestructionBatch.objects.select_related("proposed_by").annotate(listed=Count("items"))
    if ids is not None:
        rows = rows.filter(id__in=ids)
    return list(rows.order_by("-number")[:MOST])


def waiting_for(actor: Actor) -> set[UUID]:
    """Batches that wait for a word of this actor: who has the right of the part that speaks next, did not propose it
    and has not spoken about its list as it stands."""
    actor.require(VIEW)
    states = [state for state, part in PARTS.items() if actor.can(RIGHTS[part])]
    if actor.membership_id is None or not states:
        return set()
    spoken = DestructionVoice.objects.filter(
        batch=OuterRef("pk"), list_digest=OuterRef("list_digest"), member_id=actor.membership_id
    )
    rows = DestructionBatch.objects.filter(~Exists(spoken), state__in=states)
    return set(rows.exclude(proposed_by_id=actor.membership_id).values_list("id", flat=True))


def approvals_missing(batches: Sequence[DestructionBatch]) -> dict[UUID, int]:
    """How many approvals each batch lacks that waits for them."""
    waiting = [batch.id for batch in batches if PARTS.get(batch.state) == "approver"]
    given = DestructionVoice.objects.filter(
        batch__in=waiting, part=DestructionVoice.Part.APPROVER, agrees=True, list_digest=F("batch__list_digest")
    )
    counted = Counter(given.values_list("batch_id", flat=True))
    return {each: APPROVERS - counted[each] for each in waiting}


def get_batch_for(actor: Actor, batch_id: UUID) -> DestructionBatch:
    """Raises NotFound."""
    actor.require(VIEW)
    batch = DestructionBatch.objects.select_related("proposed_by").filter(id=batch_id).first()
    if batch is None:
        raise NotFound
    return batch


def get_item(batch: DestructionBatch, item_id: UUID) -> DestructionItem:
    """Raises NotFound."""
    item = DestructionItem.objects.filter(batch=batch, id=item_id).first()
    if item is None:
        raise NotFound
    return item


def items_of(batch: DestructionBatch) -> list[DestructionItem]:
    return list(DestructionItem.objects.filter(batch=batch).order_by("place"))


def voices_of(batch: DestructionBatch) -> list[DestructionVoice]:
    """Everything that was said, also about lists that changed since."""
    return list(DestructionVoice.objects.select_related("member").filter(batch=batch).order_by("id"))


def counts_of(items: Sequence[DestructionItem]) -> dict[str, int]:
    """How many things stand in which state: together they are as many as were listed."""
    return dict(Counter(item.state for item in items))


def to_execute() -> list[UUID]:
    """Batches of the open tenant whose cooling-off is over, and those that a run has left."""
    state = DestructionBatch.State
    rows = DestructionBatch.objects.filter(state__in=[state.COOLING, state.EXECUTING]).order_by("number")
    return [
        row.id
        for row in rows.only("id", "state", "cooling_until")
        if row.state == state.EXECUTING or not cooled(cooling_of(row))
    ]


def cooling_of(batch: DestructionBatch) -> Cooling:
    """What the end of a batch's cooling-off is judged by now, in the open tenant."""
    demonstration = Tenant.objects.values_list("is_demonstration", flat=True).get(id=current_tenant_id())
    return Cooling(batch.cooling_until, timezone.now(), outside_time(), demonstration)


def clock_doubt(batch: DestructionBatch) -> str:
    """Why a batch whose cooling-off is over by our own clock does not begin; nothing where it does or is not so far."""
    if batch.state != DestructionBatch.State.COOLING:
        return ""
    return next((str(problem.message) for problem in cooled(cooling_of(batch)) if problem.code != "cooling"), "")


def to_verify() -> list[UUID]:
    """Batches of the open tenant that are executed and not proved to be gone."""
    rows = DestructionBatch.objects.filter(state=DestructionBatch.State.EXECUTED).order_by("number")
    return list(rows.values_list("id", flat=True))
