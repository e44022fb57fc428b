"""Reads of teams."""

from uuid import UUID

from django.db.models import Count, QuerySet

from .actors import Actor
from .errors import NotFound
from .models import Membership, Team


def teams_for(actor: Actor) -> "QuerySet[Team]":
    """The lender's teams with the number of their `members`: the open ones first, by branch and name."""
    actor.require("people.view", "people.manage")
    rows: QuerySet[Team] = Team.objects.select_related("branch", "lead").annotate(members=Count("people"))
    return rows.order_by("-is_active", "branch__code", "name")


def get_team_for(actor: Actor, team_id: UUID) -> Team:
    """One team with its branch and lead. Raises NotFound."""
    team = teams_for(actor).filter(id=team_id).first()
    if team is None:
        raise NotFound
    return team


def people_of(team: Team) -> list[Membership]:
    """Who belongs to a team, by name."""
    return list(Membership.objects.filter(teams__team=team).order_by("display_name", "id"))


def teams_of(member: Membership) -> list[Team]:
    """The open teams that somebody belongs to."""
    return list(
        Team.objects.filter(people__membership=member, is_active=True).select_related("branch").order_by("name")
    )
