"""Loans and branches that are closed: nothing new goes there, what stands there stays."""

from typing import Any

import pytest

from carloan.core.errors import Invalid
from carloan.core.models import Branch
from carloan.loans.models import Loan
from carloan.loans.services.loans import loan_change
from tests.cast import Lender
from tests.loans.book import open_loan
from tests.loans.test_officers import a_loan, fields_of

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def close(lender: Lender, name: str) -> Any:
    """The branch, closed while loans stand in it: as it is once they have ended."""
    Branch.objects.filter(id=lender.branches[name].id).update(is_active=False)
    return lender.branches[name].id


def test_no_loan_is_opened_in_a_closed_branch_or_moved_there(bank: Lender) -> None:
    with bank.open():
        admin, shut = bank.actor("admin"), close(bank, "west")
        with pytest.raises(Invalid) as refused:
            open_loan(admin, 1, branch_id=shut)
        assert list(refused.value.fields) == ["branch"]
        assert not Loan.objects.exists()
        loan = open_loan(admin, 1, branch_id=bank.branches["east"].id)
        with pytest.raises(Invalid) as refused:
            loan_change(actor=admin, loan=loan, revision=1, changes={"branch_id": shut})
        assert list(refused.value.fields) == ["branch"]
        assert Loan.objects.get(id=loan.id).branch_id == bank.branches["east"].id


@pytest.mark.parametrize("role", ["admin", "officer"])
def test_a_loan_in_a_closed_branch_stays_there_when_its_form_is_saved(bank: Lender, client_of: Any, role: str) -> None:
    with bank.open():
        loan, shut = a_loan(bank), close(bank, "east")
    client, address = client_of(bank, role), f"/loans/{loan.id}/edit/"
    page = client.get(address).content.decode()
    assert f'value="{shut}" selected' in page
    saved = client.post(address, {**fields_of(page), "branch": str(shut), "product": "新车贷"})
    assert saved.status_code == 302, saved.content.decode()
    with bank.open():
        now = Loan.objects.get(id=loan.id)
        assert (now.branch_id, now.product) == (shut, "新车贷")
