"""The ledger (哈希账本): the trail's events in the order in which they were sealed, as a tree of hashes a lender.

Append-only, also for the role `sealer`, which alone writes here. The tree is the one of RFC 6962 over the events'
`leaf` hashes; its inner hashes lie in tiles of 256 (C2SP tlog-tiles), full ones only: what is not full yet follows
from the leaves.
"""

from django.db import models

from carloan.core.models import NaturalTenantModel


class LedgerLeaf(NaturalTenantModel):
    """At which index of the tree an event stands, from 0 and without gaps."""

    pk = models.CompositePrimaryKey("tenant_id", "index")
    index = models.BigIntegerField()
    event_id = models.UUIDField()

    class Meta(NaturalTenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "event_id"], name="compliance_ledgerleaf_once")]

    def __str__(self) -> str:
        return f"{self.index}"


class LedgerTile(NaturalTenantModel):
    """256 hashes of one level: leaves on level 0, roots of 256 leaves on level 1, and so on; and their common root."""

    pk = models.CompositePrimaryKey("tenant_id", "level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.level}/{self.number}"


class LedgerCheckpoint(NaturalTenantModel):
    """What the tree was at a size, signed (C2SP tlog-checkpoint): after it nobody can say that it was another one.

    `signed_by` is the public key, as keys are handed over (C2SP vkey).
    `epoch` is the database cluster whose transaction numbers `after_xid` are: all events of transactions below it were
    sealed by then, and of that transaction those up to `after_event`. A restored or moved database begins a new epoch.
    """

    pk = models.CompositePrimaryKey("tenant_id", "size")
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signed_by = models.CharField(max_length=250)
    signed_at = models.DateTimeField()
    epoch = models.BigIntegerField()
    after_xid = models.BigIntegerField()
    after_event = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.size}"


class LedgerCosignature(NaturalTenantModel):
    """A witness saw the checkpoint of this size, and until `seen_at` none that contradicts it (C2SP tlog-cosignature).

    `witness` is its public key as keys are handed over, `line` its line of signature under the checkpoint's body.
    """

    pk = models.CompositePrimaryKey("tenant_id", "witness", "size")
    witness = models.CharField(max_length=250)
    size = models.BigIntegerField()
    line = models.TextField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.size} by {self.witness.partition('+')[0]}"


class LedgerDay(models.Model):
    """The tree over the last checkpoints of all lenders at one moment of a day (UTC): one time stamp is taken for it.

    `leaves` are the leaf hashes of the checkpoints' bodies, sorted: they name no lender, and a lender finds its own.
    `made_at` is when the checkpoints were taken. What is stamped is `body`, which has the form of a checkpoint's.
    """

    day = models.DateField(primary_key=True)
    made_at = models.DateTimeField()
    body = models.TextField()
    leaves = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.day}"


class LedgerTimeToken(models.Model):
    """The time-stamp token (RFC 3161) over the root of a day; while there is none it is asked for again.

    `taken_at` is the authority's own time, `authority` the subject of the certificate that signed.
    """

    day = models.OneToOneField(LedgerDay, models.PROTECT, primary_key=True, related_name="token")
    token = models.BinaryField()
    taken_at = models.DateTimeField()
    authority = models.TextField()

    def __str__(self) -> str:
        return f"{self.day_id}"
