"""What became of the permission matrix, and who looks at the pages as a role would."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import TenantModel
from .people import Membership, Role
from .tenants import Branch


class MatrixChange(TenantModel):
    """A cell of the permission matrix that became another one: append-only, one row a cell, one event an act.

    `before` and `after` are scopes of RoleCapability, empty for none. `by` is empty where the installation did it.
    """

    role = models.ForeignKey(Role, models.PROTECT, related_name="changes")
    capability = models.CharField(max_length=60)
    before = models.CharField(max_length=6, blank=True)
    after = models.CharField(max_length=6, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "audit_event_id", "role", "capability"], name="core_matrixchange_once"
            ),
            models.CheckConstraint(condition=~models.Q(before=models.F("after")), name="core_matrixchange_differs"),
        ]

    def __str__(self) -> str:
        return f"{self.capability}: {self.before or 'none'} -> {self.after or 'none'}"


class RolePreview(TenantModel):
    """Somebody looks at the pages as a person of a role in a branch would see them (以角色预览), for some minutes."""

    class End(models.TextChoices):
        PERSON = "person", _("Ended by the person")
        TIME = "time", _("The time was over")

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=6, choices=End.choices, blank=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by="")
                | models.Q(ended_at__isnull=False, ended_by__in=["person", "time"]),
                name="core_rolepreview_end",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("started_at")), name="core_rolepreview_lasts"
            ),
        ]
        # The sweep asks for those whose time is over.
        indexes = [
            models.Index(fields=["tenant", "ends_at"], condition=models.Q(ended_at=None), name="core_rolepreview_open")
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} as {self.role_id}"


class Delegation(TenantModel):
    """Somebody's role, lent to a colleague from one day to another (代理): the colleague holds it beside their own.

    It counts while the lender still holds the role there themselves, which is asked on each request (access.py), and
    ends by the day of the lender of money. `ended_by` is empty where the last day ended it.
    """

    giver = models.ForeignKey(Membership, models.PROTECT, related_name="lent")
    taker = models.ForeignKey(Membership, models.PROTECT, related_name="borrowed")
    role = models.ForeignKey(Role, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="+")
    begins_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("begins_on")), name="core_delegation_days"),
            models.CheckConstraint(condition=~models.Q(giver=models.F("taker")), name="core_delegation_two"),
            models.UniqueConstraint(
                fields=["tenant", "giver", "taker", "role", "branch"],
                condition=models.Q(ended_at=None),
                name="core_delegation_once",
                nulls_distinct=False,
            ),
        ]
        # Each request of each person asks for those that count for them.
        indexes = [
            models.Index(fields=["tenant", "taker"], condition=models.Q(ended_at=None), name="core_delegation_open")
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} -> {self.taker_id}: {self.role_id}"
