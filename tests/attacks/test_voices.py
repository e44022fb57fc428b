"""Whoever gives passwords could sign in as everybody: what others set counts for nothing for a day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.compliance.models import LegalHold
from carloan.compliance.services.holds import hold_release
from carloan.core.errors import Conflict
from carloan.core.models import Membership, SignOnLink, User
from carloan.core.services.people import member_change
from carloan.core.services.sign_in import factors_remove, password_renew
from carloan.core.services.sign_on import sign_on_unlink
from carloan.core.voices import QUIET
from tests.cast import Lender
from tests.compliance.held import another, place
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def _link(lender: Lender) -> None:
    member = lender.members["甲"]
    SignOnLink.objects.create(
        membership=member, issuer="https://one.example", subject="s", audit_event_id=member.audit_event_id
    )
    sign_on_unlink(actor=lender.actor("admin"), membership=member)


WAYS: dict[str, Callable[[Lender, Membership], Any]] = {
    "password": lambda lender, member: password_renew(actor=lender.actor("admin"), membership=member),
    "factors": lambda lender, member: factors_remove(actor=lender.actor("admin"), membership=member),
    "sign-on": lambda lender, member: _link(lender),
    "mail": lambda lender, member: member_change(
        actor=lender.actor("admin"), membership=member, display_name=member.display_name,
        employee_no=member.employee_no, email="other@example.com", branch=member.branch,
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_nobody_speaks_for_a_day_after_somebody_else_set_how_they_sign_in(bank: Lender, way: str) -> None:
    with bank.open():
        hold = place(bank, ("loan", open_loan(bank.actor("admin"), 1).id))
        who = another(bank, "compliance", "甲")
        member = bank.members["甲"]
        WAYS[way](bank, member)
        with pytest.raises(Conflict, match="登录方式"):
            hold_release(actor=who, hold=hold, reason="撤诉")
        assert not LegalHold.objects.get(id=hold.id).releases.exists()
        Membership.objects.filter(id=member.id).update(sign_in_given_at=timezone.now() - QUIET - timedelta(minutes=1))
        hold_release(actor=who, hold=hold, reason="撤诉")


@pytest.mark.parametrize("field", ["employee_no", "email"])
def test_two_accounts_of_one_person_have_one_voice(bank: Lender, field: str) -> None:
    with bank.open():
        hold = place(bank, ("loan", open_loan(bank.actor("admin"), 1).id))
        one, two = another(bank, "compliance", "甲"), another(bank, "compliance", "乙")
        for name, value in (("甲", "Wang.1@bank.example"), ("乙", "wang.1@bank.example")):
            if field == "email":
                User.objects.filter(pk=bank.members[name].user_id).update(email=value)
            else:
                Membership.objects.filter(id=bank.members[name].id).update(employee_no="A17")
        hold_release(actor=one, hold=hold, reason="撤诉")
        with pytest.raises(Conflict):
            hold_release(actor=two, hold=hold, reason="撤诉")
        assert LegalHold.objects.get(id=hold.id).releases.count() == 1
        Membership.objects.filter(id=bank.members["乙"].id).update(employee_no="B18")
        User.objects.filter(pk=bank.members["乙"].user_id).update(email="")
        hold_release(actor=two, hold=hold, reason="撤诉")
        assert LegalHold.objects.get(id=hold.id).releases.count() == 2
