"""Exceptional access to one loan, given and ended on its page."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.core.models import RoleAssignment
from carloan.loans.models import LoanGrant
from tests.cast import Lender
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def test_access_is_given_and_ended_on_the_page_of_the_loan(bank: Lender, client_of: Any, stranger: Any) -> None:
    with bank.open():
        officer = bank.members["officer"]
        RoleAssignment.objects.filter(membership=officer).update(branch=bank.branches["east"])
        loan = open_loan(bank.actor("admin"), 1, branch_id=bank.branches["west"].id)
        loan.officer = None
        loan.save(update_fields=["officer"])
    page, address = f"/loans/{loan.id}/", f"/loans/{loan.id}/grants/"
    admin, reader = client_of(bank, "admin"), client_of(bank, "officer")
    assert reader.get(page).status_code == 404
    assert address in admin.get(page).content.decode()
    assert admin.get(address).status_code == 200
    today = timezone.localdate()
    form = {"member": str(officer.id), "reason": "协助处理跨区投诉", "valid_until": str(today)}
    for wrong in ({"reason": ""}, {"valid_until": str(today - timedelta(days=1))}, {"member": "x"}):
        assert admin.post(address, {**form, **wrong}).status_code == 422
    assert admin.post(address, form).status_code == 302
    assert reader.get(page).status_code == 200
    assert address not in reader.get(page).content.decode()
    assert reader.get(address).status_code == 403
    shown = admin.get(address).content.decode()
    assert officer.display_name in shown
    with bank.open():
        grant = LoanGrant.objects.get()
    end = f"{address}{grant.id}/end/"
    assert reader.post(end).status_code == 403
    assert stranger.post(end).status_code == 404
    assert admin.post(end).status_code == 302
    assert reader.get(page).status_code == 404
    assert admin.post(end).status_code == 404
