"""Teams of the branches, and a duty that somebody lends while being away."""

from datetime import timedelta

from django.utils import timezone

from carloan.core.models import Branch, RoleAssignment, Team, Tenant
from carloan.core.services.delegations import delegation_give
from carloan.core.services.teams import team_set
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration.lenders import Lender
from carloan.demonstration.seed.book import actor_of
from carloan.demonstration.seed.registers import people_of


def work_together(lender: Lender, tenant: Tenant) -> None:
    """A team for collections in each branch that has a collector, and a lent duty: once, in one transaction."""
    with tenant_atomic(tenant.id):
        if Team.objects.exists():
            return
        manager = actor_of(tenant, f"{lender.slug}.{'system_admin' if lender.separated else 'admin'}")
        people = people_of(lender)
        branches = {branch.code: branch for branch in Branch.objects.all()}
        for number, plan in enumerate(lender.selling[::2], start=1):
            team = [people[f"{role}.{plan.code}"] for role in ("collector", "officer")]
            team_set(
                actor=manager, team=None, name=f"电话催收{number}组", branch=branches[plan.code], people=team,
                lead=team[0],
            )  # fmt: skip
        # Away from tomorrow on: the colleague stands in for the whole house.
        who = f"officer.{lender.selling[0].code}"
        away = actor_of(tenant, f"{lender.slug}.{who}")
        begins_on = timezone.localdate() + timedelta(days=1)
        held = RoleAssignment.objects.filter(membership=people[who]).values_list("id", flat=True)
        delegation_give(
            actor=away, taker=people["officer"], assignment_ids=list(held), begins_on=begins_on,
            ends_on=begins_on + timedelta(days=9), reason="年休假，由同事代办",
        )  # fmt: skip
