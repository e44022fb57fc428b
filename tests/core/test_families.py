"""Separated administrators: nobody holds rights of two families, however they are given, and the database keeps it."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from carloan.core import capabilities
from carloan.core.catalog import findings
from carloan.core.errors import AppError, Conflict, Forbidden, Invalid
from carloan.core.families import ADMINISTRATORS, Mixed, is_separated, mixtures
from carloan.core.models import (
    AccessPolicy,
    AuditEvent,
    Delegation,
    Membership,
    Role,
    RoleAssignment,
    RoleCapability,
)
from carloan.core.selectors_access import keepings, without_administrator
from carloan.core.services.access_policy import access_policy_set, separation_lift
from carloan.core.services.api_keys import api_key_make
from carloan.core.services.delegations import delegation_give
from carloan.core.services.people import member_add, member_deactivate, role_assign, role_withdraw
from carloan.core.services.roles import matrix_change, role_add
from carloan.core.services.sign_in import password_renew
from tests.cast import Lender, as_platform, new_lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
ONE_OF_EACH = ("system_admin", "security_admin", "audit_admin", "officer")


@pytest.fixture(scope="module")
def apart(django_db_setup: None, django_db_blocker: Any) -> Lender:
    """A separated lender with somebody in every role, committed once."""
    with django_db_blocker.unblock():
        return new_lender("apart", separated=True)


def role(key: str) -> Role:
    return Role.objects.get(key=key)


def codes(key: str) -> set[str]:
    return set(RoleCapability.objects.filter(role__key=key).values_list("capability", flat=True))


def test_a_new_lender_has_three_administrators_who_do_no_business(apart: Lender) -> None:
    with apart.open():
        assert is_separated()
        assert mixtures() == []
        assert not Role.objects.filter(key="admin").exists()
        assert {"people.manage", "keys.manage"} <= codes("system_admin")
        assert {"roles.manage", "rights.assign", "masking.manage"} <= codes("security_admin")
        assert {"trail.detail", "rights.review"} <= codes("audit_admin")
        for family in ADMINISTRATORS:
            found = {capabilities.family_of(code) for code in codes(f"{family}_admin")}
            assert found == {family, "common"}, "an auditor changes nothing, and nobody else opens the trail"
        assert "loans.decide" in codes("manager"), "somebody approves loans without being an administrator"
        assert without_administrator([]) == []


def test_the_database_knows_each_right_as_the_registry_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert findings() == []
    edit = capabilities.capability("loans.edit")
    monkeypatch.setitem(capabilities._registry, "loans.edit", replace(edit, family="audit"))
    assert findings() == ["the right loans.edit is of the family audit, and core_family_of says business"]


@pytest.mark.parametrize(("held", "given"), list(itertools.permutations(ONE_OF_EACH, 2)))
def test_nobody_gets_a_role_of_a_second_family(apart: Lender, held: str, given: str) -> None:
    with apart.open():
        member, actor = apart.members[held], apart.actor("security_admin")
        actor = actor if held != "security_admin" else apart.system
        with pytest.raises(Mixed) as refused:
            role_assign(actor=actor, membership=member, role=role(given))
        assert member.display_name in str(refused.value)
        assert RoleAssignment.objects.filter(membership=member).count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleAssignment.objects.create(membership=member, role=role(given), audit_event_id=member.audit_event_id)
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.create(
                giver=apart.members[given], taker=member, role=role(given), reason="x",
                begins_on=timezone.localdate() + timedelta(days=3), ends_on=timezone.localdate() + timedelta(days=4),
                audit_event_id=member.audit_event_id,
            )  # fmt: skip


def test_what_is_lent_counts_with_what_is_held(apart: Lender) -> None:
    today = timezone.localdate()
    days: dict[str, Any] = {"begins_on": today, "ends_on": today, "reason": "休假"}
    with apart.open():
        own = RoleAssignment.objects.filter(membership=apart.members["compliance"]).values_list("id", flat=True)
        with pytest.raises(Mixed):
            delegation_give(
                actor=apart.actor("compliance"), taker=apart.members["audit_admin"], assignment_ids=list(own), **days
            )
        delegation_give(
            actor=apart.actor("compliance"), taker=apart.members["archivist"], assignment_ids=list(own), **days
        )


def test_a_role_that_has_ended_makes_room(apart: Lender) -> None:
    with apart.open():
        member, actor = apart.members["collector"], apart.actor("security_admin")
        held = RoleAssignment.objects.get(membership=member)
        RoleAssignment.objects.filter(id=held.id).update(valid_until=timezone.localdate())
        with pytest.raises(Mixed):
            role_assign(actor=actor, membership=member, role=role("audit_admin"))
        RoleAssignment.objects.filter(id=held.id).update(valid_until=timezone.localdate() - timedelta(days=3))
        role_assign(actor=actor, membership=member, role=role("audit_admin"))
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleAssignment.objects.filter(id=held.id).update(valid_until=None)


def test_the_matrix_mixes_nothing_in_a_role_and_nothing_in_those_who_hold_it(apart: Lender) -> None:
    with apart.open():
        actor = apart.actor("security_admin")
        with pytest.raises(Mixed) as refused:
            matrix_change(actor=actor, wanted={"officer": {"people.manage": "all"}}, reason="试")
        assert str(role("officer")) in str(refused.value)
        with pytest.raises(Mixed):
            matrix_change(actor=actor, wanted={"audit_admin": {"loans.edit": "all"}}, reason="试")
        role_add(actor=actor, key="empty", name="空")
        role_assign(actor=actor, membership=apart.members["audit_admin"], role=role("empty"))
        matrix_change(actor=actor, wanted={"empty": {"loans.view": "all"}}, reason="通用权限")
        with pytest.raises(Mixed) as refused:
            matrix_change(actor=actor, wanted={"empty": {"loans.edit": "all"}}, reason="试")
        assert apart.members["audit_admin"].display_name in str(refused.value)
        # What moves from one family to another in one act is never in both.
        moved = {"empty": dict.fromkeys(codes("empty"), "") | {"trail.detail": "all"}}
        matrix_change(actor=actor, wanted=moved, reason="改为审计")
        matrix_change(actor=actor, wanted={"empty": {"trail.detail": "", "rights.review": "all"}}, reason="改")


def test_the_confirmed_difference_says_what_is_in_the_way(apart: Lender, client_of: Any) -> None:
    client = client_of(apart, "security_admin").confirmed()
    cell = {"officer:people.manage": "all", "was": "officer:people.manage=", "confirm": "yes", "reason": "试一下"}
    answer = client.post("/roles/", cell)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "三员分立" in page
    assert "试一下" in page
    assert "安全管理" in client.get("/roles/").content.decode()


def test_only_the_operator_lifts_the_separation(apart: Lender) -> None:
    with apart.open():
        with pytest.raises(Conflict):
            access_policy_set(
                actor=apart.actor("security_admin"), separated=False, passkeys=False, confirm_minutes=5, reason="试"
            )
        for lifting in (
            lambda: AccessPolicy.objects.update(separated=False),
            lambda: AccessPolicy.objects.all().delete(),
            lambda: separation_lift(actor=apart.system),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                lifting()
        assert is_separated()
    with as_platform(), apart.open():
        assert separation_lift(actor=apart.system)
        assert not separation_lift(actor=apart.system)
        assert not is_separated()
    with apart.open():
        role_assign(actor=apart.system, membership=apart.members["officer"], role=role("audit_admin"))


def pure(lender: Lender) -> None:
    """What an administrator of old does by the page's buttons: each role keeps one family, and people follow."""
    for each in mixtures():
        if each.member is None:
            kept = next(keeping for keeping in keepings(each) if str(keeping.label) == "业务")
            wanted: dict[str, dict[str, str]] = {}
            for cell in kept.cells:
                key, _colon, code = cell.partition(":")
                wanted.setdefault(key, {})[code] = ""
            matrix_change(actor=lender.system, wanted=wanted, reason="三员分立")


def test_a_lender_of_old_is_led_to_separation_without_locking_itself_out(bank: Lender, client_of: Any) -> None:
    admin = client_of(bank, "admin").confirmed()
    page = admin.get("/access/").content.decode()
    assert "尚无人担任" in page
    assert "系统管理员" in page
    assert "admin 张" in page
    sent = {"separated": "on", "confirm_minutes": "5", "reason": "等保三级"}
    sent |= {"idle_minutes": "30", "session_hours": "12", "sessions_at_once": "3"}
    assert "尚无人担任" in admin.post("/access/", sent).content.decode()
    assert admin.post("/access/roles/").status_code == 302
    with bank.open():
        people = {
            family: member_add(actor=bank.system, username=f"{family}@x", display_name=f"{family} 甲", password=None)
            for family in ADMINISTRATORS
        }
    for family, member in people.items():
        with bank.open():
            given = role(f"{family}_admin").id
        assert admin.post(f"/people/{member.id}/assign/", {"role": given}).status_code == 302
    still = admin.post("/access/", sent)
    assert still.status_code == 422
    assert "集于一身" in still.content.decode()
    # The rest is the security administrator's: the one administrator of before cannot take away their own role.
    security = client_of(replace(bank, users={"security": people["security"].user}), "security").confirmed()
    with bank.open():
        held = RoleAssignment.objects.get(membership=bank.members["admin"])
    assert security.post(f"/people/{bank.members['admin'].id}/withdraw/{held.id}/").status_code == 302
    form = security.get("/access/").content.decode()
    assert 'name="compliance:masking.manage" value=""' in form
    difference = security.post("/roles/", {"compliance:masking.manage": ""})
    assert "脱敏" in difference.content.decode()
    with bank.open():
        pure(bank)
    assert security.post("/access/", sent).status_code == 302
    with bank.open():
        assert is_separated()
        event = AuditEvent.objects.get(action="core.access_policy.changed")
        assert event.actor_id == people["security"].id
    assert "已实行三员分立" in security.get("/access/").content.decode()
    trail = client_of(bank, "compliance").get("/compliance/trail/?action=core.access_policy.changed").content.decode()
    assert "security 甲" in trail


def test_one_administrator_alone_is_told_what_is_missing(bank: Lender) -> None:
    with bank.open():
        facts: dict[str, Any] = {"passkeys": False, "confirm_minutes": 5, "reason": "等保"}
        with pytest.raises(Conflict):
            access_policy_set(actor=bank.actor("admin"), separated=True, **facts)
        assert not is_separated()
        with pytest.raises(Invalid):
            access_policy_set(actor=bank.actor("admin"), separated=False, **{**facts, "reason": " "})
        for minutes in (0, 16):
            with pytest.raises(Invalid):
                access_policy_set(actor=bank.actor("admin"), separated=False, **{**facts, "confirm_minutes": minutes})
        with pytest.raises(Forbidden):
            access_policy_set(actor=bank.actor("compliance"), separated=False, **facts)
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessPolicy.objects.create(separated=True, audit_event_id=bank.members["admin"].audit_event_id)


def test_who_makes_people_gives_no_rights_and_who_gives_rights_makes_no_people(apart: Lender, client_of: Any) -> None:
    system, security = client_of(apart, "system_admin").confirmed(), client_of(apart, "security_admin").confirmed()
    page = system.get("/people/new/").content.decode()
    assert 'name="role"' not in page
    made = system.post("/people/new/", {"display_name": "李新", "username": "li.xin"})
    assert made.status_code == 302
    with apart.open():
        member = Membership.objects.get(display_name="李新")
        assert not member.user.has_usable_password(), "nobody enters before rights were given by somebody else"
        given = role("officer").id
    assert system.post(f"/people/{member.id}/assign/", {"role": given}).status_code == 403
    assert system.post(f"/people/{member.id}/password/").status_code == 403
    assert security.get("/people/new/").status_code == 403
    assert security.post(f"/people/{member.id}/deactivate/").status_code == 403
    assert security.post(f"/people/{member.id}/assign/", {"role": given}).status_code == 302
    assert security.post(f"/people/{member.id}/password/").status_code == 200
    changed = {"display_name": "李新", "employee_no": "7", "email": "mine@evil.example"}
    assert system.post(f"/people/{member.id}/change/", changed).status_code == 302
    member.user.refresh_from_db()
    assert member.user.email == "", "who sets how somebody signs in could be them"
    assert system.post(f"/people/{member.id}/deactivate/").status_code == 302


def test_a_key_of_the_system_administrator_waits_for_whoever_gives_roles(apart: Lender, client_of: Any) -> None:
    """Otherwise its maker, who has seen it, would do business with it."""
    with apart.open():
        key, token = api_key_make(actor=apart.actor("system_admin"), name="银行核心", role=role("officer"))
        assert key.confirmed_at is None

    def asked() -> int:
        return int(Client().get("/api/v1/loans/", headers={"Authorization": f"Bearer {token}"}).status_code)

    assert asked() == 401
    system, security = (client_of(apart, each).confirmed() for each in ("system_admin", "security_admin"))
    page = system.get("/api-keys/").content.decode()
    assert "待确认" in page
    assert f"/api-keys/{key.id}/confirm/" not in page
    assert system.post(f"/api-keys/{key.id}/confirm/").status_code == 403
    assert asked() == 401
    page = security.get("/api-keys/").content.decode()
    assert f"/api-keys/{key.id}/confirm/" in page
    assert 'name="days"' not in page, "whoever gives roles makes no keys"
    assert security.post("/api-keys/", {"name": "x", "role": str(key.role_id), "days": "9"}).status_code == 403
    assert security.post(f"/api-keys/{key.id}/confirm/").status_code == 302
    assert asked() == 200
    assert security.post(f"/api-keys/{key.id}/confirm/").status_code == 404
    with apart.open():
        assert AuditEvent.objects.filter(action="core.api_key.confirmed", object_id=key.id).count() == 1


def test_administrators_end_and_give_each_other_nothing(apart: Lender) -> None:
    with apart.open():
        system, security = apart.actor("system_admin"), apart.actor("security_admin")
        with pytest.raises(Forbidden):
            member_deactivate(actor=system, membership=apart.members["audit_admin"])
        with pytest.raises(Forbidden):
            api_key_make(actor=system, name="mine", role=role("audit_admin"))
        api_key_make(actor=system, name="core bank", role=role("officer"))
        with pytest.raises(Forbidden):
            password_renew(actor=system, membership=apart.members["officer"])
        with pytest.raises(AppError):
            role_assign(actor=security, membership=apart.members["security_admin"], role=role("officer"))
        # In two hands it goes: one takes the role away, the other one lets the person go.
        held = RoleAssignment.objects.get(membership=apart.members["audit_admin"])
        role_withdraw(actor=security, assignment_id=held.id)
        member_deactivate(actor=system, membership=apart.members["audit_admin"])


def test_the_system_administrator_opens_no_values_and_the_auditor_changes_nothing(
    apart: Lender, client_of: Any
) -> None:
    system, audit = client_of(apart, "system_admin").confirmed(), client_of(apart, "audit_admin").confirmed()
    with apart.open():
        event = AuditEvent.objects.filter(action="core.api_key.made").first()
        assert event is not None
    opening = f"/compliance/trail/{event.id}/open/"
    assert system.post(opening, {"reason_code": "audit"}).status_code == 403
    assert audit.post(opening, {"reason_code": "audit"}).status_code == 200
    for path in ("/people/new/", "/roles/new/", "/loans/new/", "/sign-on/", "/api-keys/"):
        assert audit.get(path).status_code == 403, path
    assert audit.post("/roles/", {"officer:loans.edit": ""}).status_code == 403
    assert system.get("/compliance/destruction/new/").status_code == 403
