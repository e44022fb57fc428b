"""A bundle to take away: every sealed event of a lender's ledger, what it and others signed over them, and what checks
all of it.

Whoever holds the ledger's public key needs nothing else, and no trust in this installation, to see that nothing was
changed, dropped, moved or added. Events hold no personal data: what they say of people are salted commitments.
"""

import json
from base64 import b64encode
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import connection

from carloan.compliance.models import LedgerCheckpoint
from carloan.compliance.proofs import carloan_certificate, carloan_verify
from carloan.compliance.selectors.days import last_stamped_day
from carloan.compliance.selectors.proofs import last_cosignatures
from carloan.compliance.selectors.tree import last_checkpoint
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict
from carloan.core.tenancy import current_tenant_id, tenant_atomic

BATCH: Final = 5_000
# So that nobody must type them; whom to trust is learnt by another way than the bundle.
WITNESS_KEYS: Final = "witness-keys.txt"
_EVENTS: Final = """
SELECT e.canon FROM compliance_ledgerleaf l JOIN core_auditevent e ON e.tenant_id = l.tenant_id AND e.id = l.event_id
WHERE l.tenant_id = %s AND l.index >= %s AND l.index < %s ORDER BY l.index
"""


def bundle_write(*, actor: Actor, file: IO[bytes]) -> LedgerCheckpoint:
    """Write the bundle of the scope's ledger up to its last checkpoint into `file`; one event tells so.

    Raises Conflict while nothing is sealed yet.
    """
    with tenant_atomic():
        checkpoint = last_checkpoint()
        if checkpoint is None:
            raise Conflict
        audit.record(
            actor=actor, action="compliance.ledger.exported", object_type="compliance.ledger", count=checkpoint.size
        )  # fmt: skip
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("bundle.json", json.dumps({"format": carloan_verify.FORMAT, "size": checkpoint.size}))
        archive.writestr(carloan_verify.CHECKPOINT, checkpoint.note)
        archive.writestr("key.txt", f"{checkpoint.signed_by}\n")
        _write_outsiders(archive, checkpoint.size)
        archive.write(carloan_verify.__file__, "carloan_verify.py")
        archive.write(carloan_certificate.__file__, "carloan_certificate.py")
        with archive.open(carloan_verify.EVENTS, "w", force_zip64=True) as lines:
            for first in range(0, checkpoint.size, BATCH):
                lines.writelines(_events(first, min(first + BATCH, checkpoint.size)))
    return checkpoint


def _write_outsiders(archive: ZipFile, size: int) -> None:
    """What each witness co-signed last, under the ledger's own checkpoint, and the last day that was stamped."""
    with tenant_atomic():
        seen = last_cosignatures(size)
        notes = dict(LedgerCheckpoint.objects.filter(size__in=[one.size for one in seen]).values_list("size", "note"))
    for number, cosignature in enumerate(seen, start=1):
        archive.writestr(f"{carloan_verify.WITNESSES}{number}.txt", f"{notes[cosignature.size]}{cosignature.line}\n")
    archive.writestr(WITNESS_KEYS, "".join(f"{cosignature.witness}\n" for cosignature in seen))
    if day := last_stamped_day(size):
        proof = {"index": day.index, "proof": [b64encode(step).decode() for step in day.proof]}
        archive.writestr(carloan_verify.DAY_CHECKPOINT, day.note)
        archive.writestr(carloan_verify.DAY_BODY, day.body)
        archive.writestr(carloan_verify.DAY_PROOF, json.dumps(proof))
        archive.writestr(carloan_verify.DAY_TOKEN, day.token)


def _events(first: int, last: int) -> list[bytes]:
    with tenant_atomic(), connection.cursor() as cursor:
        cursor.execute(_EVENTS, [current_tenant_id(), first, last])
        return [bytes(canon) + b"\n" for (canon,) in cursor.fetchall()]
