from .audit import AuditEvent
from .base import NaturalTenantModel, TenantManager, TenantModel, TenantQuerySet
from .people import ApiKey, Membership, Role, RoleAssignment, RoleCapability, User
from .tenants import Branch, Counter, Tenant, TenantHost
from .work import Job, LookupTerm

__all__ = [
    "ApiKey",
    "AuditEvent",
    "Branch",
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
