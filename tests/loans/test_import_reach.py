"""What a file may decide about colleagues, branches and people whom its sender does not all see."""

from dataclasses import replace

import pytest

from carloan.core.models import Branch, Membership
from carloan.core.sealed import clear
from carloan.loans.models import ContactPoint, Loan, Party
from carloan.loans.services.loans import PersonIn, loan_party_add
from tests.cast import Lender
from tests.loans.book import HEADER, core_row, csv_bytes, id_number, name, open_loan, person, phone
from tests.loans.test_imports import brought, faults
from tests.loans.test_people import party_of, two_branches

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

WITH_OFFICER = [*HEADER, "客户经理"]
WITH_ADDRESS = [*HEADER, "住址", "工作单位"]


def handled(lender: Lender, *officers: str) -> dict[str, str]:
    """The officer of each loan that was booked, and the code of what was wrong with the others."""
    rows = [[*core_row(serial), officer] for serial, officer in enumerate(officers, start=1)]
    batch = brought(lender.actor("admin"), csv_bytes([WITH_OFFICER, *rows]))
    told = {officers[number - 2]: found[0][1] for number, found in faults(batch).items()}
    for loan in Loan.objects.select_related("officer"):
        told[officers[int(loan.contract_no[-8:]) - 1]] = str(loan.officer.employee_no if loan.officer else "")
    return told


def test_a_name_that_two_colleagues_have_is_nobodys(bank: Lender) -> None:
    with bank.open():
        members = list(Membership.objects.order_by("id")[:4])
        for member, called, number in zip(
            members, ("李伟", "李 伟", "王芳", "A2"), ("A1", "A2", "A3", "A4"), strict=True
        ):
            Membership.objects.filter(id=member.id).update(display_name=called, employee_no=number)
        assert handled(bank, "李伟", "A1", "王芳", "a4", "A2", "赵无") == {
            "李伟": "officer_several",
            "A1": "A1",
            "王芳": "A3",
            "a4": "A4",
            "A2": "officer_several",
            "赵无": "officer_unknown",
        }


def test_a_leaver_of_the_same_name_is_nobody_to_be_mistaken_for(bank: Lender) -> None:
    with bank.open():
        first, second = Membership.objects.order_by("id")[:2]
        Membership.objects.filter(id=first.id).update(display_name="李伟", employee_no="A1")
        Membership.objects.filter(id=second.id).update(display_name="李伟", employee_no="A2", is_active=False)
        assert handled(bank, "李伟") == {"李伟": "A1"}


def test_a_name_that_two_branches_have_is_no_branch(bank: Lender) -> None:
    with bank.open():
        Branch.objects.filter(id=bank.branches["west"].id).update(name="城东支行")
        rows = [core_row(1, 机构="城东支行"), core_row(2, 机构="102"), core_row(3, 机构="999")]
        batch = brought(bank.actor("admin"), csv_bytes([HEADER, *rows]))
        assert {number: found[0][1] for number, found in faults(batch).items()} == {
            2: "branch_several",
            4: "branch_unknown",
        }
        assert Loan.objects.get().branch_id == bank.branches["west"].id


def test_a_file_does_not_rewrite_people_in_loans_beyond_its_senders_branches(bank: Lender) -> None:
    with bank.open():
        east, west = two_branches(bank)
        stranger, own = party_of(west), party_of(east)
        nameless = PersonIn(replace(person(5).facts, id_number="", phones=()), "guarantor")
        loan_party_add(actor=bank.actor("admin"), loan=west, person=nameless)
        before = clear(stranger, "address")
        row = {**dict.fromkeys(("车架号", "车牌号"), ""), "机构": "101"}
        rows = [
            [*core_row(2, 合同编号="NEW-2", 手机号=phone(77), **row), "别处1号", "别的公司"],
            [*core_row(1, 合同编号="NEW-1", **row), "别处2号", "别的公司"],
        ]
        batch = brought(bank.actor("officer"), csv_bytes([WITH_ADDRESS, *rows]))
        assert batch.created == 2, faults(batch)
        stranger.refresh_from_db()
        assert (clear(stranger, "address"), clear(stranger, "employer")) == (before, "")
        phones = {clear(contact, "value") for contact in ContactPoint.objects.filter(party=stranger)}
        assert phones == {phone(2), phone(77)}
        own.refresh_from_db()
        assert (clear(own, "address"), clear(own, "employer")) == ("别处2号", "别的公司")
        everywhere = [[*core_row(2, 合同编号="NEW-3", **row), "别处1号", "别的公司"]]
        brought(bank.actor("admin"), csv_bytes([WITH_ADDRESS, *everywhere]))
        stranger.refresh_from_db()
        assert clear(stranger, "address") == "别处1号"


def test_a_file_gives_no_number_to_somebody_it_does_not_wholly_reach(bank: Lender) -> None:
    """A person without an ID number is known by name within a loan; the number stays open where others use the row."""
    with bank.open():
        east, west = two_branches(bank)
        admin = bank.actor("admin")
        bare = PersonIn(replace(person(6).facts, id_number="", phones=()), "borrower")
        shared = open_loan(admin, 6, branch_id=bank.branches["east"].id, people=[bare], vehicle=None)
        borrower = party_of(shared)
        borrower.loan_parties.create(
            loan=west, role="guarantor", guarantee="general", audit_event_id=borrower.audit_event_id
        )
        Loan.objects.filter(id=shared.id).update(state="servicing", outstanding=8_000_000)
        changed = {"合同编号": shared.contract_no, "借款人姓名": name(6), "证件号码": id_number(6), "手机号": ""}
        terms = {"贷款金额": "80000", "年利率": "5.88%", "放款日期": "2026-01-15", "当前余额": "70000", "机构": "101"}
        none = dict.fromkeys(("车架号", "车牌号"), "")
        sent = csv_bytes([HEADER, core_row(6, **changed, **terms, **none)])
        assert brought(bank.actor("officer"), sent).updated == 1
        assert Party.objects.get(id=borrower.id).id_digest is None
        assert east.branch_id == bank.branches["east"].id
