"""Openings: one look at much that is masked, asked for by one person and decided by another."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core.keys import Subject
from carloan.core.models import TenantModel
from carloan.core.sealed import SealedText
from carloan.core.tenancy import current_tenant_id


class Opening(TenantModel):
    """Somebody asks for the clear values behind a list (or for pictures of class C3) and says why; somebody else with
    the right decides; what was approved opens once, for who asked, until `expires_at`. `asked` is what the owner of
    the kind needs to open exactly what was decided about, `count` how many things that were when it was asked for.

    `why` and `answer` are what they said, sealed. `reason` and `note` held it in clear before: the nightly sweep seals
    what older versions wrote there."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for a decision")
        APPROVED = "approved", _("Approved, not opened yet")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        OPENED = "opened", _("Opened")

    kind = models.CharField(_("what"), max_length=30)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked = models.JSONField(_("things"), default=dict)
    count = models.PositiveIntegerField(_("how many"))
    reason_code = models.CharField(_("reason"), max_length=30)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    why = SealedText(_("reason"))
    asked_by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("core.Membership", models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("words of who decided"), max_length=300, blank=True)
    answer = SealedText(_("words of who decided"))
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "approved", "refused", "withdrawn", "opened"]),
                name="compliance_opening_known",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="compliance_opening_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused", "opened"]) | Q(decided_by__isnull=False),
                name="compliance_opening_decided",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "state", "id"], name="compliance_opening_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    def key_subject(self) -> Subject:
        return Subject("tenant", current_tenant_id())

    @property
    def is_open(self) -> bool:
        """Whether something can still come of it: it waits for a decision, or for whoever asked to open it."""
        return self.state in (self.State.ASKED, self.State.APPROVED) and timezone.now() < self.expires_at

    @property
    def is_late(self) -> bool:
        """Whether nobody decided about it, or opened it, in time: nothing can come of it any more."""
        return self.state in (self.State.ASKED, self.State.APPROVED) and not self.is_open
