"""One's own account: name, language, theme, keyboard, second factors, sessions."""

from typing import Any

from allauth.account.views import PasswordChangeView
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carloan.core.doors import Door, open_door
from carloan.core.errors import NotFound

from .entry import remember, remember_language
from .forms import ProfileForm


@require_http_methods(["GET", "POST"])
@open_door("one's own account belongs to no lender")
@login_required
def profile(request: Any) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        response = redirect("core:profile")
        remember_language(request, response, user.language)
        remember(request, response, "theme", user.theme)
        messages.success(request, _("Saved."))
        return response
    factors = Authenticator.objects.filter(user=request.user)
    context = {
        "form": form,
        "sessions": sorted(
            UserSession.objects.purge_and_list(request.user), key=lambda each: each.last_seen_at, reverse=True
        ),
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
    session.end()
    messages.success(request, _("That session is ended."))
    return redirect("core:profile")


@require_GET
@open_door("who forgot the password is not signed in")
def password_forgotten(request: Any) -> HttpResponse:
    return render(request, "core/password_forgotten.html")


class PasswordChange(PasswordChangeView):  # type: ignore[misc]
    """The change of one's own password; it leads back to the profile."""

    door = Door(None, "one's own account belongs to no lender")
    success_url = reverse_lazy("core:profile")
