"""Acts of people on a destruction: proposed, spoken about, changed. Its execution is `executing.py`.

The database keeps the same rules (migration 0007): voices of different people who did not propose it, two approvers who
administer nothing, the list as it was approved, the days of cooling-off.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import DestructionBatch, DestructionItem, DestructionVoice
from carloan.compliance.policies import destruction_items
from carloan.compliance.policies.destruction import (
    APPROVERS,
    MOST_ITEMS,
    MOVES,
    PARTS,
    RIGHTS,
    STEPS,
    list_digest,
)
from carloan.compliance.selectors.destruction import listed_facts, obstacles, records_of
from carloan.compliance.selectors.retention import law_is_known, policy_in_force, standing_of
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.numbers import next_number
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.core.voices import is_administrator, voice_of
from carloan.lib import merkle
from carloan.lib.text import said

PROPOSE: Final = "destruction.propose"
# Who may speak as which part.
OBJECT: Final = "compliance.destructionbatch"


def batch_propose(
    *, actor: Actor, unit: str, ids: Sequence[UUID], opinion: str, originals: bool = False
) -> DestructionBatch:
    """Propose to destroy these units; the list is frozen by its hash. `originals`: papers of them lie in boxes too.

    Raises Invalid without an opinion of the appraisal, without a thing, for more than MOST_ITEMS, and for what is held,
    not past its time or gone already; Conflict while no policy is in force or no law of the place is known; Forbidden
    without the right or for a key of another system.
    """
    member_id = actor.require_person(PROPOSE)
    ids = list(dict.fromkeys(ids))
    faults = {}
    if not said(opinion):
        faults["opinion"] = [_("Say what the appraisal found.")]
    if not 0 < len(ids) <= MOST_ITEMS:
        faults["ids"] = [_("From 1 to %(most)s things make a list.") % {"most": MOST_ITEMS}]
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        policy = policy_in_force(timezone.localdate())
        if policy is None:
            raise Conflict(_("No policy of retention is in force: nothing can be destroyed."))
        if not law_is_known(unit):
            raise Conflict(
                _("How long the law of this place keeps such records is not entered: nothing can be destroyed.")
            )
        if against := obstacles(unit, ids):
            words = _("%(count)s of these cannot be destroyed: held, not past their time, or gone already.")
            raise Invalid(fields={"ids": [words % {"count": len(against)}]})
        held = standing_of(unit, ids)
        number = next_number("destructions")
        batch = DestructionBatch(
            id=uuid7(),
            number=number,
            proposed_by_id=member_id,
            policy_version=policy.version,
            cooling_days=policy.cooling_days,
            originals=originals,
        )
        items = [
            DestructionItem(batch=batch, place=place, unit=unit, object_id=each, records=records_of(held[each]))
            for place, each in enumerate(ids, start=1)
        ]
        for item in items:
            item.digest = merkle.leaf_hash(listed_facts(batch, item)).hex()
        batch.list_digest = list_digest(item.digest for item in items)
        seal(batch, opinion=said(opinion)[:1000])
        batch.audit_event_id = audit.record(
            actor=actor,
            action="compliance.destruction.proposed",
            object_type=OBJECT,
            object_id=batch.id,
            reason=said(opinion)[:1000],
            count=len(items),
            after={"originals": True} if originals else None,
            digest=batch.list_digest,
            rules=f"retention {policy.version}",
        )
        batch.save(force_insert=True)
        for item in items:
            item.audit_event_id = batch.audit_event_id
        DestructionItem.objects.bulk_create(items)
    return batch


def batch_speak(*, actor: Actor, batch: DestructionBatch, digest: str, agrees: bool, reason: str) -> DestructionBatch:
    """Speak about a list in the part that its state asks for; one refusal ends the batch, the second approval begins
    the cooling-off. `digest` is the hash of the list that the person saw.

    Raises Conflict when the list is another one by now, for whoever proposed it, for a second voice of one person and
    for an administrator as approver; Invalid for a refusal without a reason; Forbidden without the right.
    """
    with tenant_atomic():
        held = DestructionBatch.objects.select_for_update().get(id=batch.id)
        part = PARTS.get(held.state, "approver")
        MOVES.need(held.state, STEPS[part] if agrees else "refuse")
        member_id = _speaker(actor, held, part=part, digest=digest)
        if not agrees and not said(reason):
            raise Invalid(fields={"reason": [_("Give the reason.")]})
        agreed = DestructionVoice.objects.filter(
            batch=held, list_digest=held.list_digest, part=part, agrees=True
        ).count()
        moves = not agrees or part != "approver" or agreed + 1 >= APPROVERS
        event = STEPS[part] if agrees else "refuse"
        event_id = audit.record(
            actor=actor,
            action="compliance.destruction.agreed" if agrees else "compliance.destruction.refused",
            object_type=OBJECT,
            object_id=held.id,
            reason_code=part,
            reason=said(reason)[:500],
            digest=held.list_digest,
        )
        voice = DestructionVoice(
            id=uuid7(),
            batch=held,
            part=part,
            member_id=member_id,
            list_digest=held.list_digest,
            agrees=agrees,
            audit_event_id=event_id,
        )
        seal(voice, reason=said(reason)[:500])
        voice.save(force_insert=True)
        if moves:
            step(held, MOVES, event, audit_event_id=event_id)
        if not agrees:
            _drop_all(held, event_id)
        held.refresh_from_db()
    return held


def item_drop(*, actor: Actor, batch: DestructionBatch, item: DestructionItem, reason: str) -> DestructionBatch:
    """Take one thing off a list. What was said about the list before counts no more: it is reviewed anew.

    Raises Invalid without a reason or for the last thing of a list, Conflict once the destruction has begun.
    """
    actor.require_person(PROPOSE)
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    with tenant_atomic():
        held = DestructionBatch.objects.select_for_update().get(id=batch.id)
        MOVES.need(held.state, "amend")
        dropped = DestructionItem.objects.select_for_update().get(id=item.id, batch=held)
        rest = DestructionItem.objects.filter(batch=held, state=DestructionItem.State.LISTED).exclude(id=dropped.id)
        digests = list(rest.order_by("place").values_list("digest", flat=True))
        if not digests:
            raise Invalid(fields={"reason": [_("This is the last thing on the list: refuse the whole instead.")]})
        event_id = audit.record(
            actor=actor,
            action="compliance.destruction.amended",
            object_type=OBJECT,
            object_id=held.id,
            after={"place": dropped.place},
            reason=said(reason)[:500],
            digest=list_digest(digests),
        )
        step(dropped, destruction_items.MOVES, "drop", audit_event_id=event_id)
        step(held, MOVES, "amend", audit_event_id=event_id, list_digest=list_digest(digests))
        held.refresh_from_db()
    return held


def _speaker(actor: Actor, batch: DestructionBatch, *, part: str, digest: str) -> UUID:
    spoken = DestructionVoice.objects.filter(batch=batch, list_digest=batch.list_digest)
    member_id = voice_of(
        actor,
        RIGHTS[part],
        proposer=batch.proposed_by_id,
        spoken=spoken.values_list("member_id", flat=True),
        own_words=_("Whoever proposed a destruction does not speak about it."),
        again_words=_("You have spoken about this list already. Somebody else must."),
    )
    if digest != batch.list_digest:
        raise Conflict(_("The list changed meanwhile. Look at it again before you speak about it."))
    if part == "approver" and is_administrator(member_id):
        raise Conflict(_("Administrators of the system approve no destruction."))
    return member_id


def _drop_all(batch: DestructionBatch, event_id: UUID) -> None:
    """What a refused list held may be proposed again."""
    for item in DestructionItem.objects.filter(batch=batch, state=DestructionItem.State.LISTED):
        step(item, destruction_items.MOVES, "drop", audit_event_id=event_id)
