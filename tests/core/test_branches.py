"""Branches change with the lender: renamed, moved with what their roles reach, closed when nothing hangs on them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from carloan.archives.models import Paper
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import ApiKey, AuditEvent, Branch, Membership, Role, RoleAssignment
from carloan.core.services.api_keys import api_key_make, api_key_revoke
from carloan.core.services.branches import branch_add, branch_change, branch_close, branch_reopen
from carloan.core.services.people import member_add, member_change, role_assign
from carloan.core.services.tenants import tenant_change, tenant_create
from carloan.loans.models import Loan
from tests.archives.conftest import received
from tests.archives.test_receiving import picture
from tests.cast import Lender
from tests.core.test_people_and_roles import give
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def now(branch: Branch) -> Branch:
    return Branch.objects.select_related("parent").get(id=branch.id)


def empty(lender: Lender, code: str = "201") -> Branch:
    """A branch below head office where nothing is. Call it inside lender.open()."""
    return branch_add(actor=lender.system, code=code, name="开发区支行", parent=lender.branches["head"])


# Renamed and moved ---------------------------------------------------------------------------------------------------


def test_a_branch_is_renamed_with_before_and_after_in_the_trail(bank: Lender) -> None:
    with bank.open():
        east = now(bank.branches["east"])
        changed = branch_change(actor=bank.actor("admin"), branch=east, code="105", name="东城支行", parent=east.parent)
        assert changed == ["code", "name"]
        assert (now(east).code, now(east).name) == ("105", "东城支行")
        event = AuditEvent.objects.get(action="core.branch.changed")
        assert now(east).audit_event_id == event.id
        detail = audit.open_detail(event)
        assert detail["before"] == {"code": "101", "name": "城东支行"}
        assert detail["after"] == {"code": "105", "name": "东城支行"}
        again = branch_change(actor=bank.actor("admin"), branch=east, code="105", name="东城支行", parent=east.parent)
        assert again == []
        assert AuditEvent.objects.filter(action="core.branch.changed").count() == 1


def test_a_branch_keeps_the_lenders_time_zone_until_it_has_one_of_its_own(bank: Lender, client_of: Any) -> None:
    with bank.open():
        east, admin = now(bank.branches["east"]), bank.actor("admin")
        same: dict[str, Any] = {"code": east.code, "name": east.name, "parent": east.parent}
        assert east.zone == ZoneInfo("Asia/Shanghai")
        assert branch_change(actor=admin, branch=east, time_zone="Asia/Urumqi", **same) == ["time_zone"]
        assert now(east).zone == ZoneInfo("Asia/Urumqi")
        assert branch_change(actor=admin, branch=east, **same) == [], "not said is left"
        event = AuditEvent.objects.get(action="core.branch.changed")
        assert audit.open_detail(event)["after"] == {"time_zone": "Asia/Urumqi"}
        for act in (
            lambda: branch_change(actor=admin, branch=east, time_zone="Mars/Olympus", **same),
            lambda: branch_add(actor=admin, code="9", name="x", parent=east, time_zone="Mars/Olympus"),
        ):
            with pytest.raises(Invalid) as refused:
                act()
            assert list(refused.value.fields) == ["time_zone"]
        with pytest.raises(IntegrityError, match="core_branch_time_zone"), transaction.atomic():
            Branch.objects.filter(id=east.id).update(time_zone="")
    page = client_of(bank, "admin")
    assert "Asia/Urumqi" in page.get("/branches/").content.decode()
    typed = {"code": east.code, "name": east.name, "parent": str(east.parent_id)}
    refused_page = page.post(f"/branches/{east.id}/", {**typed, "time_zone": "Mars/Olympus"})
    assert refused_page.status_code == 422
    assert "该时区不存在" in refused_page.content.decode()
    assert page.post(f"/branches/{east.id}/", {**typed, "time_zone": ""}).status_code == 302
    listed = re.findall(r'<option value="([^"]+)">([^<]+)</option>', page.get(f"/branches/{east.id}/").content.decode())
    zones = [(name, words) for name, words in listed if "/" in name]
    assert zones[:2] == [("Asia/Shanghai", "北京时间 UTC+08:00"), ("Asia/Urumqi", "乌鲁木齐时间 UTC+06:00")]
    assert "America/New_York" in dict(zones)
    assert len(zones) > 300
    added = {"code": "901", "name": "乌鲁木齐支行", "parent": str(east.id), "time_zone": "Asia/Urumqi"}
    assert page.post("/branches/", added).status_code == 302
    with bank.open():
        assert now(east).time_zone is None
        assert Branch.objects.get(code="901").time_zone == "Asia/Urumqi"


@pytest.mark.parametrize("name", ["localtime", "Factory", "PRC", "UTC", "Etc/GMT+8", "Asia/Chongqing", "asia/shanghai"])
def test_a_clock_without_a_place_and_an_alias_are_no_time_zone(bank: Lender, name: str) -> None:
    with bank.open():
        east, admin = now(bank.branches["east"]), bank.actor("admin")
        same: dict[str, Any] = {"code": east.code, "name": east.name, "parent": east.parent}
        for act in (
            lambda: branch_change(actor=admin, branch=east, time_zone=name, **same),
            lambda: branch_add(actor=admin, code="9", name="x", parent=east, time_zone=name),
            lambda: tenant_change(tenant=bank.tenant, time_zone=name),
            lambda: tenant_create(slug="clock", name="钟", time_zone=name),
        ):
            with pytest.raises(Invalid) as refused:
                act()
            assert list(refused.value.fields) == ["time_zone"]
        # What a branch has from before stays until another is chosen.
        Branch.objects.filter(id=east.id).update(time_zone=name)
        renamed = {**same, "name": "城东分部"}
        assert branch_change(actor=admin, branch=now(east), time_zone=name, **renamed) == ["name"]


def test_a_zone_is_chosen_by_the_name_people_know(bank: Lender, client_of: Any) -> None:
    east = bank.branches["east"]
    typed = {"code": east.code, "name": east.name, "parent": str(east.parent_id), "time_zone": "乌鲁木齐时间"}
    assert client_of(bank, "admin").post(f"/branches/{east.id}/", typed).status_code == 302
    with bank.open():
        assert now(east).time_zone == "Asia/Urumqi"


def test_a_moved_branch_is_reached_from_its_new_place(bank: Lender) -> None:
    with bank.open():
        RoleAssignment.objects.filter(membership=bank.members["collector"]).update(branch=bank.branches["east"])
        give(bank, "collector", "people.view", "branch")
        west = now(bank.branches["west"])
        assert west.id not in (bank.actor("collector").branches("people.view") or ())
        parent = bank.branches["east"]
        branch_change(actor=bank.actor("admin"), branch=west, code=west.code, name=west.name, parent=parent)
        assert west.id in (bank.actor("collector").branches("people.view") or ())


@pytest.mark.parametrize("what", ["role", "key"])
def test_nobody_moves_a_branch_into_the_reach_of_more_than_they_have(bank: Lender, what: str) -> None:
    with bank.open():
        admin, east, west = bank.actor("admin"), bank.branches["east"], now(bank.branches["west"])
        officer = Role.objects.get(key="officer")
        if what == "role":
            held: Any = role_assign(actor=admin, membership=bank.members["service"], role=officer, branch=east)
            end = {"valid_until": timezone.localdate() - timedelta(days=1)}
        else:
            held, _ = api_key_make(actor=admin, name="local", role=officer, branch=east)
            end = {"revoked_at": timezone.now()}
        give(bank, "compliance", "people.manage", "all")
        helper = bank.actor("compliance")

        def move(actor: Any, parent: Branch) -> None:
            branch_change(actor=actor, branch=west, code=west.code, name=west.name, parent=parent)

        with pytest.raises(Forbidden):
            move(helper, east)
        assert now(west).parent_id == west.parent_id
        move(admin, east)
        move(helper, bank.branches["head"])
        type(held).objects.filter(id=held.id).update(**end)
        move(helper, east)
        assert now(west).parent_id == east.id


def test_a_place_that_makes_no_tree_is_refused(bank: Lender) -> None:
    with bank.open():
        admin, head, east = bank.actor("admin"), now(bank.branches["head"]), now(bank.branches["east"])
        below = branch_add(actor=admin, code="1011", name="城东分理处", parent=east)
        shut = empty(bank)
        branch_close(actor=admin, branch=now(shut))
        for branch, parent in ((east, east), (east, below), (east, None), (head, east), (east, now(shut))):
            with pytest.raises(Invalid) as refused:
                branch_change(actor=admin, branch=branch, code=branch.code, name=branch.name, parent=parent)
            assert list(refused.value.fields) == ["parent"]
            assert now(branch).parent_id == branch.parent_id


def into(branch: Branch, admin: Actor, officer: Membership, service: Role) -> tuple[Callable[[], object], ...]:
    """Every act that brings something new into a branch."""
    return (
        lambda: branch_add(actor=admin, code="x", name="x", parent=branch),
        lambda: member_add(actor=admin, username="neu", display_name="新", password=None, branch=branch),
        lambda: role_assign(actor=admin, membership=officer, role=service, branch=branch),
        lambda: api_key_make(actor=admin, name="local", role=service, branch=branch),
        lambda: member_change(
            actor=admin, membership=officer, display_name="x", employee_no="", email=None, branch=branch
        ),
    )


def test_a_branch_that_was_closed_meanwhile_is_closed_for_those_who_saw_it_open(bank: Lender) -> None:
    with bank.open():
        admin, seen_open, service = bank.actor("admin"), now(empty(bank)), Role.objects.get(key="service")
        below = branch_add(actor=admin, code="2011", name="分理处", parent=seen_open)
        branch_close(actor=admin, branch=now(below))
        below = now(below)
        officer = Membership.objects.get(id=bank.members["officer"].id)
        branch_close(actor=admin, branch=now(seen_open))
        assert seen_open.is_active
        for act in into(seen_open, admin, officer, service):
            with pytest.raises(Invalid):
                act()
        assert below.parent is not None
        below.parent.is_active = True
        with pytest.raises(Conflict):
            branch_reopen(actor=admin, branch=below)


@pytest.mark.parametrize(("code", "name", "field"), [("102", "x", "code"), (" ", "x", "code"), ("101", " ", "name")])
def test_a_taken_code_and_an_empty_name_are_refused(bank: Lender, code: str, name: str, field: str) -> None:
    with bank.open():
        east = now(bank.branches["east"])
        with pytest.raises(Invalid) as refused:
            branch_change(actor=bank.actor("admin"), branch=east, code=code, name=name, parent=east.parent)
        assert list(refused.value.fields) == [field]


# Closed --------------------------------------------------------------------------------------------------------------


def test_what_hangs_on_a_branch_keeps_it_open_and_is_named(bank: Lender) -> None:
    with bank.open(), translation.override("zh-hans"):
        admin, branch = bank.actor("admin"), empty(bank)
        service = Role.objects.get(key="service")

        def refused(words: str) -> None:
            with pytest.raises(Conflict) as kept:
                branch_close(actor=admin, branch=now(branch))
            assert words in str(kept.value), str(kept.value)
            assert now(branch).is_active

        below = branch_add(actor=admin, code="2011", name="分理处", parent=branch)
        refused("下级网点 (1)")
        branch_close(actor=admin, branch=now(below))
        member = member_add(actor=admin, username="neu", display_name="新", password="long-enough-1", branch=branch)
        refused("人员 (1)")
        Membership.objects.filter(id=member.id).update(branch=None)
        assignment = role_assign(actor=admin, membership=bank.members["officer"], role=service, branch=branch)
        refused("角色 (1)")
        RoleAssignment.objects.filter(id=assignment.id).update(valid_until=timezone.localdate() - timedelta(days=1))
        key, _ = api_key_make(actor=admin, name="local", role=service, branch=branch)
        refused("密钥 (1)")
        api_key_revoke(actor=admin, key_id=key.id)
        loan = open_loan(bank.system, branch_id=branch.id)
        refused("未结束的贷款 (1)")
        Loan.objects.filter(id=loan.id).update(state=Loan.State.SETTLED)
        paper = received(bank, picture("desk"))
        Paper.objects.filter(id=paper.id).update(branch=branch)
        refused("待归档的材料 (1)")
        Paper.objects.filter(id=paper.id).update(state=Paper.State.REFUSED)
        branch_close(actor=admin, branch=now(branch))
        assert not now(branch).is_active
        assert now(branch).audit_event_id == AuditEvent.objects.filter(action="core.branch.closed").latest("id").id


def test_the_head_office_stays_open(bank: Lender) -> None:
    with bank.open(), pytest.raises(Conflict):
        branch_close(actor=bank.actor("admin"), branch=now(bank.branches["head"]))


def test_nothing_new_goes_to_a_closed_branch(bank: Lender, client_of: Any) -> None:
    with bank.open():
        admin, branch = bank.actor("admin"), empty(bank)
        branch_close(actor=admin, branch=now(branch))
        branch, service = now(branch), Role.objects.get(key="service")
        officer = bank.members["officer"]
        for act in into(branch, admin, officer, service):
            with pytest.raises(Invalid):
                act()
        assert not ApiKey.objects.filter(name="local").exists()
    page = client_of(bank, "admin").get("/people/new/").content.decode()
    assert "城西支行" in page
    assert "开发区支行" not in page


def test_a_closed_branch_opens_again_below_an_open_one(bank: Lender) -> None:
    with bank.open():
        admin, branch = bank.actor("admin"), empty(bank)
        below = branch_add(actor=admin, code="2011", name="分理处", parent=branch)
        for each in (below, branch):
            branch_close(actor=admin, branch=now(each))
        with pytest.raises(Conflict):
            branch_reopen(actor=admin, branch=now(below))
        for each in (branch, below):
            branch_reopen(actor=admin, branch=now(each))
            assert now(each).is_active
        with pytest.raises(Conflict):
            branch_reopen(actor=admin, branch=now(branch))


def test_only_those_who_manage_people(bank: Lender) -> None:
    with bank.open():
        officer, east = bank.actor("officer"), now(bank.branches["east"])
        for act in (
            lambda: branch_change(actor=officer, branch=east, code="1", name="x", parent=east.parent),
            lambda: branch_close(actor=officer, branch=east),
            lambda: branch_reopen(actor=officer, branch=east),
        ):
            with pytest.raises(Forbidden):
                act()


# Pages ---------------------------------------------------------------------------------------------------------------


def test_the_page_renames_at_once_and_moves_after_the_password(client_of: Any, bank: Lender) -> None:
    admin = client_of(bank, "admin")
    head, east, west = (bank.branches[name].id for name in ("head", "east", "west"))
    form = {"code": "101", "name": "东城支行", "parent": str(head)}
    assert admin.post(f"/branches/{east}/", form).status_code == 302
    assert "东城支行" in admin.get("/branches/").content.decode()
    asked = admin.post(f"/branches/{east}/", form | {"parent": str(west)})
    assert "/accounts/reauthenticate/" in asked["Location"]
    with bank.open():
        assert Branch.objects.get(id=east).parent_id == head
    assert admin.confirmed().post(f"/branches/{east}/", form | {"parent": str(west)}).status_code == 302
    with bank.open():
        assert Branch.objects.get(id=east).parent_id == west
    assert admin.post(f"/branches/{east}/", form | {"parent": str(east)}).status_code == 422


def test_the_page_says_why_a_branch_stays_open_and_closes_an_empty_one(client_of: Any, bank: Lender) -> None:
    admin, east = client_of(bank, "admin"), bank.branches["east"].id
    page = admin.post(f"/branches/{east}/close/", follow=True).content.decode()
    assert "请先转移或终止" in page, page[page.index("<main") : page.index("</main")]
    with bank.open():
        branch = empty(bank)
    assert "已撤销" in admin.post(f"/branches/{branch.id}/close/", follow=True).content.decode()
    assert "恢复网点" in admin.get(f"/branches/{branch.id}/").content.decode()
    admin.post(f"/branches/{branch.id}/reopen/")
    with bank.open():
        assert now(branch).is_active


def test_readers_see_the_tree_and_change_nothing(client_of: Any, bank: Lender) -> None:
    reader, east = client_of(bank, "compliance"), bank.branches["east"].id
    assert f"/branches/{east}/" not in reader.get("/branches/").content.decode()
    for path in (f"/branches/{east}/", f"/branches/{east}/close/", f"/branches/{east}/reopen/"):
        assert reader.post(path).status_code == 403
