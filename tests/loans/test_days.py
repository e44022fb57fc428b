"""A day that no loan can have comes in at no door, and what would end behind 2100 neither."""

from datetime import date
from typing import Any

import pytest

from carloan.core.errors import Invalid
from carloan.loans.models import Loan, Payment
from carloan.loans.policies.facts import FIRST_DAY, LAST_DAY, day_problems
from carloan.loans.services.grants import loan_grant
from carloan.loans.services.loans import loan_change
from carloan.loans.services.payments import payment_book, payment_reverse
from tests.cast import Lender
from tests.loans.book import HEADER, core_row, csv_bytes, id_number, name, open_loan
from tests.loans.test_api import body, post
from tests.loans.test_imports import brought, faults
from tests.loans.test_payments import in_repayment, paid

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
IMPOSSIBLE = ["0001-01-01", "1989-12-31", "2101-01-01", "9999-12-31"]


def test_the_bound_holds_its_ends() -> None:
    assert not day_problems(FIRST_DAY)
    assert not day_problems(LAST_DAY)
    assert not day_problems(None)
    assert day_problems(date.min)
    assert day_problems(date.max)


@pytest.mark.parametrize("day", IMPOSSIBLE)
@pytest.mark.parametrize("field", ["opened_on", "disbursed_on", "first_due_on"])
def test_the_api_refuses_it(bank: Lender, field: str, day: str) -> None:
    answer = post(bank, "officer", {**body(), field: day})
    assert answer.status_code == 422, answer.content
    assert field in answer.json()["error"]["fields"]


@pytest.mark.parametrize("day", IMPOSSIBLE)
@pytest.mark.parametrize("submit", [{}, {"preview": "1"}])
def test_the_form_refuses_it(bank: Lender, client_of: Any, day: str, submit: dict[str, str]) -> None:
    client = client_of(bank, "officer")
    form = {
        "principal": "12.8万",
        "rate_ppm": "5.88",
        "term": "36",
        "method": "equal_instalment",
        "opened_on": "2026-11-01",
        "due_day": "20",
        "branch": str(bank.branches["east"].id),
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
        "people-0-role": "borrower",
        "people-0-name": name(5),
        "people-0-kind": "person",
        "people-0-id_kind": "resident",
        "people-0-id_number": id_number(5),
        "vehicle-condition": "new",
        "vehicle-use": "private",
    }
    for field in ("opened_on", "disbursed_on", "first_due_on"):
        answer = client.post("/loans/new/", {**form, field: day, **submit})
        assert answer.status_code == (200 if submit else 422)
        if not submit:
            assert "1990 年至 2100 年" in answer.content.decode()
    with bank.open():
        assert not Loan.objects.exists()


@pytest.mark.parametrize("day", IMPOSSIBLE)
def test_an_import_refuses_it(bank: Lender, day: str) -> None:
    row = core_row(1, 放款日期=day)
    with bank.open():
        batch = brought(bank.actor("admin"), csv_bytes([HEADER, row, core_row(2)]))
        assert faults(batch)[2][0] == ("放款日期", "date_range")
        assert batch.created == 1


def test_a_plan_that_ends_behind_the_bound_is_the_terms_fault(bank: Lender) -> None:
    answer = post(bank, "officer", body(disbursed_on=None, opened_on="2090-01-01", term=480))
    assert "term" in answer.json()["error"]["fields"], answer.content
    rows = [{"due_on": "2101-01-01", "principal": 8_000_000, "interest": 0}]
    answer = post(bank, "officer", body(method="custom", rows=rows))
    assert "rows" in answer.json()["error"]["fields"], answer.content


def test_changes_grants_and_payments_keep_to_it(bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 7)
        with pytest.raises(Invalid):
            loan_change(
                actor=bank.actor("admin"), loan=loan, revision=loan.revision, changes={"matures_on": date(2101, 1, 1)}
            )
        with pytest.raises(Invalid):
            loan_grant(
                actor=bank.actor("admin"),
                loan=open_loan(bank.actor("admin"), 8),
                member=bank.members["officer"],
                reason="x",
                valid_until=date.max,
            )
        paid_loan = in_repayment(bank)
        facts: dict[str, Any] = {"actor": bank.actor("admin"), "loan": paid_loan, "amount": 100, "reference": "X"}
        with pytest.raises(Invalid) as told:
            payment_book(**facts, value_on=date.max, booked_on=date.min)
        assert set(told.value.fields) == {"value_on", "booked_on"}
        booked = paid(bank, paid_loan, 100, 0)
        with pytest.raises(Invalid):
            payment_reverse(actor=bank.actor("admin"), payment=booked, reason="x", booked_on=date.min)
        assert Payment.objects.filter(loan=paid_loan).count() == 1
