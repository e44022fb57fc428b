"""What is shown to somebody outside: that one event stands in the ledger, that the ledger only grew, who else saw it.

Each proof is a JSON object which `carloan_verify.py` checks with nothing but the ledger's public key.
"""

from base64 import b64encode
from typing import Any
from uuid import UUID

from django.db.models import Max

from carloan.compliance.models import LedgerCheckpoint, LedgerCosignature, LedgerLeaf
from carloan.compliance.proofs import carloan_verify
from carloan.compliance.selectors.tree import Tree, last_checkpoint
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_atomic


def event_proof(event_id: UUID) -> dict[str, Any] | None:
    """That an event of the scope's tenant stands where it stands; None while it is not sealed, or is none.

    It holds the event's canonical bytes, which say nothing personal, and the last checkpoint.
    """
    with tenant_atomic():
        leaf = LedgerLeaf.objects.filter(event_id=event_id).first()
        checkpoint = last_checkpoint()
        if leaf is None or checkpoint is None:
            return None
        event = AuditEvent.objects.only("canon").get(id=event_id)
        return {
            "format": carloan_verify.EVENT_FORMAT,
            "event": bytes(event.canon).decode(),
            "index": leaf.index,
            "size": checkpoint.size,
            "proof": _encoded(Tree(checkpoint.size).inclusion(leaf.index)),
            "checkpoint": checkpoint.note,
            "key": checkpoint.signed_by,
        }


def growth_proof(old_size: int) -> dict[str, Any] | None:
    """That the ledger of now goes on from the one at `old_size`; None where no checkpoint of that size was signed."""
    with tenant_atomic():
        old, new = LedgerCheckpoint.objects.filter(size=old_size).first(), last_checkpoint()
        if old is None or new is None:
            return None
        return {
            "format": carloan_verify.GROWTH_FORMAT,
            "old": old.note,
            "new": new.note,
            "proof": _encoded(Tree(new.size).consistency(old.size)),
            "key": new.signed_by,
        }


def last_cosignatures(size: int) -> list[LedgerCosignature]:
    """The newest cosignature of each witness at no more than `size`; for the open tenant."""
    latest = LedgerCosignature.objects.filter(size__lte=size).values("witness").annotate(last=Max("size"))
    return [
        LedgerCosignature.objects.get(witness=row["witness"], size=row["last"]) for row in latest.order_by("witness")
    ]


def _encoded(proof: list[bytes]) -> list[str]:
    return [b64encode(step).decode() for step in proof]
