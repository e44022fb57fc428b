"""Whoever types an identity number hears nothing of people beyond their reach, and makes no second one within it."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from carloan.core.errors import Invalid
from carloan.core.models import RoleAssignment
from carloan.core.sealed import clear
from carloan.loans.models import ContactPoint, Loan, LoanParty, Party
from carloan.loans.services.loans import PersonIn, loan_party_add
from carloan.loans.services.people import party_change
from tests.at_once import at_once
from tests.cast import Lender
from tests.loans.book import HEADER, core_row, csv_bytes, id_number, open_loan, person
from tests.loans.test_imports import brought, faults

both = pytest.mark.django_db(databases=["default", "keystore"])
OTHER_NAME = "另一个"


def narrow(lender: Lender) -> tuple[Loan, Loan]:
    """The officer works in the east: a loan there, and one in the west with a borrower of its own."""
    RoleAssignment.objects.filter(membership=lender.members["officer"]).update(branch=lender.branches["east"])
    return (
        open_loan(lender.system, 1, branch_id=lender.branches["east"].id),
        open_loan(lender.system, 2, branch_id=lender.branches["west"].id),
    )


def borrower(loan: Loan) -> Party:
    return LoanParty.objects.select_related("party").get(loan=loan, role="borrower").party


def called(serial: int, name: str = OTHER_NAME, role: str = "guarantor") -> PersonIn:
    """The number of a person of the book, under another name."""
    known = person(serial, role)
    return replace(known, facts=replace(known.facts, name=name, phones=()))


def add(lender: Lender, role: str, loan: Loan, who: PersonIn) -> Party:
    return loan_party_add(actor=lender.actor(role), loan=loan, person=who).party


@both
def test_a_number_beyond_reach_is_taken_like_an_unknown_one_and_nobody_there_is_touched(bank: Lender) -> None:
    with bank.open():
        east, west = narrow(bank)
        stranger = borrower(west)
        before = Party.objects.filter(id=stranger.id).values().get()
        entered = add(bank, "officer", east, called(2))
        assert entered.id != stranger.id
        assert (clear(entered, "name"), clear(entered, "id_number")) == (OTHER_NAME, id_number(2))
        assert not ContactPoint.objects.filter(party=entered).exists()
        assert Party.objects.filter(id=stranger.id).values().get() == before


@both
def test_within_reach_the_same_number_makes_no_second_person(bank: Lender) -> None:
    with bank.open():
        east, west = narrow(bank)
        first = add(bank, "officer", east, called(2))
        again = open_loan(
            bank.actor("officer"), 3, branch_id=bank.branches["east"].id, people=[called(2, role="borrower")]
        )
        assert borrower(again).id == first.id
        for role, loan, name in (("officer", again, "第三个"), ("admin", west, "第三个"), ("admin", west, "第四个")):
            with pytest.raises(Invalid) as refused:
                add(bank, role, loan, called(2, name))
            assert list(refused.value.fields) == ["name"]
        assert Party.objects.filter(id_digest=first.id_digest).count() == 2
        assert add(bank, "admin", west, called(2)).id == first.id, "of two in sight the name tells which is meant"


@both
def test_a_known_person_of_the_same_name_is_still_one_person(bank: Lender) -> None:
    with bank.open():
        east, west = narrow(bank)
        assert add(bank, "officer", east, person(2, "guarantor")).id == borrower(west).id


@both
@pytest.mark.parametrize("role", ["officer", "admin"])
def test_correcting_a_number_tells_only_of_people_in_sight(bank: Lender, role: str) -> None:
    with bank.open():
        east, west = narrow(bank)
        party, stranger = borrower(east), borrower(west)
        wanted = replace(person(1).facts, id_number=id_number(2))

        def correct() -> Party:
            return party_change(actor=bank.actor(role), loan=east, party=party, facts=wanted, revision=party.revision)

        if role == "admin":
            with pytest.raises(Invalid) as refused:
                correct()
            assert list(refused.value.fields) == ["id_number"]
            return
        changed = correct()
        assert (clear(changed, "id_number"), changed.id_place) == (id_number(2), 1)
        assert Party.objects.filter(id_digest=stranger.id_digest).count() == 2
        # What else is known of it may be corrected by whoever sees both: its number stands already.
        admin = bank.actor("admin")
        facts = replace(wanted, employer="甲公司")
        party_change(actor=admin, loan=east, party=changed, facts=facts, revision=changed.revision)
        own = replace(facts, id_number=id_number(7))
        freed = party_change(actor=admin, loan=east, party=changed, facts=own, revision=changed.revision + 1)
        assert freed.id_place == 0


def told(answer: Any, *numbers: str) -> tuple[int, str]:
    """What an answer says, without ids and what was typed."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|HT\d+", "#", answer.content.decode())
    for number in numbers:
        text = text.replace(number, "number")
    return answer.status_code, text


@both
def test_page_and_api_answer_alike_whether_or_not_somebody_beyond_has_the_number(bank: Lender, client_of: Any) -> None:
    with bank.open():
        east, _west = narrow(bank)
    client = client_of(bank, "officer")

    def page(number: str) -> tuple[int, str]:
        form = {"role": "guarantor", "kind": "person", "name": OTHER_NAME, "id_kind": "resident", "id_number": number}
        return told(client.post(f"/loans/{east.id}/people/new/", form), number)

    def api(number: str) -> tuple[int, str]:
        loan = {
            "principal": 100_000, "rate_ppm": 60_000, "term": 12,
            "people": [{"role": "borrower", "name": OTHER_NAME, "id_kind": "resident", "id_number": number}],
        }  # fmt: skip
        headers = {"Authorization": bank.key("officer")}
        return told(Client().post("/api/v1/loans/", loan, content_type="application/json", headers=headers), number)

    assert page(id_number(2)) == page(id_number(90)) == (302, "")
    known, unknown = api(id_number(2)), api(id_number(91))
    assert known == unknown
    assert known[0] == 201


@both
def test_who_sees_both_reads_that_two_people_have_one_number(bank: Lender, client_of: Any) -> None:
    with bank.open():
        east, west = narrow(bank)
        add(bank, "officer", east, called(2))
    assert west.contract_no in client_of(bank, "admin").get(f"/loans/{east.id}/").content.decode()
    assert east.contract_no in client_of(bank, "admin").get(f"/loans/{west.id}/").content.decode()
    assert west.contract_no not in client_of(bank, "officer").get(f"/loans/{east.id}/").content.decode()


@both
def test_an_import_hears_no_more_than_whoever_brings_it(bank: Lender) -> None:
    with bank.open():
        _east, west = narrow(bank)
        stranger = borrower(west)
        rows = csv_bytes([HEADER, core_row(2, 合同编号="HT-900001", 借款人姓名=OTHER_NAME)])
        RoleAssignment.objects.filter(membership=bank.members["admin"]).update(branch=bank.branches["east"])
        batch = brought(bank.actor("admin"), rows)
        assert faults(batch) == {}
        entered = borrower(Loan.objects.get(contract_no="HT-900001"))
        assert (entered.id_digest, entered.id_place, stranger.id_place) == (stranger.id_digest, 1, 0)
        third = csv_bytes([HEADER, core_row(2, 合同编号="HT-900002", 借款人姓名="第三个")])
        assert [code for found in faults(brought(bank.actor("admin"), third)).values() for _c, code in found] == [
            "name_differs"
        ]
        same = csv_bytes([HEADER, core_row(2, 合同编号="HT-900003", 借款人姓名=OTHER_NAME)])
        brought(bank.actor("admin"), same)
        assert borrower(Loan.objects.get(contract_no="HT-900003")).id == entered.id
        assert Party.objects.filter(id_digest=stranger.id_digest).count() == 2


def test_two_officers_at_once_make_one_second_person(committed: Lender) -> None:
    with committed.open():
        east, west = narrow(committed)
        other = open_loan(committed.actor("admin"), 3, branch_id=committed.branches["east"].id)
        officer = committed.actor("officer")
    faults = at_once(
        committed,
        lambda: loan_party_add(actor=officer, loan=east, person=called(2)),
        lambda: loan_party_add(actor=officer, loan=other, person=called(2)),
    )
    with committed.open():
        digest = borrower(west).id_digest
        assert Party.objects.filter(id_digest=digest).count() == 2
        assert len(faults) <= 1, "the later one sees it, or hears that something changed"
