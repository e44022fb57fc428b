"""Sealing the trail: new events become leaves of the lender's tree, and the tree's new state is signed.

Runs as the role `sealer`, the only one that writes the ledger, in one transaction a round and lender; what was cut off
is done by the next round. The order is that of transactions, so that no event that commits later can come to stand
before one that is sealed: an event is taken once every transaction as old as its own has ended.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.utils import timezone

from carloan.compliance.models import LedgerCheckpoint, LedgerLeaf, LedgerTile
from carloan.compliance.selectors.tree import HEIGHT, UNSEALED, WIDTH, Tree, last_checkpoint
from carloan.core.postgres.bulk import insert_rows
from carloan.core.tenancy import current_tenant_id, tenant_atomic
from carloan.lib import merkle, signed_note

logger = logging.getLogger(__name__)
MOST: Final = 5_000
BEFORE_ALL: Final = UUID(int=0)
# The second half of an advisory lock is the lender's.
LOCK: Final = 0x6C65_6467


class LedgerBroken(Exception):
    """What is to be sealed is not what was recorded, or the ledger is not what was signed: nothing more is sealed."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the host's name for its ledgers and its key."""

    host: str
    key: Ed25519PrivateKey

    def origin(self, tenant_id: UUID) -> str:
        return f"{self.host}/t/{tenant_id}"

    def host_key(self) -> signed_note.Key:
        """What a witness is given: by it every lender's ledger of this host is known."""
        return signed_note.Key(self.host, self.key.public_key().public_bytes_raw())

    def public(self, tenant_id: UUID) -> signed_note.Key:
        return signed_note.Key(self.origin(tenant_id), self.key.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class _Event:
    xid: int
    id: UUID
    leaf: bytes


def ledger_seal(signer: Signer, *, most: int = MOST) -> int:
    """Seal what is new in the open scope's tenant; returns how many events, 0 also while another sealer is at it.

    Raises LedgerBroken when an event's bytes do not give its leaf, or the ledger does not give its last root.
    """
    with tenant_atomic():
        if not _alone():
            return 0
        epoch, last = _epoch(), last_checkpoint()
        events, whole, below = _fresh(last if last and last.epoch == epoch else None, most)
        if not events:
            return 0
        tree = Tree(last.size if last else 0)
        if last and tree.root() != bytes(last.root):
            raise LedgerBroken(f"the ledger is not the one that was signed at {last.size}")
        growing = tree.frontier()
        _write(tree, growing, events)
        _sign(signer, growing, epoch=epoch, after=(below, BEFORE_ALL) if whole else (events[-1].xid, events[-1].id))
        return len(events)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCK, str(current_tenant_id())])
        return bool(cursor.fetchone()[0])


def _epoch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        return int(cursor.fetchone()[0])


_NEW: Final = """
SELECT e.xid::text::bigint, e.id, e.canon, e.leaf, pg_snapshot_xmin(pg_current_snapshot())::text::bigint
FROM core_auditevent e
WHERE e.tenant_id = %s AND {which} AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY e.xid, e.id LIMIT %s
"""
_AFTER: Final = "(e.xid, e.id) > (%s::text::xid8, %s)"


def _fresh(last: LedgerCheckpoint | None, most: int) -> tuple[list[_Event], bool, int]:
    """The oldest events that are not sealed, whether these are all, and below which transaction all are then."""
    # In a cluster whose transactions were counted anew, numbers say nothing of what was sealed before.
    where: list[Any] = [last.after_xid, last.after_event] if last else []
    with connection.cursor() as cursor:
        cursor.execute(_NEW.format(which=_AFTER if last else UNSEALED), [current_tenant_id(), *where, most])
        rows: list[Any] = cursor.fetchall()
    for _xid, event_id, canon, leaf, _below in rows:
        if sha256(b"\x00" + bytes(canon)).digest() != bytes(leaf):
            raise LedgerBroken(f"event {event_id} was changed after it was recorded")
    events = [_Event(xid, event_id, bytes(leaf)) for xid, event_id, _canon, leaf, _below in rows]
    return events, len(rows) < most, rows[0][-1] if rows else 0


def _write(tree: Tree, growing: merkle.Frontier, events: Sequence[_Event]) -> None:
    tenant_id, first = current_tenant_id(), growing.size
    insert_rows(
        LedgerLeaf,
        ["tenant_id", "index", "event_id"],
        ((tenant_id, first + at, event.id) for at, event in enumerate(events)),
    )
    for event in events:
        growing.append(event.leaf)
    level, fresh = 0, [event.leaf for event in events]
    while fresh:
        number, filled = divmod(first >> level * HEIGHT, WIDTH)
        # What stood in the last tile before, of this level.
        hashes = [*(tree._hashes(level, number) if filled else []), *fresh]
        tiles = [hashes[at : at + WIDTH] for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
        fresh = [merkle.root(tile) for tile in tiles]
        LedgerTile.objects.bulk_create(
            LedgerTile(level=level, number=number + at, hashes=b"".join(tile), root=root)
            for at, (tile, root) in enumerate(zip(tiles, fresh, strict=True))
        )
        level += 1


def _sign(signer: Signer, growing: merkle.Frontier, *, epoch: int, after: tuple[int, UUID]) -> None:
    origin, now = signer.origin(current_tenant_id()), timezone.now()
    body = signed_note.Checkpoint(origin, growing.size, growing.root()).body()
    note = signed_note.note(body, [signed_note.sign(body, origin, signer.key)])
    LedgerCheckpoint.objects.create(
        size=growing.size, root=growing.root(), note=note, signed_by=signer.public(current_tenant_id()).text(),
        signed_at=now, epoch=epoch, after_xid=after[0], after_event=after[1],
    )  # fmt: skip
