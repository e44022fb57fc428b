"""What a password of somebody must not hold because others know it of them."""

from typing import Any

from .access import tenants_of
from .models import Membership, Tenant
from .tenancy import beside_tenants, tenant_atomic


def names_around(user: Any) -> list[str]:
    """The person's names, in every lender they work for, and those of the lenders. Two queries and one a lender."""
    found = [user.get_username().partition("@")[0], user.email.partition("@")[0], user.first_name, user.last_name]
    lenders = tenants_of(user)
    for tenant in Tenant.objects.filter(id__in=lenders):
        found += [tenant.slug, tenant.name, tenant.name_en]
    for tenant_id in lenders:
        with beside_tenants(), tenant_atomic(tenant_id):
            member = Membership.objects.filter(user=user).first()
            found += [member.display_name, member.employee_no] if member else []
    return [name for name in found if name]
