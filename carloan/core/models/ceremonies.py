"""The log of what was done to a lender's keys, and before whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import TenantModel
from .people import Membership


class KeyCeremony(TenantModel):
    """One act on a version of a lender's key (密钥仪式记录): a fact that the database lets nobody change.

    `by` is empty for the platform. `witnesses` are the names of those who were present, as they were entered.
    """

    class Act(models.TextChoices):
        MADE = "made", _("First version made")
        ROTATED = "rotated", _("New version made")
        USED = "used", _("New version taken into use")
        RETIRED = "retired", _("Former versions retired")
        REWRAPPED = "rewrapped", _("Put under another root key")

    act = models.CharField(max_length=10, choices=Act.choices)
    purpose = models.CharField(max_length=5)
    version = models.IntegerField()
    suite = models.CharField(max_length=1)
    by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    witnesses = models.JSONField(default=list, blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(act__in=["made", "rotated", "used", "retired", "rewrapped"]),
                name="core_keyceremony_act",
            ),
            # A version is made once and its predecessors are retired once.
            models.UniqueConstraint(
                fields=["tenant", "purpose", "version", "act"],
                condition=~models.Q(act="rewrapped"),
                name="core_keyceremony_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version} {self.act}"
