"""Sign-in belongs to no lender; what happens there is told in the trail of each lender the person works for."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q
from django.dispatch import receiver

from carloan.core import audit
from carloan.core.access import tenants_of
from carloan.core.actors import Actor
from carloan.core.models import AuditEvent, Membership, User
from carloan.core.tenancy import tenant_atomic


def tell(user: Any, request: Any, action: str, *, refused: bool = False) -> None:
    """One event a lender, in a transaction of its own: the act itself is global and already done or refused."""
    from carloan.core.middleware import client_address  # noqa: PLC0415 - the middleware's module reads the URLs

    for tenant_id in tenants_of(user):
        with tenant_atomic(tenant_id):
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
            audit.record(
                actor=actor,
                action=action,
                object_type="core.membership",
                object_id=member.id,
                outcome=AuditEvent.Outcome.REFUSED if refused else AuditEvent.Outcome.DONE,
            )


@receiver(user_logged_in)
def _signed_in(request: Any, user: Any, **_: Any) -> None:
    tell(user, request, "core.sign_in.done")


@receiver(user_logged_out)
def _signed_out(request: Any, user: Any, **_: Any) -> None:
    if user is not None:
        tell(user, request, "core.sign_in.ended")


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    name = str(credentials.get("username") or credentials.get("login") or credentials.get("email") or "")[:150]
    user = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).first() if name else None
    if user is not None:
        tell(user, request, "core.sign_in.failed", refused=True)


@receiver(password_changed)
def _password_changed(request: Any, user: Any, **_: Any) -> None:
    first = getattr(request, "first_password", False)
    tell(user, request, "core.password.first_replaced" if first else "core.password.changed")


@receiver(authenticator_added)
def _factor_added(request: Any, user: Any, **_: Any) -> None:
    tell(user, request, "core.factor.added")


@receiver(authenticator_removed)
def _factor_removed(request: Any, user: Any, **_: Any) -> None:
    tell(user, request, "core.factor.removed")
