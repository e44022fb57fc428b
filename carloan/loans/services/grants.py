"""Exceptional access to one loan outside one's branches: given with a reason, until a day, and ended."""

from datetime import date

from django.contrib.auth.models import Permission
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid, NotFound
from carloan.core.ids import uuid7
from carloan.core.keys import Subject
from carloan.core.models import Membership
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said
from carloan.loans.models import Loan, LoanGrant
from carloan.loans.policies.facts import day_problems
from carloan.loans.selectors.loans import may

from .people import as_invalid


def loan_grant(*, actor: Actor, loan: Loan, member: Membership, reason: str, valid_until: date | None) -> LoanGrant:
    """Let one member see one loan outside their branches, with a reason, until a day. Conflict for oneself."""
    if not may(actor, "loans.grant", loan):
        raise Forbidden(capability="loans.grant")
    if member.id in actor.hands("loans.grant"):
        raise Conflict(_("Nobody gives access to themselves. Ask a colleague who may."))
    if not member.is_active:
        raise Conflict(_("This person has left."))
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    if valid_until is not None and valid_until < timezone.localdate():
        raise Invalid(fields={"valid_until": [_("This day has passed.")]})
    if found := day_problems(valid_until):
        raise as_invalid({"valid_until": found})
    permission = Permission.objects.get(
        content_type__app_label="loans", content_type__model="loan", codename="view_loan"
    )
    with tenant_atomic():
        event_id = audit.record(
            actor=actor,
            action="loans.loan.granted",
            object_type="loans.loan",
            object_id=loan.id,
            loan_id=loan.id,
            after={"member": member.id, "valid_until": valid_until},
            reason=said(reason),
        )
        grant: LoanGrant = LoanGrant.objects.filter(
            user_id=member.user_id, content_object=loan, permission=permission
        ).first() or LoanGrant(id=uuid7(), user_id=member.user_id, content_object=loan, permission=permission)
        seal(grant, reason=said(reason)[:200])
        grant.valid_until, grant.granted_by_id, grant.audit_event_id = valid_until, actor.membership_id, event_id
        grant.save()
    return grant


def loan_grant_end(*, actor: Actor, loan: Loan, member: Membership) -> None:
    """Take an exceptional grant back at once. Raises NotFound when there is none."""
    if not may(actor, "loans.grant", loan):
        raise Forbidden(capability="loans.grant")
    with tenant_atomic():
        audit.record(
            actor=actor,
            action="loans.loan.grant_ended",
            object_type="loans.loan",
            object_id=loan.id,
            loan_id=loan.id,
            after={"member": member.id},
        )
        if not LoanGrant.objects.filter(user_id=member.user_id, content_object=loan).delete()[0]:
            raise NotFound


def member_grants_end(*, actor: Actor, member: Membership) -> None:
    """A leaver's exceptional access ends everywhere, each with an event that also a destroyed loan can have."""
    for grant in LoanGrant.objects.filter(user_id=member.user_id):
        audit.record(
            actor=actor,
            action="loans.loan.grant_ended",
            object_type="loans.loan",
            object_id=grant.content_object_id,
            loan_id=grant.content_object_id,
            subject=Subject("tenant", actor.tenant_id),
            after={"member": member.id},
        )
        LoanGrant.objects.filter(id=grant.id).delete()
