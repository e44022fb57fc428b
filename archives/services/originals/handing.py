"""Hand-over lists: drawn up, confirmed by whoever gives, confirmed by whoever takes; both name the hash of the list."""

import hashlib
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from carloan.archives.models import HandoverItem, HandoverList, HandoverSignature, Original
from carloan.archives.policies.originals.codes import ORIGINAL, code_of
from carloan.archives.policies.originals.handovers import MOST, MOVES, list_facts
from carloan.archives.policies.originals.requests import PURPOSES
from carloan.archives.selectors.originals.handovers import items_of, to_hand_over
from carloan.archives.selectors.originals.originals import REGISTER, VIEW
from carloan.archives.services.originals.custody import Proof, last_proof, original_hand
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import Membership
from carloan.core.moves import step
from carloan.core.numbers import next_number
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

OBJECT: Final = "archives.handoverlist"
State = HandoverList.State
Part = HandoverSignature.Part


def handover_draw(*, actor: Actor, taker: Membership, purpose: str, ids: Sequence[UUID]) -> HandoverList:
    """Draw up a list of originals that the actor hands to a colleague. Nothing moves by that.

    Raises Invalid for none, too many, what is not the actor's to hand over, oneself as taker; Forbidden.
    """
    member_id = actor.require_person(REGISTER)
    ids = list(dict.fromkeys(ids))
    faults = {}
    if taker.id == member_id or not taker.is_active:
        faults["taker"] = [_("Choose a colleague.")]
    if purpose not in PURPOSES:
        faults["purpose"] = [_("Say what it is needed for.")]
    if not 0 < len(ids) <= MOST:
        faults["originals"] = [_("From 1 to %(most)s originals make a list.") % {"most": MOST}]
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        found = {each.id: each for each in to_hand_over(actor).filter(id__in=ids)}
        if len(found) < len(ids):
            lacks = _("%(count)s of these are not in your hands, or not there any more.")
            raise Invalid(fields={"originals": [lacks % {"count": len(ids) - len(found)}]})
        handover = HandoverList(
            id=uuid7(), number=next_number("handovers"), giver_id=member_id, taker=taker, purpose=purpose
        )
        items = [
            HandoverItem(
                handover=handover,
                position=position,
                original=found[each],
                sheets=found[each].sheets,
                seal_no=found[each].seal_no,
            )
            for position, each in enumerate(ids, start=1)
        ]
        handover.digest = digest_of(handover, items)
        handover.audit_event_id = audit.record(
            actor=actor,
            action="archives.handover.drawn",
            object_type=OBJECT,
            object_id=handover.id,
            reason_code=purpose,
            count=len(items),
            digest=handover.digest,
        )
        handover.save(force_insert=True)
        for item in items:
            item.audit_event_id = handover.audit_event_id
        HandoverItem.objects.bulk_create(items)
    return handover


def digest_of(handover: HandoverList, items: Sequence[HandoverItem]) -> str:
    """The hash of a list as it stands: numbers, kinds, sheets and seals, who gives and who takes."""
    told = [
        {
            "position": item.position,
            "original": code_of(ORIGINAL, item.original.number),
            "kind": item.original.kind,
            "contract_no": item.original.loan.contract_no,
            "sheets": item.sheets,
            "seal_no": item.seal_no,
        }
        for item in items
    ]
    facts = list_facts(
        number=handover.number,
        giver=str(handover.giver_id),
        taker=str(handover.taker_id),
        purpose=handover.purpose,
        items=told,
    )
    return hashlib.sha256(audit.canonical(facts)).hexdigest()


def handover_sign(*, actor: Actor, handover: HandoverList, digest: str) -> HandoverList:
    """Confirm a list as the side that one is: whoever gives sends all of it on its way, whoever takes has received it.

    `digest` is the hash of the list that the person saw. Raises Forbidden for anybody else, Conflict for another list,
    for one that is confirmed already and for what stands otherwise than the list says, Invalid with what a certificate
    lacks.
    """
    with tenant_atomic():
        held = HandoverList.objects.select_for_update(no_key=True).get(id=handover.id)
        part = _part(actor, held)
        event = "give" if part == Part.GIVER else "take"
        MOVES.need(held.state, event)
        items = items_of(held)
        if digest != held.digest or digest_of(held, items) != held.digest:
            raise Conflict(_("The list is not what you saw: load the page again and look at it before you confirm."))
        event_id = _tell(actor, f"archives.handover.{'given' if part == Part.GIVER else 'taken'}", held)
        HandoverSignature.objects.create(
            handover=held, part=part, member_id=actor.require_person(VIEW), digest=digest, audit_event_id=event_id
        )
        for item in items:
            if part == Part.GIVER:
                _send(actor, held, item)
            else:
                _arrive(actor, held, item)
        step(held, MOVES, event, audit_event_id=event_id)
    return held


def _part(actor: Actor, handover: HandoverList) -> Part:
    """By their own sign-in: a lent right makes nobody a side."""
    member_id = actor.require_person(VIEW)
    if member_id == handover.giver_id:
        actor.require_person(REGISTER)
        return Part.GIVER
    if member_id == handover.taker_id:
        return Part.TAKER
    raise Forbidden


def _send(actor: Actor, handover: HandoverList, item: HandoverItem) -> None:
    original = item.original
    if (original.sheets, original.seal_no) != (item.sheets, item.seal_no) or not _is_theirs(actor, original):
        raise Conflict(
            _("%(code)s does not stand as the list says any more. Withdraw the list and draw up another one.")
            % {"code": code_of(ORIGINAL, original.number)}
        )
    original_hand(
        actor=actor,
        original=original,
        event="send",
        purpose=handover.purpose,
        second_id=handover.taker_id,
        proof=last_proof(original),
        handover=handover,
    )


def _is_theirs(actor: Actor, original: Original) -> bool:
    return to_hand_over(actor).filter(id=original.id).exists()


def _arrive(actor: Actor, handover: HandoverList, item: HandoverItem) -> None:
    original_hand(
        actor=actor,
        original=item.original,
        event="arrive",
        holder_id=handover.taker_id,
        purpose=handover.purpose,
        second_id=handover.giver_id,
        proof=last_proof(item.original),
        handover=handover,
    )


def handover_refuse(*, actor: Actor, handover: HandoverList, words: str) -> HandoverList:
    """Refuse what was handed over, all of it: it is in the hands of whoever gave it again. Raises Invalid without a
    reason, Forbidden for anybody but the taker, Conflict once it was confirmed."""
    if actor.require_person(VIEW) != handover.taker_id:
        raise Forbidden
    if not said(words):
        raise Invalid(fields={"words": [_("Give the reason.")]})
    return _end(actor, handover, "refuse", said(words)[:300])


def handover_withdraw(*, actor: Actor, handover: HandoverList) -> HandoverList:
    """Take a list back before the other side has confirmed it. Raises Forbidden for anybody but the giver."""
    if actor.require_person(VIEW) != handover.giver_id:
        raise Forbidden
    return _end(actor, handover, "withdraw", "")


def _end(actor: Actor, handover: HandoverList, event: str, words: str) -> HandoverList:
    with tenant_atomic():
        held = HandoverList.objects.select_for_update(no_key=True).get(id=handover.id)
        MOVES.need(held.state, event)
        event_id = _tell(
            actor, f"archives.handover.{'refused' if event == 'refuse' else 'withdrawn'}", held, words=words
        )
        if held.state == State.GIVEN:
            for item in items_of(held):
                known = last_proof(item.original)
                original_hand(
                    actor=actor,
                    original=item.original,
                    event="turn_back",
                    holder_id=held.giver_id,
                    proof=Proof(seal_no=known.seal_no, photo_sha256=known.photo_sha256, words=words),
                    handover=held,
                )
        step(held, MOVES, event, audit_event_id=event_id)
    return held


def _tell(actor: Actor, action: str, handover: HandoverList, *, words: str = "") -> UUID:
    return audit.record(
        actor=actor,
        action=action,
        object_type=OBJECT,
        object_id=handover.id,
        digest=handover.digest,
        reason=words,
    )
