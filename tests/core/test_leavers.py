"""Joiners and leavers: what is still to do, and what somebody else goes on with."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from carloan.archives.models import Paper
from carloan.archives.services.receiving import paper_receive
from carloan.core.checklists import checklist
from carloan.core.errors import Invalid
from carloan.core.leavers import holdings_of
from carloan.core.models import AuditEvent, Membership, Role
from carloan.core.selectors import get_person_for
from carloan.core.services.people import member_add, member_deactivate, role_assign
from carloan.loans.models import Loan
from tests.cast import Lender, lender_changes
from tests.loans.book import open_loan
from tests.tenancy.routes import BLANK_PAGE

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def with_work(lender: Lender) -> tuple[Loan, Loan, Paper]:
    """The archivist has a case in progress, one that has ended, and a paper to check."""
    member = lender.members["archivist"]
    east = lender.branches["east"].id
    going, done = open_loan(lender.system, 1, branch_id=east), open_loan(lender.system, 2, branch_id=east)
    Loan.objects.filter(id__in=[going.id, done.id]).update(officer=member)
    Loan.objects.filter(id=done.id).update(state=Loan.State.SETTLED)
    paper = paper_receive(actor=lender.system, data=BLANK_PAGE, name="page.png").paper
    Paper.objects.filter(id=paper.id).update(state=Paper.State.REVIEW, assigned_to=member, claimed_by=member)
    return going, done, paper


def test_open_work_goes_to_the_successor_in_the_act_that_lets_somebody_leave(bank: Lender) -> None:
    with bank.open():
        going, done, paper = with_work(bank)
        member, successor = bank.members["archivist"], bank.members["officer"]
        revision = Loan.objects.get(id=going.id).revision
        assert [count for _label, count in holdings_of(member)] == [1, 1]
        left = member_deactivate(actor=bank.actor("admin"), membership=member, successor=successor)
        assert [count for _label, count in left] == [1, 1]
        going.refresh_from_db()
        paper.refresh_from_db()
        assert (going.officer_id, going.revision) == (successor.id, revision + 1)
        assert Loan.objects.get(id=done.id).officer_id == member.id, "what has ended keeps the name"
        assert (paper.assigned_to_id, paper.claimed_by_id) == (successor.id, None)
        assert holdings_of(member) == []
        assert AuditEvent.objects.filter(action="loans.loan.changed", loan_id=going.id).exists()
        assert AuditEvent.objects.filter(action="loans.loans.handed_over", object_id=member.id).count() == 1


def test_papers_that_the_successor_may_not_check_wait_for_everybody(bank: Lender) -> None:
    with bank.open():
        _going, _done, paper = with_work(bank)
        member_deactivate(
            actor=bank.actor("admin"), membership=bank.members["archivist"], successor=bank.members["service"]
        )
        paper.refresh_from_db()
        assert (paper.assigned_to_id, paper.claimed_by_id) == (None, None)


def test_without_a_successor_cases_wait(bank: Lender) -> None:
    with bank.open():
        going, _done, _paper = with_work(bank)
        member_deactivate(actor=bank.actor("admin"), membership=bank.members["archivist"])
        assert Loan.objects.get(id=going.id).officer_id is None


def test_nobody_who_left_and_not_the_leaver_goes_on(bank: Lender) -> None:
    with bank.open():
        going, _done, _paper = with_work(bank)
        member_deactivate(actor=bank.actor("admin"), membership=bank.members["collector"])
        gone = Membership.objects.get(id=bank.members["collector"].id)
        for wrong in (gone, bank.members["archivist"]):
            with pytest.raises(Invalid):
                member_deactivate(actor=bank.actor("admin"), membership=bank.members["archivist"], successor=wrong)
        assert Loan.objects.get(id=going.id).officer_id == bank.members["archivist"].id


def test_the_page_lists_what_is_in_hand_and_says_who_has_it_now(bank: Lender, client_of: Any) -> None:
    with bank.open():
        with_work(bank)
    admin = client_of(bank, "admin").confirmed()
    place = f"/people/{bank.members['archivist'].id}/deactivate/"
    page = text(admin.get(place))
    assert "待审核材料" in page
    assert "id_successor" in page
    answer = admin.post(place, {"successor": bank.members["officer"].id}, follow=True)
    assert "接手人：officer 张" in text(answer)
    assert "id_successor" not in text(admin.get(f"/people/{bank.members['service'].id}/deactivate/"))


def test_what_a_joiner_still_needs_is_found_in_the_facts(bank: Lender, client_of: Any) -> None:
    def open_steps(member: Membership, *, require_mfa: bool = False) -> list[str]:
        found = get_person_for(bank.actor("admin"), member.id)
        return [str(step.label) for step in checklist(found, require_mfa=require_mfa) if not step.done]

    with bank.open():
        admin = bank.actor("admin")
        member = member_add(actor=admin, username="neu", display_name="新同事", password="long-enough-1")
        assert len(open_steps(member)) == 6
        role_assign(actor=admin, membership=member, role=Role.objects.get(key="officer"), branch=bank.branches["west"])
        Membership.objects.filter(id=member.id).update(branch=bank.branches["east"], employee_no="7")
        assert "角色在本网点生效" in open_steps(member)
        assert "已启用两步验证" not in open_steps(member)
        assert "已启用两步验证" in open_steps(member, require_mfa=True)
        Authenticator.objects.create(user=member.user, type="totp", data={})
        assert "已启用两步验证" not in open_steps(member, require_mfa=True)
        role_assign(actor=admin, membership=member, role=Role.objects.get(key="admin"))
        assert "已设置通行密钥" in open_steps(member), "whoever decides for others needs more than a code"
    lender_changes(bank, require_mfa=False)
    assert "入职清单" in text(client_of(bank, "compliance").get(f"/people/{member.id}/"))
