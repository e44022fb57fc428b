"""Groups of people within a branch who work through something together."""

from django.db import models

from .base import TenantModel
from .people import Membership
from .tenants import Branch


class Team(TenantModel):
    """People of one branch and those below it under a lead (小组), to whom work is given together."""

    name = models.CharField(max_length=60)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="teams")
    lead = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "branch", "name"], name="core_team_name")]

    def __str__(self) -> str:
        return self.name


class TeamMember(TenantModel):
    """Somebody belongs to a team; nobody who left does."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="people")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="teams")
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "team", "membership"], name="core_teammember_once"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.team_id}"
