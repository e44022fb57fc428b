"""A lender with a published policy of retention, and loans that ended on a day."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from carloan.compliance.models import RetentionPolicy, RetentionRecord
from carloan.compliance.retention import record_classes
from carloan.compliance.services.retention import policy_draft, policy_publish
from carloan.compliance.services.sweeping import retention_sweep
from carloan.loans.models import Loan, Party
from tests.cast import Lender
from tests.loans.book import open_loan


def published(lender: Lender) -> RetentionPolicy:
    """The usual phases with the law's years, in force from today."""
    actor = lender.actor("compliance")
    policy = policy_draft(actor=actor)
    return policy_publish(actor=actor, policy=policy, revision=policy.revision)


def ended_loan(lender: Lender, serial: int, settled_on: date, *, state: str = "settled", **more: Any) -> Loan:
    loan = open_loan(lender.actor("admin"), serial, **more)
    Loan.objects.filter(id=loan.id).update(state=state, settled_on=settled_on if state == "settled" else None)
    loan.refresh_from_db()
    return loan


def borrower(loan: Loan) -> Party:
    return Party.objects.get(loan_parties__loan=loan, loan_parties__role="borrower")


def sweep(lender: Lender, now: datetime | None = None) -> None:
    for each in record_classes():
        retention_sweep(actor=lender.system, record_class=each, now=now)


def record(code: str, object_id: UUID) -> RetentionRecord:
    return RetentionRecord.objects.get(record_class=code, object_id=object_id)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
