"""People and what they may do: a person is global (one sign-in), everything about their work belongs to a tenant."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from carloan.core.ids import uuid7

from .base import TenantModel
from .tenants import Branch


class User(AbstractUser):
    """A person who signs in; one account may belong to several lenders through memberships."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    language = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    shortcuts = models.BooleanField(default=True)
    # A password that somebody else made: nothing opens until the person has chosen one of their own.
    must_change_password = models.BooleanField(default=False)

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined,misc]  # the stubs leave it out
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_staff=False, is_superuser=False), name="core_user_no_superuser"
            )
        ]


class Membership(TenantModel):
    """A person at work for this lender (员工), with the name and number that colleagues know.

    `sign_in_given_at`: when somebody else last decided how this person signs in (voices.py).
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    display_name = models.CharField(max_length=80)
    employee_no = models.CharField(max_length=30, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="members")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)
    sign_in_given_at = models.DateTimeField(null=True, blank=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="core_membership_user")]

    def __str__(self) -> str:
        return self.display_name


class Role(TenantModel):
    """A named set of capabilities (角色). The system's roles are copied into each tenant, which then owns them."""

    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="core_role_key")]
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class RoleCapability(TenantModel):
    """One cell of the permission matrix: what a role may do and how far (全部 / 本网点 / 本人)."""

    class Scope(models.TextChoices):
        ALL = "all", _("All")
        BRANCH = "branch", _("Own branch and below")
        OWN = "own", _("Own cases")

    role = models.ForeignKey(Role, models.CASCADE, related_name="capabilities")
    capability = models.CharField(max_length=60)
    scope = models.CharField(max_length=6, choices=Scope.choices)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "role", "capability"], name="core_rolecapability_cell"),
            models.CheckConstraint(
                condition=models.Q(scope__in=["all", "branch", "own"]), name="core_rolecapability_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capability}: {self.scope}"


class RoleAssignment(TenantModel):
    """A member holds a role, at one branch and below or everywhere, until a date or for good."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="assignments")
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="+")
    valid_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "membership", "role", "branch"], name="core_roleassignment_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.role_id}"


class ApiKey(TenantModel):
    """A key of another system: acts with one role in one tenant. Only a hash of its secret is stored."""

    name = models.CharField(max_length=80)
    role = models.ForeignKey(Role, models.PROTECT, related_name="api_keys")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.BinaryField(max_length=32)
    scopes = models.JSONField(default=list, blank=True)
    expires_at = models.DateTimeField()
    # Where administrators are separated a key opens nothing before whoever gives roles has confirmed it.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="core_apikey_name")]

    def __str__(self) -> str:
        return self.name
