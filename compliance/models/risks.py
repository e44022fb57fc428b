"""The risk register (风险登记册): what may go wrong, how likely and how costly, who owns it, and each look at it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.models import Membership, TenantModel


class Probability(models.IntegerChoices):
    """How likely; the upper two are high."""

    RARE = 1, _("Rare")
    UNLIKELY = 2, _("Unlikely")
    LIKELY = 3, _("Likely")
    EXPECTED = 4, _("Expected")


class Loss(models.IntegerChoices):
    """How much it would cost; the upper two are high."""

    MINOR = 1, _("Minor")
    MODERATE = 2, _("Moderate")
    SERIOUS = 3, _("Serious")
    CRITICAL = 4, _("Critical")


def _graded(name: str) -> list[models.BaseConstraint]:
    condition = models.Q(probability__in=[1, 2, 3, 4], loss__in=[1, 2, 3, 4])
    return [models.CheckConstraint(condition=condition, name=name)]


class Risk(TenantModel):
    """One risk as it is seen now. `next_review_on` follows from its quadrant (policies/risks.py); a closed one is kept
    and looked at no more."""

    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("risk"), max_length=120)
    description = models.TextField(_("cause and consequence"), max_length=2000, blank=True)
    measures = models.TextField(_("measures"), max_length=2000, blank=True)
    probability = models.SmallIntegerField(_("probability"), choices=Probability.choices)
    loss = models.SmallIntegerField(_("loss"), choices=Loss.choices)
    owner = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("owner"))
    next_review_on = models.DateField(_("next review"))
    closed_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="compliance_risk_number"),
            *_graded("compliance_risk_grades"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "next_review_on"],
                condition=models.Q(closed_at=None),
                name="compliance_risk_due",
            )
        ]

    def __str__(self) -> str:
        return self.title


class RiskReview(TenantModel):
    """One look at a risk: what it was held to be from then on. Facts; the first is its registration."""

    risk = models.ForeignKey(Risk, models.PROTECT, related_name="reviews")
    probability = models.SmallIntegerField(choices=Probability.choices)
    loss = models.SmallIntegerField(choices=Loss.choices)
    note = models.TextField(_("what was found"), max_length=1000, blank=True)
    next_review_on = models.DateField(null=True)
    reviewed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = _graded("compliance_riskreview_grades")

    def __str__(self) -> str:
        return f"{self.probability} × {self.loss}"
