"""What is kept sealed apart (独立加密封存): one row a unit and time, from when until when, and while it is open."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.models import TenantModel


class SealedUnit(TenantModel):
    """A unit whose key stands under the lender's sealing key since `sealed_at`, by a version of the policy.

    `keyed_at` is empty until the key store has moved the key; `ended_at` says when it was joined again or destroyed.
    Until `opened_until` the key opens nevertheless, because of `opening_id`.
    """

    unit = models.CharField(_("unit"), max_length=20)
    object_id = models.UUIDField()
    policy_version = models.IntegerField(_("version of the policy"))
    sealed_at = models.DateTimeField(_("sealed apart since"), auto_now_add=True)
    keyed_at = models.DateTimeField(null=True)
    opened_until = models.DateTimeField(_("open until"), null=True)
    opening_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "unit", "object_id"],
                condition=models.Q(ended_at=None),
                name="compliance_sealedunit_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.object_id}"
