"""What one person asks of an original and another one decides: borrow, keep longer, lost, given to the owner."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.archives.models import Custody, CustodyRequest, Original
from carloan.archives.policies.originals.requests import MOVES
from carloan.archives.selectors.originals.originals import AT_HAND, BORROW, DECIDE, KEEP, VIEW
from carloan.archives.services.originals.custody import (
    MOST_WORDS,
    NOTHING,
    OBJECT,
    Proof,
    original_hand,
)
from carloan.archives.services.originals.keeping import loan_faults
from carloan.archives.services.originals.rights import require_with
from carloan.compliance.selectors.holds import require_unheld
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid, Shredded
from carloan.core.ids import uuid7
from carloan.core.keys import KeyDestroyed, Subject
from carloan.core.moves import step
from carloan.core.sealed import clear, seal
from carloan.core.tenancy import tenant_atomic
from carloan.core.voices import voice_of
from carloan.lib.text import said
from carloan.loans.selectors.holding import around_loan

Kind = CustodyRequest.Kind
# Whose right it is to decide. Lending is daily work; that something is gone for good needs a second word.
DECIDES: Final[dict[str, str]] = {Kind.BORROW: KEEP, Kind.EXTEND: KEEP, Kind.LOSS: DECIDE, Kind.RELEASE: DECIDE}
_LOSABLE: Final = (*AT_HAND, Original.State.LENT, Original.State.IN_TRANSIT)


def request_ask(
    *, actor: Actor, original: Original, kind: str, purpose: str = "", due_on: date | None = None, words: str = ""
) -> CustodyRequest:
    """Ask to borrow an original, to keep it longer, to call it lost, or to give it to its owner (`words`: to whom).

    Raises Forbidden without the right, Conflict where the original does not stand so or the same is asked already,
    Invalid for what is missing, Held for what a legal hold keeps from leaving.
    """
    member_id = _asker(actor, original, kind)
    faults = _faults(original, kind, purpose, due_on, said(words))
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        held = Original.objects.select_for_update(no_key=True).get(id=original.id)
        _require_state(held, kind, member_id)
        if CustodyRequest.objects.filter(original=held, kind=kind, state__in=("asked", "granted")).exists():
            raise Conflict(_("Somebody has asked for this already; it waits for a decision."))
        if kind == Kind.RELEASE:
            require_unheld(around_loan(held.loan_id))
        row = CustodyRequest(
            id=uuid7(), original=held, kind=kind, purpose=purpose, due_on=due_on, asked_by_id=member_id
        )
        try:
            seal(row, words=said(words)[:MOST_WORDS])
        except KeyDestroyed as error:
            raise Shredded from error
        row.audit_event_id = _tell(actor, "archives.original.asked", held, kind, purpose)
        row.save(force_insert=True)
    return row


def _asker(actor: Actor, original: Original, kind: str) -> UUID:
    if kind == Kind.RELEASE:
        return require_with(actor=actor, original=original, capability=KEEP)
    if kind == Kind.BORROW:
        return require_with(actor=actor, original=original, capability=BORROW)
    # Whoever sees it may say that it is not there, and whoever has it may ask to keep it.
    return require_with(actor=actor, original=original, capability=VIEW)


def _faults(original: Original, kind: str, purpose: str, due_on: date | None, words: str) -> dict[str, list[str]]:
    if kind == Kind.BORROW:
        return loan_faults(due_on, purpose)
    if kind == Kind.EXTEND:
        faults = {name: lines for name, lines in loan_faults(due_on, "other").items() if name == "due_on"}
        if not faults and original.due_on and due_on and due_on <= original.due_on:
            faults["due_on"] = [_("Choose a later day than the one it is due on.")]
        return faults | ({} if words else {"words": [_("Give the reason.")]})
    if not words:
        lacks = _("Say to whom it goes and by which proof.") if kind == Kind.RELEASE else _("Say what is known.")
        return {"words": [lacks]}
    return {}


def _require_state(original: Original, kind: str, member_id: UUID) -> None:
    if kind == Kind.EXTEND and (original.state != Original.State.LENT or original.holder_id != member_id):
        raise Conflict(_("Only whoever has it asks to keep it longer."))
    if kind == Kind.LOSS and original.state not in _LOSABLE:
        raise Conflict
    if kind in (Kind.BORROW, Kind.RELEASE) and original.state not in AT_HAND:
        raise Conflict(_("It is not in its place now: somebody else has it, or it is gone."))


def request_grant(*, actor: Actor, request: CustodyRequest, proof: Proof = NOTHING) -> CustodyRequest:
    """Say yes to what somebody else asked: the original is lent, kept longer or called missing by that, or may be given
    to its owner (`original_release`).

    Raises Conflict for whoever asked, Invalid with what a certificate lacks, Forbidden without the right.
    """
    with tenant_atomic():
        held = _locked(request)
        member_id = _decider(actor, held)
        decided: dict[str, Any] = {"decided_by_id": member_id, "decided_at": timezone.now()}
        MOVES.need(held.state, "grant")
        if held.kind == Kind.RELEASE:
            event_id = _tell(actor, "archives.original.granted", held.original, held.kind, "")
            step(held, MOVES, "grant", audit_event_id=event_id, **decided)
            return held
        hand = _carry_out(actor, held, proof)
        step(held, MOVES, "use", audit_event_id=hand.audit_event_id, **decided)
    return held


def _carry_out(actor: Actor, request: CustodyRequest, proof: Proof) -> Custody:
    original, asked_by = request.original, request.asked_by_id
    if request.kind == Kind.BORROW:
        if faults := loan_faults(request.due_on, request.purpose):
            raise Invalid(fields=faults)
        return original_hand(
            actor=actor,
            original=original,
            event="lend",
            holder_id=asked_by,
            due_on=request.due_on,
            purpose=request.purpose,
            proof=proof,
            second_id=asked_by,
            request=request,
        )
    if request.kind == Kind.EXTEND:
        return original_hand(
            actor=actor,
            original=original,
            event="extend",
            holder_id=original.holder_id,
            due_on=request.due_on,
            second_id=asked_by,
            request=request,
        )
    return original_hand(
        actor=actor,
        original=original,
        event="lose",
        second_id=asked_by,
        request=request,
        proof=Proof(words=clear(request, "words")),
    )


def request_refuse(*, actor: Actor, request: CustodyRequest) -> CustodyRequest:
    """Say no to what somebody else asked. Raises as request_grant()."""
    with tenant_atomic():
        held = _locked(request)
        member_id = _decider(actor, held)
        MOVES.need(held.state, "refuse")
        event_id = _tell(actor, "archives.original.refused", held.original, held.kind, "")
        step(
            held,
            MOVES,
            "refuse",
            audit_event_id=event_id,
            decided_by_id=member_id,
            decided_at=timezone.now(),
        )
    return held


def request_withdraw(*, actor: Actor, request: CustodyRequest) -> CustodyRequest:
    """Take back what one asked, before it was carried out. Raises Forbidden for anybody else."""
    member_id = actor.require_person(VIEW)
    if request.asked_by_id != member_id:
        raise Forbidden
    with tenant_atomic():
        held = _locked(request)
        MOVES.need(held.state, "withdraw")
        event_id = _tell(actor, "archives.original.withdrawn", held.original, held.kind, "")
        step(held, MOVES, "withdraw", audit_event_id=event_id)
    return held


def original_release(*, actor: Actor, request: CustodyRequest, proof: Proof = NOTHING) -> Custody:
    """Give an original to its owner, as somebody else has confirmed. Raises Conflict before that and for whoever
    confirmed it, Held for what a legal hold keeps, Invalid with what a certificate lacks."""
    with tenant_atomic():
        held = _locked(request)
        member_id = require_with(actor=actor, original=held.original, capability=KEEP)
        if held.kind != Kind.RELEASE or held.state != CustodyRequest.State.GRANTED:
            raise Conflict(_("Somebody else has to confirm first that it is given away."))
        if member_id == held.decided_by_id:
            raise Conflict(_("Whoever confirmed it does not hand it out. Somebody else must."))
        hand = original_hand(
            actor=actor,
            original=held.original,
            event="release",
            second_id=held.decided_by_id,
            request=held,
            proof=Proof(seal_no=proof.seal_no, photo=proof.photo, words=clear(held, "words")),
        )
        step(held, MOVES, "use", audit_event_id=hand.audit_event_id)
    return hand


def _locked(request: CustodyRequest) -> CustodyRequest:
    held = CustodyRequest.objects.select_for_update(no_key=True).get(id=request.id)
    held.original = Original.objects.select_related("loan").get(id=held.original_id)
    return held


def _decider(actor: Actor, request: CustodyRequest) -> UUID:
    capability = DECIDES[request.kind]
    member_id = require_with(actor=actor, original=request.original, capability=capability)
    own = _("Whoever asked does not decide. Somebody else must.")
    if capability == DECIDE:
        return voice_of(actor, capability, proposer=request.asked_by_id, own_words=own)
    if request.asked_by_id in actor.hands(capability):
        raise Conflict(own)
    return member_id


def _tell(actor: Actor, action: str, original: Original, kind: str, purpose: str) -> UUID:
    return audit.record(
        actor=actor,
        action=action,
        object_type=OBJECT,
        object_id=original.id,
        loan_id=original.loan_id,
        subject=Subject("tenant", actor.tenant_id),
        after={"request": kind, **({"purpose": purpose} if purpose else {})},
    )
