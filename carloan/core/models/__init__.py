from .audit import AuditEvent
from .base import NaturalTenantModel, TenantManager, TenantModel, TenantQuerySet
from .calendar import CalendarDay, CalendarYear
from .ceremonies import KeyCeremony
from .people import ApiKey, Membership, Role, RoleAssignment, RoleCapability, User
from .saved_views import SavedView
from .tenants import Branch, Counter, Tenant, TenantHost
from .work import AnsweredRequest, Job, LookupTerm, Transition

__all__ = [
    "AnsweredRequest",
    "ApiKey",
    "AuditEvent",
    "Branch",
    "CalendarDay",
    "CalendarYear",
    "Counter",
    "Job",
    "KeyCeremony",
    "LookupTerm",
    "Membership",
    "NaturalTenantModel",
    "Role",
    "RoleAssignment",
    "RoleCapability",
    "SavedView",
    "Tenant",
    "TenantHost",
    "TenantManager",
    "TenantModel",
    "TenantQuerySet",
    "Transition",
    "User",
]
