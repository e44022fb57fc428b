"""Rights of two families given in one moment: one is let in, the other refused, by services and by raw statements."""

import itertools
import os
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import psycopg2

from carloan.core.families import Mixed
from carloan.core.models import AccessPolicy, Membership, RoleAssignment
from carloan.core.services.access_policy import separated_roles_add
from carloan.core.services.people import member_add, role_assign
from carloan.core.services.roles import matrix_change, role_add
from tests.at_once import at_once
from tests.cast import Lender
from tests.core.test_families import pure, role


def separated(lender: Lender) -> Membership:
    """Somebody without a role in a lender that was separated."""
    with lender.open():
        separated_roles_add(actor=lender.system)
        pure(lender)
        member = member_add(
            actor=lender.system, username=f"race@{lender.tenant.slug}", display_name="竞", password=None
        )
        AccessPolicy.objects.create(separated=True, audit_event_id=member.audit_event_id)
    return member


def test_two_assignments_at_once_never_make_two_families(committed: Lender) -> None:
    member = separated(committed)

    def assign(key: str) -> Callable[[], Any]:
        return lambda: role_assign(actor=committed.system, membership=member, role=role(key))

    for first, second in itertools.combinations(("system_admin", "security_admin", "audit_admin", "officer"), 2):
        assert [type(fault) for fault in at_once(committed, assign(first), assign(second))] == [Mixed]
        with committed.open():
            RoleAssignment.objects.filter(membership=member).delete()


def test_a_role_and_its_rights_given_at_once_never_make_two_families(committed: Lender) -> None:
    member = separated(committed)
    with committed.open():
        role_add(actor=committed.system, key="empty", name="空")
        role_assign(actor=committed.system, membership=member, role=role("audit_admin"))
    faults = at_once(
        committed,
        lambda: role_assign(actor=committed.system, membership=member, role=role("empty")),
        lambda: matrix_change(actor=committed.system, wanted={"empty": {"loans.edit": "all"}}, reason="试"),
    )
    assert [type(fault) for fault in faults] == [Mixed]


def test_raw_statements_of_the_web_at_the_same_moment_are_refused(committed: Lender) -> None:
    member = separated(committed)
    with committed.open():
        roles = [role("system_admin").id, role("audit_admin").id]
    both, told = Barrier(2, timeout=30), []

    def insert(role_id: Any) -> None:
        with psycopg2.connect(os.environ["DATABASE_URL"]) as link, link.cursor() as cursor:
            cursor.execute(f"SET LOCAL app.tenant_id = '{committed.tenant.id}'")
            both.wait()
            try:
                cursor.execute(
                    "INSERT INTO core_roleassignment (id, tenant_id, membership_id, role_id, created_at,"
                    " audit_event_id) VALUES (gen_random_uuid(), %s, %s, %s, now(), gen_random_uuid())",
                    [str(committed.tenant.id), str(member.id), str(role_id)],
                )
                link.commit()
                told.append("")
            except psycopg2.errors.CheckViolation as error:
                told.append(str(error.diag.constraint_name))
        link.close()

    threads = [Thread(target=insert, args=[role_id]) for role_id in roles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["", "core_families_apart"]
    with committed.open():
        assert RoleAssignment.objects.filter(membership=member).count() == 1
