"""Lenders: the only business word that is global, because a request must find its tenant before it has one."""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from carloan.core.ids import uuid7

from .base import TenantModel


class Tenant(models.Model):
    """A lender (租户): a bank, an auto-finance company or a leasing company that uses this installation."""

    class Kind(models.TextChoices):
        BANK = "bank", _("Bank")
        AUTO_FINANCE = "auto_finance", _("Auto-finance company")
        LEASING = "leasing", _("Financial leasing company")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        DISABLED = "disabled", _("Disabled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.BANK)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    currency = models.CharField(max_length=3, default="CNY")
    jurisdiction = models.CharField(max_length=2, default="CN")  # ISO 3166 alpha-2; also names its calendar
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    require_mfa = models.BooleanField(default=False)
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(jurisdiction__regex="^[A-Z]{2}$"), name="core_tenant_jurisdiction"
            )
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class TenantHost(models.Model):
    """A host name that leads straight to one tenant, without its slug in the path."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    host = models.CharField(max_length=253, unique=True)
    lender = models.ForeignKey(Tenant, models.CASCADE, related_name="hosts", db_column="lender_id")

    def __str__(self) -> str:
        return self.host


class Branch(TenantModel):
    """A place of the lender (网点): head office, branch, sub-branch or dealer team; a tree by `parent`."""

    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    time_zone = models.CharField(max_length=40, null=True, blank=True)  # None: the lender's
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="core_branch_code"),
            models.CheckConstraint(condition=~models.Q(time_zone=""), name="core_branch_time_zone"),
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """In whose local time rules about this place run. Select the tenant with it where there are many."""
        return ZoneInfo(self.time_zone or self.tenant.time_zone)


class Counter(TenantModel):
    """The last number given out under a name (loan applications, certificates…), one row a name."""

    name = models.CharField(max_length=60)
    value = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="core_counter_name")]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
