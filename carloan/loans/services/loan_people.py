"""Who stands in a loan, corrected: another role, another kind of guarantee, somebody taken out. What stood there before
is kept in rows of its own (FormerRole)."""

from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said
from carloan.loans.followers import loan_changed
from carloan.loans.models import FormerRole, Loan, LoanParty
from carloan.loans.policies.facts import agreed_guarantee

from .loans import TWO_BORROWERS
from .people import loan_locked

FACTS = ("role", "guarantee", "relation")


def loan_party_change(
    *, actor: Actor, loan: Loan, row: LoanParty, revision: int, role: str, guarantee: str = "", relation: str = ""
) -> LoanParty:
    """Correct as what somebody stands in a loan. A guarantee without an agreed kind is a general one (民法典 686).

    Raises Forbidden unless the actor may edit this loan, Conflict unless the row is still at `revision`, Invalid
    (`role`) for a second borrower, the same person twice in one role, or a borrower who no longer would be the one that
    was decided about.
    """
    with tenant_atomic():
        now_loan, now = _held(actor, loan, row, revision)
        wanted = {"role": role, "guarantee": agreed_guarantee(role, guarantee), "relation": relation}
        changed = {name: value for name, value in wanted.items() if getattr(now, name) != value}
        if not changed:
            return now
        if "role" in changed:
            _refuse_without_borrower(now_loan, now)
            others = LoanParty.objects.filter(loan=loan, role=role).exclude(id=now.id)
            if role == LoanParty.Role.BORROWER and others.exists():
                raise Invalid(fields={"role": [TWO_BORROWERS]})
            if others.filter(party_id=now.party_id).exists():
                raise Invalid(fields={"role": [_("This person stands in this role already.")]})
        now.audit_event_id = audit.record(
            actor=actor,
            action="loans.loan_party.changed",
            object_type="loans.loanparty",
            object_id=now.id,
            loan_id=loan.id,
            before={name: getattr(now, name) for name in changed},
            after=changed,
        )
        _keep(now)
        for name, value in changed.items():
            setattr(now, name, value)
        now.revision += 1
        now.save(update_fields=[*changed, "revision", "audit_event_id"])
        loan_changed(now_loan, people=True)
    return now


def loan_party_end(*, actor: Actor, loan: Loan, row: LoanParty, revision: int, reason: str) -> None:
    """Take somebody out of a loan; who it was, and as what, stays on record. The person and other loans stay.

    Raises Forbidden unless the actor may edit this loan, Conflict unless the row is still at `revision`, Invalid
    without a reason and for the borrower of a loan that was submitted.
    """
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    with tenant_atomic():
        now_loan, now = _held(actor, loan, row, revision)
        _refuse_without_borrower(now_loan, now)
        now.audit_event_id = audit.record(
            actor=actor,
            action="loans.loan_party.ended",
            object_type="loans.loanparty",
            object_id=now.id,
            loan_id=loan.id,
            before={"party": now.party_id} | {name: getattr(now, name) for name in FACTS},
            reason=said(reason),
        )
        _keep(now)
        now.delete()
        loan_changed(now_loan, people=True)


def _held(actor: Actor, loan: Loan, row: LoanParty, revision: int) -> tuple[Loan, LoanParty]:
    """The loan and the row as they stand now, held until the transaction ends."""
    now_loan = loan_locked(actor=actor, loan=loan)
    now = LoanParty.objects.select_for_update(no_key=True).filter(id=row.id, loan=loan, revision=revision).first()
    if now is None:
        raise Conflict
    return now_loan, now


def _keep(row: LoanParty) -> None:
    FormerRole.objects.create(
        id=uuid7(),
        loan_id=row.loan_id,
        party_id=row.party_id,
        audit_event_id=row.audit_event_id,
        **{name: getattr(row, name) for name in FACTS},
    )


def _refuse_without_borrower(loan: Loan, row: LoanParty) -> None:
    if row.role == LoanParty.Role.BORROWER and loan.state != Loan.State.APPLICATION:
        raise Invalid(fields={"role": [_("The borrower of a loan that was submitted stays.")]})
