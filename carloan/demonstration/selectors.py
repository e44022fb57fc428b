"""What the demonstration can tell about itself."""

from typing import Any

from carloan.core.api_keys import token_of
from carloan.core.models import ApiKey, RoleAssignment, Tenant
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration import credentials
from carloan.demonstration.lenders import LENDERS, ROLES
from carloan.demonstration.seed.house import key_name


def demonstration_logins() -> list[dict[str, Any]]:
    """Tenants with users (whole-house roles first) and API keys, in clear; empty where no demonstration was seeded.

    Only accounts that the demonstration made are told: their passwords follow from the installation's secret.
    """
    found = []
    for lender in LENDERS:
        tenant = Tenant.objects.filter(slug=lender.slug, is_demonstration=True).first()
        if tenant is None:
            continue
        with tenant_atomic(tenant.id):
            assigned = set(
                RoleAssignment.objects.filter(membership__is_active=True).values_list(
                    "membership__user__username", "role__key"
                )
            )
            tokens = {
                key.name: token_of(key, credentials.key_secret(lender.slug, key.role.key))
                for key in ApiKey.objects.select_related("role").filter(revoked_at=None)
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
                "api_keys": {role: tokens[key_name(role)] for role in ROLES if key_name(role) in tokens},
            }
        )
    return found
