"""The roles a new tenant starts with; afterwards each tenant owns its copies."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .capabilities import Capability, Family, ScopeName


@dataclass(frozen=True)
class SystemRole:
    """A role and where its rights come from: what the capabilities give its key, or the role it is `like`, by default.

    One of a separated administrator has every right of its `family`, and of the common ones those named here.
    """

    key: str
    name: str
    name_en: str
    purpose: Any
    family: Family = "business"
    like: str = ""
    common: frozenset[str] = frozenset()

    def scope_of(self, capability: Capability, *, separated: bool) -> ScopeName | None:
        """How far the role has a right in a new tenant; None for not at all."""
        if self.family != "business":
            mine = capability.family == self.family or capability.code in self.common
            return "all" if mine else None
        if separated and capability.family not in ("business", "common"):
            return None
        return capability.defaults.get(self.like or self.key)


ADMINISTRATOR = SystemRole(
    "admin", "系统管理员", "Administrator", _("Roles, people, branches, policies and integrations")
)
_BUSINESS = (
    SystemRole("officer", "信贷员", "Loan officer", _("Opens and imports loans, uploads and checks papers")),
    SystemRole("archivist", "档案管理员", "Archivist", _("Files papers and keeps the originals")),
    SystemRole("collector", "催收员", "Collector", _("Works overdue loans at the desk and in the field")),
    SystemRole("release_officer", "解押专员", "Release officer", _("Reviews release cases and returns certificates")),
    SystemRole(
        "compliance", "合规专员", "Compliance officer", _("Reads the trail, approves reveals, holds and destruction")
    ),
    SystemRole("service", "客服", "Customer service", _("Sees basic facts of a loan only")),
)
_SEES_PEOPLE = frozenset({"home.view", "people.view", "roles.view"})
# 三员分立: three administrators without any right of the business, and who decides there in place of the one before.
SEPARATED = (
    SystemRole(
        "system_admin", "系统管理员（三员）", "System administrator", _("People, branches, working days, API keys"),
        family="system", common=_SEES_PEOPLE | {"jobs.view"},
    ),
    SystemRole(
        "security_admin", "安全管理员（三员）", "Security administrator",
        _("Roles and rights, masking, encryption keys, ways to sign in"),
        family="security", common=_SEES_PEOPLE | {"masking.view", "encryption.view"},
    ),
    SystemRole(
        "audit_admin", "审计管理员（三员）", "Audit administrator", _("Values in the trail, anomalies, access reviews"),
        family="audit",
        common=_SEES_PEOPLE
        | {
            "trail.view", "masking.view", "encryption.view", "retention.view", "holds.view", "destruction.view",
            "loans.view", "duties.lend",
        },
    ),
    SystemRole(
        "manager", "业务主管", "Business manager", _("Approves loans and decides for the business"), like="admin"
    ),
)  # fmt: skip
SYSTEM_ROLES = (ADMINISTRATOR, *_BUSINESS)


def roles_of_a_lender(*, separated: bool) -> tuple[SystemRole, ...]:
    """What a new lender starts with: one administrator, or three and no right of theirs in another role."""
    return (*SEPARATED, *_BUSINESS) if separated else SYSTEM_ROLES
