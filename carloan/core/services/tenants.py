"""A new lender: its row, keys, roles and first branch, all or nothing."""

from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.capabilities import all_capabilities
from carloan.core.errors import Conflict
from carloan.core.keys import make_tenant_keys
from carloan.core.models import Branch, Role, RoleCapability, Tenant
from carloan.core.roles import SYSTEM_ROLES
from carloan.core.tenancy import tenant_atomic


def tenant_create(
    *,
    slug: str,
    name: str,
    name_en: str = "",
    kind: str = Tenant.Kind.BANK,
    head_office: str = "总行",
    is_demonstration: bool = False,
    currency: str = "CNY",
) -> Tenant:
    """Make a tenant with its keys, the system's roles with their default rights, and its head office.

    Run by the platform (command line), so the actor is the system itself. Raises Conflict when the slug is taken. Keys
    are committed first: a tenant without keys could accept nothing, keys without a tenant open nothing.
    """
    if Tenant.objects.filter(slug=slug).exists():
        raise Conflict(_("There is a tenant with this short name already."))
    tenant = Tenant(
        slug=slug, name=name, name_en=name_en, kind=kind, is_demonstration=is_demonstration, currency=currency
    )
    make_tenant_keys(tenant.id)
    actor = Actor.system(tenant.id, "platform")
    with tenant_atomic(tenant.id):
        tenant.save(force_insert=True)
        event_id = audit.record(
            actor=actor,
            action="core.tenant.created",
            object_type="core.tenant",
            object_id=tenant.id,
            after={"slug": slug, "kind": kind},
        )
        Branch.objects.create(code="000", name=head_office, audit_event_id=event_id)
        roles_install(actor=actor)
    return tenant


def roles_install(*, actor: Actor) -> None:
    """Give the tenant the system's roles it lacks, with their default rights; roles it has stay as it made them."""
    existing = set(Role.objects.values_list("key", flat=True))
    missing = [role for role in SYSTEM_ROLES if role.key not in existing]
    if not missing:
        return
    event_id = audit.record(
        actor=actor,
        action="core.roles.installed",
        object_type="core.role",
        after={"roles": [role.key for role in missing]},
    )
    for role in missing:
        row = Role.objects.create(key=role.key, name=role.name, name_en=role.name_en, audit_event_id=event_id)
        RoleCapability.objects.bulk_create(
            RoleCapability(
                role=row, capability=capability.code, scope=capability.defaults[role.key], audit_event_id=event_id
            )
            for capability in all_capabilities()
            if role.key in capability.defaults
        )
