"""A lender of another currency: its loans, files and figures are in it, without anybody saying so each time."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from carloan.core.errors import Invalid
from carloan.core.services.tenants import tenant_create
from carloan.loans.models import Loan
from carloan.loans.services.loans import loan_open
from tests.cast import Lender, lender_changes
from tests.loans.book import HEADER, core_file, core_row, csv_bytes, open_loan
from tests.loans.test_api import body
from tests.loans.test_imports import brought

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

FORM = {
    "contract_no": "USD-1", "principal": "80000", "rate_ppm": "5.88", "term": "36", "method": "equal_instalment",
    "opened_on": "2026-01-10", "due_day": "15", "vehicle-condition": "used", "vehicle-use": "private",
    "people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "0", "people-0-role": "borrower", "people-0-name": "王芳",
    "people-0-kind": "person", "people-0-id_kind": "resident",
}  # fmt: skip


@pytest.fixture
def american(bank: Lender) -> Lender:
    lender_changes(bank, currency="USD")
    return bank


def api(lender: Lender, **more: Any) -> Any:
    sent = json.dumps(body(**more))
    return Client().post(
        "/api/v1/loans/", sent, content_type="application/json", headers={"Authorization": lender.key("officer")}
    )


def test_a_loan_is_in_the_lenders_currency_at_every_door(american: Lender, client_of: Any) -> None:
    client = client_of(american, "officer")
    form = {**FORM, "branch": str(american.branches["east"].id)}
    assert "$2,417.46" in client.post("/loans/preview/", form).content.decode()
    assert client.post("/loans/new/", form).status_code == 302
    assert api(american).json()["currency"] == "USD"
    with american.open():
        brought(american.actor("admin"), core_file(2))
        assert set(Loan.objects.values_list("contract_no", "currency")) == {
            ("USD-1", "USD"), ("API-1", "USD"), ("CAR202400000001", "USD"), ("CAR202400000002", "USD"),
        }  # fmt: skip


def test_another_currency_is_named_and_kept(american: Lender, client_of: Any) -> None:
    answer = api(american, currency="HKD")
    assert answer.json()["currency"] == "HKD"
    form = {**FORM, "branch": str(american.branches["east"].id), "currency": "HKD"}
    assert "HK$2,417.46" in client_of(american, "officer").post("/loans/preview/", form).content.decode()
    page = client_of(american, "officer").get(f"/loans/{answer.json()['id']}/edit/").content.decode()
    assert 'name="currency" value="HKD"' in page
    assert api(american, serial=2, currency="JPY").status_code == 422
    with american.open(), pytest.raises(Invalid) as refused:
        loan_open(actor=american.actor("admin"), principal=1, rate_ppm=0, term=1, currency="JPY")
    assert list(refused.value.fields) == ["currency"]


def test_a_lender_does_not_get_a_currency_without_hundredths() -> None:
    with pytest.raises(Invalid) as refused:
        tenant_create(slug="yen", name="円", currency="JPY")
    assert list(refused.value.fields) == ["currency"]


@pytest.mark.parametrize(
    ("language", "hint"), [("zh-hans", "HK$12.00 万 · $1.20 亿"), ("en", "HK$120.00 K · $120.00 M")]
)
def test_what_is_overdue_is_told_by_currency_in_the_readers_units(
    american: Lender, client_of: Any, language: str, hint: str
) -> None:
    with american.open():
        for serial, currency, overdue in ((1, "USD", 10**8), (2, "USD", 2 * 10**7), (3, "HKD", 120_000)):
            loan = open_loan(american.actor("admin"), serial, currency=currency)
            Loan.objects.filter(id=loan.id).update(days_overdue=90, overdue=overdue * 100, state="servicing")
        early = open_loan(american.actor("admin"), 4)
        Loan.objects.filter(id=early.id).update(days_overdue=89, overdue=5_000_000, state="servicing")
    client = client_of(american, "admin")
    client.cookies["django_language"] = language
    page = client.get("/home/").content.decode()
    tile = re.split(r"age=90%2B", page)[1][:900]
    assert hint in tile
    assert re.search(r">\s*3\s*<", tile)


def test_an_export_with_a_wrong_filter_says_which(bank: Lender, client_of: Any) -> None:
    answer = client_of(bank, "officer").get(
        "/loans/export.csv", {"least": "viel"}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == ["least"]


def test_model_years_have_one_bound_at_form_api_and_file(bank: Lender, client_of: Any) -> None:
    for year, status in ((1949, 422), (1950, 201)):
        assert api(bank, serial=year, vehicle={"make": "大众", "model_year": year}).status_code == status
    form = {**FORM, "branch": str(bank.branches["east"].id), "vehicle-make": "大众", "vehicle-model_year": "1949"}
    assert client_of(bank, "officer").post("/loans/new/", form).status_code == 422
    with bank.open():
        rows = [[*core_row(serial), str(year)] for serial, year in ((1, 1949), (2, 1950))]
        batch = brought(bank.actor("admin"), csv_bytes([[*HEADER, "车型年份"], *rows]))
        assert (batch.created, batch.rejected) == (1, 1)
