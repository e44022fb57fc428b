"""Rights as data: scopes of branches, the matrix, joiners and leavers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from carloan.core.access import actor_of_person
from carloan.core.actors import Actor, Right
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent, Membership, Role, RoleAssignment, RoleCapability, User
from carloan.core.services.api_keys import api_key_make
from carloan.core.services.branches import branch_add
from carloan.core.services.people import (
    member_add,
    member_deactivate,
    member_reactivate,
    role_assign,
    role_withdraw,
)
from carloan.core.services.roles import difference, keep_a_manager, matrix, matrix_change, role_add
from carloan.core.services.sign_in import factors_remove, password_renew
from tests.cast import Lender, lender_changes

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def give(lender: Lender, role: str, capability: str, scope: str) -> None:
    event_id = lender.branches["head"].audit_event_id
    RoleCapability.objects.update_or_create(
        role=Role.objects.get(key=role), capability=capability, defaults={"scope": scope, "audit_event_id": event_id}
    )


def test_a_role_in_a_branch_reaches_that_branch_and_below(bank: Lender) -> None:
    with bank.open():
        RoleAssignment.objects.filter(membership=bank.members["collector"]).update(branch=bank.branches["east"])
        give(bank, "collector", "people.view", "branch")
        below = branch_add(actor=bank.system, code="1011", name="城东分理处", parent=bank.branches["east"])
        actor = bank.actor("collector")
        assert actor.branches("people.view") == frozenset({bank.branches["east"].id, below.id})


def test_a_role_everywhere_has_no_limit(bank: Lender) -> None:
    with bank.open():
        give(bank, "collector", "people.view", "branch")
        assert bank.actor("collector").branches("people.view") is None


def test_own_reaches_no_branch(bank: Lender) -> None:
    with bank.open():
        give(bank, "collector", "people.view", "own")
        actor = bank.actor("collector")
        assert actor.branches("people.view") == frozenset()
        assert actor.owns("people.view")


def test_two_roles_add_up(bank: Lender) -> None:
    with bank.open():
        RoleAssignment.objects.filter(membership=bank.members["collector"]).update(branch=bank.branches["east"])
        give(bank, "collector", "people.view", "branch")
        role_assign(
            actor=bank.system,
            membership=bank.members["collector"],
            role=Role.objects.get(key="collector"),
            branch=bank.branches["west"],
        )
        assert bank.actor("collector").branches("people.view") == frozenset(
            {bank.branches["east"].id, bank.branches["west"].id}
        )


def test_a_cycle_of_branches_ends(bank: Lender) -> None:
    from carloan.core.access import branch_trees
    from carloan.core.models import Branch

    with bank.open():
        Branch.objects.filter(id=bank.branches["head"].id).update(parent=bank.branches["east"])
        assert bank.branches["west"].id in branch_trees()[bank.branches["east"].id]


def test_an_unknown_capability_in_the_database_gives_nothing(bank: Lender) -> None:
    with bank.open():
        give(bank, "collector", "bank.rob", "all")
        assert not bank.actor("collector").can("bank.rob")


def test_the_matrix_changes_with_its_difference_in_the_trail(bank: Lender) -> None:
    with bank.open():
        wanted = {"collector": {"people.view": "branch"}}
        assert difference(matrix(), wanted) == [("collector", "people.view", "", "branch")]
        matrix_change(actor=bank.actor("admin"), reason="复核", wanted=wanted)
        assert matrix()["collector"]["people.view"] == "branch"
        assert AuditEvent.objects.filter(action="core.roles.changed").exists()
        assert matrix_change(actor=bank.actor("admin"), reason="复核", wanted=wanted) == []


def test_only_those_who_may_change_the_matrix(bank: Lender) -> None:
    with bank.open(), pytest.raises(Forbidden):
        matrix_change(actor=bank.actor("officer"), reason="复核", wanted={"officer": {"roles.manage": "all"}})


@pytest.mark.parametrize(
    "wanted", [{"nobody": {"people.view": "all"}}, {"officer": {"x.y": "all"}}, {"officer": {"people.view": "galaxy"}}]
)
def test_unknown_cells_are_refused(bank: Lender, wanted: dict[str, dict[str, str]]) -> None:
    with bank.open():
        before = matrix()
        with pytest.raises(Invalid):
            matrix_change(actor=bank.actor("admin"), reason="复核", wanted=wanted)
        assert matrix() == before


def test_a_lender_cannot_lock_itself_out(bank: Lender) -> None:
    with bank.open():
        with pytest.raises(Conflict):
            matrix_change(actor=bank.actor("admin"), reason="复核", wanted={"admin": {"roles.manage": ""}})
        assert matrix()["admin"]["roles.manage"] == "all"


def test_a_role_like_another_one(bank: Lender) -> None:
    with bank.open():
        role = role_add(
            actor=bank.actor("admin"), key="senior", name="高级信贷员", like=Role.objects.get(key="officer")
        )
        assert matrix()["senior"] == matrix()["officer"]
        with pytest.raises(Invalid):
            role_add(actor=bank.actor("admin"), key=role.key, name="x")


def test_a_joiner_and_a_leaver(bank: Lender) -> None:
    with bank.open():
        admin = bank.actor("admin")
        member = member_add(actor=admin, username="neu@bank", display_name="新同事", password="long-enough-1")
        assignment = role_assign(actor=admin, membership=member, role=Role.objects.get(key="officer"))
        with pytest.raises(Conflict):
            role_assign(actor=admin, membership=member, role=Role.objects.get(key="officer"))
        role_withdraw(actor=admin, assignment_id=assignment.id)
        member_deactivate(actor=admin, membership=member)
        with pytest.raises(Conflict):
            member_deactivate(actor=admin, membership=member)
        member_reactivate(actor=admin, membership=member)
        assert Membership.objects.get(id=member.id).is_active


def test_a_taken_name_is_refused_and_tells_only_about_the_own_house(bank: Lender, other: Lender) -> None:
    """Whether another lender has a person of that name must make no difference."""
    User.objects.create_user(username="wang@other")
    with bank.open():
        admin = bank.actor("admin")
        for typed in ("OFFICER", "officer@bank"):
            with pytest.raises(Invalid):
                member_add(actor=admin, username=typed, display_name="x", password="long-enough-1")
        answers = []
        for typed in ("wang@other", "nobody@other"):
            with pytest.raises(Invalid) as refused:
                member_add(actor=admin, username=typed, display_name="x", password="long-enough-1")
            answers.append({name: [str(line) for line in lines] for name, lines in refused.value.fields.items()})
        assert answers[0] == answers[1]
        member = member_add(actor=admin, username="wang", display_name="x", password="long-enough-1")
        assert member.user.username == "wang@bank"
        for typed in ("", " ", "@bank", "x" * 150):
            with pytest.raises(Invalid):
                member_add(actor=admin, username=typed, display_name="x", password="long-enough-1")


def test_nobody_removes_themselves(bank: Lender) -> None:
    with bank.open(), pytest.raises(Conflict):
        member_deactivate(actor=bank.actor("admin"), membership=bank.members["admin"])


def test_nobody_changes_their_own_roles(bank: Lender) -> None:
    with bank.open():
        admin = bank.actor("admin")
        with pytest.raises(Conflict):
            role_assign(actor=admin, membership=bank.members["admin"], role=Role.objects.get(key="compliance"))
        own = RoleAssignment.objects.get(membership=bank.members["admin"])
        with pytest.raises(Conflict):
            role_withdraw(actor=admin, assignment_id=own.id)


def test_the_last_administrator_stays(bank: Lender) -> None:
    with bank.open():
        admin = bank.actor("admin")
        second = member_add(actor=admin, username="zwei@bank", display_name="第二人", password="long-enough-1")
        role_assign(actor=admin, membership=second, role=Role.objects.get(key="admin"))
        other_admin = actor_of_person(second.user, tenant_id=bank.tenant.id)
        assert other_admin is not None
        first = RoleAssignment.objects.get(membership=bank.members["admin"])
        role_withdraw(actor=other_admin, assignment_id=first.id)
        left = RoleAssignment.objects.get(membership=second)
        with pytest.raises(Conflict), bank.open():
            role_withdraw(actor=admin, assignment_id=left.id)
        with pytest.raises(Conflict), bank.open():
            member_deactivate(actor=admin, membership=second)
        assert RoleAssignment.objects.filter(membership=second).exists()


def second_administrator(bank: Lender, **more: Any) -> Membership:
    admin = bank.actor("admin")
    second = member_add(actor=admin, username="zwei@bank", display_name="第二人", password="long-enough-1")
    role_assign(actor=admin, membership=second, role=Role.objects.get(key="admin"), **more)
    return second


def test_somebody_stays_who_can_manage_roles_for_good(bank: Lender) -> None:
    """A role that has ended or will end, a leaver and a closed account leave a lender to nobody in the end."""
    with bank.open():
        second, today = second_administrator(bank), timezone.localdate()
        actor, first = actor_of_person(second.user, tenant_id=bank.tenant.id), bank.members["admin"]
        assert actor is not None
        own = RoleAssignment.objects.filter(membership=second)
        acts: list[Callable[[], object]] = [
            lambda: member_deactivate(actor=actor, membership=first),
            lambda: role_withdraw(actor=actor, assignment_id=RoleAssignment.objects.get(membership=first).id),
            lambda: matrix_change(
                actor=actor, reason="复核", wanted={"collector": {"roles.manage": "all"}, "admin": {"roles.manage": ""}}
            ),
        ]
        for act in acts:
            for end in (today - timedelta(days=1), today + timedelta(days=30)):
                own.update(valid_until=end)
                RoleAssignment.objects.filter(membership=bank.members["collector"]).update(valid_until=end)
                with pytest.raises(Conflict), bank.open():
                    act()
            own.update(valid_until=None)
        member_deactivate(actor=actor, membership=first)


def test_a_closed_account_manages_nothing(bank: Lender) -> None:
    with bank.open():
        give(bank, "collector", "people.manage", "all")
        give(bank, "collector", "roles.manage", "all")
        RoleAssignment.objects.filter(membership=bank.members["collector"]).update(valid_until=timezone.localdate())
        closed = User.objects.create_user(username="drei@bank", is_active=False)
        member = Membership.objects.create(user=closed, display_name="第三人", audit_event_id=uuid7())
        role_assign(actor=bank.system, membership=member, role=Role.objects.get(key="admin"))
        with pytest.raises(Conflict):
            member_deactivate(actor=bank.actor("collector"), membership=bank.members["admin"])


def test_who_takes_no_managing_right_is_not_kept_by_what_was_before(bank: Lender) -> None:
    """A lender of old, whose last administrator has a last day, can still let somebody leave."""
    with bank.open():
        RoleAssignment.objects.filter(membership=bank.members["admin"]).update(valid_until=timezone.localdate())
        actor = bank.actor("admin")
        member_deactivate(actor=actor, membership=bank.members["officer"])
        matrix_change(actor=actor, reason="复核", wanted={"collector": {"people.view": "branch"}})


def test_rights_over_the_whole_lender_do_not_come_with_a_branch(bank: Lender) -> None:
    with bank.open():
        with pytest.raises(Invalid):
            matrix_change(actor=bank.actor("admin"), reason="复核", wanted={"officer": {"people.manage": "branch"}})
        RoleAssignment.objects.filter(membership=bank.members["admin"]).update(branch=bank.branches["east"])
        branch_admin = bank.actor("admin")
        assert branch_admin.can("home.view")
        for capability in ("people.manage", "roles.manage", "keys.manage", "trail.view"):
            assert not branch_admin.can(capability)


def personnel(bank: Lender) -> Actor:
    """The collector manages people, their roles and keys, and may not change the matrix."""
    give(bank, "collector", "people.manage", "all")
    give(bank, "collector", "rights.assign", "all")
    give(bank, "collector", "keys.manage", "all")
    return bank.actor("collector")


def test_nobody_gives_more_than_they_have(bank: Lender) -> None:
    with bank.open():
        actor = personnel(bank)
        admin, service = Role.objects.get(key="admin"), Role.objects.get(key="service")
        friend = bank.members["service"]
        with pytest.raises(Forbidden):
            role_assign(actor=actor, membership=friend, role=admin)
        with pytest.raises(Forbidden):
            api_key_make(actor=actor, name="mine", role=admin)
        assert not RoleAssignment.objects.filter(membership=friend, role=admin).exists()
        RoleCapability.objects.filter(role=service).exclude(capability="home.view").delete()
        role_assign(actor=actor, membership=bank.members["officer"], role=service)
        api_key_make(actor=actor, name="small", role=service)


def test_nobody_takes_away_more_than_they_have(bank: Lender, client_of: Any) -> None:
    with bank.open():
        actor = personnel(bank)
        second = second_administrator(bank)
        left = RoleAssignment.objects.get(membership=second)
    for path in (f"/people/{second.id}/deactivate/", f"/people/{second.id}/withdraw/{left.id}/"):
        answer = client_of(bank, "collector").confirmed().post(path)
        assert answer.status_code == 403, path
        assert "该角色的权限超出您自己的权限" in answer.content.decode()
    with bank.open():
        assert Membership.objects.get(id=second.id).is_active
        assert RoleAssignment.objects.filter(id=left.id).exists()
        refusals = AuditEvent.objects.filter(action="core.request.refused", actor_id=actor.id)
        assert list(refusals.values_list("reason_code", flat=True)) == ["forbidden", "forbidden"]
        RoleCapability.objects.filter(role__key="service").exclude(capability="home.view").delete()
        role_withdraw(actor=actor, assignment_id=RoleAssignment.objects.get(membership=bank.members["service"]).id)
        member_deactivate(actor=actor, membership=bank.members["service"])


def test_nobody_takes_over_the_sign_in_of_somebody_who_may_do_more(bank: Lender) -> None:
    with bank.open():
        actor = personnel(bank)
        before = User.objects.get(pk=bank.users["admin"].pk).password
        for act in (password_renew, factors_remove):
            with pytest.raises(Forbidden):
                act(actor=actor, membership=Membership.objects.get(id=bank.members["admin"].id))
        assert User.objects.get(pk=bank.users["admin"].pk).password == before


def test_a_right_held_in_one_branch_is_not_given_everywhere(bank: Lender) -> None:
    with bank.open():
        actor = personnel(bank)
        service = Role.objects.get(key="service")
        RoleCapability.objects.filter(role=service).delete()
        give(bank, "service", "loans.view", "all")
        local = replace(actor, rights={**actor.rights, "loans.view": Right(branches=frozenset(), own=True)})
        with pytest.raises(Forbidden):
            role_assign(actor=local, membership=bank.members["officer"], role=service)


def test_who_left_gets_no_role(bank: Lender) -> None:
    with bank.open():
        member = bank.members["service"]
        member_deactivate(actor=bank.actor("admin"), membership=member)
        with pytest.raises(Conflict):
            role_assign(
                actor=bank.actor("admin"),
                membership=Membership.objects.get(id=member.id),
                role=Role.objects.get(key="officer"),
            )


def test_administrators_who_remove_each_other_wait_for_each_other(bank: Lender) -> None:
    with bank.open(), CaptureQueriesContext(connection) as asked:
        keep_a_manager(actor=bank.actor("admin"))
    statements = [query["sql"] for query in asked]
    locked = next(place for place, sql in enumerate(statements) if "FOR NO KEY UPDATE" in sql)
    assert any("core_roleassignment" in sql for sql in statements[locked + 1 :])


def test_a_role_ends_by_the_day_of_the_lender(bank: Lender, client_of: Any) -> None:
    here = "Pacific/Pago_Pago"
    lender_changes(bank, time_zone=here)
    with bank.open():
        today = timezone.localdate(timezone=ZoneInfo(here))
        RoleAssignment.objects.filter(membership=bank.members["officer"]).update(valid_until=today)
    with timezone.override("Pacific/Kiritimati"):  # a day or two ahead of there, at every moment
        assert client_of(bank, "officer").get("/loans/").status_code == 200
