"""What is shredded cannot be read, and does not break the living."""

from typing import Any

import pytest
from django.utils import timezone

from carloan.core import lookup
from carloan.core.errors import Conflict, Forbidden, Shredded
from carloan.core.keys import KeyDestroyed, destroy_key, secrets_of
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.loans.models import ContactPoint, Loan, LoanParty, Party, Vehicle
from carloan.loans.services.loans import loan_change, loan_move, loan_party_add, vehicle_set
from carloan.loans.services.payments import payment_book
from carloan.loans.services.people import party_change
from carloan.loans.services.shredding import loan_shred, party_shred
from tests.cast import Lender
from tests.loans.book import HEADER, car, core_file, core_row, csv_bytes, id_number, open_loan, person, vin_number
from tests.loans.test_imports import brought, faults

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def borrower_of(loan: Any) -> Party:
    return LoanParty.objects.select_related("party").get(loan=loan).party


def test_a_shredded_person_is_unreadable_unfindable_and_can_be_entered_anew(bank: Lender, client_of: Any) -> None:
    with bank.open():
        first = open_loan(bank.actor("admin"), 1)
        old = borrower_of(first)
        for _again in range(2):
            party_shred(actor=bank.system, party=old)
        old.refresh_from_db()
        assert (old.name, old.id_number, old.address, old.id_digest) == (None, None, None, None)
        assert not ContactPoint.objects.filter(party=old).exclude(value=None).exists()
        assert lookup.find(id_number(1)) == []
        with pytest.raises(KeyDestroyed):
            secrets_of(old.key_subject())
        assert AuditEvent.objects.filter(action="loans.party.shredded", object_id=old.id).exists()
        second = open_loan(bank.actor("admin"), 2, people=[person(1)])
        assert borrower_of(second).id != old.id
        assert clear(borrower_of(second), "id_number") == id_number(1)
    client = client_of(bank, "admin")
    for path in ("/loans/", f"/loans/{first.id}/", f"/loans/{first.id}/?tab=timeline"):
        assert client.get(path).status_code == 200


def test_a_key_that_went_alone_breaks_neither_pages_nor_services(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
        old, row = borrower_of(loan), LoanParty.objects.get(loan=loan)
        destroy_key(old.key_subject())
    client = client_of(bank, "admin")
    page = client.get(f"/loans/{loan.id}/")
    assert page.status_code == 200
    assert "已销毁" in page.content.decode()
    address = f"/loans/{loan.id}/people/{row.id}/"
    assert client.get(address).status_code == 200
    form = {"kind": "person", "id_kind": "resident", "name": "王芳", "revision": "1", "employer": "甲公司"}
    assert client.post(address, form).status_code == 409
    with bank.open():
        admin = bank.actor("admin")
        with pytest.raises(Conflict):
            party_change(actor=admin, loan=loan, party=old, facts=person(1).facts, revision=old.revision)
        again = open_loan(admin, 2, people=[person(1)])
        assert borrower_of(again).id != old.id


def test_what_is_left_of_a_party_without_its_key_is_cleared_with_an_event(bank: Lender) -> None:
    with bank.open():
        old = borrower_of(open_loan(bank.actor("admin"), 1))
        destroy_key(old.key_subject())
        open_loan(bank.actor("officer"), 2, people=[person(1)])
        old.refresh_from_db()
        assert (old.id_digest, old.name) == (None, None)
        event = AuditEvent.objects.get(action="loans.party.emptied", object_id=old.id)
        assert (event.id, event.actor_id) == (old.audit_event_id, bank.members["officer"].id)


def test_a_shredded_loan_still_has_a_page_and_takes_no_car(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
        for _again in range(2):
            loan_shred(actor=bank.system, loan=loan)
        vehicle = Vehicle.objects.get(loan=loan)
        assert (vehicle.vin, vehicle.plate, vehicle.engine_no) == (None, None, None)
        assert lookup.find(vin_number(1)) == []
        assert clear(borrower_of(loan), "id_number") == id_number(1)
        with pytest.raises(Conflict):
            vehicle_set(actor=bank.actor("admin"), loan=loan, facts=car(2), revision=vehicle.revision)
    assert client_of(bank, "admin").get(f"/loans/{loan.id}/").status_code == 200


def test_nobody_shreds_by_hand(bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
        with pytest.raises(Forbidden):
            loan_shred(actor=bank.actor("admin"), loan=loan)
        with pytest.raises(Forbidden):
            party_shred(actor=bank.actor("admin"), party=borrower_of(loan))
        assert clear(borrower_of(loan), "id_number") == id_number(1)


def test_acts_on_a_shredded_loan_are_refused_in_words_and_reads_go_on(bank: Lender, client_of: Any) -> None:
    with bank.open():
        admin = bank.actor("admin")
        brought(admin, core_file(1))
        loan = Loan.objects.get()
        loan_shred(actor=bank.system, loan=loan)
    client = client_of(bank, "admin")
    for act in (
        lambda: loan_change(actor=admin, loan=loan, revision=loan.revision, changes={"product": "x"}),
        lambda: loan_move(actor=admin, loan=loan, event="write_off", reason="x"),
        lambda: loan_party_add(actor=admin, loan=loan, person=person(9, "guarantor")),
        lambda: payment_book(actor=admin, loan=loan, amount=1, reference="P", value_on=timezone.localdate()),
    ):
        with bank.open(), pytest.raises(Shredded) as refused:
            act()
        assert refused.value.status == 409
    answer = client.post(f"/loans/{loan.id}/move/write_off/", {"reason": "x"})
    assert answer.status_code == 409
    assert "永久销毁" in answer.content.decode()
    for tab in ("", "?tab=plan", "?tab=payments", "?tab=timeline"):
        assert client.get(f"/loans/{loan.id}/{tab}").status_code == 200
    with bank.open():
        batch = brought(admin, csv_bytes([HEADER, core_row(1, 当前余额="1.00"), core_row(2)]))
        assert faults(batch) == {2: [("", "shredded")]}
        assert batch.created == 1
