from .audit import AuditEvent
from .base import NaturalTenantModel, TenantManager, TenantModel, TenantQuerySet
from .calendar import CalendarDay, CalendarYear
from .people import ApiKey, Membership, Role, RoleAssignment, RoleCapability, User
from .tenants import Branch, Counter, Tenant, TenantHost
from .work import Job, LookupTerm

__all__ = [
    "ApiKey",
    "AuditEvent",
    "Branch",
    "CalendarDay",
    "CalendarYear",
    "Counter",
    "Job",
    "LookupTerm",
    "Membership",
    "NaturalTenantModel",
    "Role",
    "RoleAssignment",
    "RoleCapability",
    "Tenant",
    "TenantHost",
    "TenantManager",
    "TenantModel",
    "TenantQuerySet",
    "User",
]
