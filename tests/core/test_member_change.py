"""What is known about a person at work is corrected, with before and after in the trail."""

from typing import Any

import pytest

from carloan.core import audit
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import AuditEvent, Membership, RoleCapability, User
from carloan.core.services.people import member_change, member_deactivate, member_reactivate
from tests.cast import Lender
from tests.core.test_people_and_roles import give

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def facts(lender: Lender, role: str = "officer", **other: Any) -> dict[str, Any]:
    member = Membership.objects.select_related("user", "branch").get(id=lender.members[role].id)
    known = {
        "display_name": member.display_name,
        "employee_no": member.employee_no,
        "email": member.user.email,
        "branch": member.branch,
    }
    return {"membership": member, **known, **other}


def test_branch_name_number_and_email_change(bank: Lender) -> None:
    with bank.open():
        wanted: dict[str, Any] = {
            "display_name": " 王新名 ",
            "employee_no": "A-17",
            "email": "wang@bank.example",
            "branch": bank.branches["west"],
        }
        changed = member_change(actor=bank.actor("admin"), **facts(bank, **wanted))
        assert sorted(changed) == ["branch", "display_name", "email", "employee_no"]
        member = Membership.objects.select_related("user").get(id=bank.members["officer"].id)
        assert (member.display_name, member.employee_no, member.branch_id) == (
            "王新名", "A-17", bank.branches["west"].id,
        )  # fmt: skip
        assert member.user.email == "wang@bank.example"
        assert bank.actor("officer").branch_id == bank.branches["west"].id
        event = AuditEvent.objects.get(action="core.member.changed")
        assert member.audit_event_id == event.id
        detail = audit.open_detail(event)
        assert detail["before"]["display_name"] == "officer 张"
        assert detail["after"]["branch"] == "102"


def test_what_stays_the_same_is_no_act(bank: Lender) -> None:
    with bank.open():
        assert member_change(actor=bank.actor("admin"), **facts(bank)) == []
        assert not AuditEvent.objects.filter(action="core.member.changed").exists()


def test_nobody_is_left_without_a_name(bank: Lender) -> None:
    with bank.open(), pytest.raises(Invalid) as refused:
        member_change(actor=bank.actor("admin"), **facts(bank, display_name=" "))
    assert list(refused.value.fields) == ["display_name"]


def test_only_those_who_manage_people(bank: Lender) -> None:
    with bank.open(), pytest.raises(Forbidden):
        member_change(actor=bank.actor("officer"), **facts(bank, employee_no="1"))


def test_the_email_of_somebody_who_also_works_elsewhere_is_theirs(bank: Lender, other: Lender) -> None:
    """They sign in at the other lender with it too; their name and branch here are this lender's matter."""
    with other.open():
        Membership.objects.create(
            user=bank.users["officer"], display_name="兼职", audit_event_id=other.members["admin"].audit_event_id
        )
    with bank.open():
        with pytest.raises(Forbidden):
            member_change(actor=bank.actor("admin"), **facts(bank, email="other@bank.example"))
        assert User.objects.get(pk=bank.users["officer"].pk).email == bank.users["officer"].email
        assert member_change(actor=bank.actor("admin"), **facts(bank, employee_no="7")) == ["employee_no"]


def test_a_leavers_roles_stand_in_the_trail_and_a_closed_branch_is_no_place_to_come_back_to(bank: Lender) -> None:
    with bank.open():
        admin = bank.actor("admin")
        member = Membership.objects.select_related("branch").get(id=bank.members["officer"].id)
        member_deactivate(actor=admin, membership=member)
        event = AuditEvent.objects.get(action="core.member.deactivated")
        assert audit.open_detail(event)["before"] == {"roles": ["officer *"]}
        assert member.branch is not None
        member.branch.is_active = False
        member.branch.save(update_fields=["is_active"])
        member_reactivate(actor=admin, membership=member)
        assert Membership.objects.get(id=member.id).branch is None


def test_the_page_changes_and_tells_what_is_wrong(client_of: Any, bank: Lender) -> None:
    admin, member = client_of(bank, "admin").confirmed(), bank.members["officer"]
    path = f"/people/{member.id}/change/"
    assert "officer@bank.example" in admin.get(path).content.decode()
    form = {"display_name": "王新名", "email": "no address", "branch": str(bank.branches["west"].id)}
    assert admin.post(path, form).status_code == 422
    assert admin.post(path, form | {"email": ""}).status_code == 302
    page = admin.get(f"/people/{member.id}/").content.decode()
    assert "王新名" in page
    assert "城西支行" in page
    assert client_of(bank, "compliance").post(path, form).status_code == 403


def test_who_sets_an_email_has_power_over_that_sign_in(bank: Lender) -> None:
    with bank.open():
        give(bank, "compliance", "people.manage", "all")
        give(bank, "compliance", "rights.assign", "all")
        helper = bank.actor("compliance")
        with pytest.raises(Forbidden):
            member_change(actor=helper, **facts(bank, "admin", email="mine@bank.example"))
        assert User.objects.get(pk=bank.users["admin"].pk).email == bank.users["admin"].email
        assert member_change(actor=helper, **facts(bank, "admin", employee_no="7")) == ["employee_no"]
        assert member_change(actor=helper, **facts(bank, "compliance", email="own@bank.example")) == ["email"]
        member = bank.members["officer"]
        member_deactivate(actor=bank.actor("admin"), membership=member)
        with pytest.raises(Conflict):
            member_change(actor=bank.actor("admin"), **facts(bank, email="mine@bank.example"))


def test_the_form_masks_the_email_for_those_who_do_not_see_it_and_empty_keeps_it(client_of: Any, bank: Lender) -> None:
    with bank.open():
        RoleCapability.objects.filter(role__key="admin", capability="sight.clear").delete()
    admin, member, user = client_of(bank, "admin"), bank.members["officer"], bank.users["officer"]
    path = f"/people/{member.id}/change/"
    page = admin.get(path)
    assert user.email not in page.content.decode()
    assert "*" in page.context["form"].fields["email"].widget.attrs["placeholder"]
    assert admin.post(path, {"display_name": "王新名", "email": ""}).status_code == 302
    with bank.open():
        assert Membership.objects.get(id=member.id).display_name == "王新名"
    assert User.objects.get(pk=user.pk).email == user.email


def test_readers_see_the_email_masked(client_of: Any, bank: Lender) -> None:
    path = f"/people/{bank.members['officer'].id}/"
    assert "officer@bank.example" in client_of(bank, "admin").get(path).content.decode()
    assert "officer@bank.example" not in client_of(bank, "compliance").get(path).content.decode()
