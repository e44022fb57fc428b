"""Ways in: the front page, the choice of the lender, the language."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from carloan.core.doors import open_door
from carloan.core.models import Tenant
from carloan.core.selectors import tenants_for

YEAR = 365 * 24 * 3600


@require_safe
@open_door("leads to sign-in, to the choice of the lender, or home")
def entry(request: Any) -> HttpResponse:
    if request.tenant is not None:
        return redirect("core:home")
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    return redirect("core:chooser")


@require_safe
@open_door("a person of several lenders has chosen none yet")
def chooser(request: Any) -> HttpResponse:
    """The lenders a person works for; with exactly one the choice is skipped, unless it is asked for."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    # A host of one lender leads to no other one.
    tenants = [each for each in tenants_for(request.user) if request.host_slug in {None, each.slug}]
    if len(tenants) == 1 and request.tenant is None:
        return redirect(home_of(tenants[0]))
    choices = [(tenant, home_of(tenant)) for tenant in tenants]
    return render(request, "core/chooser.html", {"choices": choices})


def home_of(tenant: Tenant) -> str:
    """The home page of a lender, from inside another lender's pages as well."""
    path = reverse("core:home").removeprefix(get_script_prefix())
    return f"/t/{tenant.slug}/{path}"


@require_POST
@open_door("the language is a matter of the reader, signed in or not")
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language: in a cookie for this browser and with the person for other devices."""
    code = request.POST.get("language", "")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = reverse("core:entry")
    response = HttpResponseRedirect(back)
    if code in dict(settings.LANGUAGES):
        remember_language(request, response, code)
    return response


def remember_language(request: HttpRequest, response: HttpResponse, code: str) -> None:
    user: Any = request.user
    if user.is_authenticated and user.language != code:
        user.language = code
        user.save(update_fields=["language"])
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def remember_theme(response: HttpResponse, theme: str) -> None:
    """Scripts read this one, before a page is drawn."""
    name = f"{settings.COOKIE_PREFIX}theme"
    response.set_cookie(name, theme, max_age=YEAR, secure=settings.HTTPS, samesite="Lax")
