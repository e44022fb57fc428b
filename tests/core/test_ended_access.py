"""What ended stays ended: an older backup of the main database alone brings back no key, no leaver, no role."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connections, transaction
from django.test import Client
from django.utils import timezone

from carloan.core.access import actor_of_person
from carloan.core.api_keys import key_of_token
from carloan.core.ended_access import Kind, ended_of
from carloan.core.keystore.models import EndedAccess
from carloan.core.models import ApiKey, AuditEvent, Delegation, Membership, RoleAssignment
from carloan.core.services.api_keys import api_key_revoke
from carloan.core.services.delegations import delegation_end, delegation_give
from carloan.core.services.ending_again import access_end_again
from carloan.core.services.people import member_deactivate, member_reactivate, role_withdraw
from carloan.core.tenancy import tenant_scope
from tests.cast import Lender, new_lender


def key_of(role: str) -> ApiKey:
    return ApiKey.objects.get(role__key=role)


def again(lender: Lender) -> int:
    with tenant_scope(lender.tenant.id):
        return access_end_again()


def as_before(lender: Lender, key_id: UUID, member: Membership, roles: list[RoleAssignment]) -> None:
    """The main database as a backup from before the ends holds it."""
    with lender.open():
        ApiKey.objects.filter(id=key_id).update(revoked_at=None)
        Membership.objects.filter(id=member.id).update(is_active=True, left_at=None)
        RoleAssignment.objects.bulk_create(roles)


def test_keys_leavers_and_roles_of_an_older_main_database_are_refused(committed: Lender) -> None:
    with committed.open():
        admin = committed.actor("admin")
        key, leaver, mover = key_of("service"), committed.members["collector"], committed.members["officer"]
        theirs = list(RoleAssignment.objects.filter(membership=leaver))
        withdrawn = RoleAssignment.objects.get(membership=mover)
    path = "/api/v1/loans/"
    headers = {"Authorization": committed.key("service")}
    assert Client().get(path, headers=headers).status_code == 200
    with committed.open():
        api_key_revoke(actor=admin, key_id=key.id)
        member_deactivate(actor=admin, membership=leaver)
        role_withdraw(actor=admin, assignment_id=withdrawn.id)
    assert again(committed) == 0
    as_before(committed, key.id, leaver, [*theirs, withdrawn])
    # A key is asked for each time it is used; everything else before anybody works.
    assert Client().get(path, headers=headers).status_code == 401
    with committed.open():
        assert ApiKey.objects.get(id=key.id).revoked_at is None
        assert key_of_token(committed.tokens["service"]) is None
    assert again(committed) == 3
    with committed.open():
        assert ApiKey.objects.get(id=key.id).revoked_at is not None
        assert actor_of_person(committed.users["collector"], tenant_id=committed.tenant.id) is None
        assert not RoleAssignment.objects.filter(id__in=[withdrawn.id, *(each.id for each in theirs)]).exists()
        told = AuditEvent.objects.filter(actor_kind="system", action="core.member.deactivated")
        assert [each.object_id for each in told] == [leaver.id]
    assert again(committed) == 0


def test_who_came_back_is_not_ended_again_and_leaves_again(committed: Lender) -> None:
    with committed.open():
        admin, member = committed.actor("admin"), committed.members["collector"]
        member_deactivate(actor=admin, membership=member)
    with committed.open():
        member_reactivate(actor=admin, membership=member)
    assert again(committed) == 0
    with committed.open():
        assert Membership.objects.get(id=member.id).is_active
        assert member.id not in ended_of(Kind.MEMBER)
        member_deactivate(actor=admin, membership=Membership.objects.get(id=member.id))
    with committed.open():
        assert member.id in ended_of(Kind.MEMBER)


def test_an_act_that_is_taken_back_ends_nothing(committed: Lender) -> None:
    with committed.open():
        key = key_of("service")
        api_key_revoke(actor=committed.actor("admin"), key_id=key.id)
        transaction.set_rollback(True)
    with committed.open():
        assert ended_of(Kind.API_KEY) == set()
        assert key_of_token(committed.tokens["service"]) is not None


def test_what_ended_before_there_was_a_place_for_it_is_entered(committed: Lender) -> None:
    with committed.open():
        key = key_of("service")
        ApiKey.objects.filter(id=key.id).update(revoked_at=timezone.now())
        Membership.objects.filter(id=committed.members["collector"].id).update(is_active=False, left_at=timezone.now())
    assert again(committed) == 0
    with committed.open():
        assert ended_of(Kind.API_KEY) == {key.id}
        assert ended_of(Kind.MEMBER) == {committed.members["collector"].id}


def test_a_lent_duty_that_was_ended_stays_so(committed: Lender) -> None:
    with committed.open():
        today = timezone.localdate()
        taker, giver = committed.members["officer"], committed.members["collector"].id
        (lent,) = delegation_give(
            actor=committed.actor("collector"), taker=taker,
            assignment_ids=list(RoleAssignment.objects.filter(membership_id=giver).values_list("id", flat=True)),
            begins_on=today, ends_on=today + timedelta(days=3), reason="休假",
        )  # fmt: skip
        delegation_end(actor=committed.actor("collector"), delegation_id=lent.id)
    with committed.open():
        Delegation.objects.filter(id=lent.id).update(ended_at=None, ended_by=None)
    assert again(committed) == 1
    with committed.open():
        assert Delegation.objects.get(id=lent.id).ended_at is not None


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM keystore_endedaccess",
        "UPDATE keystore_endedaccess SET returned = true",
        "TRUNCATE keystore_endedaccess",
    ],
)
def test_no_statement_takes_it_back(committed: Lender, statement: str) -> None:
    with committed.open():
        api_key_revoke(actor=committed.actor("admin"), key_id=key_of("service").id)
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(using="keystore"),
        connections["keystore"].cursor() as cursor,
    ):
        cursor.execute(f"SET LOCAL app.tenant_id = '{committed.tenant.id}'")
        cursor.execute(statement)


def test_no_other_lender_is_touched(committed: Lender) -> None:
    other = new_lender()
    with committed.open():
        api_key_revoke(actor=committed.actor("admin"), key_id=key_of("service").id)
    with other.open():
        assert ended_of(Kind.API_KEY) == set()
        assert not EndedAccess.objects.exists()
    assert again(other) == 0
