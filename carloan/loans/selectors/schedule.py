"""A loan's repayment plan: the stored version that counts, else the plan that follows from the contract's terms."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from carloan.loans.models import Instalment, Loan, ScheduleVersion
from carloan.loans.policies.plans import counting
from carloan.loans.policies.schedule import Due, ImpossibleTerms, Terms, coverage, plan
from carloan.loans.policies.stages import PAID_OUT

from .allocations import allocated


@dataclass(frozen=True)
class Plan:
    """`version` is None for a plan that was computed and is not on record (books imported in mid-life)."""

    dues: list[Due]
    version: ScheduleVersion | None


def terms_of(loan: Loan) -> Terms:
    """What a plan of this loan is computed from."""
    return Terms(
        principal=loan.principal,
        rate_ppm=loan.rate_ppm,
        term=loan.term,
        method=loan.method,  # type: ignore[arg-type]
        starts_on=loan.disbursed_on or loan.opened_on,
        due_day=loan.due_day,
        first_due_on=loan.first_due_on,
        balloon=loan.balloon,
    )


def plan_of(loan: Loan, *, on: date | None = None, known_at: datetime | None = None) -> Plan:
    """The plan that counts on a day (the lender's today) as known at a moment (now), in one or two queries.

    Before any version was known the plan follows from the contract's terms as the book has them now. A loan whose terms
    contradict themselves has an empty plan. Until the loan is paid out its terms decide: an individual plan that was
    agreed before the method changed is past.
    """
    version = counting(ScheduleVersion.objects.filter(loan=loan), on=on or timezone.localdate(), known_at=known_at)
    if version is not None and version.method != loan.method and loan.state not in PAID_OUT:
        version = None
    if version is not None:
        balance, dues = version.principal, []
        for row in Instalment.objects.filter(loan=loan, version=version.version).order_by("number"):
            balance -= row.principal
            dues.append(Due(row.number, row.due_on, row.principal, row.interest, balance, row.fee))
        return Plan(dues, version)
    try:
        return Plan(plan(terms_of(loan)), None)
    except ImpossibleTerms:
        return Plan([], None)


def covered_of(loan: Loan, found: Plan) -> list[int] | None:
    """How much of each instalment of a plan on record is paid, minor units: principal and interest, oldest first.

    None where that would be a guess: the payments on record do not account for the outstanding principal, as in a book
    whose balances came with a file.
    """
    if found.version is None or loan.state not in PAID_OUT or loan.outstanding is None:
        return None
    paid = allocated(loan)
    if paid.parts.principal != found.version.principal - loan.outstanding:
        return None
    return coverage(found.dues, paid.repaid)
