"""A new lender: its row, keys, roles and first branch, all or nothing."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.capabilities import all_capabilities
from carloan.core.errors import Conflict, Invalid
from carloan.core.keys import make_tenant_keys
from carloan.core.models import AccessPolicy, Branch, Role, RoleCapability, Tenant, TenantHost
from carloan.core.roles import SystemRole, roles_of_a_lender
from carloan.core.services.calendar import calendar_install
from carloan.core.services.key_rotation import keys_told
from carloan.core.services.zones import require_zone
from carloan.core.tenancy import tenant_atomic
from carloan.lib import jurisdictions, money

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
# Countries whose lenders need not say in which time zone they are.
TIME_ZONES = {"CN": "Asia/Shanghai"}
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


def tenant_create(
    *,
    slug: str,
    name: str,
    name_en: str = "",
    kind: str = Tenant.Kind.BANK,
    head_office: str = "总行",
    is_demonstration: bool = False,
    currency: str = "CNY",
    jurisdiction: str = "CN",
    time_zone: str = "",
    separated: bool = False,
) -> Tenant:
    """Make a tenant with its keys, the system's roles with their default rights, its head office and its calendar.

    `jurisdiction` (ISO 3166 alpha-2) is whose law and holidays it follows; those of another country than China are not
    known here, so that its calendar begins with weekends only. With `separated` it has three administrators in place of
    one, and nobody holds rights of two of them (docs/decisions/0018). Run by the platform (command line), so the actor
    is the system itself. Raises Conflict when the slug is taken and Invalid when it fits no address, for a currency
    whose amounts are not kept here, for an unknown country or time zone, and abroad without a time zone. Keys are
    committed first: a tenant without keys could accept nothing, keys without a tenant open nothing.
    """
    if not SLUG.fullmatch(slug):
        raise Invalid(fields={"slug": [_("A short name has small letters, digits and hyphens.")]})
    if currency not in money.SYMBOLS:
        known = ", ".join(money.SYMBOLS)
        raise Invalid(fields={"currency": [_("Amounts are kept in one of these currencies: %s.") % known]})
    if jurisdiction not in jurisdictions.CODES:
        raise Invalid(fields={"jurisdiction": [_("A country has two capital letters, for example CN or US.")]})
    time_zone = time_zone or TIME_ZONES.get(jurisdiction, "")
    require_zone(time_zone)
    if Tenant.objects.filter(slug=slug).exists():
        raise Conflict(_("There is a tenant with this short name already."))
    tenant = Tenant(
        slug=slug,
        name=name,
        name_en=name_en,
        kind=kind,
        is_demonstration=is_demonstration,
        currency=currency,
        jurisdiction=jurisdiction,
        time_zone=time_zone,
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
            after={
                "slug": slug, "kind": kind, "jurisdiction": jurisdiction, "time_zone": time_zone,
                "separated": separated,
            },
        )  # fmt: skip
        Branch.objects.create(code="000", name=head_office, audit_event_id=event_id)
        keys_told(event_id)
        if separated:
            AccessPolicy.objects.create(separated=True, audit_event_id=event_id)
        roles_install(actor=actor, roles=roles_of_a_lender(separated=separated), separated=separated)
        calendar_install(actor=actor)
    return tenant


def roles_install(*, actor: Actor, roles: Iterable[SystemRole], separated: bool) -> None:
    """Give the tenant those of the system's roles that it lacks, with their default rights; roles it has stay as it
    made them. For callers that have asked whether they may."""
    existing = set(Role.objects.values_list("key", flat=True))
    missing = [role for role in roles if role.key not in existing]
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
            RoleCapability(role=row, capability=capability.code, scope=scope, audit_event_id=event_id)
            for capability in all_capabilities()
            if (scope := role.scope_of(capability, separated=separated))
        )


def tenant_change(
    *,
    tenant: Tenant,
    require_mfa: bool | None = None,
    time_zone: str | None = None,
    state: str | None = None,
    hosts: list[str] | None = None,
) -> list[str]:
    """Change what the platform decides for a lender; returns the names of what changed. None leaves a fact as it is.

    `hosts` are all host names that lead to it. Raises Invalid for an unknown time zone, a wrong host name, or a host of
    another lender. Told in the lender's own trail, the platform being the actor.
    """
    if time_zone is not None:
        require_zone(time_zone)
    for host in hosts or []:
        if not HOST.fullmatch(host) or TenantHost.objects.filter(host=host).exclude(lender=tenant).exists():
            raise Invalid(fields={"hosts": [_("%s is no host name, or belongs to another lender.") % host]})
    wanted = {"require_mfa": require_mfa, "time_zone": time_zone, "state": state}
    changed: dict[str, Any] = {
        name: value for name, value in wanted.items() if value is not None and getattr(tenant, name) != value
    }
    known = sorted(TenantHost.objects.filter(lender=tenant).values_list("host", flat=True))
    if hosts is not None and sorted(hosts) != known:
        changed["hosts"] = sorted(hosts)
    if not changed:
        return []
    with tenant_atomic(tenant.id):
        audit.record(
            actor=Actor.system(tenant.id, "platform"),
            action="core.tenant.changed",
            object_type="core.tenant",
            object_id=tenant.id,
            before={name: known if name == "hosts" else getattr(tenant, name) for name in changed},
            after=changed,
        )
        for name in changed.keys() & wanted.keys():
            setattr(tenant, name, changed[name])
        tenant.save(update_fields=sorted(changed.keys() & wanted.keys()))
        if "hosts" in changed:
            TenantHost.objects.filter(lender=tenant).exclude(host__in=hosts or []).delete()
            TenantHost.objects.bulk_create(
                [TenantHost(host=host, lender=tenant) for host in hosts or []], ignore_conflicts=True
            )
    return sorted(changed)
