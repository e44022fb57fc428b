"""Teams: made and changed by whoever manages people, left with the house or the branch, and no right by them."""

from typing import Any

import pytest

from carloan.core.branch_ties import ties_of
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import AuditEvent, Branch, Membership, Team, TeamMember
from carloan.core.selectors_teams import people_of, teams_of
from carloan.core.services.people import member_change, member_deactivate
from carloan.core.services.teams import team_close, team_reopen, team_set
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def team(lender: Lender, *roles: str, **more: Any) -> Team:
    people = [lender.members[role] for role in roles]
    facts: dict[str, Any] = {"team": None, "name": "电催一组", "branch": lender.branches["east"], "people": people}
    return team_set(actor=lender.actor("admin"), **{**facts, **more})


def moved(lender: Lender, role: str, branch: str) -> None:
    member = Membership.objects.get(id=lender.members[role].id)
    member_change(
        actor=lender.actor("admin"), membership=member, display_name=member.display_name, employee_no="", email=None,
        branch=lender.branches[branch],
    )  # fmt: skip


def test_a_team_is_made_and_changed_on_its_pages(bank: Lender, client_of: Any) -> None:
    admin = client_of(bank, "admin")
    wanted = {
        "name": "电催一组", "branch": bank.branches["east"].id, "lead": bank.members["collector"].id,
        "people": [bank.members["collector"].id, bank.members["officer"].id],
    }  # fmt: skip
    assert admin.post("/teams/", wanted).status_code == 302
    with bank.open():
        made = Team.objects.get()
        assert [str(each) for each in people_of(made)] == ["collector 张", "officer 张"]
    assert admin.post("/teams/", wanted).status_code == 422, "a name once in a branch"
    page = admin.get(f"/teams/{made.id}/").content.decode()
    assert "collector 张" in page
    changed = {**wanted, "name": "电催二组", "people": [bank.members["service"].id], "lead": ""}
    assert admin.post(f"/teams/{made.id}/", changed).status_code == 302
    with bank.open():
        assert [str(each) for each in people_of(made)] == ["service 张"]
    assert admin.post(f"/teams/{made.id}/close/").status_code == 302
    assert "停用" in admin.get("/teams/").content.decode()
    assert admin.post(f"/teams/{made.id}/reopen/").status_code == 302
    reader = client_of(bank, "compliance")
    assert "电催二组" in reader.get(f"/teams/{made.id}/").content.decode()
    assert reader.post(f"/teams/{made.id}/", changed).status_code == 403
    assert "电催二组" in admin.get(f"/people/{bank.members['service'].id}/").content.decode()
    with bank.open():
        told = AuditEvent.objects.filter(object_type="core.team").order_by("id").values_list("action", flat=True)
        assert [each.rpartition(".")[2] for each in told] == ["added", "changed", "closed", "reopened"]


def test_a_team_is_of_people_of_its_branch(bank: Lender) -> None:
    with bank.open():
        with pytest.raises(Invalid):
            team(bank, "officer", branch=bank.branches["west"])
        with pytest.raises(Invalid):
            team(bank, "officer", lead=bank.members["service"])
        with pytest.raises(Invalid):
            team(bank, "officer", name=" ")
        with pytest.raises(Forbidden):
            team_set(actor=bank.actor("officer"), team=None, name="甲", branch=bank.branches["east"], people=[])
        assert people_of(team(bank, "officer", branch=bank.branches["head"])) == [bank.members["officer"]]


def test_who_leaves_the_house_or_the_branch_leaves_the_team(bank: Lender) -> None:
    with bank.open():
        made = team(bank, "collector", "officer", lead=bank.members["collector"])
        above = team(bank, "officer", name="总行组", branch=bank.branches["head"])
        moved(bank, "officer", "west")
        assert people_of(made) == [bank.members["collector"]]
        assert teams_of(bank.members["officer"]) == [above], "the other branch lies below this one too"
        member_deactivate(actor=bank.actor("admin"), membership=bank.members["collector"])
        made.refresh_from_db()
        assert made.lead is None
        assert not TeamMember.objects.filter(team=made).exists()
        assert AuditEvent.objects.filter(action="core.team.changed", object_id=made.id).count() == 2


def test_a_team_keeps_its_branch_open_and_gives_no_right(bank: Lender) -> None:
    with bank.open():
        before = bank.actor("service").rights
        made = team(bank, "service")
        assert bank.actor("service").rights == before
        assert 1 in [count for _label, count in ties_of(bank.branches["east"].id)]
        team_close(actor=bank.actor("admin"), team=made)
        with pytest.raises(Conflict):
            team_close(actor=bank.actor("admin"), team=made)
        assert teams_of(bank.members["service"]) == []
        Branch.objects.filter(id=bank.branches["east"].id).update(is_active=False)
        with pytest.raises(Invalid):
            team_reopen(actor=bank.actor("admin"), team=made)
