"""Register risks, look at them again, close them. The quadrant says when the next look is due."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import Risk, RiskReview
from carloan.compliance.policies.register_words import without_numbers
from carloan.compliance.policies.risks import GRADES, latest_review
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import Membership
from carloan.core.numbers import next_number
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

MANAGE: Final = "risks.manage"
OBJECT: Final = "compliance.risk"


def risk_register(
    *, actor: Actor, title: str, description: str, measures: str, probability: int, loss: int, owner: Membership,
    next_review_on: date | None = None,
) -> Risk:  # fmt: skip
    """Enter a risk. Without a day the next look is due when its quadrant says.

    Raises Invalid without a title, for numbers of people in the words, for grades beyond 1 to 4, an owner who left, and
    a day that is past or later than the quadrant allows; Forbidden without the right.
    """
    member_id = actor.require_person(MANAGE)
    day = _next_review(next_review_on, probability, loss)
    _check({"title": title, "description": description, "measures": measures}, owner)
    with tenant_atomic():
        risk = Risk(
            id=uuid7(), title=said(title), description=said(description), measures=said(measures),
            probability=probability, loss=loss, owner=owner, next_review_on=day,
        )  # fmt: skip
        risk.audit_event_id = audit.record(
            actor=actor, action="compliance.risk.registered", object_type=OBJECT, object_id=risk.id, after=_told(risk)
        )
        risk.number = next_number("risks")
        risk.save(force_insert=True)
        _keep_review(risk, member_id, note="", event_id=risk.audit_event_id)
    return risk


def risk_change(
    *, actor: Actor, risk: Risk, revision: int, title: str, description: str, measures: str, owner: Membership
) -> Risk:
    """Change the words, measures or owner of an open risk; grades change by a review.

    Raises Conflict when somebody changed it since `revision` was read, or it is closed; Invalid as risk_register().
    """
    actor.require_person(MANAGE)
    _check({"title": title, "description": description, "measures": measures}, owner, was=risk.owner_id)
    with tenant_atomic():
        held = _open_risk(risk, revision)
        before = _told(held)
        held.title, held.description, held.measures = said(title), said(description), said(measures)
        held.owner = owner
        after = _told(held)
        changed = {name for name in after if after[name] != before[name]}
        if not changed:
            return held
        held.audit_event_id = audit.record(
            actor=actor, action="compliance.risk.changed", object_type=OBJECT, object_id=held.id,
            before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
        )  # fmt: skip
        held.revision += 1
        held.save()
    return held


def risk_review(
    *, actor: Actor, risk: Risk, revision: int, probability: int, loss: int, note: str,
    next_review_on: date | None = None, close: bool = False,
) -> Risk:  # fmt: skip
    """Look at an open risk again: what it is now, and why; with `close` it is looked at no more.

    Raises Invalid without a note or as risk_register(), Conflict as risk_change().
    """
    member_id = actor.require_person(MANAGE)
    if not said(note):
        raise Invalid(fields={"note": [_("Say what was found.")]})
    if faults := without_numbers({"note": note}):
        raise Invalid(fields=faults)
    day = _next_review(next_review_on, probability, loss)
    with tenant_atomic():
        held = _open_risk(risk, revision)
        before = _told(held)
        held.probability, held.loss, held.next_review_on = probability, loss, day
        held.closed_at = timezone.now() if close else None
        held.audit_event_id = audit.record(
            actor=actor,
            action="compliance.risk.closed" if close else "compliance.risk.reviewed",
            object_type=OBJECT,
            object_id=held.id,
            reason=said(note),
            before={name: before[name] for name in ("probability", "loss")},
            after={"probability": probability, "loss": loss, "next_review_on": None if close else day},
        )
        held.revision += 1
        held.save()
        _keep_review(held, member_id, note=said(note), event_id=held.audit_event_id)
    return held


def risks_exported(*, actor: Actor, count: int) -> None:
    """The register leaves as a file: told before."""
    actor.require("risks.view")
    with tenant_atomic():
        audit.record(actor=actor, action="compliance.risk.exported", object_type=OBJECT, count=count)


def _keep_review(risk: Risk, member_id: UUID, *, note: str, event_id: UUID) -> None:
    RiskReview.objects.create(
        risk=risk, probability=risk.probability, loss=risk.loss, note=note, reviewed_by_id=member_id,
        next_review_on=None if risk.closed_at else risk.next_review_on, audit_event_id=event_id,
    )  # fmt: skip


def _open_risk(risk: Risk, revision: int) -> Risk:
    held = Risk.objects.select_for_update().get(id=risk.id)
    if held.closed_at is not None or held.revision != revision:
        raise Conflict
    return held


def _next_review(wanted: date | None, probability: int, loss: int) -> date:
    if probability not in GRADES or loss not in GRADES:
        raise Invalid(fields={"probability": [_("Choose how likely and how costly it is.")]})
    today = timezone.localdate()
    latest = latest_review(probability, loss, today=today)
    if wanted is None:
        return latest
    if not today < wanted <= latest:
        words = _("The next review is after today and on %(day)s at the latest, by its quadrant.")
        raise Invalid(fields={"next_review_on": [words % {"day": latest.isoformat()}]})
    return wanted


def _check(words: Mapping[str, str], owner: Membership, *, was: UUID | None = None) -> None:
    faults = without_numbers(words)
    if not said(words["title"]):
        faults["title"] = [_("Name the risk.")]
    if not owner.is_active and owner.id != was:
        faults["owner"] = [_("This person has left. Choose somebody else.")]
    if faults:
        raise Invalid(fields=faults)


def _told(risk: Risk) -> dict[str, Any]:
    return {
        "title": risk.title,
        "description": risk.description,
        "measures": risk.measures,
        "probability": risk.probability,
        "loss": risk.loss,
        "owner": str(risk.owner_id),
    }
