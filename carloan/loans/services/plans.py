"""A loan's plan on record: agreed row by row, kept in versions, and what of it is due next."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core.errors import Invalid
from carloan.core.postgres.bulk import insert_rows
from carloan.loans.models import Instalment, Loan, OpeningPosition, ScheduleVersion
from carloan.loans.policies import schedule
from carloan.loans.policies.facts import day_problems
from carloan.loans.policies.plans import usual_day
from carloan.loans.selectors.allocations import allocated
from carloan.loans.selectors.schedule import plan_of, terms_of

from .people import as_invalid

# (due date, principal, interest) of an instalment, minor units.
PlanRow = tuple[date, int, int]
_DUE_BEFORE_PAYMENT = _("The first due date lies before the day of payment.")


def schedule_keep(
    *, loan: Loan, dues: Sequence[schedule.Due], reason: str, event_id: UUID, effective_on: date | None = None
) -> ScheduleVersion:
    """Append a new version of a loan's plan inside the caller's transaction; older versions stay as they were.

    It counts from `effective_on` (None: the payment, else today): a day to come defers, a past one corrects.
    """
    newest = ScheduleVersion.objects.filter(loan=loan).order_by("-version").first()
    version = ScheduleVersion(
        loan=loan,
        version=newest.version + 1 if newest else 1,
        reason=reason,
        method=loan.method,
        principal=loan.principal,
        rate_ppm=loan.rate_ppm,
        starts_on=loan.disbursed_on or loan.opened_on,
        effective_on=effective_on or usual_day(loan.disbursed_on, today=timezone.localdate()),
        replaces=newest.version if newest else None,
        audit_event_id=event_id,
    )
    version.save(force_insert=True)
    insert_rows(
        Instalment,
        ["tenant_id", "loan_id", "version", "number", "due_on", "principal", "interest", "fee"],
        (
            (loan.tenant_id, loan.id, version.version, due.number, due.due_on, due.principal, due.interest, due.fee)
            for due in dues
        ),
    )
    return version


def dues_of_rows(loan: Loan, rows: Sequence[PlanRow]) -> list[schedule.Due]:
    """The instalments of an individual plan; none for other methods. Raises Invalid (`rows`) with what is wrong."""
    if loan.method != Loan.Method.CUSTOM:
        if rows:
            raise Invalid(fields={"rows": [_("Instalments are given for an individual plan only.")]})
        return []
    if len(rows) > schedule.LONGEST_TERM:
        raise Invalid(fields={"rows": [_("A plan has at most 480 instalments.")]})
    if found := next((found for day, *_amounts in rows if (found := day_problems(day))), []):
        raise as_invalid({"rows": found})
    if rows and rows[0][0] < (loan.disbursed_on or loan.opened_on):
        raise Invalid(fields={"rows": [_DUE_BEFORE_PAYMENT]})
    try:
        return schedule.custom_plan(loan.principal, rows)
    except schedule.ImpossibleTerms as error:
        raise Invalid(fields={"rows": [problem.message for problem in error.problems]}) from error


def agreed_dues(loan: Loan) -> list[schedule.Due]:
    """The individual plan on record, if the newest is one that still adds up to the amount of the loan."""
    if loan.method != Loan.Method.CUSTOM:
        return []
    dues = plan_of(loan).dues
    return dues if sum(due.principal for due in dues) == loan.principal else []


def dues_to_pay_out(loan: Loan) -> list[schedule.Due]:
    """The plan by which the money leaves: the agreed one, else what follows from the terms.

    Raises Invalid (`disbursed_on`) when the money would leave after the first instalment is due.
    """
    dues = agreed_dues(loan) if loan.method == Loan.Method.CUSTOM else schedule.plan(terms_of(loan))
    refuse_due_before_payment(loan, dues)
    return dues


def refuse_due_before_payment(loan: Loan, dues: Sequence[schedule.Due]) -> None:
    """Raises Invalid (`disbursed_on`) for a plan whose first instalment lies before the loan begins."""
    if dues and dues[0].due_on < (loan.disbursed_on or loan.opened_on):
        raise Invalid(fields={"disbursed_on": [_DUE_BEFORE_PAYMENT]})


def due_next(loan: Loan) -> dict[str, Any]:
    """Columns of the loan that say what is due next by its plan and the payments so far, minor units.

    None for a loan without a plan of ours, or with balances that a file brought after it: what the file said stays the
    truth, for the payments it counts are not all on record here. Once the principal is repaid nothing falls due any
    more.
    """
    plan = plan_of(loan)
    if plan.version is None or plan.version.reason == ScheduleVersion.Reason.IMPORT:
        return {}
    if OpeningPosition.objects.filter(loan=loan, recorded_at__gt=plan.version.recorded_at).exists():
        return {}
    paid = allocated(loan)
    return next_columns(plan.dues if paid.parts.principal < plan.version.principal else [], paid.repaid)


def next_columns(dues: Sequence[schedule.Due], paid: int) -> dict[str, Any]:
    """The same columns for a plan of which `paid` (principal and interest, minor units) is paid."""
    day, amount = schedule.next_due(dues, paid)
    return {"next_due_on": day, "next_due": amount}
