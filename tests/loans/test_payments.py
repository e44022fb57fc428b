"""Payments, settlement, and what undoing a payment does to a loan that was settled."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent
from carloan.loans.models import Loan, OpeningPosition, Payment
from carloan.loans.policies.allocation import Parts
from carloan.loans.services.loans import loan_move
from carloan.loans.services.payments import payment_book, payment_reverse
from tests.cast import Lender
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def in_repayment(lender: Lender) -> Loan:
    loan = open_loan(lender.actor("admin"), 1)
    for event in ("submit", "approve", "disburse"):
        loan_move(actor=lender.actor("admin"), loan=loan, event=event)
    return loan


def paid(lender: Lender, loan: Loan, amount: int, principal: int, reference: str = "P1") -> Payment:
    return payment_book(
        actor=lender.actor("admin"),
        loan=loan,
        amount=amount,
        reference=reference,
        value_on=timezone.localdate(),
        parts=Parts(principal=principal),
    )


def test_undoing_the_payment_of_a_settled_loan_opens_it_again(bank: Lender) -> None:
    with bank.open():
        loan = in_repayment(bank)
        payment = paid(bank, loan, 8_000_000, 8_000_000, reference="R" * 80)
        loan_move(actor=bank.actor("admin"), loan=loan, event="settle")
        undone = payment_reverse(actor=bank.actor("officer"), payment=payment, reason="退票")
        assert undone.reference == f"undo:{payment.id}"
        fresh = Loan.objects.get(id=loan.id)
        assert (fresh.state, fresh.settled_on, fresh.outstanding) == ("servicing", None, 8_000_000)
        assert (loan.state, loan.revision) == (fresh.state, fresh.revision)
        assert AuditEvent.objects.filter(action="loans.loan.reopened", loan_id=loan.id).count() == 1


def test_references_that_begin_alike_are_undone_one_by_one(bank: Lender) -> None:
    with bank.open():
        loan = in_repayment(bank)
        for end in ("A", "B"):
            payment = paid(bank, loan, 100, 100, reference="R" * 79 + end)
            payment_reverse(actor=bank.actor("admin"), payment=payment, reason="误记")
        assert Payment.objects.filter(loan=loan, kind="reversal").count() == 2


@pytest.mark.parametrize("fault", ["overdue", "unallocated"])
def test_a_loan_is_not_settled_while_something_is_open(bank: Lender, fault: str) -> None:
    with bank.open():
        loan = in_repayment(bank)
        paid(bank, loan, 8_000_000 + (fault == "unallocated") * 5_00, 8_000_000)
        if fault == "overdue":
            Loan.objects.filter(id=loan.id).update(overdue=1_200_00, as_of=timezone.localdate())
            loan.refresh_from_db()
        with pytest.raises(Invalid) as refused:
            loan_move(actor=bank.actor("admin"), loan=loan, event="settle")
        assert list(refused.value.fields) == [fault]
        assert Loan.objects.get(id=loan.id).state == "servicing"


def told(loan: Loan, as_of: date) -> None:
    """Arrears as a file brings them."""
    OpeningPosition.objects.create(
        loan=loan, as_of=as_of, outstanding=8_000_000, overdue=1_200_00, days_overdue=5, audit_event_id=uuid7()
    )
    Loan.objects.filter(id=loan.id).update(overdue=1_200_00, days_overdue=5, as_of=as_of)
    loan.refresh_from_db()


@pytest.mark.parametrize("days", [0, 1], ids=["of the day told", "of the day before"])
def test_what_was_overdue_and_is_paid_since_does_not_stand_in_the_way(bank: Lender, days: int) -> None:
    with bank.open():
        loan = in_repayment(bank)
        told(loan, timezone.localdate() - timedelta(days=days))
        paid(bank, loan, 8_000_000, 8_000_000)
        loan_move(actor=bank.actor("admin"), loan=loan, event="settle")
        assert loan.state == "settled"


def test_what_is_told_of_a_day_knows_the_money_of_that_day_that_was_booked_before(bank: Lender) -> None:
    with bank.open():
        loan = in_repayment(bank)
        paid(bank, loan, 8_000_000, 8_000_000)
        told(loan, timezone.localdate())
        with pytest.raises(Invalid) as refused:
            loan_move(actor=bank.actor("admin"), loan=loan, event="settle")
        assert list(refused.value.fields) == ["overdue"]


def test_arrears_that_a_file_told_say_that_later_money_is_not_in_them(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan = in_repayment(bank)
        told(loan, timezone.localdate())
    page, note = client_of(bank, "officer"), "未计入其后登记的还款"
    assert note not in page.get(f"/loans/{loan.id}/").content.decode()
    with bank.open():
        paid(bank, loan, 1_200_00, 1_200_00)
    assert note in page.get(f"/loans/{loan.id}/").content.decode()


def test_money_does_not_count_from_a_day_to_come(bank: Lender) -> None:
    with bank.open():
        loan = in_repayment(bank)
        with pytest.raises(Invalid) as refused:
            payment_book(
                actor=bank.actor("admin"),
                loan=loan,
                amount=100,
                reference="X",
                value_on=timezone.localdate() + timedelta(days=1),
            )
        assert list(refused.value.fields) == ["value_on"]


def test_a_payment_does_not_land_on_a_loan_that_was_settled_meanwhile(bank: Lender) -> None:
    with bank.open():
        loan = in_repayment(bank)
        Loan.objects.filter(id=loan.id).update(state="settled")
        with pytest.raises(Conflict):
            paid(bank, loan, 100, 0)
        assert Loan.objects.get(id=loan.id).revision == loan.revision
