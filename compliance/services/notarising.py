"""The notary of a destruction: number, office and day of a deed about its certificate, or the reason for none."""

import hashlib
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import DestructionBatch, DestructionNotary
from carloan.compliance.policies.destruction import MOVES, WITHOUT_NOTARY
from carloan.compliance.selectors.certificates import certificate_of, notary_facts, notary_of
from carloan.compliance.services.destruction import OBJECT
from carloan.compliance.services.shredding import CARRY_OUT
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

MOST_NUMBER: Final = 100
MOST_WORDS: Final = 300


def batch_notarise(
    *, actor: Actor, batch: DestructionBatch, number: str, office: str, notarised_on: date
) -> DestructionNotary:
    """Enter the deed of a notary about the certificate; with it the batch is at its very end.

    Raises Forbidden without the right, Conflict without a certificate and for a second deed, Invalid without number or
    office, for a day to come and for one before the certificate.
    """
    member_id = actor.require_person(CARRY_OUT)
    number, office = said(number)[:MOST_NUMBER], said(office)[:MOST_WORDS]
    with tenant_atomic():
        held = DestructionBatch.objects.select_for_update().get(id=batch.id)
        MOVES.need(held.state, "notarise")
        certificate = certificate_of(held)
        if certificate is None:
            raise Conflict
        faults: dict[str, list[Any]] = {}
        if not number:
            faults["number"] = [_("Enter the number of the deed.")]
        if not office:
            faults["office"] = [_("Enter the notary office.")]
        if not timezone.localdate(certificate.made_at) <= notarised_on <= timezone.localdate():
            faults["notarised_on"] = [_("A deed about the certificate is made after it, and not in the future.")]
        if faults:
            raise Invalid(fields=faults)
        facts = notary_facts(held, certificate.digest, number=number, office=office, notarised_on=notarised_on)
        event_id = audit.record(
            actor=actor,
            action="compliance.destruction.notarised",
            object_type=OBJECT,
            object_id=held.id,
            digest=hashlib.sha256(audit.canonical(facts)).hexdigest(),
        )
        row = DestructionNotary(
            id=uuid7(), batch=held, notarised_on=notarised_on, said_by_id=member_id, audit_event_id=event_id
        )
        seal(row, number=number, office=office)
        row.save(force_insert=True)
        step(held, MOVES, "notarise", audit_event_id=event_id)
    return row


def batch_without_notary(*, actor: Actor, batch: DestructionBatch, reason: str) -> DestructionNotary:
    """State why no notary is asked. Before the certificate it stands in it; a deed may still follow.

    Raises Forbidden without the right, Invalid without a reason, Conflict before the execution, for a second reason and
    once there is a deed.
    """
    member_id = actor.require_person(CARRY_OUT)
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    with tenant_atomic():
        held = DestructionBatch.objects.select_for_update().get(id=batch.id)
        if held.state not in WITHOUT_NOTARY or notary_of(held) is not None:
            raise Conflict(_("Why there is no notary is stated once, after the execution."))
        event_id = audit.record(
            actor=actor,
            action="compliance.destruction.without_notary",
            object_type=OBJECT,
            object_id=held.id,
            reason=said(reason)[:MOST_WORDS],
        )
        row = DestructionNotary(id=uuid7(), batch=held, said_by_id=member_id, audit_event_id=event_id)
        seal(row, reason=said(reason)[:MOST_WORDS])
        row.save(force_insert=True)
    return row
