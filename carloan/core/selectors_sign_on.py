"""Reads of lenders' identity providers, also for pages on which nobody is signed in, and of factors."""

from allauth.mfa.models import Authenticator

from .actors import Actor
from .models import SignOn, SignOnLink, Tenant
from .tenancy import beside_tenants, tenant_atomic


def active_tenant(slug: str | None) -> Tenant | None:
    """The open lender of this short name."""
    return Tenant.objects.filter(slug=slug, state=Tenant.State.ACTIVE).first() if slug else None


def slug_of(tenant_id: str) -> str:
    """The short name of the lender whose provider opened a session."""
    return Tenant.objects.values_list("slug", flat=True).get(id=tenant_id)


def is_only_factor(factor: Authenticator) -> bool:
    """Whether a person has no other second factor than this one; recovery codes only stand in for one."""
    others = Authenticator.objects.filter(user=factor.user_id).exclude(pk=factor.pk)
    return not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def sign_on_of(tenant: Tenant, *, active: bool = True) -> SignOn | None:
    """A lender's provider; with `active` only where people may sign in with it."""
    with beside_tenants(), tenant_atomic(tenant.id):
        rows = SignOn.objects.filter(is_active=True) if active else SignOn.objects.all()
        return rows.first()


def own_sign_on(actor: Actor) -> tuple[SignOn | None, bool]:
    """The active provider of the member's lender, and whether they are linked there."""
    row = SignOn.objects.filter(is_active=True).first()
    if row is None:
        return None, False
    return row, SignOnLink.objects.filter(membership=actor.membership_id, issuer=row.issuer).exists()


def sign_on_people(actor: Actor) -> list[SignOnLink]:
    """Who is linked with a subject at the provider, by name."""
    actor.require("sign_on.manage")
    return list(SignOnLink.objects.select_related("membership").order_by("membership__display_name", "id"))
