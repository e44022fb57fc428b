"""Reads of impact assessments."""

from typing import Final
from uuid import UUID

from django.db.models import Max

from carloan.compliance.models import ImpactAssessment
from carloan.core.actors import Actor
from carloan.core.errors import NotFound

VIEW: Final = "assessments.view"


def assessments_for(actor: Actor, *, state: str = "") -> list[ImpactAssessment]:
    """The newest version of each assessment (of those in a state, if one is asked for), the newest number first."""
    actor.require(VIEW)
    rows = ImpactAssessment.objects.select_related("made_by", "signed_by")
    if state:
        rows = rows.filter(state=state)
    return list(rows.order_by("-number", "-version").distinct("number"))


def waiting_count(actor: Actor) -> int:
    """How many wait for a second person who is not the actor."""
    actor.require(VIEW)
    rows = ImpactAssessment.objects.filter(state=ImpactAssessment.State.WAITING)
    return rows.exclude(made_by_id__in=actor.hands("assessments.sign")).count()


def get_assessment_for(actor: Actor, assessment_id: UUID) -> ImpactAssessment:
    """Raises NotFound."""
    actor.require(VIEW)
    row = ImpactAssessment.objects.select_related("made_by", "signed_by").filter(id=assessment_id).first()
    if row is None:
        raise NotFound
    return row


def versions_of(assessment: ImpactAssessment) -> list[ImpactAssessment]:
    """Every version under the same number, the newest first."""
    rows = ImpactAssessment.objects.filter(number=assessment.number)
    return list(rows.select_related("signed_by").order_by("-version"))


def newest_version(number: int) -> int:
    found: int | None = ImpactAssessment.objects.filter(number=number).aggregate(newest=Max("version"))["newest"]
    return found or 0
