"""What stood out in the trail (异常): found by rules, answered by people, removed by nobody."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.keys import Subject
from carloan.core.models import Membership, TenantModel
from carloan.core.sealed import SealedText
from carloan.core.tenancy import current_tenant_id


class AnomalyKind(models.TextChoices):
    MASS_VIEWING = "mass_viewing", _("Mass viewing")
    NIGHT_ACCESS = "night_access", _("Access at night or on days off")
    MANY_REVEALS = "many_reveals", _("Many reveals")
    SCRAPING = "scraping", _("Scraping")
    LARGE_EXPORTS = "large_exports", _("Exports out of the usual")


class AnomalyRule(TenantModel):
    """A lender's own numbers of a rule, one row a version; the newest counts. Without any the house's count."""

    kind = models.CharField(max_length=20, choices=AnomalyKind.choices)
    version = models.PositiveIntegerField()
    numbers = models.JSONField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "version"], name="compliance_anomalyrule_version")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Anomaly(TenantModel):
    """One actor's day that a rule asks about: once for each rule, actor and local day.

    `limits` are the rule's numbers at that moment, `numbers` what was found, `events` the first of them. `actor_id` is
    a membership or, for other systems, an API key.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be answered")
        CLOSED = "closed", _("Answered")

    class Reason(models.TextChoices):
        BUSINESS = "business", _("The work asked for it")
        AGREED = "agreed", _("Agreed beforehand")
        RULE = "rule", _("The rule asks too soon")
        HANDED_ON = "handed_on", _("Handed on to whoever decides")
        MEASURES = "measures", _("Measures were taken")

    kind = models.CharField(max_length=20, choices=AnomalyKind.choices)
    rule_version = models.PositiveIntegerField()
    limits = models.JSONField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField()
    day = models.DateField()
    numbers = models.JSONField()
    events = models.JSONField()
    found_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    reason_code = models.CharField(max_length=12, choices=Reason.choices, blank=True, default="")
    reason = SealedText()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "actor_id", "day"], name="compliance_anomaly_once"),
            models.CheckConstraint(condition=models.Q(state__in=["open", "closed"]), name="compliance_anomaly_state"),
        ]
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="compliance_anomaly_state_at")]

    def key_subject(self) -> Subject:
        return Subject("tenant", current_tenant_id())

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
