"""Paying out: from which day, by which plan, and what the loan says of its due days from then on."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.core.errors import Invalid
from carloan.loans.models import Instalment, Loan, ScheduleVersion
from carloan.loans.policies.allocation import Parts
from carloan.loans.selectors.schedule import plan_of
from carloan.loans.services.loans import loan_change, loan_move
from carloan.loans.services.payments import payment_book, payment_reverse
from tests.cast import Lender
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

ROWS = [(date(2026, 2, 15), 3_000_000, 40_000), (date(2026, 5, 15), 5_000_000, 60_001)]


def approved(lender: Lender, **more: Any) -> Loan:
    loan = open_loan(lender.actor("admin"), **more)
    for event in ("submit", "approve"):
        loan_move(actor=lender.actor("admin"), loan=loan, event=event)
    return loan


def paid_out(lender: Lender, **more: Any) -> Loan:
    loan = approved(lender, **more)
    loan_move(actor=lender.actor("admin"), loan=loan, event="disburse")
    return Loan.objects.get(id=loan.id)


def versions(loan: Loan) -> list[tuple[str, date]]:
    return list(ScheduleVersion.objects.filter(loan=loan).order_by("version").values_list("reason", "starts_on"))


def test_a_loan_that_is_paid_out_says_when_it_matures_and_what_is_due_next(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan = paid_out(bank)
        first = Instalment.objects.get(loan=loan, number=1)
        last = Instalment.objects.get(loan=loan, number=36)
        assert (loan.first_due_on, loan.matures_on) == (date(2026, 2, 15), date(2029, 1, 15))
        assert (loan.first_due_on, loan.matures_on) == (first.due_on, last.due_on)
        assert (loan.next_due_on, loan.next_due) == (first.due_on, first.principal + first.interest)
    page = client_of(bank, "officer").get(f"/loans/{loan.id}/").content.decode()
    assert "2029-01-15" in page
    assert f"¥{(first.principal + first.interest) / 100:,.2f}" in page


def test_payments_move_what_is_due_next_and_undoing_one_moves_it_back(bank: Lender) -> None:
    with bank.open():
        loan, officer = paid_out(bank), bank.actor("officer")
        first, second = Instalment.objects.filter(loan=loan, number__lte=2).order_by("number")
        due = first.principal + first.interest
        half = Parts(interest=first.interest)
        payment_book(actor=officer, loan=loan, amount=half.total, reference="1", value_on=date(2026, 2, 15), parts=half)
        assert (loan.next_due_on, loan.next_due) == (first.due_on, first.principal)
        rest = Parts(principal=first.principal)
        booked = payment_book(
            actor=officer, loan=loan, amount=rest.total, reference="2", value_on=date(2026, 2, 16), parts=rest
        )
        fresh = Loan.objects.get(id=loan.id)
        assert (fresh.next_due_on, fresh.next_due) == (second.due_on, second.principal + second.interest)
        penalty = Parts(penalty=5_000)
        payment_book(actor=officer, loan=fresh, amount=5_000, reference="3", value_on=date(2026, 2, 16), parts=penalty)
        assert fresh.next_due_on == second.due_on, "penalty interest stands in no plan"
        payment_reverse(actor=officer, payment=booked, reason="退票")
        fresh.refresh_from_db()
        assert (fresh.next_due_on, fresh.next_due) == (first.due_on, due - first.interest)


def test_nothing_is_due_next_once_all_is_repaid_and_something_is_again_when_it_is_reopened(bank: Lender) -> None:
    with bank.open():
        loan, admin = paid_out(bank), bank.actor("admin")
        whole = Parts(principal=8_000_000)
        payment = payment_book(
            actor=admin, loan=loan, amount=8_000_000, reference="1", value_on=date(2026, 3, 1), parts=whole
        )
        assert (loan.next_due_on, loan.next_due) == (None, 0)
        loan_move(actor=admin, loan=loan, event="settle")
        payment_reverse(actor=admin, payment=payment, reason="退票")
        loan.refresh_from_db()
        assert (loan.state, loan.next_due_on) == ("servicing", date(2026, 2, 15))


@pytest.mark.parametrize("named", [True, False])
def test_money_cannot_have_left_on_a_day_to_come(bank: Lender, named: bool) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with bank.open():
        loan = approved(bank, disbursed_on=None if named else tomorrow)
        with pytest.raises(Invalid) as refused:
            loan_move(actor=bank.actor("admin"), loan=loan, event="disburse", disbursed_on=tomorrow if named else None)
        assert list(refused.value.fields) == ["disbursed_on"]
        assert Loan.objects.get(id=loan.id).state == "disbursal"
        loan_move(actor=bank.actor("admin"), loan=loan, event="disburse", disbursed_on=timezone.localdate())


def test_an_individual_plan_is_kept_as_agreed_and_again_from_the_day_of_payment(bank: Lender) -> None:
    with bank.open():
        loan = approved(bank, method="custom", rows=ROWS, disbursed_on=None)
        assert versions(loan) == [("agreed", date(2026, 1, 10))]
        loan_move(actor=bank.actor("admin"), loan=loan, event="disburse", disbursed_on=date(2026, 1, 20))
        assert versions(loan) == [("agreed", date(2026, 1, 10)), ("disbursal", date(2026, 1, 20))]
        assert [(due.due_on, due.principal, due.interest) for due in plan_of(loan).dues] == ROWS
        loan.refresh_from_db()
        assert (loan.first_due_on, loan.matures_on) == (date(2026, 2, 15), date(2026, 5, 15))
        assert (loan.next_due_on, loan.next_due) == (date(2026, 2, 15), 3_040_000)


def test_money_does_not_leave_behind_the_first_instalment_of_an_individual_plan(bank: Lender) -> None:
    with bank.open():
        admin = bank.actor("admin")
        loan = approved(bank, method="custom", rows=ROWS)
        late = date(2026, 2, 16)
        with pytest.raises(Invalid) as refused:
            loan_move(actor=admin, loan=loan, event="disburse", disbursed_on=late)
        assert list(refused.value.fields) == ["disbursed_on"]
        loan.refresh_from_db()
        with pytest.raises(Invalid) as refused:
            loan_change(actor=admin, loan=loan, revision=loan.revision, changes={"disbursed_on": late})
        assert list(refused.value.fields) == ["disbursed_on"]
        loan.refresh_from_db()
        assert loan.state == "disbursal"
        loan_move(actor=admin, loan=loan, event="disburse", disbursed_on=date(2026, 2, 15))


def test_a_plan_agreed_for_another_method_is_past(bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), method="custom", rows=ROWS)
        loan_change(actor=bank.actor("admin"), loan=loan, revision=1, changes={"method": "equal_instalment"})
        plan = plan_of(loan)
        assert (plan.version, len(plan.dues)) == (None, 36)
        for event in ("submit", "approve", "disburse"):
            loan_move(actor=bank.actor("admin"), loan=loan, event=event)
        plan = plan_of(loan)
        assert plan.version is not None
        assert (plan.version.version, plan.version.reason, len(plan.dues)) == (2, "disbursal", 36)


def test_a_number_that_stands_in_the_book_does_not_stop_the_series(bank: Lender) -> None:
    year = timezone.localdate().year
    with bank.open():
        admin = bank.actor("admin")
        for serial, number in ((1, f"HT{year}000001"), (2, f"HT{year}000002"), (3, f"HT{year}000004")):
            open_loan(admin, serial, contract_no=number)
        given = [open_loan(admin, serial, contract_no="").contract_no for serial in (4, 5)]
        assert given == [f"HT{year}000003", f"HT{year}000005"]


def test_a_loan_is_not_opened_after_it_was_paid_out(bank: Lender) -> None:
    with bank.open():
        loan, admin = paid_out(bank), bank.actor("admin")
        with pytest.raises(Invalid) as refused:
            loan_change(actor=admin, loan=loan, revision=loan.revision, changes={"opened_on": date(2026, 1, 16)})
        assert list(refused.value.fields) == ["disbursed_on"]
        loan.refresh_from_db()
        loan_change(actor=admin, loan=loan, revision=loan.revision, changes={"opened_on": date(2026, 1, 15)})


def test_a_loan_with_an_individual_plan_of_the_old_system_can_still_be_changed(bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"))
        Loan.objects.filter(id=loan.id).update(method="custom", state="servicing")
        loan.refresh_from_db()
        changed = loan_change(
            actor=bank.actor("admin"), loan=loan, revision=loan.revision, changes={"product": "新车贷"}
        )
        assert Loan.objects.get(id=changed.id).product == "新车贷"
