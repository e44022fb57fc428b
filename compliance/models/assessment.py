"""Impact assessments (个人信息保护影响评估): made before a processing begins, signed by another, kept for years."""

from datetime import date
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.core.models import Membership, TenantModel

# What the law asks for (PIPL 56), and what it is about.
SECTIONS: Final = ("activity", "kinds", "lawfulness", "impact", "measures", "conclusion")


class ImpactAssessment(TenantModel):
    """One version of an assessment. Once signed its words are fixed and nobody removes it before `keep_until` is over,
    the owner of the database included; a change of the processing is a new version under the same number."""

    class Occasion(models.TextChoices):
        SENSITIVE = "sensitive", _("Sensitive personal data")
        AUTOMATED = "automated", _("Automated decisions")
        ENTRUSTED = "entrusted", _("Entrusting a processor")
        PROVIDED = "provided", _("Giving or publishing personal data")
        ABROAD = "abroad", _("Data abroad")
        OTHER = "other", _("Other processing with great effect on persons")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waits for the second person")
        SIGNED = "signed", pgettext_lazy("of an assessment", "Signed")

    class Risk(models.TextChoices):
        UNSAID = "", _("Not said yet")
        LOW = "low", pgettext_lazy("of risk", "Low")
        MEDIUM = "medium", pgettext_lazy("of risk", "Medium")
        HIGH = "high", pgettext_lazy("of risk", "High")

    number = models.IntegerField(_("number"))
    version = models.SmallIntegerField(_("version"), default=1)
    title = models.CharField(_("processing"), max_length=120)
    occasion = models.CharField(_("occasion"), max_length=9, choices=Occasion.choices)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.DRAFT)
    activity = models.TextField(_("what is done with the data, and how"), blank=True)
    kinds = models.TextField(_("kinds of data and of persons"), blank=True)
    lawfulness = models.TextField(_("whether purpose and manner are lawful, legitimate and necessary"), blank=True)
    impact = models.TextField(_("effect on persons, and risks"), blank=True)
    measures = models.TextField(_("protective measures: lawful, effective and fit for the risk"), blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    risk = models.CharField(_("risk that remains"), max_length=6, choices=Risk.choices, blank=True, default="")
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    signed_on = models.DateField(_("signed on"), null=True)
    keep_until = models.DateField(_("kept until at least"), null=True)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number", "version"], name="compliance_assessment_version"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "waiting", "signed"]), name="compliance_assessment_state"
            ),
            models.CheckConstraint(
                condition=Q(occasion__in=["sensitive", "automated", "entrusted", "provided", "abroad", "other"]),
                name="compliance_assessment_occasion",
            ),
            models.CheckConstraint(
                condition=Q(risk__in=["", "low", "medium", "high"]), name="compliance_assessment_risk"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed")
                | Q(signed_by__isnull=False, signed_on__isnull=False, keep_until__isnull=False),
                name="compliance_assessment_signed",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("made_by")), name="compliance_assessment_four_eyes"
            ),
        ]

    def __str__(self) -> str:
        return f"assessment {self.number} v{self.version}"


def three_years_after(day: date) -> date:
    """The same day three years later; of 29 February the first of March, so that no day is lost (PIPL 56 para. 2)."""
    try:
        return day.replace(year=day.year + 3)
    except ValueError:
        return date(day.year + 3, 3, 1)
