"""People and cars in loans: who may change what is known of them, and what happens when two officers do so at once."""

import threading
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError, connection

from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import RoleAssignment
from carloan.core.sealed import clear
from carloan.loans.models import ContactPoint, Loan, LoanParty, Party, Vehicle
from carloan.loans.services import loans as services
from carloan.loans.services import people
from carloan.loans.services.loan_people import loan_party_end
from carloan.loans.services.loans import loan_move, loan_party_add, vehicle_set
from carloan.loans.services.people import party_change
from tests.at_once import at_once
from tests.cast import Lender
from tests.loans.book import HEADER, car, core_row, csv_bytes, open_loan, person, phone
from tests.loans.test_imports import brought

both = pytest.mark.django_db(databases=["default", "keystore"])


def two_branches(lender: Lender) -> tuple[Loan, Loan]:
    """A loan in the officer's branch and one in another, with different borrowers."""
    RoleAssignment.objects.filter(membership=lender.members["officer"]).update(branch=lender.branches["east"])
    admin = lender.actor("admin")
    return (
        open_loan(admin, 1, branch_id=lender.branches["east"].id),
        open_loan(admin, 2, branch_id=lender.branches["west"].id),
    )


def party_of(loan: Loan) -> Party:
    return LoanParty.objects.select_related("party").get(loan=loan, role="borrower").party


@both
def test_a_loan_beyond_ones_reach_takes_neither_people_nor_cars(bank: Lender) -> None:
    with bank.open():
        _east, west = two_branches(bank)
        officer, borrower = bank.actor("officer"), party_of(west)
        vehicle = Vehicle.objects.get(loan=west)
        for act in (
            lambda: loan_party_add(actor=officer, loan=west, person=person(3, "guarantor")),
            lambda: vehicle_set(actor=officer, loan=west, facts=car(3), revision=vehicle.revision),
            lambda: party_change(
                actor=officer, loan=west, party=borrower, facts=person(2).facts, revision=borrower.revision
            ),
        ):
            with pytest.raises(Forbidden):
                act()
        assert not Party.objects.filter(loan_parties=None).exists()


@both
def test_a_known_number_links_a_stranger_and_changes_nothing_but_telephones(bank: Lender) -> None:
    with bank.open():
        east, west = two_branches(bank)
        stranger = party_of(west)
        address = clear(stranger, "address")
        known = replace(person(2).facts, address="别处", employer="别的公司", phones=(phone(77),))
        officer = bank.actor("officer")
        loan_party_add(actor=officer, loan=east, person=replace(person(2, "guarantor"), facts=known))
        stranger.refresh_from_db()
        assert (clear(stranger, "address"), clear(stranger, "employer")) == (address, "")
        phones = {clear(contact, "value") for contact in ContactPoint.objects.filter(party=stranger)}
        assert phones == {phone(2), phone(77)}
        with pytest.raises(Invalid):
            party_change(actor=officer, loan=east, party=stranger, facts=known, revision=stranger.revision)
        stranger.refresh_from_db()
        assert clear(stranger, "address") == address
        everywhere = bank.actor("admin")
        party_change(actor=everywhere, loan=east, party=stranger, facts=known, revision=stranger.revision)
        stranger.refresh_from_db()
        assert clear(stranger, "address") == "别处"


@both
def test_a_party_is_changed_only_through_a_loan_it_stands_in(bank: Lender) -> None:
    with bank.open():
        east, west = two_branches(bank)
        stranger = party_of(west)
        with pytest.raises(Forbidden):
            party_change(actor=bank.actor("officer"), loan=east, party=stranger, facts=person(2).facts, revision=1)


@both
def test_a_change_from_an_old_page_is_refused(bank: Lender) -> None:
    with bank.open():
        east, _west = two_branches(bank)
        officer, borrower, vehicle = bank.actor("officer"), party_of(east), Vehicle.objects.get(loan=east)
        seen, car_seen = borrower.revision, vehicle.revision
        first = replace(person(1).facts, employer="甲公司")
        party_change(actor=officer, loan=east, party=borrower, facts=first, revision=seen)
        with pytest.raises(Conflict):
            party_change(
                actor=officer, loan=east, party=borrower, facts=replace(first, employer="乙公司"), revision=seen
            )
        borrower.refresh_from_db()
        assert clear(borrower, "employer") == "甲公司"
        vehicle_set(actor=officer, loan=east, facts=car(8), revision=car_seen)
        for stale in (car_seen, 0):
            with pytest.raises(Conflict):
                vehicle_set(actor=officer, loan=east, facts=car(9), revision=stale)


@both
def test_pages_carry_the_revision_of_person_and_car(bank: Lender, client_of: Any) -> None:
    with bank.open():
        east, _west = two_branches(bank)
        row = LoanParty.objects.get(loan=east)
    client, address = client_of(bank, "officer"), f"/loans/{east.id}/people/{row.id}/"
    form = {"kind": "person", "id_kind": "resident", "employer": "甲公司", "revision": "1"}
    assert 'name="revision" value="1"' in client.get(address).content.decode()
    assert 'name="vehicle-revision" value="1"' in client.get(f"/loans/{east.id}/edit/").content.decode()
    assert client.post(address, form).status_code == 302
    assert client.post(address, {**form, "employer": "乙公司"}).status_code == 409
    with bank.open():
        assert clear(party_of(east), "employer") == "甲公司"


@pytest.mark.parametrize("attempt", range(3))
def test_two_officers_opening_loans_for_one_new_person_make_one_party(committed: Lender, attempt: int) -> None:
    with committed.open():
        actor = committed.actor("admin")
    faults = at_once(
        committed,
        *(lambda serial=serial: open_loan(actor, serial, people=[person(50)], vehicle=None) for serial in (1, 2)),
    )
    assert faults == []
    with committed.open():
        assert Party.objects.count() == 1
        assert LoanParty.objects.count() == 2


def test_the_borrower_that_is_submitted_is_not_removed_meanwhile(
    committed: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    with committed.open():
        admin = committed.actor("admin")
        loan = open_loan(admin, 1)
        borrower = LoanParty.objects.get(loan=loan)
    looked, waited = services._facts, []

    def remove() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '300ms'")
        try:
            loan_party_end(actor=admin, loan=loan, row=borrower, revision=1, reason="换人")
        except OperationalError:
            connection.set_rollback(True)
            waited.append(True)

    def look_and_be_overtaken(loan: Loan) -> Any:
        found = looked(loan)
        assert at_once(committed, remove) == []
        return found

    monkeypatch.setattr(services, "_facts", look_and_be_overtaken)
    with committed.open():
        loan_move(actor=admin, loan=loan, event="submit")
    with committed.open():
        assert Loan.objects.get(id=loan.id).state == "approval"
        assert LoanParty.objects.filter(loan=loan, role="borrower").exists()
    assert waited == [True]


def test_two_borrowers_at_once_are_one_borrower_and_one_refusal(committed: Lender) -> None:
    with committed.open():
        actor = committed.actor("admin")
        loan = open_loan(actor, 1, people=[], vehicle=None)
    faults = at_once(
        committed,
        lambda: loan_party_add(actor=actor, loan=loan, person=person(1)),
        lambda: loan_party_add(actor=actor, loan=loan, person=person(2)),
    )
    assert [type(fault) for fault in faults] == [Invalid]
    with committed.open():
        assert LoanParty.objects.filter(loan=loan).count() == 1


def test_two_first_cars_at_once_are_one_car_and_one_conflict(committed: Lender) -> None:
    with committed.open():
        actor = committed.actor("admin")
        loan = open_loan(actor, 1, people=[person(1)], vehicle=None)
    faults = at_once(
        committed,
        lambda: vehicle_set(actor=actor, loan=loan, facts=car(1), revision=0),
        lambda: vehicle_set(actor=actor, loan=loan, facts=car(2), revision=0),
    )
    assert [type(fault) for fault in faults] == [Conflict]
    with committed.open():
        assert Vehicle.objects.filter(loan=loan).count() == 1


def test_two_loans_naming_the_same_two_new_people_crosswise_do_not_block_each_other(
    committed: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has entered its first person before either goes on; without one order for both, each waits for the other."""
    met, real = threading.Barrier(2), people._party_new

    def slowly(**facts: Any) -> Party:
        party = real(**facts)
        with suppress(threading.BrokenBarrierError):
            met.wait(2)
        return party

    monkeypatch.setattr(people, "_party_new", slowly)
    with committed.open():
        actor = committed.actor("admin")
    one, two = person(50), person(51)
    faults = at_once(
        committed,
        lambda: open_loan(actor, 1, people=[one, replace(two, role="guarantor")], vehicle=None),
        lambda: open_loan(
            actor, 2, people=[replace(two, role="borrower"), replace(one, role="guarantor")], vehicle=None
        ),
    )
    assert faults == []
    with committed.open():
        assert Party.objects.count() == 2
        assert LoanParty.objects.count() == 4


@both
def test_an_import_raises_the_revision_of_what_it_changes(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        header = [*HEADER, "住址"]
        brought(actor, csv_bytes([header, [*core_row(1), "旧地址1号"]]))
        loan = Loan.objects.get()
        party, vehicle = party_of(loan), Vehicle.objects.get()
        brought(actor, csv_bytes([header, [*core_row(1, 车牌号="粤B99999"), "新地址2号"]]))
        with pytest.raises(Conflict):
            party_change(
                actor=actor,
                loan=loan,
                party=party,
                facts=replace(person(1).facts, address="旧"),
                revision=party.revision,
            )
        with pytest.raises(Conflict):
            vehicle_set(actor=actor, loan=loan, facts=car(1), revision=vehicle.revision)
        assert clear(party_of(loan), "address") == "新地址2号"
        assert clear(Vehicle.objects.get(), "plate") == "粤B99999"
