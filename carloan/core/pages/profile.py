"""One's own account: name, language, theme, keyboard, second factors, sessions."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.forms import ChangePasswordForm
from allauth.account.views import PasswordChangeView
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.core.doors import Door, open_door
from carloan.core.errors import NotFound
from carloan.core.selectors_sign_on import own_sign_on
from carloan.core.services.sessions import living_sessions, others_close

from .entry import remember_language, remember_theme
from .forms import ProfileForm
from .sign_on import link_mark, may_link


@require_http_methods(["GET", "HEAD", "POST"])
@open_door("one's own account belongs to no lender")
@login_required
def profile(request: Any) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save(commit=False)
        user.save(update_fields=list(form.fields))
        response = redirect("core:profile")
        remember_language(request, response, user.language)
        remember_theme(response, user.theme)
        messages.success(request, _("Saved."))
        return response
    provider, linked = own_sign_on(request.actor) if request.actor else (None, False)
    factors = Authenticator.objects.filter(user=request.user)
    context = {
        "form": form,
        "provider": provider,
        "linked": linked,
        "link": f"{reverse('sign_on')}?{urlencode({'link': link_mark(request)})}"
        if provider and may_link(request)
        else "",
        "sessions": living_sessions(request.user),
        "totp": next((factor for factor in factors if factor.type == Authenticator.Type.TOTP), None),
        "passkeys": [factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        "codes": next((factor.wrap() for factor in factors if factor.type == Authenticator.Type.RECOVERY_CODES), None),
    }
    return render(request, "core/profile.html", context, status=422 if form.errors else 200)


@require_POST
@open_door("one's own account belongs to no lender")
@login_required
def session_end(request: Any, session_id: int) -> HttpResponse:
    """End one of one's own sessions; a stranger's looks as if it were not there."""
    session = UserSession.objects.filter(pk=session_id, user=request.user).first()
    if session is None:
        raise NotFound
    get_adapter().end_sessions([session])
    messages.success(request, _("That session is ended."))
    return redirect("core:profile")


@require_safe
@open_door("who forgot the password is not signed in")
def password_forgotten(request: Any) -> HttpResponse:
    return render(request, "core/password_forgotten.html")


class OwnPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    def clean_password1(self) -> str:
        password = str(self.cleaned_data["password1"])
        if self.user.check_password(password):
            raise ValidationError(_("Choose another password than the one you have."))
        return password


class PasswordChange(PasswordChangeView):  # type: ignore[misc]
    """The change of one's own password; it leads back to the profile, and from a first password into the work."""

    door = Door(None, "one's own account belongs to no lender")
    form_class = OwnPasswordForm

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who has no password (it was never set) has none to change: an administrator gives one."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("account_reset_password")
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def get_default_success_url(self) -> str:
        return reverse("core:entry" if getattr(self.request, "first_password", False) else "core:profile")

    def form_valid(self, form: Any) -> HttpResponse:
        self.request.first_password = self.request.user.must_change_password
        # Before the change: after it the others open nothing, and nobody would be told why.
        others_close(request=self.request)
        answer: HttpResponse = super().form_valid(form)
        return answer
