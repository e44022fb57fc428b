"""Rule changes for those who may see the register."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from carloan.compliance.models import RuleChange
from carloan.compliance.policies.rule_changes import UPCOMING
from carloan.core.actors import Actor
from carloan.core.errors import NotFound

VIEW = "rule_changes.view"


def rule_changes_for(actor: Actor, *, only: str = "open", today: date) -> list[RuleChange]:
    """What is not done, the earliest day first; `upcoming` of these; or what is done, newest first."""
    if only == "done":
        return list(_rows(actor).filter(state="done").order_by("-effective_on", "-number"))
    rows = _upcoming(actor, today) if only == "upcoming" else _rows(actor).exclude(state="done")
    return list(rows.order_by("effective_on", "number"))


def get_rule_change_for(actor: Actor, change_id: UUID) -> RuleChange:
    """Raises NotFound."""
    if (change := _rows(actor).filter(id=change_id).first()) is None:
        raise NotFound
    return change


def upcoming_count(actor: Actor, today: date) -> int:
    """How many that are not done count soon, should be done soon, or should be done already."""
    return _upcoming(actor, today).count()


def _upcoming(actor: Actor, today: date) -> "QuerySet[RuleChange]":
    soon = Q(effective_on__lte=today + UPCOMING) | Q(due_on__lte=today + UPCOMING)
    return _rows(actor).exclude(state="done").filter(soon)


def _rows(actor: Actor) -> "QuerySet[RuleChange]":
    actor.require(VIEW)
    return RuleChange.objects.select_related("owner", "read_by", "decided_by", "done_by")
