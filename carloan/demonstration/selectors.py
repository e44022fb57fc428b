"""What the demonstration can tell about itself."""

from typing import Any

from carloan.core.api_keys import opens, token_of
from carloan.core.models import ApiKey, RoleAssignment, Tenant
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration import credentials
from carloan.demonstration.lenders import EVERYBODY, ROLES


def demonstration_logins() -> list[dict[str, Any]]:
    """Tenants with users (whole-house roles first) and API keys, in clear; empty where no demonstration was seeded.

    Only accounts that the demonstration made are told: their passwords follow from the installation's secret.
    """
    found = []
    for lender in EVERYBODY:
        tenant = Tenant.objects.filter(slug=lender.slug, is_demonstration=True).first()
        if tenant is None:
            continue
        with tenant_atomic(tenant.id):
            assigned = set(
                RoleAssignment.objects.filter(membership__is_active=True).values_list(
                    "membership__user__username", "role__key"
                )
            )
            # By secret, not by name: an older version may have made the key under another name.
            secrets = {role: credentials.key_secret(lender.slug, role) for role in ROLES}
            tokens = {
                key.role.key: token_of(key, secrets[key.role.key])
                for key in ApiKey.objects.select_related("role").filter(revoked_at=None, role__key__in=ROLES)
                if opens(key, secrets[key.role.key])
            }
        found.append(
            {
                "slug": lender.slug,
                "name": tenant.name,
                "users": [
                    {
                        "role": person.role,
                        "username": person.username,
                        "password": credentials.password(person.username),
                    }
                    for person in lender.staff
                    if (person.username, person.role) in assigned
                ],
                "api_keys": {role: tokens[role] for role in ROLES if role in tokens},
            }
        )
    return found
