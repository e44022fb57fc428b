"""Individual plans: given as rows, checked to the minor unit, needed before the money leaves."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from carloan.core.errors import Invalid
from carloan.loans.models import Instalment, Loan
from carloan.loans.services.loans import loan_change, loan_move
from tests.cast import Lender
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

ROWS = [(date(2026, 2, 15), 3_000_000, 40_000), (date(2026, 5, 15), 5_000_000, 60_001)]


def due(loan: Loan, version: int = 1) -> list[tuple[date, int, int]]:
    return list(
        Instalment.objects.filter(loan=loan, version=version)
        .order_by("number")
        .values_list("due_on", "principal", "interest")
    )


def test_a_loan_with_an_individual_plan_is_paid_out_with_it(bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1, method="custom", rows=ROWS)
        for event in ("submit", "approve", "disburse"):
            loan_move(actor=bank.actor("admin"), loan=loan, event=event)
        assert loan.state == "servicing"
        assert due(loan) == due(loan, 2) == ROWS


@pytest.mark.parametrize(
    ("method", "rows"),
    [
        ("custom", []),
        ("custom", [ROWS[0], (date(2026, 5, 15), 4_999_999, 0)]),
        ("custom", ROWS[::-1]),
        ("custom", [(date(2025, 12, 1), 8_000_000, 0)]),
        ("equal_instalment", ROWS),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(bank: Lender, method: str, rows: Any) -> None:
    with bank.open():
        with pytest.raises(Invalid) as refused:
            open_loan(bank.actor("admin"), 1, method=method, rows=rows)
        assert list(refused.value.fields) == ["rows"]
        assert not Loan.objects.exists()


def test_an_amount_that_the_plan_no_longer_meets_is_not_paid_out(bank: Lender) -> None:
    with bank.open():
        admin = bank.actor("admin")
        loan = open_loan(admin, 1, method="custom", rows=ROWS)
        for event in ("submit", "approve"):
            loan_move(actor=admin, loan=loan, event=event)
        Loan.objects.filter(id=loan.id).update(principal=8_000_001)
        loan.refresh_from_db()
        with pytest.raises(Invalid) as refused:
            loan_move(actor=admin, loan=loan, event="disburse")
        assert list(refused.value.fields) == ["terms"]
        with pytest.raises(Invalid):
            loan_change(actor=admin, loan=loan, revision=loan.revision, changes={"principal": 8_000_002})
        fitting = [ROWS[0], (date(2026, 5, 15), 5_000_001, 60_001)]
        loan.refresh_from_db()
        loan_change(actor=admin, loan=loan, revision=loan.revision, changes={}, rows=fitting)
        loan_move(actor=admin, loan=loan, event="disburse")
        assert due(loan) == ROWS
        assert due(loan, 2) == due(loan, 3) == fitting


def test_form_and_api_take_the_rows(bank: Lender, client_of: Any) -> None:
    client = client_of(bank, "officer")
    form = {
        "contract_no": "IND-1", "principal": "80000", "rate_ppm": "5.88", "term": "5", "method": "custom",
        "opened_on": "2026-01-10", "due_day": "15", "branch": str(bank.branches["east"].id),
        "vehicle-condition": "used", "vehicle-use": "private",
        "people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "0", "people-0-role": "borrower", "people-0-name": "王芳",
        "people-0-kind": "person", "people-0-id_kind": "resident",
        "rows": "2026-02-15 30,000.00 400\n2026/05/15\t5万 600.01\n",
    }  # fmt: skip
    preview = client.post("/loans/preview/", form).content.decode()
    assert "50,000.00" in preview
    for wrong in ("2026-02-15 80000", "2026-02-15 x 1", "2026-02-15 79999.99 0", ""):
        assert client.post("/loans/new/", {**form, "rows": wrong}).status_code == 422, wrong
    assert client.post("/loans/new/", form).status_code == 302
    body = {
        "contract_no": "IND-2", "principal": 8_000_000, "rate_ppm": 1, "term": 5, "method": "custom", "branch": "101",
        "opened_on": "2026-01-10", "people": [{"name": "王芳"}],
        "rows": [{"due_on": str(day), "principal": part, "interest": interest} for day, part, interest in ROWS],
    }  # fmt: skip

    def post(values: Any) -> int:
        headers = {"Authorization": bank.key("officer")}
        sent = Client().post("/api/v1/loans/", json.dumps(values), content_type="application/json", headers=headers)
        return int(sent.status_code)

    assert post({**body, "rows": []}) == 422
    assert post(body) == 201
    with bank.open():
        for number in ("IND-1", "IND-2"):
            assert due(Loan.objects.get(contract_no=number)) == ROWS
