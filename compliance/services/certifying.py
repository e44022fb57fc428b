"""The certificate of a destruction: made once, by the installation, when everything that it rests on is there.

It is put together outside of any lock and kept in one transaction with its events and the batch's step: a run that is
killed anywhere leaves either no certificate, and the next run makes it, or the whole of it, and the next run finds it.
"""

import hashlib
import logging
from typing import Final
from uuid import UUID

from django.utils import timezone

from carloan.compliance.certificate_pdf import certificate_pdf
from carloan.compliance.models import DestructionBatch, DestructionCertificate, DestructionItem
from carloan.compliance.policies.destruction import MOVES
from carloan.compliance.selectors.certificate_body import certificate_body
from carloan.compliance.selectors.certificates import events_of, evidence_of, proofs_of
from carloan.compliance.selectors.destruction import items_of, listed_facts
from carloan.compliance.services.destruction import OBJECT
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib import merkle
from carloan.lib.problems import Problem

logger = logging.getLogger(__name__)
CERTIFIED: Final = "compliance.destruction.certified"
FILED: Final = "compliance.destruction.certificate_filed"


def batch_certify(*, actor: Actor, batch_id: UUID) -> list[Problem]:
    """Make the certificate of a verified batch; what it waits for instead, if anything. Two events tell the hashes of
    the machine-readable certificate and of its PDF.

    Raises Conflict in any other state, also for a second run at the same moment and for a list that is not the one that
    was approved; Forbidden for anybody but the installation; PdfUnavailable on a machine that draws no PDF.
    """
    actor.require_installation()
    with tenant_atomic():
        batch = DestructionBatch.objects.select_related("proposed_by").get(id=batch_id)
        move = MOVES.need(batch.state, "certify")
        items = items_of(batch)
        proofs = proofs_of(batch, items)
        evidence = evidence_of(batch, items, proofs)
        if missing := move.obstacles(evidence):
            return missing
        _require_same(batch, items)
        made_at = timezone.now()
        told = certificate_body(batch, items, proofs, made_at=made_at)
        body = audit.canonical(told)
    pdf = certificate_pdf(body)
    with tenant_atomic():
        held = DestructionBatch.objects.select_for_update().get(id=batch_id)
        MOVES.need(held.state, "certify")
        if [each.event.id for each in events_of(held, items)] != [each.event.id for each in proofs.told]:
            raise Conflict  # somebody did something meanwhile: the next run takes it in
        digest, pdf_digest = hashlib.sha256(body).hexdigest(), hashlib.sha256(pdf).hexdigest()
        certified = audit.record(
            actor=actor,
            action=CERTIFIED,
            object_type=OBJECT,
            object_id=held.id,
            after=told["counts"],
            count=told["counts"]["destroyed"],
            digest=digest,
        )
        audit.record(actor=actor, action=FILED, object_type=OBJECT, object_id=held.id, digest=pdf_digest)
        row = DestructionCertificate(
            id=uuid7(),
            batch=held,
            digest=digest,
            pdf_digest=pdf_digest,
            root=told["batch"]["root"],
            made_at=made_at,
            audit_event_id=certified,
        )
        seal(row, body=body.decode(), pdf=pdf)
        row.save(force_insert=True)
        step(held, MOVES, "certify", facts=evidence, audit_event_id=certified)
    return []


def _require_same(batch: DestructionBatch, items: list[DestructionItem]) -> None:
    """What is certified must be what was approved, byte for byte."""
    for item in items:
        if merkle.leaf_hash(listed_facts(batch, item)).hex() != item.digest:
            logger.error("destruction %d: place %d is not what was listed", batch.number, item.place)
            raise Conflict
