"""Histories of a book that is taken over: entered whole, once, with one event, or not at all."""

from dataclasses import replace
from datetime import date

import pytest
from django.db.models import Sum

from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent
from carloan.loans.models import Instalment, Loan, Payment, ScheduleVersion
from carloan.loans.policies.schedule import plan
from carloan.loans.selectors.allocations import allocated, versions_of
from carloan.loans.selectors.schedule import terms_of
from carloan.loans.services.loans import loan_open
from carloan.loans.services.takeover import History, PastPayment, histories_take_over
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def history_of(bank: Lender) -> History:
    loan = loan_open(
        actor=bank.system,
        principal=1_200_000,
        rate_ppm=60_000,
        term=12,
        opened_on=date(2025, 1, 5),
        disbursed_on=date(2025, 1, 10),
    )
    dues = plan(terms_of(loan))
    first = dues[0]
    paid = PastPayment(
        "A-1", first.total, first.due_on, first.due_on, principal=first.principal, interest=first.interest, instalment=1
    )
    bounced = replace(
        paid, reference="A-2", amount=-paid.amount, principal=-paid.principal, interest=-paid.interest, corrects=0
    )
    again = replace(paid, reference="A-3")
    return History(loan.id, date(2025, 1, 4), None, dues, [paid, bounced, again])


def test_plan_and_payments_stand_in_the_book_afterwards(bank: Lender) -> None:
    with bank.open():
        history = history_of(bank)
        assert histories_take_over(actor=bank.actor("officer"), histories=[history]) == 1
        assert (
            Instalment.objects.filter(loan_id=history.loan_id).aggregate(Sum("principal"))["principal__sum"]
            == 1_200_000
        )
        plan_kept = ScheduleVersion.objects.get(loan_id=history.loan_id)
        assert (plan_kept.reason, plan_kept.effective_on, plan_kept.replaces) == ("import", date(2025, 1, 10), None)
        payments = {row.reference: row for row in Payment.objects.filter(loan_id=history.loan_id)}
        assert payments["A-2"].corrects_id == payments["A-1"].id
        assert payments["A-2"].kind == "chargeback"
        paid = allocated(Loan.objects.get(id=history.loan_id))
        assert (paid.parts.principal, paid.unallocated) == (history.dues[0].principal, 0)
        kept = versions_of(payments.values())
        assert [len(kept[row.id]) for row in payments.values()] == [1, 1, 1]
        assert kept[payments["A-1"].id][0].instalments == [1]
        assert {row.audit_event_id for row in payments.values()} == {
            version.audit_event_id for versions in kept.values() for version in versions
        }
        assert Loan.objects.get(id=history.loan_id).opened_on == date(2025, 1, 4)


def test_one_event_counts_what_was_taken_over(bank: Lender) -> None:
    with bank.open():
        histories = [history_of(bank), history_of(bank)]
        before = AuditEvent.objects.filter(action="loans.histories.taken_over").count()
        histories_take_over(actor=bank.actor("officer"), histories=histories)
        events = AuditEvent.objects.filter(action="loans.histories.taken_over")
        assert events.count() == before + 1
        written = {row.audit_event_id for row in Payment.objects.filter(loan_id__in=[one.loan_id for one in histories])}
        assert written == {events.latest("id").id}


def test_the_same_histories_again_change_nothing(bank: Lender) -> None:
    with bank.open():
        history = history_of(bank)
        histories_take_over(actor=bank.system, histories=[history])
        events = AuditEvent.objects.count()
        assert histories_take_over(actor=bank.system, histories=[history]) == 0
        assert Payment.objects.filter(loan_id=history.loan_id).count() == 3
        assert AuditEvent.objects.count() == events


def test_parts_that_do_not_add_up_are_refused(bank: Lender) -> None:
    with bank.open():
        history = history_of(bank)
        wrong = replace(history, payments=[replace(history.payments[0], interest=1)])
        with pytest.raises(Invalid):
            histories_take_over(actor=bank.system, histories=[wrong])
        assert not Payment.objects.filter(loan_id=history.loan_id).exists()


@pytest.mark.parametrize("wrong", ["part", "credit", "half taken back", "twice taken back", "nothing"])
def test_what_no_account_can_say_is_refused(bank: Lender, wrong: str) -> None:
    with bank.open():
        history = history_of(bank)
        paid, bounced, again = history.payments
        payments = {
            "part": [replace(paid, penalty=-1, principal=paid.principal + 1)],
            "credit": [replace(paid, unallocated=-1, principal=paid.principal + 1)],
            "half taken back": [paid, replace(bounced, interest=bounced.interest - 1, principal=bounced.principal + 1)],
            "twice taken back": [paid, bounced, replace(bounced, reference="A-4")],
            "nothing": [replace(again, amount=0, principal=0, interest=0)],
        }[wrong]
        with pytest.raises(Invalid):
            histories_take_over(actor=bank.system, histories=[replace(history, payments=payments)])


def test_a_payment_of_tomorrow_is_refused(bank: Lender) -> None:
    with bank.open():
        history = history_of(bank)
        early = replace(history, payments=[replace(history.payments[0], booked_on=date(2199, 1, 1))])
        with pytest.raises(Invalid):
            histories_take_over(actor=bank.system, histories=[early])


def test_it_knows_no_loan_of_another_lender(bank: Lender, other: Lender) -> None:
    with bank.open():
        history = history_of(bank)
    with other.open(), pytest.raises(Conflict):
        histories_take_over(actor=other.system, histories=[history])
    with bank.open(), pytest.raises(Conflict):
        histories_take_over(actor=bank.system, histories=[replace(history, loan_id=uuid7())])


def test_it_refuses_who_may_not_import(bank: Lender) -> None:
    with bank.open():
        history = history_of(bank)
        with pytest.raises(Forbidden):
            histories_take_over(actor=bank.actor("collector"), histories=[history])
