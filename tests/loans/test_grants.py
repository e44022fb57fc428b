"""Exceptional access to one loan, given and ended on its page."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.core.errors import Conflict
from carloan.core.models import AuditEvent, Membership, RoleAssignment
from carloan.core.services.people import member_deactivate, member_reactivate
from carloan.loans.models import LoanGrant
from carloan.loans.services.grants import loan_grant
from carloan.loans.services.shredding import loan_shred
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
    admin, reader = client_of(bank, "admin").confirmed(), client_of(bank, "officer")
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


def test_nobody_gives_access_to_themselves_nor_to_who_has_left(bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
        with pytest.raises(Conflict):
            loan_grant(actor=bank.actor("admin"), loan=loan, member=bank.members["admin"], reason="x", valid_until=None)
        leaver = Membership.objects.get(id=bank.members["officer"].id)
        member_deactivate(actor=bank.actor("admin"), membership=leaver)
        leaver.refresh_from_db()
        with pytest.raises(Conflict):
            loan_grant(actor=bank.actor("admin"), loan=loan, member=leaver, reason="x", valid_until=None)


def test_a_leavers_access_ends_for_good_and_is_told(bank: Lender) -> None:
    with bank.open():
        admin, leaver = bank.actor("admin"), Membership.objects.get(id=bank.members["officer"].id)
        loans = [open_loan(admin, serial) for serial in (1, 2, 3)]
        for loan in loans[:2]:
            loan_grant(actor=admin, loan=loan, member=leaver, reason="协助", valid_until=None)
        loan_grant(actor=admin, loan=loans[2], member=bank.members["collector"], reason="协助", valid_until=None)
        loan_shred(actor=bank.system, loan=loans[1])
        member_deactivate(actor=admin, membership=leaver)
        assert [grant.content_object_id for grant in LoanGrant.objects.all()] == [loans[2].id]
        ended = AuditEvent.objects.filter(action="loans.loan.grant_ended").values_list("loan_id", "actor_id")
        assert (loans[0].id, admin.id) in list(ended)
        member_reactivate(actor=admin, membership=Membership.objects.get(id=leaver.id))
        assert not LoanGrant.objects.filter(user_id=leaver.user_id).exists()
