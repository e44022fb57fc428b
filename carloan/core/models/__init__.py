from .access_policy import AccessPolicy
from .audit import AuditEvent
from .base import NaturalTenantModel, TenantManager, TenantModel, TenantQuerySet
from .calendar import CalendarDay, CalendarYear
from .ceremonies import KeyCeremony
from .people import ApiKey, Membership, Role, RoleAssignment, RoleCapability, User
from .reviews import AccessReview, ReviewItem
from .rights import Delegation, MatrixChange, RolePreview
from .saved_views import SavedView
from .sign_on import SignOn, SignOnLink
from .teams import Team, TeamMember
from .tenants import Branch, Counter, Tenant, TenantHost
from .work import AnsweredRequest, Job, LookupTerm, Transition

__all__ = [
    "AccessPolicy",
    "AccessReview",
    "AnsweredRequest",
    "ApiKey",
    "AuditEvent",
    "Branch",
    "CalendarDay",
    "CalendarYear",
    "Counter",
    "Delegation",
    "Job",
    "KeyCeremony",
    "LookupTerm",
    "MatrixChange",
    "Membership",
    "NaturalTenantModel",
    "ReviewItem",
    "Role",
    "RoleAssignment",
    "RoleCapability",
    "RolePreview",
    "SavedView",
    "SignOn",
    "SignOnLink",
    "Team",
    "TeamMember",
    "Tenant",
    "TenantHost",
    "TenantManager",
    "TenantModel",
    "TenantQuerySet",
    "Transition",
    "User",
]
