"""Who acts confirms it inside the form of the act itself: nobody is sent away, and nothing that was typed is lost."""

from typing import Any

from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core.ratelimit import consume
from allauth.mfa.base.forms import ReauthenticateForm as CodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm as PasskeyForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from carloan.core.errors import TooMany
from carloan.core.stepup import SIGNED_ON, recently_authenticated

ELSEWHERE = "elsewhere"


class Confirmation:
    """What `components/confirm.html` asks beside a form's own fields, by the means that this person has."""

    def __init__(self, request: HttpRequest) -> None:
        user: Any = request.user
        self.request = request
        self.needed = not recently_authenticated(request)
        self.errors: list[str] = []
        # Who came through the lender's provider confirms there, and may have no password here.
        self.elsewhere = bool(request.session.get(SIGNED_ON))
        self.password = user.has_usable_password() and not self.elsewhere
        self.code = is_mfa_enabled(user, types=[Authenticator.Type.TOTP])
        self.passkey = is_mfa_enabled(user, types=[Authenticator.Type.WEBAUTHN])

    @property
    def wants_elsewhere(self) -> bool:
        """Whether the person asked to confirm at the lender's provider."""
        return self.needed and self.elsewhere and ELSEWHERE in self.request.POST

    @cached_property
    def passkey_options(self) -> dict[str, Any]:
        """What the browser asks the device; made once a page, because the answer must fit the last one."""
        return {"request_options": begin_authentication(self.request.user)}

    def given(self) -> bool:
        """Whether it is confirmed who acts: some minutes ago, or by what the form brought.

        Call it outside of a transaction that an error answer rolls back: a wrong password counts against its limit.
        Raises TooMany above the limits of the sign-in pages.
        """
        if not self.needed:
            return True
        typed = self.request.POST
        forms: list[Any] = []
        if self.password and typed.get("password"):
            forms.append(PasswordForm(typed, user=self.request.user))
        if self.code and typed.get("code"):
            forms.append(CodeForm(typed, user=self.request.user))
        if self.passkey and typed.get("credential"):
            forms.append(PasskeyForm(typed, user=self.request.user))
        if not forms:
            self.errors = [_("Confirm that it is you.")]
            return False
        if not consume(self.request, action="reauthenticate", user=self.request.user):
            raise TooMany(code="rate_limited")
        if not forms[0].is_valid():
            self.errors = [line for lines in forms[0].errors.values() for line in lines]
            return False
        if isinstance(forms[0], PasswordForm):
            reauthenticate_by_password(self.request)
        else:
            forms[0].save()
        self.needed = False
        return True
