"""Teams within a branch: made, renamed, moved, staffed, closed; whoever leaves the house or the branch leaves them."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.access import branch_trees
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import Branch, Membership, Team, TeamMember
from carloan.core.services.branches import require_open
from carloan.core.tenancy import tenant_atomic

MANAGE = "people.manage"


def team_set(
    *,
    actor: Actor,
    team: Team | None,
    name: str,
    branch: Branch,
    people: Collection[Membership],
    lead: Membership | None = None,
) -> Team:
    """Make a team (`team` None), or set the name, place, people and lead of one.

    Raises Invalid without a name or for one that a team of the branch has, for a closed branch, for people who left or
    belong to no branch at or below the team's, and for a lead who is none of them.
    """
    actor.require(MANAGE)
    name = name.strip()
    faults: dict[str, list[object]] = {}
    namesakes = Team.objects.filter(branch=branch, name=name)
    if not name or (namesakes.exclude(id=team.id) if team else namesakes).exists():
        faults["name"] = [_("Give a name that no other team of the branch has.")]
    within = branch_trees().get(branch.id, frozenset())
    if away := [each.display_name for each in people if not each.is_active or each.branch_id not in within]:
        faults["people"] = [_("Not of this branch or one below it: %s") % ", ".join(away[:5])]
    if lead is not None and lead.id not in {each.id for each in people}:
        faults["lead"] = [_("The lead is one of the team.")]
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        if team is None or team.branch_id != branch.id:
            require_open(branch)
        # Two at once: one after the other, so that the people are those of one of them.
        held = Team.objects.select_for_update(of=("self",)).get(id=team.id) if team else Team(id=uuid7())
        event_id = audit.record(
            actor=actor,
            action="core.team.changed" if team else "core.team.added",
            object_type="core.team",
            object_id=held.id,
            before=_told(held, _people_of(held)) if team else None,
            after={
                "name": name, "branch": branch.code, "lead": lead.display_name if lead else "",
                "people": sorted(each.display_name for each in people),
            },
        )  # fmt: skip
        held.name, held.branch, held.lead, held.audit_event_id = name, branch, lead, event_id
        held.save()
        known = set(TeamMember.objects.filter(team=held).values_list("membership_id", flat=True))
        TeamMember.objects.filter(team=held).exclude(membership__in=list(people)).delete()
        TeamMember.objects.bulk_create(
            TeamMember(team=held, membership=each, audit_event_id=event_id) for each in people if each.id not in known
        )
    return held


def team_close(*, actor: Actor, team: Team) -> None:
    """Nothing is given to it any more; its people stay as they are known. Raises Conflict when it is closed."""
    _switch(actor, team, "core.team.closed", active=False)


def team_reopen(*, actor: Actor, team: Team) -> None:
    """Raises Conflict when it is open, Invalid when its branch is closed."""
    with tenant_atomic():
        require_open(team.branch)
        _switch(actor, team, "core.team.reopened", active=True)


def teams_left(*, actor: Actor, member: Membership, branch_id: UUID | None = None) -> int:
    """Whoever leaves the house (`branch_id` None), or goes to another branch, leaves the teams that they are no longer
    within; how many. For callers that have asked whether they may, inside their transaction."""
    trees, left = branch_trees(), 0
    for row in TeamMember.objects.filter(membership=member).select_related("team__branch", "team__lead"):
        if branch_id is not None and branch_id in trees.get(row.team.branch_id, frozenset()):
            continue
        team, before = row.team, _told(row.team, _people_of(row.team))
        row.delete()
        team.lead = None if team.lead_id == member.id else team.lead
        team.audit_event_id = audit.record(
            actor=actor, action="core.team.changed", object_type="core.team", object_id=team.id, before=before,
            after=_told(team, _people_of(team)),
        )  # fmt: skip
        team.save(update_fields=["lead", "audit_event_id"])
        left += 1
    return left


def _switch(actor: Actor, team: Team, action: str, *, active: bool) -> None:
    actor.require(MANAGE)
    with tenant_atomic():
        event_id = audit.record(actor=actor, action=action, object_type="core.team", object_id=team.id)
        if not Team.objects.filter(id=team.id, is_active=not active).update(is_active=active, audit_event_id=event_id):
            raise Conflict


def _people_of(team: Team) -> list[str]:
    rows = TeamMember.objects.filter(team=team)
    return sorted(rows.values_list("membership__display_name", flat=True))


def _told(team: Team, people: list[str]) -> dict[str, object]:
    return {
        "name": team.name, "branch": team.branch.code, "lead": team.lead.display_name if team.lead else "",
        "people": people,
    }  # fmt: skip
