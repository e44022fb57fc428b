"""Acts on impact assessments: written, handed to a second person, signed or given back, continued in a new version."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import ImpactAssessment
from carloan.compliance.models.assessment import SECTIONS, three_years_after
from carloan.compliance.policies.assessments import MOVES, Facts
from carloan.compliance.selectors.assessments import newest_version
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.numbers import next_number
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

MANAGE: Final = "assessments.manage"
SIGN: Final = "assessments.sign"
OBJECT: Final = "compliance.impactassessment"
MOST_WORDS: Final = 10_000


def assessment_begin(*, actor: Actor, title: str, occasion: str) -> ImpactAssessment:
    """Begin an assessment with a processing and its occasion; its sections are written afterwards.

    Raises Invalid without a title or an occasion of the law's, Forbidden without the right or for a key.
    """
    member_id = actor.require_person(MANAGE)
    _check(title, occasion)
    with tenant_atomic():
        row = ImpactAssessment(id=uuid7(), title=said(title)[:120], occasion=occasion, made_by_id=member_id)
        row.number = next_number("assessments")
        row.audit_event_id = _record(actor, row, "compliance.assessment.begun", reason_code=occasion)
        row.save(force_insert=True)
    return row


def assessment_write(
    *, actor: Actor, assessment: ImpactAssessment, revision: int, title: str, occasion: str, risk: str,
    sections: Mapping[str, str],
) -> ImpactAssessment:  # fmt: skip
    """Write the sections of a draft; whoever writes answers for it and does not sign it.

    Raises Conflict for one that is no draft or that somebody else changed meanwhile, Invalid for a title, occasion or
    risk that is none, Forbidden without the right.
    """
    member_id = actor.require_person(MANAGE)
    _check(title, occasion)
    if risk not in ImpactAssessment.Risk.values:
        raise Invalid(fields={"risk": [_("Choose one of the list.")]})
    with tenant_atomic():
        held = ImpactAssessment.objects.select_for_update(of=("self",)).get(id=assessment.id)
        if held.state != ImpactAssessment.State.DRAFT or held.revision != revision:
            raise Conflict
        held.title, held.occasion, held.risk, held.made_by_id = said(title)[:120], occasion, risk, member_id
        for name in SECTIONS:
            setattr(held, name, sections.get(name, "").strip()[:MOST_WORDS])
        held.revision += 1
        held.audit_event_id = _record(actor, held, "compliance.assessment.written")
        held.save()
    return held


def assessment_submit(*, actor: Actor, assessment: ImpactAssessment) -> ImpactAssessment:
    """Hand a whole assessment to a second person. Raises Invalid for a gap, by section, Conflict, Forbidden."""
    actor.require_person(MANAGE)
    return _step(actor, assessment, "submit", "compliance.assessment.submitted")


def assessment_return(*, actor: Actor, assessment: ImpactAssessment, reason: str) -> ImpactAssessment:
    """Give it back to be written further. Raises Invalid without a reason, Conflict, Forbidden without the right."""
    actor.require_own(SIGN)
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    return _step(actor, assessment, "return", "compliance.assessment.returned", reason=said(reason)[:500])


def assessment_sign(*, actor: Actor, assessment: ImpactAssessment) -> ImpactAssessment:
    """Sign it as the second person; from then on it is kept for three years at least (PIPL 56 para. 2).

    Raises Invalid for whoever made it, Conflict for one that does not wait, Forbidden without the right or for a right
    that a colleague lent.
    """
    member_id = actor.require_own(SIGN)
    today = timezone.localdate()
    values: dict[str, Any] = {"signed_by_id": member_id, "signed_on": today, "keep_until": three_years_after(today)}
    return _step(actor, assessment, "sign", "compliance.assessment.signed", **values)


def assessment_renew(*, actor: Actor, assessment: ImpactAssessment) -> ImpactAssessment:
    """A new version of a signed assessment, with its words, to be changed and signed anew. The signed one stays.

    Raises Conflict for one that is not signed or not the newest version, Forbidden without the right.
    """
    member_id = actor.require_person(MANAGE)
    if assessment.state != ImpactAssessment.State.SIGNED:
        raise Conflict(_("Only what was signed is continued in a new version."))
    try:
        with tenant_atomic():
            if newest_version(assessment.number) != assessment.version:
                raise Conflict(_("There is a newer version already."))
            row = ImpactAssessment(
                id=uuid7(), number=assessment.number, version=assessment.version + 1, title=assessment.title,
                occasion=assessment.occasion, risk=assessment.risk, made_by_id=member_id,
                **{name: getattr(assessment, name) for name in SECTIONS},
            )  # fmt: skip
            row.audit_event_id = _record(actor, row, "compliance.assessment.renewed")
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("There is a newer version already.")) from error
    return row


def _check(title: str, occasion: str) -> None:
    faults: dict[str, list[Any]] = {}
    if not said(title):
        faults["title"] = [_("Name the processing that is assessed.")]
    if occasion not in ImpactAssessment.Occasion.values:
        faults["occasion"] = [_("Choose one of the list.")]
    if faults:
        raise Invalid(fields=faults)


def _record(actor: Actor, row: ImpactAssessment, action: str, **more: Any) -> Any:
    return audit.record(
        actor=actor, action=action, object_type=OBJECT, object_id=row.id,
        after={"number": row.number, "version": row.version}, **more,
    )  # fmt: skip


def _step(
    actor: Actor, assessment: ImpactAssessment, event: str, action: str, *, reason: str = "", **values: Any
) -> ImpactAssessment:
    with tenant_atomic():
        held = ImpactAssessment.objects.select_for_update(of=("self",)).get(id=assessment.id)
        MOVES.need(held.state, event)
        sections = {name: getattr(held, name) for name in SECTIONS}
        facts = Facts(sections, held.risk, held.made_by_id, actor.hands(SIGN))
        event_id = _record(actor, held, action, reason=reason)
        step(held, MOVES, event, facts=facts, audit_event_id=event_id, **values)
    return held
