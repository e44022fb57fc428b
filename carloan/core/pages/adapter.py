"""What allauth asks of the installation: nobody signs up, and few words are said."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ImmediateHttpResponse
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from carloan.core.answers import respond
from carloan.core.errors import Forbidden, TooMany
from carloan.core.personal_trail import tell
from carloan.core.selectors_sign_on import slug_of
from carloan.core.services.sign_on import passwords_closed_for
from carloan.core.stepup import SIGNED_ON, reauthenticate, recently_authenticated

from .lockout import LONGEST_WAIT, wait_words

# Said by a message; the rest of allauth's messages repeats what the page shows.
SAID = {
    "account/messages/password_changed.txt",
    "mfa/messages/recovery_codes_generated.txt",
    "mfa/messages/totp_activated.txt",
    "mfa/messages/totp_deactivated.txt",
    "mfa/messages/webauthn_added.txt",
    "mfa/messages/webauthn_removed.txt",
    "usersessions/messages/sessions_logged_out.txt",
}
# How somebody shows once more who they are, in the words of our own pages.
WAYS = {
    "reauthenticate": _("Use the password"),
    "mfa_reauthenticate": _("Use the authenticator app or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}
# Its codes of limits, as its forms raise them: names and passwords, codes, the first code of an app.
LIMITS_STRUCK = {"too_many_login_attempts", "rate_limited"}


class PasswordsClosed(Forbidden):
    """The password was right, and the lender lets nobody in with one."""

    code = "sign_on_only"
    audited = False
    default = _("Your organisation signs in with its own provider only. Use the button for it on the sign-in page.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in for people whom their lender has added."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The sign-in name or the password is not right."),
        "email_password_mismatch": _("The sign-in name or the password is not right."),
        "incorrect_password": _("The password is not right."),
        "incorrect_code": _("The code is not right, or it was used already."),
    }

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        return [
            each | {"description": WAYS.get(each["id"], each["description"])}
            for each in super().get_reauthentication_methods(user)
        ]

    def pre_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse | None:
        """Whoever comes by a password or passkey where the lender closed that way is not let in, and it is told."""
        if not getattr(request, "signed_on", False) and passwords_closed_for(user):
            tell(user, request, "core.sign_in.failed", refused=True)
            return respond(request, PasswordsClosed())
        stopped: HttpResponse | None = super().pre_login(request, user, **more)
        return stopped

    def set_password(self, user: Any, password: str) -> None:
        """A person's own choice; the database lets the web change only what signing in needs."""
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])

    def is_reauthentication_required(self, *, app: str = "") -> bool:
        """Before somebody's means of signing in change. Whoever came through the lender's provider and has none yet
        confirms there: they would outlive the session that was left open."""
        request = self.request
        by_provider = request.session.get(SIGNED_ON) and not get_reauthentication_flows(request.user)
        if by_provider and not recently_authenticated(request):
            # The provider's door is below its lender's address.
            outside = request.tenant_slug is None and slug_of(request.session[SIGNED_ON])
            there = redirect(f"/t/{outside}{request.get_full_path()}") if outside else reauthenticate(request)
            raise ImmediateHttpResponse(there)
        return bool(super().is_reauthentication_required(app=app))

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """A limit that has struck is no wrong input of a form: every step of signing in answers it with 429."""
        if code in LIMITS_STRUCK:
            raise TooMany(wait_words(LONGEST_WAIT), code="rate_limited", retry_after=LONGEST_WAIT)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By address and name: wrong tries elsewhere never keep a person from signing in here."""
        return f"{self.get_client_ip(request)}|{super()._get_login_attempts_cache_key(request, **credentials)}"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template is None or message_template in SAID:
            super().add_message(request, level, message_template, *args, **kwargs)
