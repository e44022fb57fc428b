"""Sign-in belongs to no lender; what happens there is told in the trail of each lender the person works for."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.core import context
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q
from django.dispatch import receiver

from carloan.core import audit, bursts
from carloan.core.access import tenants_of
from carloan.core.actors import Actor
from carloan.core.models import AuditEvent, Membership, User
from carloan.core.tenancy import beside_tenants, tenant_atomic


def tell(user: Any, request: Any, action: str, *, refused: bool = False, folded: bool = False) -> None:
    """One event a lender, in a transaction of its own: the act itself is global and already done or refused.

    `folded`: refusals that may go on for ever are told once a minute (bursts.py).
    """
    from carloan.core.middleware import client_address  # noqa: PLC0415 - the middleware's module reads the URLs

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
                audit.record(actor=actor, outcome=outcome, **about)


@receiver(user_logged_in)
def _signed_in(request: Any, user: Any, **_rest: Any) -> None:
    tell(user, request, "core.sign_in.done")


@receiver(user_logged_out)
def _signed_out(request: Any, user: Any, **_rest: Any) -> None:
    if user is not None:
        tell(user, request, "core.sign_in.ended")


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: Any = None, **_rest: Any) -> None:
    name = str(credentials.get("username") or credentials.get("login") or credentials.get("email") or "")[:150]
    user = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).first() if name else None
    if user is None:
        return
    # A wrong password is told each time: there are few before the lock. Behind it anybody may go on for ever.
    tell(user, request, "core.sign_in.failed", refused=True, folded=getattr(request, "axes_locked_out", False))


@receiver(password_changed)
def _password_changed(request: Any, user: Any, **_rest: Any) -> None:
    first = getattr(request, "first_password", False)
    tell(user, request, "core.password.first_replaced" if first else "core.password.changed")


@receiver(authenticator_added)
def _factor_added(request: Any, user: Any, **_rest: Any) -> None:
    tell(user, request, "core.factor.added")


@receiver(authenticator_removed)
def _factor_removed(request: Any, user: Any, **_rest: Any) -> None:
    tell(user, request, "core.factor.removed")


@receiver(authenticator_reset)
def _factor_renewed(request: Any, user: Any, **_rest: Any) -> None:
    tell(user, request, "core.factor.renewed")


@receiver(authentication_failed)
def _factor_failed(request: Any, user: Any, **_rest: Any) -> None:
    tell(user, request, "core.factor.failed", refused=True)


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """Told before they end: who ends a session elsewhere may not be who began it."""

    def end_sessions(self, sessions: Any) -> None:
        for session in sessions:
            tell(session.user, context.request, "core.session.ended")
        super().end_sessions(sessions)
