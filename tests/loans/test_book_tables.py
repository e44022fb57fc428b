"""What the database itself guarantees about the book."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from carloan.core.catalog import findings
from carloan.core.ids import uuid7
from carloan.loans.models import Loan, OpeningPosition, Payment
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def a_loan(**values: object) -> Loan:
    facts = {
        "contract_no": f"T-{uuid7()}",
        "principal": 100_00,
        "rate_ppm": 0,
        "term": 12,
        "opened_on": date(2026, 1, 1),
        "audit_event_id": uuid7(),
    }
    return Loan.objects.create(**{**facts, **values})


def test_the_catalogue_has_nothing_to_say() -> None:
    assert findings() == []


def test_money_facts_are_never_changed_or_removed(bank: Lender) -> None:
    with bank.open():
        loan = a_loan()
        facts = {"loan": loan, "audit_event_id": uuid7()}
        payment = Payment.objects.create(
            reference="r", amount=5, other=5, value_on=date(2026, 2, 1), booked_on=date(2026, 2, 1), **facts
        )
        position = OpeningPosition.objects.create(as_of=date(2026, 2, 1), outstanding=7, **facts)
        for row in (payment, position):
            for act in (lambda row=row: type(row).objects.filter(id=row.id).update(audit_event_id=uuid7()), row.delete):
                with pytest.raises(DatabaseError), transaction.atomic():
                    act()


@pytest.mark.parametrize(
    "values", [{"principal": 0}, {"rate_ppm": -1}, {"term": 0}, {"state": "gone"}, {"method": "magic"}, {"due_day": 32}]
)
def test_impossible_loans_are_refused(bank: Lender, values: dict[str, object]) -> None:
    with bank.open(), pytest.raises(DatabaseError), transaction.atomic():
        a_loan(**values)


@pytest.mark.parametrize("values", [{"amount": 6}, {"kind": "reversal"}, {"kind": "gift"}])
def test_impossible_payments_are_refused(bank: Lender, values: dict[str, object]) -> None:
    facts = {
        "reference": "r",
        "amount": 5,
        "other": 5,
        "value_on": date(2026, 2, 1),
        "booked_on": date(2026, 2, 1),
        "audit_event_id": uuid7(),
    }
    with bank.open():
        loan = a_loan()
        with pytest.raises(DatabaseError), transaction.atomic():
            Payment.objects.create(loan=loan, **{**facts, **values})


def test_two_lenders_may_have_the_same_contract_number(bank: Lender, other: Lender) -> None:
    with bank.open():
        a_loan(contract_no="HT1")
        with pytest.raises(DatabaseError), transaction.atomic():
            a_loan(contract_no="HT1")
    with other.open():
        a_loan(contract_no="HT1")
