"""Packs for auditors: what was handed out, as it was, for whoever asks later."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.keys import Subject
from carloan.core.models import Job, Membership, TenantModel
from carloan.core.sealed import SealedText
from carloan.core.tenancy import current_tenant_id


class AuditorPack(TenantModel):
    """One pack (审计包) that a job made: a fact that nobody changes.

    `content` is the zip in Base64, sealed with the lender's key, because it names members with their exams and the
    house's risks. `digest` is the zip's SHA-256, which its event holds too; `counts` how many controls of each
    framework had which status.
    """

    number = models.PositiveIntegerField(_("number"))
    release = models.CharField(_("release"), max_length=40)
    content = SealedText()
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)
    job = models.ForeignKey(Job, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="compliance_auditorpack_number"),
            # A job that was killed behind its commit makes no second one.
            models.UniqueConstraint(fields=["tenant", "job"], name="compliance_auditorpack_job"),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def key_subject(self) -> Subject:
        return Subject("tenant", current_tenant_id())
