"""Wrapped keys, in a cluster of their own: a backup of papers and rows must never hold what opens them."""

from typing import ClassVar, Self

from django.db import models

from carloan.core.ids import uuid7
from carloan.core.models.base import TenantManager
from carloan.core.tenancy import current_tenant_id


class StoredKey(models.Model):
    """What both kinds share. `tenant_id` is a plain column: the tenant's row is in the other database."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant_id = models.UUIDField(default=current_tenant_id, editable=False)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


class TenantKey(StoredKey):
    """A tenant's key-encryption key, sealing key or index key, wrapped by the root key; rotated by version.

    The newest version decides: `suite` is what the tenant seals with, and versions below its `min_decryption_version`
    open nothing any more. A retired version keeps its row, with nothing in it.
    """

    class Purpose(models.TextChoices):
        WRAP = "wrap"
        INDEX = "index"
        SEAL = "seal"

    purpose = models.CharField(max_length=5, choices=Purpose.choices)
    version = models.IntegerField()
    suite = models.CharField(max_length=1, default="A")
    min_decryption_version = models.IntegerField(default=1, db_default=1)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoredKey.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "purpose", "version"], name="keystore_tenantkey_version"),
            models.CheckConstraint(
                condition=models.Q(min_decryption_version__gte=1, min_decryption_version__lte=models.F("version")),
                name="keystore_tenantkey_gate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}"


class SubjectKey(StoredKey):
    """The key of one loan, party, intake desk or import file, wrapped by a tenant key: the unit of crypto-shredding.

    `id` is the id of the loan, party, desk or import itself. A destroyed key keeps its row, with nothing in it.
    One that is kept `apart` is wrapped by the tenant's sealing key, whose version `tenant_key_version` is then; until
    `open_until` it opens nevertheless, because two people (ids of the main database) said so.
    """

    kind = models.CharField(max_length=8)
    tenant_key_version = models.IntegerField()
    destroyed_at = models.DateTimeField(null=True, blank=True)
    apart = models.BooleanField(default=False, db_default=False)
    open_until = models.DateTimeField(null=True, blank=True)
    opened_by = models.UUIDField(null=True, blank=True)
    approved_by = models.UUIDField(null=True, blank=True)

    class Meta(StoredKey.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["loan", "party", "desk", "tenant", "import"]),
                name="keystore_subjectkey_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(open_until__isnull=True, opened_by__isnull=True, approved_by__isnull=True)
                | (
                    models.Q(open_until__isnull=False, opened_by__isnull=False, approved_by__isnull=False)
                    & ~models.Q(opened_by=models.F("approved_by"))
                ),
                name="keystore_subjectkey_two_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class DestroyedMark(models.Model):
    """How much of a tenant's list of destroyed keys this key store has carried out, in bytes; one row a tenant.

    It comes and goes with the key store: an older one knows an older place (carloan/core/destroyed.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant_id = models.UUIDField(default=current_tenant_id, editable=False)
    size = models.BigIntegerField(default=0)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant_id"], name="keystore_destroyedmark_tenant")]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.size}"


class HeldKey(models.Model):
    """A key that a legal hold needs: it cannot be destroyed until the two who released the hold stand here.

    A row for each hold and key, so that overlapping holds hold each for itself. Rows stay for ever. People are ids of
    the main database.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant_id = models.UUIDField(default=current_tenant_id, editable=False)
    hold_id = models.UUIDField()
    subject_id = models.UUIDField()
    placed_by = models.UUIDField()
    placer_may_release = models.BooleanField()
    first_voice = models.UUIDField(null=True)
    second_voice = models.UUIDField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "hold_id", "subject_id"], name="keystore_heldkey_once"),
            models.CheckConstraint(
                condition=models.Q(first_voice__isnull=True, second_voice__isnull=True)
                | (
                    models.Q(first_voice__isnull=False, second_voice__isnull=False)
                    & ~models.Q(first_voice=models.F("second_voice"))
                    & (
                        models.Q(placer_may_release=True)
                        | ~(models.Q(first_voice=models.F("placed_by")) | models.Q(second_voice=models.F("placed_by")))
                    )
                ),
                name="keystore_heldkey_two_voices",
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "subject_id"], name="keystore_heldkey_subject")]

    def __str__(self) -> str:
        return f"{self.subject_id} held by {self.hold_id}"


class EndedAccess(models.Model):
    """Access that ended, told beside the main database: an older backup of that one alone opens the door to nobody.

    Append-only; of one object the newest row counts. `returned` says that somebody who had left came back. Objects are
    ids of the main database.
    """

    class Kind(models.TextChoices):
        API_KEY = "api_key"
        MEMBER = "member"
        ASSIGNMENT = "role"
        DELEGATION = "lent"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant_id = models.UUIDField(default=current_tenant_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    object_id = models.UUIDField()
    returned = models.BooleanField(default=False)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["tenant_id", "kind", "object_id", "id"], name="keystore_endedaccess_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
