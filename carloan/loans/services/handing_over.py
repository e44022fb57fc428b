"""What leavers had in hand: their cases go to a colleague or wait, their exceptional access is reviewed and ends."""

import hashlib
from collections.abc import Iterator
from uuid import UUID

from django.db.models import F, QuerySet

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.keys import Subject
from carloan.core.models import Membership
from carloan.core.reviewed import Held
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import Loan, LoanGrant
from carloan.loans.policies.stages import PATH


def open_cases(member: Membership) -> "QuerySet[Loan]":
    """The loans in progress whose officer the member is."""
    rows: QuerySet[Loan] = Loan.objects.filter(officer=member, state__in=PATH[:-1])
    return rows


def cases_hand_over(*, actor: Actor, member: Membership, successor: Membership | None) -> int:
    """Give a leaver's cases in progress to a colleague, or to nobody (None); how many.

    One event for the act, with the digest of the loans, and one for each loan with who had it before. Called inside
    the act that lets the member leave, which has asked whether the actor may.
    """
    with tenant_atomic():
        loans = list(open_cases(member).select_for_update(of=("self",), no_key=True).order_by("id"))
        if not loans:
            return 0
        digest = hashlib.sha256(b"".join(loan.id.bytes for loan in loans)).hexdigest()
        after = successor.id if successor else None
        event_id = audit.record(
            actor=actor, action="loans.loans.handed_over", object_type="core.membership", object_id=member.id,
            count=len(loans), digest=digest, after={"member": after},
        )  # fmt: skip
        audit.record_changes(
            actor=actor,
            changes=[
                {
                    "action": "loans.loan.changed",
                    "object_type": "loans.loan",
                    "object_id": loan.id,
                    "loan_id": loan.id,
                    "before": {"officer_id": member.id},
                    "after": {"officer_id": after},
                }
                for loan in loans
            ],
        )
        Loan.objects.filter(id__in=[loan.id for loan in loans]).update(
            officer=successor, revision=F("revision") + 1, audit_event_id=event_id
        )
    return len(loans)


def grants_held() -> Iterator[Held]:
    """Exceptional access to single loans, for a review of access; who has it by name, the loan by its number."""
    members = Membership.objects.filter(is_active=True).select_related("user").defer("user__password")
    people = {member.user_id: member for member in members}
    for grant in LoanGrant.objects.select_related("content_object").order_by("id"):
        if (member := people.get(grant.user_id)) is not None:
            yield Held(
                grant.id, member.id, member.display_name, str(grant.content_object.contract_no),
                since=grant.created_at.date(), until=grant.valid_until, last_used_at=member.user.last_login,
            )  # fmt: skip


def grant_take(actor: Actor, grant_id: UUID) -> bool:
    """End one exceptional access, for a review that has asked whether it may; False when it had ended."""
    with tenant_atomic():
        grant = LoanGrant.objects.select_for_update(of=("self",)).filter(id=grant_id).first()
        if grant is None:
            return False
        member = Membership.objects.filter(user_id=grant.user_id).first()
        audit.record(
            actor=actor, action="loans.loan.grant_ended", object_type="loans.loan", object_id=grant.content_object_id,
            loan_id=grant.content_object_id, subject=Subject("tenant", actor.tenant_id),
            after={"member": member.id if member else None},
        )  # fmt: skip
        LoanGrant.objects.filter(id=grant.id).delete()
    return True
