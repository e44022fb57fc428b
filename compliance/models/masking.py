"""A lender's policy of masking, as versions: each is whole, and counts from its day on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.models import TenantModel


class MaskingPolicy(TenantModel):
    """One version. On a day that one counts which was published last of those that had begun by then; a later word
    about days to come therefore replaces an earlier one. `rules` holds what is stricter than the registry, by the key
    of the rule (core/tightening.py); an empty version goes back to the registry."""

    number = models.PositiveIntegerField(_("version"))
    effective_on = models.DateField(_("counts from"))
    rules = models.JSONField(_("rules"), default=dict)
    reason = models.CharField(_("reason"), max_length=200)
    recorded_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="compliance_maskingpolicy_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="compliance_maskingpolicy_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
