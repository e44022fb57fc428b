"""Acts on transfers (PIPL 45 para. 3): the handler is named, each condition decided, the package handed over.

Nothing goes from one lender of an installation to another: the package leaves with the person, or to where they say.
The trail tells which condition was decided how and which package went, never to whom.
"""

from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import PersonCopy, PersonRequest, TransferCondition, TransferDelivery, TransferRecipient
from carloan.compliance.policies.transfers import CONDITIONS, MOST_FEE, may_charge
from carloan.compliance.selectors.person_rights import copy_job_of, is_busy, is_gone
from carloan.compliance.selectors.transfers import (
    conditions_of,
    copies_for,
    earlier_transfers,
    is_delivered,
    recipient_of,
    was_taken,
)
from carloan.compliance.services.person_rights import MANAGE, MOST_WORDS, OBJECT
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib import uscc
from carloan.lib.text import fold, said

MOST_NAME: Final = 120


def recipient_name(
    *, actor: Actor, request: PersonRequest, name: str, contact: str, credit_code: str = ""
) -> TransferRecipient:
    """Enter the handler whom the person names. Another one, entered later, takes its place, and every condition is
    decided anew.

    Raises Invalid without a name or a contact and for a credit code whose check character is wrong; Conflict unless the
    request asks for a transfer, is worked on and nothing was handed over; Forbidden without the right.
    """
    member_id = actor.require_person(MANAGE)
    faults: dict[str, list[Any]] = {}
    if not said(name):
        faults["name"] = [_("Give the name of the handler as it is registered.")]
    if not said(contact):
        faults["contact"] = [_("Give the telephone, e-mail or address by which the handler is reached.")]
    if said(credit_code) and (problems := uscc.problems(credit_code)):
        faults["credit_code"] = [problem.message for problem in problems]
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        held = _transfer(request)
        row = TransferRecipient(id=uuid7(), request=held, party_id=held.party_id, named_by_id=member_id)
        seal(
            row,
            name=fold(name)[:MOST_NAME],
            contact=said(contact)[:MOST_NAME],
            credit_code=uscc.normalise(credit_code),
        )
        row.audit_event_id = audit.record(
            actor=actor,
            action="compliance.transfer.named",
            object_type=OBJECT,
            object_id=held.id,
            after={"number": held.number},
        )
        row.save(force_insert=True)
    return row


def condition_decide(*, actor: Actor, request: PersonRequest, code: str, met: bool, reason: str) -> TransferCondition:
    """Say whether a condition is met, and why. The last word counts.

    Raises Invalid for an unknown condition and without reasons; Conflict before a handler is named, when the package
    was handed over and for a request that is no transfer or not worked on; Forbidden without the right.
    """
    member_id = actor.require_person(MANAGE)
    faults: dict[str, list[Any]] = {}
    if code not in CONDITIONS:
        faults["code"] = [_("Choose one of the list.")]
    if not said(reason):
        faults["reason"] = [_("Give the reasons.")]
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        held = _transfer(request)
        recipient = recipient_of(held)
        if recipient is None:
            raise Conflict(_("Enter the handler whom the person names first."))
        row = TransferCondition(
            id=uuid7(), recipient=recipient, party_id=held.party_id, code=code, met=met, decided_by_id=member_id
        )
        seal(row, reason=said(reason)[:MOST_WORDS])
        row.audit_event_id = audit.record(
            actor=actor,
            action="compliance.transfer.decided",
            object_type=OBJECT,
            object_id=held.id,
            reason_code=code,
            after={"met": met},
        )
        row.save(force_insert=True)
    return row


def transfer_deliver(
    *,
    actor: Actor,
    request: PersonRequest,
    way: str,
    receiver: str,
    delivered_at: datetime,
    evidence: str = "",
    fee: int = 0,
    fee_reason: str = "",
) -> TransferDelivery:
    """Record that the newest package left the house: to whom, how and when; `fee` in minor units of yuan.

    Raises Invalid for an unknown way, without a receiver, for a moment to come or before the package was made, and for
    a fee without reasons or for the first transfer of a year; Conflict while a condition is not met, for a package that
    nobody took out of the installation, and for one that was handed over; Forbidden without the right.
    """
    member_id = actor.require_person(MANAGE)
    with tenant_atomic():
        held = _transfer(request)
        recipient = recipient_of(held)
        copy = next(iter(copies_for(recipient)), None) if recipient else None
        require_conditions(held)
        if recipient is None or copy is None:
            raise Conflict(_("Make the package first."))
        if not was_taken(copy):
            raise Conflict(_("Nobody took this package out of the system yet: take the zip first."))
        faults: dict[str, list[Any]] = {}
        if way not in TransferDelivery.Way.values:
            faults["way"] = [_("Say how it was handed over.")]
        if not said(receiver):
            faults["receiver"] = [_("Say who took it.")]
        # People say it by the minute.
        if not copy.made_at.replace(second=0, microsecond=0) <= delivered_at <= timezone.now():
            faults["delivered_at"] = [_("This is still to come, or before the package was made.")]
        faults |= _fee_faults(fee, fee_reason, earlier=earlier_transfers(held))
        if faults:
            raise Invalid(fields=faults)
        row = TransferDelivery(
            id=uuid7(),
            recipient=recipient,
            copy=copy,
            party_id=held.party_id,
            way=way,
            delivered_at=delivered_at,
            digest=copy.digest,
            fee=fee,
            recorded_by_id=member_id,
        )
        seal(
            row,
            receiver=said(receiver)[:MOST_NAME],
            evidence=said(evidence)[:200],
            fee_reason=said(fee_reason)[:MOST_WORDS] if fee else "",
        )
        row.audit_event_id = audit.record(
            actor=actor,
            action="compliance.transfer.delivered",
            object_type=OBJECT,
            object_id=held.id,
            reason_code=way,
            after={"number": held.number, "delivered_at": delivered_at.isoformat(), "fee": fee},
            digest=copy.digest,
        )
        row.save(force_insert=True)
    return row


def require_conditions(request: PersonRequest) -> None:
    """Raises Conflict unless every condition of the transfer is decided and met."""
    met = conditions_of(request)
    if not all(met.get(code) for code in CONDITIONS):
        raise Conflict(_("Every condition has to be decided and met first; where one is not, the request is refused."))


def require_package(request: PersonRequest, copy: PersonCopy) -> None:
    """Raises Conflict for a package that must not leave: made for another handler, or a condition is not met now."""
    require_conditions(request)
    recipient = recipient_of(request)
    if recipient is None or copy.made_at < recipient.named_at:
        raise Conflict(_("This package was made for a handler that the person named before."))


def _fee_faults(fee: int, reason: str, *, earlier: int) -> dict[str, list[Any]]:
    if not 0 <= fee <= MOST_FEE:
        return {"fee": [_("Only what the transfer costs.")]}
    if fee and not may_charge(earlier):
        return {"fee": [_("The first transfer within a year costs the person nothing.")]}
    if fee and not said(reason):
        return {"fee_reason": [_("Say what the fee is for, and why the requests are more than reasonable.")]}
    return {}


def _transfer(request: PersonRequest) -> PersonRequest:
    held = PersonRequest.objects.select_for_update(of=("self",)).get(id=request.id)
    if held.kind != PersonRequest.Kind.TRANSFER or held.state != PersonRequest.State.WORKING:
        raise Conflict(_("This is done for a request for transfer, while it is worked on."))
    if is_gone(held.party_id):
        raise Conflict(_("The data of this person were destroyed."))
    if is_busy(copy_job_of(held)):
        raise Conflict(_("The package is being made: wait for it."))
    if is_delivered(held):
        raise Conflict(_("The package was handed over already."))
    return held
