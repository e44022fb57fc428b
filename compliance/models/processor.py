"""Entrusted processors (受托处理者): who processes personal data for the lender, how, and how it is supervised."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.core.models import Membership, TenantModel


class EntrustedProcessor(TenantModel):
    """One contract with one processor, with what the law wants agreed (PIPL 21): purpose, term, manner, kinds of data,
    measures, rights and duties. At its end the data are given back or deleted, and that is confirmed."""

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("of a contract", "Runs")
        ENDED = "ended", _("Ended, return or deletion not confirmed")
        CLOSED = "closed", _("Ended, data returned or deleted")

    class Fate(models.TextChoices):
        UNKNOWN = "", _("Not confirmed")
        RETURNED = "returned", _("Given back")
        DELETED = "deleted", _("Deleted")
        BOTH = "both", _("Given back and deleted")

    number = models.IntegerField(_("number"))
    name = models.CharField(_("processor"), max_length=120)
    contract = models.CharField(_("contract number"), max_length=60)
    purpose = models.TextField(_("purpose"))
    manner = models.TextField(_("manner of processing"))
    kinds = models.TextField(_("kinds of data"))
    measures = models.TextField(_("protective measures"))
    duties = models.TextField(_("rights and duties of both"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.ACTIVE)
    ended_on = models.DateField(_("ended on"), null=True)
    fate = models.CharField(_("data after the end"), max_length=8, choices=Fate.choices, blank=True, default="")
    evidence = models.CharField(_("confirmation"), max_length=200, blank=True)
    closed_on = models.DateField(_("confirmed on"), null=True)
    registered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="compliance_processor_number"),
            models.CheckConstraint(
                condition=Q(state__in=["active", "ended", "closed"]), name="compliance_processor_state"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="compliance_processor_term"),
            models.CheckConstraint(
                condition=Q(fate__in=["", "returned", "deleted", "both"]), name="compliance_processor_fate"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (~Q(fate="") & ~Q(evidence="")), name="compliance_processor_confirmed"
            ),
        ]

    def __str__(self) -> str:
        return f"processor {self.number}"


class Supervision(TenantModel):
    """The lender looked after a processor (监督): when, who, what was found. Append-only."""

    class Finding(models.TextChoices):
        GOOD = "good", _("As agreed")
        FAULTS = "faults", _("Faults to be mended")
        GRAVE = "grave", _("Grave breach")

    processor = models.ForeignKey(EntrustedProcessor, models.PROTECT, related_name="supervisions")
    looked_on = models.DateField(_("looked on"))
    finding = models.CharField(_("finding"), max_length=6, choices=Finding.choices)
    words = models.TextField(_("what was found and done"))
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__in=["good", "faults", "grave"]), name="compliance_supervision_finding"
            )
        ]

    def __str__(self) -> str:
        return f"supervision of {self.processor_id}"
