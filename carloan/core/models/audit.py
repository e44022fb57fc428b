"""The trail: one row an act, written in the act's own transaction, never changed (the database refuses)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import TenantModel


class AuditEvent(TenantModel):
    """What somebody did, was refused, or saw.

    `canon` are the exact bytes that are hashed and later sealed; they hold ids, names of acts and fields, counts and
    salted commitments, never a value of a person. Values before and after lie in `detail`, encrypted under the key of
    the loan or party they concern, so that destroying that key leaves every proof valid. `leaf`, `xid` (a column the
    application never reads) and `created_at` are set by a trigger in the database; the table is partitioned by month on
    `id`, whose first bits are the time.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        REVEALED = "revealed", _("Revealed")

    created_at = models.DateTimeField(editable=False)
    canon = models.BinaryField()
    leaf = models.BinaryField(max_length=32, default=bytes)
    action = models.CharField(max_length=60)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField(null=True)
    loan_id = models.UUIDField(null=True)
    field = models.CharField(max_length=40, blank=True)
    reason_code = models.CharField(max_length=30, blank=True)
    request_id = models.UUIDField(null=True)
    address_digest = models.BinaryField(max_length=16, null=True)
    subject_kind = models.CharField(max_length=8)
    subject_id = models.UUIDField()
    detail = models.BinaryField(null=True)

    class Meta(TenantModel.Meta):
        managed = False
        db_table = "core_auditevent"

    def __str__(self) -> str:
        return f"{self.action} {self.outcome}"
