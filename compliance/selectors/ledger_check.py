"""Whether a lender's ledger is whole: every event in it once and as it was recorded, every tile and checkpoint right.

Two questions that do not answer each other: is what stands in the ledger unchanged (integrity), and does everything
that was done and recorded stand in it (completeness).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from carloan.compliance.models import LedgerCheckpoint, LedgerTile
from carloan.compliance.selectors.recorded import rows_without_event
from carloan.compliance.selectors.tree import UNSEALED, WIDTH, last_checkpoint
from carloan.core.tenancy import current_tenant_id, tenant_atomic
from carloan.lib import merkle, signed_note

BATCH: Final = 20 * WIDTH
# What is recorded waits for its transaction and for the next round of the sealer.
PATIENCE: Final = timedelta(minutes=1)
# A ledger that is wrong from some place on is wrong everywhere behind it: the first places tell where to look.
MOST_TOLD: Final = 20
_LEAVES: Final = """
SELECT l.index, l.event_id, e.canon, e.leaf FROM compliance_ledgerleaf l
LEFT JOIN core_auditevent e ON e.tenant_id = l.tenant_id AND e.id = l.event_id
WHERE l.tenant_id = %s AND l.index >= %s AND l.index < %s ORDER BY l.index
"""
_WAITING: Final = f"SELECT count(*) FROM core_auditevent e WHERE e.tenant_id = %s AND e.created_at < %s AND {UNSEALED}"


@dataclass(slots=True)
class LedgerReport:
    """How many events and checkpoints were looked at, and what is wrong, in words for whoever runs the installation."""

    events: int = 0
    checkpoints: int = 0
    findings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class LedgerLook:
    """A look at the ledger of the scope's tenant that may be laid down and taken up again by another process."""

    growing: merkle.Frontier = field(default_factory=merkle.Frontier)
    report: LedgerReport = field(default_factory=LedgerReport)

    def step(self, batches: int) -> bool:
        """Look on for so many batches; whether that was the end: its last checkpoint, or enough that is wrong."""
        if self.growing.size == 0:
            self._take(_completeness())
        with tenant_atomic():
            last = last_checkpoint()
        size = last.size if last else 0
        for _ in range(batches):
            if self.growing.size >= size or len(self.report.findings) >= MOST_TOLD:
                return True
            self._take(_batch(self.growing, min(self.growing.size + BATCH, size), self.report))
        return False

    def _take(self, findings: Iterator[str]) -> None:
        self.report.findings += islice(findings, MOST_TOLD - len(self.report.findings))

    def laid_down(self) -> dict[str, Any]:
        """As a message holds it."""
        nodes = [node.hex() for node in self.growing.nodes]
        return {"size": self.growing.size, "nodes": nodes, "report": asdict(self.report)}

    @classmethod
    def taken_up(cls, size: int, nodes: list[str], report: dict[str, Any]) -> "LedgerLook":
        """Raises ValueError for what was not laid down by this."""
        return cls(merkle.Frontier(size, [bytes.fromhex(node) for node in nodes]), LedgerReport(**report))


def ledger_check() -> LedgerReport:
    """Look at the ledger of the scope's tenant up to its last checkpoint: hashes of every event, tile and root; and at
    whether every event is sealed and every act of the book recorded."""
    look = LedgerLook()
    while not look.step(batches=100):
        pass
    return look.report


def _completeness() -> Iterator[str]:
    with tenant_atomic():
        if unsealed := _count_unsealed():
            yield f"{unsealed} events older than {PATIENCE} are not sealed"
        for table, count in rows_without_event().items():
            yield f"{count} rows of {table} were written by acts that nobody recorded"


def _batch(growing: merkle.Frontier, until: int, report: LedgerReport) -> Iterator[str]:
    first = growing.size
    with tenant_atomic():
        signed = LedgerCheckpoint.objects.filter(size__gt=first, size__lte=until)
        sealed = {checkpoint.size: checkpoint for checkpoint in signed}
        with connection.cursor() as cursor:
            cursor.execute(_LEAVES, [current_tenant_id(), first, until])
            rows: list[Any] = cursor.fetchall()
        tiles = {
            tile.number: bytes(tile.hashes)
            for tile in LedgerTile.objects.filter(
                level=0, number__gte=first // WIDTH, number__lt=(until + WIDTH - 1) // WIDTH
            )
        }
        tenant_id = current_tenant_id()
    if [row[0] for row in rows] != list(range(first, until)):
        yield f"leaves between {first} and {until} are missing"
    hashes: list[bytes] = []
    for index, event_id, canon, leaf in rows:
        found = b"" if canon is None else merkle.leaf_hash(bytes(canon))
        if canon is None:
            yield f"event {event_id}, leaf {index}, is gone"
        elif found != bytes(leaf):
            yield f"event {event_id}, leaf {index}, was changed"
        hashes.append(found or bytes(merkle.SIZE))
        growing.append(hashes[-1])
        report.events += 1
        if checkpoint := sealed.get(growing.size):
            report.checkpoints += 1
            yield from _checkpoint(checkpoint, growing.root(), tenant_id)
    for number, tile in tiles.items():
        at = number * WIDTH - first
        if tile != b"".join(hashes[at : at + WIDTH]):
            yield f"tile 0/{number} holds other hashes than its events"
    # Where leaves are missing, what follows is counted from where it should stand.
    for _ in range(until - growing.size):
        growing.append(bytes(merkle.SIZE))


def _checkpoint(checkpoint: LedgerCheckpoint, root: bytes, tenant_id: UUID) -> Iterator[str]:
    try:
        key = signed_note.Key.parse(checkpoint.signed_by)
        said = signed_note.Checkpoint.parse(signed_note.opened(checkpoint.note, key))
    except signed_note.NoteError as error:
        yield f"checkpoint {checkpoint.size}: {error}"
        return
    if said.origin != key.name or not said.origin.endswith(f"/t/{tenant_id}"):
        yield f"checkpoint {checkpoint.size} is another ledger's"
    if (said.size, said.root) != (checkpoint.size, root):
        yield f"checkpoint {checkpoint.size} signs another tree than that of its events"


def _count_unsealed() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [current_tenant_id(), timezone.now() - PATIENCE])
        return int(cursor.fetchone()[0])
