"""Risks for those who may see the register: what is open, what is due, where each stands."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from carloan.compliance.models import Risk, RiskReview
from carloan.core.actors import Actor
from carloan.core.errors import NotFound

VIEW = "risks.view"


def risks_for(actor: Actor, *, only: str = "open", today: date | None = None) -> list[Risk]:
    """The register, the most pressing first: `only` open ones, those that are due on `today`, or closed ones."""
    rows = _rows(actor)
    if only == "due":
        rows = rows.filter(closed_at=None, next_review_on__lte=today)
    else:
        rows = rows.filter(closed_at__isnull=only != "closed")
    return sorted(rows, key=lambda risk: (-risk.loss * risk.probability, -risk.loss, risk.number))


def get_risk_for(actor: Actor, risk_id: UUID) -> Risk:
    """Raises NotFound."""
    if (risk := _rows(actor).filter(id=risk_id).first()) is None:
        raise NotFound
    return risk


def reviews_of(risk: Risk) -> list[RiskReview]:
    """Every look at it, newest first."""
    return list(RiskReview.objects.filter(risk=risk).select_related("reviewed_by").order_by("-id"))


def due_count(actor: Actor, today: date) -> int:
    """How many open risks should have been looked at by now."""
    return _rows(actor).filter(closed_at=None, next_review_on__lte=today).count()


def _rows(actor: Actor) -> "QuerySet[Risk]":
    actor.require(VIEW)
    return Risk.objects.select_related("owner")
