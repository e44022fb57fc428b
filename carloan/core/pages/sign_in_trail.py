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

from carloan.core.models import User
from carloan.core.personal_trail import tell
from carloan.core.services.sessions import ELSEWHERE, session_close
from carloan.core.session_life import ENDED

from .factor_changes import factor_added, factors_changed


@receiver(user_logged_in)
def _signed_in(request: Any, user: Any, **_rest: Any) -> None:
    request.session.pop(ENDED, None)
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
def _factor_added(request: Any, user: Any, authenticator: Any, **_rest: Any) -> None:
    tell(user, request, "core.factor.added")
    if request is not None:
        factor_added(request, authenticator)


@receiver(authenticator_removed)
def _factor_removed(request: Any, user: Any, **_rest: Any) -> None:
    tell(user, request, "core.factor.removed")
    if request is not None:
        factors_changed(request)


@receiver(authenticator_reset)
def _factor_renewed(request: Any, user: Any, **_rest: Any) -> None:
    tell(user, request, "core.factor.renewed")
    if request is not None:
        factors_changed(request)


@receiver(authentication_failed)
def _factor_failed(request: Any, user: Any, **_rest: Any) -> None:
    tell(user, request, "core.factor.failed", refused=True)


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """Told before they end: who ends a session elsewhere may not be who began it."""

    def end_sessions(self, sessions: Any) -> None:
        for session in sessions:
            tell(session.user, context.request, "core.session.ended")
            session_close(session=session, why=ELSEWHERE)
