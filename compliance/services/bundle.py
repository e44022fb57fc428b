"""A bundle to take away: every sealed event of a lender's ledger, what it and others signed over them, and what checks
all of it.

Whoever holds the ledger's public key needs nothing else, and no trust in this installation, to see that nothing was
changed, dropped, moved or added. Events hold no personal data: what they say of people are salted commitments.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Final
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.db import connection

from carloan.compliance.models import LedgerCheckpoint
from carloan.compliance.proofs import bundle_note, carloan_verify
from carloan.compliance.proofs.joined import programs
from carloan.compliance.selectors.days import last_stamped_day
from carloan.compliance.selectors.proofs import last_cosignatures
from carloan.compliance.selectors.tree import Tree, last_checkpoint
from carloan.compliance.services.trail_exports import CAPABILITY
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict
from carloan.core.selectors import lender_name
from carloan.core.tenancy import current_tenant_id, tenant_atomic
from carloan.lib.spreadsheet import Sink

BATCH: Final = 5_000
TILES: Final = 100
# So that nobody must type them; whom to trust is learnt by another way than the bundle.
WITNESS_KEYS: Final = "witness-keys.txt"
_EVENTS: Final = """
SELECT e.canon FROM compliance_ledgerleaf l JOIN core_auditevent e ON e.tenant_id = l.tenant_id AND e.id = l.event_id
WHERE l.tenant_id = %s AND l.index >= %s AND l.index < %s ORDER BY l.index
"""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that is allowed and on record: up to which checkpoint it goes, and its parts beside the events."""

    tenant_id: UUID
    checkpoint: LedgerCheckpoint
    parts: Mapping[str, str | bytes]


def bundle_begin(*, actor: Actor) -> Bundle:
    """Allow and record a bundle of the ledger up to its last checkpoint; only then its chunks may leave.

    Raises Forbidden without the right, Conflict while nothing is sealed yet.
    """
    actor.require(CAPABILITY)
    with tenant_atomic():
        checkpoint = last_checkpoint()
        if checkpoint is None:
            raise Conflict
        audit.record(
            actor=actor, action="compliance.ledger.exported", object_type="compliance.ledger", count=checkpoint.size
        )  # fmt: skip
        return Bundle(current_tenant_id(), checkpoint, _parts(checkpoint))


def bundle_chunks(bundle: Bundle) -> Iterator[bytes]:
    """The zip in pieces as it is written, whatever its size. Each batch of events is read by itself."""
    sink, size = Sink(), bundle.checkpoint.size
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in bundle.parts.items():
            archive.writestr(name, content)
        with archive.open(carloan_verify.EVENTS, "w", force_zip64=True) as lines:
            for first in range(0, size, BATCH):
                lines.writelines(_events(bundle.tenant_id, first, min(first + BATCH, size)))
                yield sink.take()
        for first in range(0, -(-size // carloan_verify.WIDTH), TILES):
            for name, hashes in _tiles(bundle.tenant_id, first, size):
                archive.writestr(name, hashes, ZIP_STORED)
            yield sink.take()
    yield sink.take()


def bundle_write(*, actor: Actor, file: IO[bytes]) -> LedgerCheckpoint:
    """Write the bundle of the scope's ledger into `file`. Raises what bundle_begin() raises."""
    bundle = bundle_begin(actor=actor)
    file.writelines(bundle_chunks(bundle))
    return bundle.checkpoint


def _parts(checkpoint: LedgerCheckpoint) -> dict[str, str | bytes]:
    return {
        bundle_note.NAME: bundle_note.text(
            lender=lender_name(), ledger=checkpoint.note.partition("\n")[0], events=checkpoint.size,
            signed_at=checkpoint.signed_at,
        ),
        "bundle.json": json.dumps({"format": carloan_verify.FORMAT, "size": checkpoint.size}),
        carloan_verify.CHECKPOINT: checkpoint.note,
        "key.txt": f"{checkpoint.signed_by}\n",
        **_outsiders(checkpoint.size),
        **programs(),
    }  # fmt: skip


def _outsiders(size: int) -> dict[str, str | bytes]:
    """What each witness co-signed last, under the ledger's own checkpoint, and the last day that was stamped."""
    seen = last_cosignatures(size)
    notes = dict(LedgerCheckpoint.objects.filter(size__in=[one.size for one in seen]).values_list("size", "note"))
    parts: dict[str, str | bytes] = {
        f"{carloan_verify.WITNESSES}{number}.txt": f"{notes[cosignature.size]}{cosignature.line}\n"
        for number, cosignature in enumerate(seen, start=1)
    }
    parts[WITNESS_KEYS] = "".join(f"{cosignature.witness}\n" for cosignature in seen)
    if day := last_stamped_day(size):
        proof = {"index": day.index, "proof": [b64encode(step).decode() for step in day.proof]}
        parts |= {
            carloan_verify.DAY_CHECKPOINT: day.note,
            carloan_verify.DAY_BODY: day.body,
            carloan_verify.DAY_PROOF: json.dumps(proof),
            carloan_verify.DAY_TOKEN: day.token,
        }
    return parts


def _tiles(tenant_id: UUID, first: int, size: int) -> list[tuple[str, bytes]]:
    """Some tiles of leaves from `first` on, as they were sealed: with them a changed event is known by its number."""
    with tenant_atomic(tenant_id):
        tree = Tree(size)
        last = min(first + TILES, -(-size // carloan_verify.WIDTH))
        return [(carloan_verify.tile_name(at, size), b"".join(tree.leaves_of(at))) for at in range(first, last)]


def _events(tenant_id: UUID, first: int, last: int) -> list[bytes]:
    with tenant_atomic(tenant_id), connection.cursor() as cursor:
        cursor.execute(_EVENTS, [tenant_id, first, last])
        return [bytes(canon) + b"\n" for (canon,) in cursor.fetchall()]
