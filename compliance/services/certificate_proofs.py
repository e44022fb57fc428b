"""What is handed to somebody outside who doubts a destruction: its certificate, what the ledger says of it, and the
programs that check both."""

import json
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import DestructionBatch, DestructionCertificate
from carloan.compliance.proofs import carloan_certificate
from carloan.compliance.proofs.joined import programs
from carloan.compliance.selectors.certificates import get_certificate_for, notary_facts, notary_of
from carloan.compliance.selectors.proofs import event_proof
from carloan.compliance.services.certifying import FILED
from carloan.compliance.services.destruction import OBJECT
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear, clear_bytes
from carloan.core.tenancy import tenant_atomic
from carloan.lib.spreadsheet import Sink

TAKEN: Final = "compliance.destruction.certificate_taken"


def certificate_take(*, actor: Actor, batch: DestructionBatch) -> bytes:
    """The PDF; one event tells who took it. Raises NotFound while there is none."""
    with tenant_atomic():
        certificate = get_certificate_for(actor, batch)
        _told(actor, batch, certificate.pdf_digest)
        return clear_bytes(certificate, "pdf")


def certificate_proofs_take(*, actor: Actor, batch: DestructionBatch) -> bytes:
    """The zip of certificate, PDF, proofs and programs; one event tells who took it.

    Raises NotFound while there is no certificate, Conflict in the seconds before its events are sealed.
    """
    with tenant_atomic():
        certificate = get_certificate_for(actor, batch)
        filed = AuditEvent.objects.filter(action=FILED, object_id=batch.id, id__gte=certificate.audit_event_id).get()
        certified_proof, filed_proof = event_proof(certificate.audit_event_id), event_proof(filed.id)
        if certified_proof is None or filed_proof is None:
            raise Conflict(_("The ledger seals the certificate just now. Try again in some seconds."))
        held: dict[str, str | bytes] = {
            carloan_certificate.CERTIFICATE: clear(certificate, "body"),
            carloan_certificate.PDF: clear_bytes(certificate, "pdf"),
            carloan_certificate.CERTIFIED: json.dumps(certified_proof, ensure_ascii=False),
            carloan_certificate.FILED: json.dumps(filed_proof, ensure_ascii=False),
            **_notary(batch, certificate),
            "key.txt": f"{certified_proof['key']}\n",
            **programs(),
        }
        _told(actor, batch, certificate.digest)
    sink = Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in held.items():
            info = ZipInfo(name, timezone.localtime().timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, content)
    return sink.take()


def _notary(batch: DestructionBatch, certificate: DestructionCertificate) -> dict[str, str]:
    """The entry of the deed and its proof; nothing while there is none, or while it is not sealed."""
    notary = notary_of(batch)
    if notary is None or notary.notarised_on is None or (proof := event_proof(notary.audit_event_id)) is None:
        return {}
    facts = notary_facts(
        batch,
        certificate.digest,
        number=clear(notary, "number"),
        office=clear(notary, "office"),
        notarised_on=notary.notarised_on,
    )
    told = {"statement": audit.canonical(facts).decode(), "proof": proof}
    return {carloan_certificate.NOTARY: json.dumps(told, ensure_ascii=False)}


def _told(actor: Actor, batch: DestructionBatch, digest: str) -> None:
    audit.record(actor=actor, action=TAKEN, object_type=OBJECT, object_id=batch.id, digest=digest)
