"""A lender with a published policy of retention, and loans that ended on a day."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from carloan.compliance.models import RetentionPolicy, RetentionRecord, RetentionRule
from carloan.compliance.policies.retention import Rule, Span
from carloan.compliance.retention import record_classes
from carloan.compliance.selectors.retention import said
from carloan.compliance.services.retention import policy_change, policy_draft, policy_publish
from carloan.compliance.services.sweeping import retention_sweep
from carloan.loans.models import Loan, Party
from tests.cast import Lender
from tests.loans.book import open_loan

BASIS = "车辆报废前的解押证据"
LONGER = Span(2, 8, 15)


def published(lender: Lender) -> RetentionPolicy:
    """The usual phases with the law's years, in force from today."""
    actor = lender.actor("compliance")
    policy = policy_draft(actor=actor)
    return policy_publish(actor=actor, policy=policy, revision=policy.revision)


def longer(lender: Lender, review_on: date, span: Span = LONGER) -> RetentionPolicy:
    """A published policy that keeps contracts for longer than the law asks for."""
    actor = lender.actor("compliance")
    draft = policy_draft(actor=actor)
    rule = Rule(span=span, basis=BASIS, review_on=review_on)
    draft = policy_change(
        actor=actor, policy=draft, revision=draft.revision, effective_on=timezone.localdate(), cooling_days=9,
        note="首版", rules=rules_with(draft, contract=rule),
    )  # fmt: skip
    return policy_publish(actor=actor, policy=draft, revision=draft.revision)


def rules_with(policy: RetentionPolicy, **changes: Rule) -> dict[tuple[str, str], Rule]:
    """What a policy says, with another rule for some classes."""
    now = {(each.record_class, each.trigger): said(each) for each in RetentionRule.objects.filter(policy=policy)}
    return {key: changes.get(key[0], rule) for key, rule in now.items()}


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
