"""What a person does with their own sign-in belongs to no lender: it is told in each of those they work for."""

from typing import Any

from . import audit, bursts
from .access import tenants_of
from .actors import Actor
from .models import AuditEvent, Membership
from .tenancy import beside_tenants, tenant_atomic


def tell(
    user: Any,
    request: Any,
    action: str,
    *,
    refused: bool = False,
    folded: bool = False,
    before: audit.Values | None = None,
) -> None:
    """One event a lender, in a transaction of its own: the act itself is global and already done or refused.

    `folded`: refusals that may go on for ever are told once a minute (bursts.py).
    """
    from .middleware import client_address  # noqa: PLC0415 - the middleware's module reads the URLs

    for tenant_id in tenants_of(user):
        # The page may lie below the address of one lender: the others hear of it too.
        with beside_tenants(), tenant_atomic(tenant_id):
            member = Membership.objects.filter(user=user).first()
            if member is None:
                continue
            actor = Actor(
                tenant_id=tenant_id,
                kind="person",
                name=member.display_name,
                id=member.id,
                user_id=user.pk,
                membership_id=member.id,
                request_id=getattr(request, "id", None),
                address=client_address(request) if request is not None else "",
            )
            about: dict[str, Any] = {"action": action, "object_type": "core.membership", "object_id": member.id}
            if folded:
                bursts.refuse(actor=actor, source=("locked out", user.pk), **about)
            else:
                outcome = AuditEvent.Outcome.REFUSED if refused else AuditEvent.Outcome.DONE
                audit.record(actor=actor, outcome=outcome, before=before, **about)
