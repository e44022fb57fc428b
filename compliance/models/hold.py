"""Legal holds: named reasons for which nothing of a loan, a person or a paper may be changed, moved or destroyed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.keys import Subject
from carloan.core.models import Membership, TenantModel
from carloan.core.sealed import SealedText
from carloan.core.tenancy import current_tenant_id


class LegalHold(TenantModel):
    """One hold (冻结), placed by one person and released by two. Its words are sealed with the lender's key.

    `placer_may_release` stands as it was when the hold was placed (policies/holds.py): whether whoever placed it may be
    one of the two.
    """

    class Kind(models.TextChoices):
        LITIGATION = "litigation", _("Litigation")
        AUDIT = "audit", _("Audit")
        AML = "aml", _("AML inquiry")
        COMPLAINT = "complaint", _("Complaint")
        REGULATOR = "regulator", _("Regulator")

    class State(models.TextChoices):
        ACTIVE = "active", _("In force")
        RELEASED = "released", _("Released")

    number = models.IntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ACTIVE)
    name = SealedText(_("name of the matter"))
    reason = SealedText(_("reason"))
    placed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    placer_may_release = models.BooleanField()
    placed_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=1)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="compliance_legalhold_number"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["litigation", "audit", "aml", "complaint", "regulator"]),
                name="compliance_legalhold_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "released"]), name="compliance_legalhold_state"
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.number}"

    def key_subject(self) -> Subject:
        return Subject("tenant", current_tenant_id())


class HoldTarget(TenantModel):
    """What a hold holds, of any kind that is registered: append-only, a hold may grow and never shrinks."""

    hold = models.ForeignKey(LegalHold, models.PROTECT, related_name="targets")
    kind = models.CharField(_("kind"), max_length=20)
    target_id = models.UUIDField()
    added_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "hold", "kind", "target_id"], name="compliance_holdtarget_once")
        ]
        # Whether a thing is held: asked by the database itself before each act on it.
        indexes = [models.Index(fields=["tenant", "kind", "target_id"], name="compliance_holdtarget_held")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}"


class HoldRelease(TenantModel):
    """One of the two voices that release a hold."""

    hold = models.ForeignKey(LegalHold, models.PROTECT, related_name="releases")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    reason = SealedText(_("reason"))
    said_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "hold", "member"], name="compliance_holdrelease_once")]

    def __str__(self) -> str:
        return f"{self.member_id} releases {self.hold_id}"

    def key_subject(self) -> Subject:
        return Subject("tenant", current_tenant_id())
