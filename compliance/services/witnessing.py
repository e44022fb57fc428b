"""Showing checkpoints to witnesses and keeping what they co-sign. Runs as the role `sealer`, beside the sealing.

A witness remembers what it saw last, in a place of its own: a history that was replaced does not go on from there, and
whoever holds database and key cannot make it sign. Nothing waits for a witness; one that was away is shown the newest
checkpoint when it is back, with the proof from what it saw last.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils import timezone

from carloan.compliance.adapters.witness import Refused, Witness
from carloan.compliance.models import LedgerCheckpoint, LedgerCosignature
from carloan.compliance.selectors.tree import Tree, last_checkpoint
from carloan.compliance.services.sealing import Signer
from carloan.core.tenancy import tenant_atomic
from carloan.lib import signed_note
from carloan.lib.http import Away

# How long a checkpoint may be without a cosignature before somebody must look.
BEHIND: Final = timedelta(minutes=5)
# Another sealer may have shown a newer checkpoint between our look and our request.
TRIES: Final = 3
# Seconds of the last moment that a date can name.
LATEST: Final = 253_402_300_799


class LedgerForked(Exception):
    """The witness saw a history that this ledger does not go on from: one of the two was written anew."""


def ledger_witness(witness: Witness, key: signed_note.Key, signer: Signer, *, anew: bool = False) -> int | None:
    """Show the last checkpoint of the scope's tenant to a witness whose key is `key`, and keep its cosignature.

    Returns the size that was co-signed; None where there is nothing new, unless it is to be shown `anew`: a ledger that
    was rolled back has nothing new either. Raises LedgerForked, Refused when the witness
    knows neither this ledger nor its key, and Away when it does not answer or answers nonsense.
    """
    knows: int | None = None
    for _try in range(TRIES):
        with tenant_atomic():
            checkpoint = last_checkpoint()
            known = _cosigned_size(key) if knows is None else knows
            if checkpoint is None or (known == checkpoint.size and knows is None and not anew):
                return None
            if known > checkpoint.size:
                raise LedgerForked(f"the witness saw {known} events, and there are {checkpoint.size}")
            proof = Tree(checkpoint.size).consistency(known) if known else []
        try:
            lines = witness.add_checkpoint(checkpoint.note, known, proof, ledger=signer.host_key())
        except Refused as refused:
            if refused.status == 422 or (refused.knows == known == checkpoint.size):
                raise LedgerForked(f"the witness saw another tree at {known}") from refused
            if refused.knows is None:
                raise
            knows = refused.knows
            continue
        _keep(checkpoint, key, lines)
        return checkpoint.size
    raise Away("it says another size each time")


def witnessed_late(key: signed_note.Key | None) -> bool:
    """Whether what the witness of this key (None: it never answered) did not see yet is older than it should be."""
    with tenant_atomic():
        unseen = LedgerCheckpoint.objects.filter(size__gt=_cosigned_size(key)).order_by("size").first()
        return unseen is not None and unseen.signed_at < timezone.now() - BEHIND


def _cosigned_size(key: signed_note.Key | None) -> int:
    if key is None:
        return 0
    last = LedgerCosignature.objects.filter(witness=key.text()).order_by("-size").first()
    return last.size if last else 0


def _keep(checkpoint: LedgerCheckpoint, key: signed_note.Key, lines: str) -> None:
    for line in lines.splitlines():
        try:
            seconds = signed_note.seen_at(f"{_body(checkpoint)}\n{line}\n", key)
        except signed_note.NoteError:
            continue
        if seconds > LATEST:
            continue
        seen = datetime.fromtimestamp(seconds, UTC)
        with tenant_atomic():
            row = LedgerCosignature(witness=key.text(), size=checkpoint.size, line=line, seen_at=seen)
            LedgerCosignature.objects.bulk_create([row], ignore_conflicts=True)
        return
    raise Away("what it answers is not signed by its key")


def _body(checkpoint: LedgerCheckpoint) -> str:
    return checkpoint.note.rpartition("\n\n")[0] + "\n"
