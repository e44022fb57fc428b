"""Where several people are asked for, nobody speaks by a right that a colleague lent: two rights are not two people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from carloan.compliance.policies.destruction import RIGHTS
from carloan.compliance.services.anomalies import DECIDE as ANSWER
from carloan.compliance.services.anomalies import anomaly_close
from carloan.compliance.services.holds import RELEASE, hold_release
from carloan.compliance.services.openings import opening_decide
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden
from carloan.core.models import Delegation, Role, RoleAssignment, RoleCapability
from tests.cast import Lender
from tests.compliance.anomalies import make_anomaly
from tests.compliance.destroyed import due_loans, proposed, say
from tests.compliance.held import another, place
from tests.compliance.test_openings import asked
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def taker(lender: Lender, giver: str, role: str = "compliance") -> Actor:
    """The collector, to whom `giver` lends a role of theirs. Call it inside the open lender."""
    today = timezone.localdate()
    member = lender.members["collector"]
    Delegation.objects.create(
        giver=lender.members[giver],
        taker=member,
        role=Role.objects.get(key=role),
        begins_on=today,
        ends_on=today + timedelta(days=1),
        audit_event_id=member.audit_event_id,
    )
    return lender.actor("collector")


def give_people(role: Role) -> None:
    RoleCapability.objects.create(
        role=role, capability="people.manage", scope="all", audit_event_id=role.audit_event_id
    )


def test_no_lent_right_releases_a_hold(bank: Lender) -> None:
    with bank.open():
        hold = place(bank, ("loan", open_loan(bank.actor("admin"), 1).id))
        borrowed = taker(bank, "compliance")
        assert borrowed.can(RELEASE)
        with pytest.raises(Forbidden):
            hold_release(actor=borrowed, hold=hold, reason="撤诉")
        hold_release(actor=another(bank, "compliance", "甲"), hold=hold, reason="撤诉")
        with pytest.raises(Forbidden):
            hold_release(actor=borrowed, hold=hold, reason="撤诉")


def test_no_lent_right_agrees_to_a_destruction(bank: Lender) -> None:
    batch = proposed(bank, *due_loans(bank, 1))
    with bank.open():
        borrowed = taker(bank, "officer", "officer")
        assert borrowed.can(RIGHTS["business"])
        with pytest.raises(Forbidden):
            say(bank, batch, borrowed)
        assert say(bank, batch, bank.actor("officer")).state == "business_reviewed"


def test_no_lent_right_decides_an_opening(bank: Lender) -> None:
    with bank.open():
        opening = asked(bank)
        with pytest.raises(Forbidden):
            opening_decide(actor=taker(bank, "compliance"), opening=opening, approve=True)
        opening_decide(actor=bank.actor("compliance"), opening=opening, approve=True)


def test_no_lent_right_answers_an_anomaly(bank: Lender) -> None:
    with bank.open():
        row = make_anomaly(bank, bank.members["officer"].id)
        answer = {"reason_code": "business", "reason": "核实为正常业务"}
        borrowed = taker(bank, "compliance")
        assert borrowed.can(ANSWER)
        with pytest.raises(Forbidden):
            anomaly_close(actor=borrowed, row=row, **answer)
        anomaly_close(actor=bank.actor("compliance"), row=row, **answer)


def test_a_role_in_one_branch_makes_no_lent_right_an_own_one(bank: Lender) -> None:
    """A right over the whole lender is not had by a role of a branch, so what is used is what was lent."""
    with bank.open():
        member = bank.members["collector"]
        RoleAssignment.objects.create(
            membership=member,
            role=Role.objects.get(key="compliance"),
            branch=bank.branches["east"],
            audit_event_id=member.audit_event_id,
        )
        assert not bank.actor("collector").can(RELEASE)
        borrowed = taker(bank, "compliance")
        assert borrowed.can(RELEASE)
        assert borrowed.lent[RELEASE] == {bank.members["compliance"].id}


def test_a_right_that_may_not_be_lent_does_not_come_with_a_role_that_got_it_later(bank: Lender) -> None:
    with bank.open():
        assert taker(bank, "compliance").can(RELEASE)
        role = Role.objects.get(key="compliance")
        RoleCapability.objects.create(
            role=role, capability="people.manage", scope="all", audit_event_id=role.audit_event_id
        )
        assert bank.actor("compliance").can("people.manage")
        assert not bank.actor("collector").can("people.manage")


def test_whoever_administers_people_approves_no_destruction_whatever_their_role_is_called(bank: Lender) -> None:
    batch = proposed(bank, *due_loans(bank, 1))
    with bank.open():
        batch = say(bank, say(bank, batch, bank.actor("officer")), bank.actor("archivist"))
        approver = another(bank, "compliance", "甲")
        role = Role.objects.get(key="compliance")
        RoleCapability.objects.create(
            role=role, capability="people.manage", scope="all", audit_event_id=role.audit_event_id
        )
        with pytest.raises(Conflict):
            say(bank, batch, approver)
