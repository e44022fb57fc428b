"""Who stands in a loan, corrected: roles and guarantees, people taken out, numbers that are no longer theirs."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from carloan.core import audit, lookup
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.loans.models import ContactPoint, FormerRole, Loan, LoanParty, Party
from carloan.loans.policies.facts import contact_kind
from carloan.loans.services.loan_people import loan_party_change, loan_party_end
from carloan.loans.services.loans import loan_move, loan_party_add
from carloan.loans.services.people import contact_point_end, contacts_add
from tests.cast import Lender
from tests.loans.book import HEADER, core_row, csv_bytes, open_loan, person, phone
from tests.loans.test_imports import brought
from tests.loans.test_people import party_of, two_branches

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def guaranteed(lender: Lender, **more: Any) -> tuple[Loan, LoanParty]:
    """A loan with a borrower and a guarantor without an agreed kind."""
    loan = open_loan(lender.actor("admin"), 1, branch_id=lender.branches["east"].id, **more)
    return loan, loan_party_add(actor=lender.actor("admin"), loan=loan, person=person(2, "guarantor"))


def last(action: str) -> Any:
    return audit.open_detail(AuditEvent.objects.filter(action=action).order_by("-id")[0])


def test_a_guarantee_becomes_what_the_contract_says_and_what_it_was_is_kept(bank: Lender) -> None:
    with bank.open():
        loan, row = guaranteed(bank)
        assert row.guarantee == "general"
        officer = bank.actor("officer")
        now = loan_party_change(
            actor=officer, loan=loan, row=row, revision=1, role="guarantor", guarantee="joint", relation="配偶"
        )
        stored = LoanParty.objects.get(id=row.id)
        assert (stored.guarantee, stored.relation, stored.revision) == ("joint", "配偶", 2)
        assert stored.audit_event_id == now.audit_event_id
        before = FormerRole.objects.get()
        assert (before.party_id, before.role, before.guarantee, before.relation) == (
            row.party_id, "guarantor", "general", "",
        )  # fmt: skip
        assert last("loans.loan_party.changed")["before"] == {"guarantee": "general", "relation": ""}
        with pytest.raises(Conflict):
            loan_party_change(actor=officer, loan=loan, row=row, revision=1, role="owner")
        same = loan_party_change(
            actor=officer, loan=loan, row=row, revision=2, role="guarantor", guarantee="joint", relation="配偶"
        )
        assert (same.revision, FormerRole.objects.count()) == (2, 1)


def test_a_guarantor_without_an_agreed_kind_is_a_general_one_and_others_give_none(bank: Lender) -> None:
    with bank.open():
        loan, row = guaranteed(bank)
        admin = bank.actor("admin")
        row = loan_party_change(actor=admin, loan=loan, row=row, revision=1, role="co_borrower", guarantee="joint")
        assert (row.role, row.guarantee) == ("co_borrower", "")
        row = loan_party_change(actor=admin, loan=loan, row=row, revision=2, role="guarantor")
        assert (row.role, row.guarantee) == ("guarantor", "general")


def test_a_role_is_nobodys_twice_and_one_loan_has_one_borrower(bank: Lender) -> None:
    with bank.open():
        loan, row = guaranteed(bank)
        admin = bank.actor("admin")
        also = loan_party_add(actor=admin, loan=loan, person=person(2, "owner"))
        for role in ("borrower", "owner"):
            with pytest.raises(Invalid) as refused:
                loan_party_change(actor=admin, loan=loan, row=row, revision=1, role=role)
            assert list(refused.value.fields) == ["role"]
        loan_party_end(actor=admin, loan=loan, row=also, revision=1, reason="登记有误")
        loan_party_change(actor=admin, loan=loan, row=row, revision=1, role="owner")


def test_somebody_is_taken_out_and_it_stays_known_who_it_was(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan, row = guaranteed(bank)
        officer = bank.actor("officer")
        with pytest.raises(Invalid):
            loan_party_end(actor=officer, loan=loan, row=row, revision=1, reason=" ")
        with pytest.raises(Conflict):
            loan_party_end(actor=officer, loan=loan, row=row, revision=2, reason="解除担保")
    page, gone = f"/loans/{loan.id}/", f"/loans/{loan.id}/people/{row.id}/end/"
    client = client_of(bank, "officer")
    assert client.post(gone, {"revision": "1"}).status_code == 422
    assert client.post(gone, {"revision": "1", "reason": "解除担保"}).status_code == 302
    assert client.get(gone).status_code == 404
    shown = client.get(page).content.decode()
    assert "曾经登记" in shown
    assert "一般保证" in shown
    with bank.open():
        assert set(LoanParty.objects.values_list("role", flat=True)) == {"borrower"}
        former = FormerRole.objects.get()
        assert (former.loan_id, former.party_id, former.role) == (loan.id, row.party_id, "guarantor")
        told = last("loans.loan_party.ended")
        assert (told["reason"], told["before"]["party"]) == ("解除担保", str(row.party_id))
        assert Party.objects.filter(id=row.party_id).exists()
        for act in (former.delete, lambda: FormerRole.objects.update(role="owner")):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


def test_the_borrower_that_was_decided_about_stays(bank: Lender) -> None:
    with bank.open():
        loan, row = guaranteed(bank)
        admin = bank.actor("admin")
        borrower = LoanParty.objects.get(loan=loan, role="borrower")
        loan_move(actor=admin, loan=loan, event="submit")
        for act in (
            lambda: loan_party_change(actor=admin, loan=loan, row=borrower, revision=1, role="owner"),
            lambda: loan_party_end(actor=admin, loan=loan, row=borrower, revision=1, reason="换人"),
        ):
            with pytest.raises(Invalid) as refused:
                act()
            assert list(refused.value.fields) == ["role"]
        loan_party_change(actor=admin, loan=loan, row=borrower, revision=1, role="borrower", relation="本人")
        loan_party_end(actor=admin, loan=loan, row=row, revision=1, reason="解除担保")
        loan_move(actor=admin, loan=loan, event="return", reason="换人")
        loan_party_end(actor=admin, loan=loan, row=borrower, revision=2, reason="换人")
        loan_party_add(actor=admin, loan=loan, person=person(3))


def test_beyond_ones_reach_nobody_is_corrected(bank: Lender) -> None:
    with bank.open():
        east, west = two_branches(bank)
        officer, theirs = bank.actor("officer"), LoanParty.objects.get(loan=west)
        contact = ContactPoint.objects.get(party=theirs.party)
        for act in (
            lambda: loan_party_change(actor=officer, loan=west, row=theirs, revision=1, role="owner"),
            lambda: loan_party_end(actor=officer, loan=west, row=theirs, revision=1, reason="x"),
            lambda: contact_point_end(actor=officer, loan=west, contact=contact),
            lambda: contact_point_end(actor=officer, loan=east, contact=contact),
        ):
            with pytest.raises(Forbidden):
                act()
        for act in (
            lambda: loan_party_change(actor=officer, loan=east, row=theirs, revision=1, role="owner"),
            lambda: loan_party_end(actor=officer, loan=east, row=theirs, revision=1, reason="x"),
        ):
            with pytest.raises(Conflict):
                act()


def test_the_page_corrects_the_role_without_touching_the_person(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan, row = guaranteed(bank)
    client, address = client_of(bank, "officer"), f"/loans/{loan.id}/people/{row.id}/"
    page = client.get(address).content.decode()
    assert 'name="row-revision" value="1"' in page
    form = {"kind": "person", "id_kind": "resident", "role": "guarantor", "guarantee": "joint", "row-revision": "1"}
    assert client.post(address, {**form, "role": "borrower"}).status_code == 422
    assert client.post(address, form).status_code == 302
    assert client.post(address, {**form, "guarantee": "general"}).status_code == 409
    with bank.open():
        stored = LoanParty.objects.select_related("party").get(id=row.id)
        assert (stored.guarantee, stored.revision, stored.party.revision) == ("joint", 2, 1)


def test_a_wrong_number_finds_nobody_and_no_file_brings_it_back(bank: Lender, client_of: Any) -> None:
    with bank.open():
        brought(bank.actor("admin"), csv_bytes([HEADER, core_row(1)]))
        loan = Loan.objects.get()
        row, contact = LoanParty.objects.get(loan=loan), ContactPoint.objects.get()
        assert {match.object_id for match in lookup.find(phone(1))} == {row.party_id}
    client = client_of(bank, "officer")
    person_page = f"/loans/{loan.id}/people/{row.id}/"
    assert f"{person_page}contacts/{contact.id}/end/" in client.get(person_page).content.decode()
    assert client.post(f"{person_page}contacts/{contact.id}/end/").status_code == 302
    assert client.post(f"{person_page}contacts/{contact.id}/end/").status_code == 409
    assert "已失效" in client.get(f"/loans/{loan.id}/").content.decode()
    with bank.open():
        assert lookup.find(phone(1)) == []
        assert {match.object_id for match in lookup.find(core_row(1)[2])} == {row.party_id}
        brought(bank.actor("admin"), csv_bytes([HEADER, core_row(1, 当前余额="40000")]))
        assert [(one.state, clear(one, "value")) for one in ContactPoint.objects.all()] == [("invalid", phone(1))]
        event = AuditEvent.objects.get(action="loans.contact_point.ended")
        assert (event.object_id, event.loan_id) == (contact.id, loan.id)
        contacts_add(actor=bank.actor("officer"), party=row.party, phones=[phone(1), phone(9)], source="officer")
        assert ContactPoint.objects.filter(state="active").count() == 2
        assert AuditEvent.objects.filter(action="loans.contact_point.restored").count() == 1


def test_a_number_of_somebody_in_loans_beyond_ones_reach_stays(bank: Lender) -> None:
    with bank.open():
        east, west = two_branches(bank)
        loan_party_add(actor=bank.actor("admin"), loan=east, person=person(2, "guarantor"))
        contact = ContactPoint.objects.get(party=party_of(west))
        with pytest.raises(Invalid):
            contact_point_end(actor=bank.actor("officer"), loan=east, contact=contact)
        contact_point_end(actor=bank.actor("admin"), loan=east, contact=contact)


@pytest.mark.parametrize(
    ("number", "kind"), [("13800138000", "mobile"), ("075583771111", "home"), ("4008123456", "work"), ("95588", "work")]
)
def test_a_number_is_kept_as_the_line_it_is_at_every_door(bank: Lender, number: str, kind: str) -> None:
    assert contact_kind(number) == kind
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
        contacts_add(actor=bank.actor("officer"), party=party_of(loan), phones=[number], source="officer")
        brought(bank.actor("admin"), csv_bytes([HEADER, core_row(3, 手机号=number)]))
        kinds = [one.kind for one in ContactPoint.objects.all() if clear(one, "value") == number]
        assert kinds == [kind, kind]
