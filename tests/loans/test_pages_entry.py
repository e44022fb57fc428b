"""Finding a loan by the end of its number, and entering a new one."""

from typing import Any

import pytest

from tests.cast import Lender
from tests.loans.test_pages import open_some, text

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.mark.parametrize("size", [4, 6])
def test_a_loan_is_found_by_the_end_of_its_number(bank: Lender, client_of: Any, size: int) -> None:
    loan = open_some(bank, 3)[1]
    service = client_of(bank, "service")
    end = loan.contract_no[-size:]
    assert loan.contract_no in text(service.get(f"/search/?q={end}"))
    assert loan.contract_no in text(service.get(f"/loans/?q={end}"))
    assert loan.contract_no not in text(service.get(f"/search/?q=x{end[1:]}"))


def test_a_new_loan_opens_the_borrower_and_folds_the_others_until_they_are_named(bank: Lender, client_of: Any) -> None:
    client = client_of(bank, "officer")
    page = text(client.get("/loans/new/"))
    assert (page.count('<details class="card">'), page.count('<details class="card" open>')) == (7, 0)
    named = {"people-TOTAL_FORMS": "8", "people-INITIAL_FORMS": "4", "people-2-name": "李保证"}
    page = text(client.post("/loans/new/", named))
    assert page.split('name="people-2-name"')[0].rpartition("<details ")[2].startswith('class="card" open>')
