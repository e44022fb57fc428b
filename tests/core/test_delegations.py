"""Lent duties: never more than somebody holds, from day to day, ended by anybody concerned, told."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from carloan.archives.selectors.queue import reviewers
from carloan.core.access import actor_of_person
from carloan.core.actors import Actor
from carloan.core.branch_ties import ties_of
from carloan.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from carloan.core.models import AuditEvent, Delegation, Membership, Role, RoleAssignment, RoleCapability
from carloan.core.services.delegations import delegation_end, delegation_give, delegations_sweep
from carloan.core.services.people import member_deactivate, role_assign, role_withdraw
from carloan.loans.services.grants import loan_grant
from tests.cast import Lender, lender_changes
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def lend(lender: Lender, giver: str, to: str, *, days: int = 0, starts: int = 0, **more: Any) -> Delegation:
    held = RoleAssignment.objects.filter(membership=lender.members[giver]).values_list("id", flat=True)
    begins = timezone.localdate() + timedelta(days=starts)
    facts: dict[str, Any] = {
        "taker": lender.members[to],
        "assignment_ids": list(held),
        "begins_on": begins,
        "ends_on": begins + timedelta(days=days),
        "reason": "休假",
    }
    return delegation_give(actor=lender.actor(giver), **{**facts, **more})[0]


def test_a_lent_role_counts_beside_the_own_ones_and_costs_no_query(bank: Lender) -> None:
    with bank.open():
        before = bank.actor("service")
        lend(bank, "archivist", "service")
        with CaptureQueriesContext(connection) as asked:
            after = bank.actor("service")
        assert len(asked) == 2, [query["sql"] for query in asked]
        assert set(after.rights) == set(before.rights) | set(bank.actor("archivist").rights)
        giver = bank.members["archivist"].id
        assert after.hands("papers.review") == {after.membership_id, giver}
        assert bank.members["service"] in reviewers(), "papers can be handed to whoever stands in"
        assert after.hands("home.view") == {after.membership_id}, "what is held anyway is nobody else's"


def test_a_lent_role_counts_where_it_was_held(bank: Lender) -> None:
    with bank.open():
        RoleAssignment.objects.filter(membership=bank.members["archivist"]).update(branch=bank.branches["west"])
        lend(bank, "archivist", "service")
        assert bank.actor("service").branches("papers.review") == frozenset({bank.branches["west"].id})
        assert [count for _label, count in ties_of(bank.branches["west"].id)] == [1, 1]  # held, and lent


def test_it_begins_and_ends_by_the_day_of_the_lender(bank: Lender, client_of: Any) -> None:
    here = ZoneInfo("Pacific/Pago_Pago")
    lender_changes(bank, time_zone=str(here))
    with bank.open(), timezone.override(here):
        one = lend(bank, "archivist", "service")
    assert client_of(bank, "service").get("/archives/").status_code == 200
    with bank.open():
        today = timezone.localdate(timezone=here)
        for begins, ends, opens in (
            (today, today, True),
            (today + timedelta(days=1), today + timedelta(days=2), False),
            (today - timedelta(days=2), today - timedelta(days=1), False),
        ):
            Delegation.objects.filter(id=one.id).update(begins_on=begins, ends_on=ends)
            with timezone.override(here):
                assert bank.actor("service").can("papers.review") is opens, (begins, ends)


def test_it_ends_with_the_role_of_whoever_lent_it(bank: Lender) -> None:
    with bank.open():
        lend(bank, "archivist", "service")
        held = RoleAssignment.objects.get(membership=bank.members["archivist"])
        RoleAssignment.objects.filter(id=held.id).update(valid_until=timezone.localdate() - timedelta(days=1))
        assert not bank.actor("service").can("papers.review")
        RoleAssignment.objects.filter(id=held.id).update(valid_until=None)
        assert bank.actor("service").can("papers.review")
        # Lent everywhere, held in one branch only by now: nobody has more than they were lent from.
        RoleAssignment.objects.filter(id=held.id).update(branch=bank.branches["east"])
        assert not bank.actor("service").can("papers.review")
        RoleAssignment.objects.filter(id=held.id).update(branch=None)
        role_withdraw(actor=bank.actor("admin"), assignment_id=held.id)
        assert not bank.actor("service").can("papers.review")


def test_what_is_refused(bank: Lender) -> None:
    with bank.open():
        today = timezone.localdate()
        foreign = RoleAssignment.objects.filter(membership=bank.members["compliance"]).values_list("id", flat=True)
        tries: list[tuple[type[AppError], dict[str, Any]]] = [
            (Conflict, {"taker": bank.members["archivist"]}),
            (Invalid, {"assignment_ids": list(foreign)}),
            (Invalid, {"assignment_ids": []}),
            (Invalid, {"reason": " "}),
            (Invalid, {"begins_on": today - timedelta(days=1)}),
            (Invalid, {"begins_on": today + timedelta(days=61), "ends_on": today + timedelta(days=62)}),
            (Invalid, {"ends_on": today - timedelta(days=1)}),
            (Invalid, {"ends_on": today + timedelta(days=30)}),
            (Invalid, {"ends_on": date.max}),
        ]
        for error, wrong in tries:
            with pytest.raises(error):
                lend(bank, "archivist", "service", **wrong)
        assert not Delegation.objects.exists()
        lend(bank, "archivist", "service", days=29)
        with pytest.raises(Conflict):
            lend(bank, "archivist", "service")


def test_rights_over_people_roles_and_keys_are_never_lent(bank: Lender, client_of: Any) -> None:
    with bank.open(), pytest.raises(Forbidden):
        lend(bank, "admin", "service")
    page = client_of(bank, "admin").get("/duties/")
    assert page.context["form"] is None


def test_what_was_lent_is_not_lent_on(bank: Lender) -> None:
    with bank.open():
        lend(bank, "archivist", "service")
        held = RoleAssignment.objects.filter(membership=bank.members["archivist"]).values_list("id", flat=True)
        with pytest.raises(Invalid):
            lend(bank, "service", "collector", assignment_ids=list(held))


def test_whoever_lent_a_right_is_not_served_by_it(bank: Lender) -> None:
    """Nobody gives themselves access: not with somebody else's hand either."""
    with bank.open():
        event_id = bank.branches["head"].audit_event_id
        RoleCapability.objects.create(
            role=Role.objects.get(key="archivist"), capability="loans.grant", scope="all", audit_event_id=event_id
        )
        RoleCapability.objects.filter(role__key="service", capability="loans.grant").delete()
        loan = open_loan(bank.system, branch_id=bank.branches["east"].id)
        lend(bank, "archivist", "service")
        for member in ("archivist", "service"):
            with pytest.raises(Conflict):
                loan_grant(
                    actor=bank.actor("service"), loan=loan, member=bank.members[member], reason="x", valid_until=None
                )
        loan_grant(
            actor=bank.actor("service"), loan=loan, member=bank.members["collector"], reason="x", valid_until=None
        )


def test_both_sides_and_whoever_manages_people_may_end_it(bank: Lender) -> None:
    with bank.open():
        for who in ("archivist", "service", "admin"):
            one = lend(bank, "archivist", "service")
            with pytest.raises(NotFound):
                delegation_end(actor=bank.actor("collector"), delegation_id=one.id)
            delegation_end(actor=bank.actor(who), delegation_id=one.id)
            assert not bank.actor("service").can("papers.review")
            with pytest.raises(Conflict):
                delegation_end(actor=bank.actor(who), delegation_id=one.id)
        assert AuditEvent.objects.filter(action="core.delegation.given").count() == 3
        assert AuditEvent.objects.filter(action="core.delegation.ended").count() == 3


def test_the_end_of_the_last_day_is_told_once(bank: Lender) -> None:
    with bank.open():
        one = lend(bank, "archivist", "service")
        system = Actor.system(bank.tenant.id, "sweep")
        assert delegations_sweep(actor=system) == 0
        yesterday = timezone.localdate() - timedelta(days=1)
        Delegation.objects.filter(id=one.id).update(begins_on=yesterday, ends_on=yesterday)
        assert delegations_sweep(actor=system) == 1
        assert delegations_sweep(actor=system) == 0
        assert AuditEvent.objects.get(action="core.delegation.ran_out").object_id == one.id


def test_a_leaver_lends_and_has_nothing_any_more(bank: Lender) -> None:
    with bank.open():
        given, got = lend(bank, "archivist", "service"), lend(bank, "officer", "archivist")
        member_deactivate(actor=bank.actor("admin"), membership=bank.members["archivist"])
        assert not Delegation.objects.filter(id__in=[given.id, got.id], ended_at=None).exists()
        assert not bank.actor("service").can("papers.review")
        assert actor_of_person(bank.users["archivist"], tenant_id=bank.tenant.id) is None
        leaver = Membership.objects.get(id=bank.members["archivist"].id)
        with pytest.raises(Conflict):
            lend(bank, "officer", "service", taker=leaver)


def test_a_role_of_ones_own_makes_what_was_lent_ones_own(bank: Lender) -> None:
    with bank.open():
        lend(bank, "archivist", "service")
        role_assign(
            actor=bank.actor("admin"), membership=bank.members["service"], role=Role.objects.get(key="archivist")
        )
        actor = bank.actor("service")
        assert actor.hands("papers.review") == {actor.membership_id}


def test_a_right_of_ones_own_elsewhere_does_not_make_what_was_lent_ones_own(bank: Lender) -> None:
    """Held in the east and lent for the west: in the west nobody speaks but for whoever lent it."""
    with bank.open():
        east, west = bank.branches["east"], bank.branches["west"]
        RoleAssignment.objects.filter(membership=bank.members["archivist"]).update(branch=west)
        lend(bank, "archivist", "service")
        role, taker = Role.objects.get(key="archivist"), bank.members["service"]
        role_assign(actor=bank.actor("admin"), membership=taker, role=role, branch=east)
        actor, giver = bank.actor("service"), bank.members["archivist"].id
        assert actor.branches("dossiers.approve") == frozenset({east.id, west.id})
        assert actor.hands("dossiers.approve") == {actor.membership_id, giver}
        with pytest.raises(Forbidden):
            actor.require_own("dossiers.approve")
        role_assign(actor=bank.actor("admin"), membership=taker, role=role, branch=west)
        actor = bank.actor("service")
        assert actor.hands("dossiers.approve") == {actor.membership_id}
        assert actor.require_own("dossiers.approve") == taker.id


def test_lending_on_the_page(bank: Lender, client_of: Any) -> None:
    with bank.open():
        held = RoleAssignment.objects.get(membership=bank.members["officer"])
    today = timezone.localdate(timezone=ZoneInfo("Asia/Shanghai"))
    form = {
        "taker": bank.members["service"].id, "roles": [held.id], "begins_on": today, "ends_on": today, "reason": "培训"
    }  # fmt: skip
    officer = client_of(bank, "officer")
    assert "/accounts/reauthenticate/" in officer.post("/duties/", form).headers["Location"]
    with bank.open():
        assert not Delegation.objects.exists()
    assert client_of(bank, "officer").confirmed().post("/duties/", {**form, "ends_on": "2020-01-01"}).status_code == 422
    assert client_of(bank, "officer").confirmed().post("/duties/", form).status_code == 302
    taker = client_of(bank, "service")
    assert "培训" in taker.get("/duties/").content.decode()
    assert "您正在代理的职责" in taker.get("/home/").content.decode()
    assert "培训" not in client_of(bank, "collector").get("/duties/?all=1").content.decode()
    assert "培训" in client_of(bank, "compliance").get("/duties/?all=1").content.decode()
    assert "职责代理" in client_of(bank, "compliance").get(f"/people/{bank.members['service'].id}/").content.decode()
    with bank.open():
        one = Delegation.objects.get()
    assert client_of(bank, "collector").post(f"/duties/{one.id}/end/").status_code == 404
    assert taker.post(f"/duties/{one.id}/end/").status_code == 302
    assert taker.get("/loans/new/").status_code == 403


def test_a_role_is_lent_anew_on_the_day_after_its_last_one(bank: Lender) -> None:
    with bank.open():
        before = lend(bank, "archivist", "service")
        yesterday = timezone.localdate() - timedelta(days=1)
        # The nightly sweep has not come by: the row stands open, and nobody is offered to end it any more.
        Delegation.objects.filter(id=before.id).update(begins_on=yesterday, ends_on=yesterday)
        again = lend(bank, "archivist", "service")
        before.refresh_from_db()
        assert before.ended_at is not None
        assert before.ended_by_id is None, "its last day ended it, and nobody"
        assert again.ended_at is None
        told = AuditEvent.objects.filter(action__startswith="core.delegation.").order_by("id")
        assert [event.action.rpartition(".")[2] for event in told] == ["given", "ran_out", "given"]
        with pytest.raises(Conflict):
            lend(bank, "archivist", "service")
